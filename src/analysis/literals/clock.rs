//! Today and now: the units of a difference, equality with a moment, dates in the future, missing parentheses.

use crate::analysis::view::{Scope, View, builtin_of, call, is_clock, number, read_name};
use crate::analysis::words::{is_date, is_past};
use crate::builtins::{self, Role};
use crate::check::clock_of_others;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Factor, Sign};
use crate::syntax::print_number;
use crate::types::Type;

/// Numbers that convert units of time that are shorter than a day.
const UNITS: [f64; 8] =
    [1440.0, 3600.0, 86_400.0, 1000.0, 60_000.0, 3_600_000.0, 86_400_000.0, 604_800_000.0];
/// Factors between units of time that are shorter than a day.
const FACTORS: [f64; 8] = [24.0, 60.0, 1000.0, 1440.0, 3600.0, 86_400.0, 3_600_000.0, 86_400_000.0];
/// Differences above this number of days, a century, are in another unit.
const MOST_DAYS: f64 = 36_525.0;

/// The findings about one expression.
pub(super) fn lint<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    match &expr.kind {
        ExprKind::Product(factors) => divided(view, factors, scope),
        ExprKind::Sum(terms) => moved(view, terms, scope),
        ExprKind::Compare { op, lhs, rhs } => equality(view, op.value, lhs, rhs, scope)
            .or_else(|| future(view, op.value, lhs, rhs, scope))
            .or_else(|| threshold(view, op.value, lhs, rhs, scope))
            .or_else(|| long_unit(view, op.value, lhs, rhs, scope)),
        _ => hour_of_today(expr),
    }
}

/// Whether an expression is a number of days between two dates, of which one is known to be a date.
fn is_days<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> bool {
    let expr = view.resolve(expr, scope);
    if let ExprKind::Sum(terms) = &expr.kind {
        let is_difference = matches!(terms.as_slice(), [(Sign::Plus, _), (Sign::Minus, _)]);
        return is_difference
            && terms.iter().any(|(_, term)| view.ty(view.resolve(term, scope)) == Type::Date);
    }
    let Some((builtin, args)) = call(expr) else { return false };
    let takes_dates = builtin.params.iter().any(|param| param.ty == Type::Date);
    let has_unit = args.len() > 2 && builtin.params.iter().any(|param| param.name == "unit");
    let is_in_days = !has_unit
        || args
            .last()
            .and_then(|unit| view.literal(unit))
            .is_some_and(|unit| matches!(unit.to_ascii_lowercase().as_str(), "d" | "day" | "days"));
    let counts_days = builtin.name == "DAYSSINCE"
        || builtin.params.iter().any(|param| param.role == Role::End) && !builtin.name.contains("FRAC");
    takes_dates && counts_days && builtin.returns.ty == Type::Number && is_in_days
}

/// `(NOW() - Created At) / 86400000`
fn divided<'a>(view: &View<'a>, factors: &'a [(Factor, Expr)], scope: &Scope<'a>) -> Option<Diagnostic> {
    let days =
        factors.iter().position(|(op, factor)| *op == Factor::Times && is_days(view, factor, scope))?;
    let divisors: Vec<&Expr> =
        factors.iter().filter(|(op, _)| *op == Factor::Divide).map(|(_, divisor)| divisor).collect();
    let product: f64 = divisors.iter().map(|divisor| number(divisor)).sum_of_product()?;
    let is_unit = UNITS.contains(&product) || (product >= 3600.0 && product % 3600.0 == 0.0);
    let first = divisors.first().filter(|_| is_unit)?;
    let last = divisors.last()?;
    let instead = view.written(&factors[days].1);
    let why = format!("divides a number of days by {}", print_number(product));
    let help = format!("for days, write `{instead}`; for hours, write `({instead}) * 24`");
    Some(ArgumentLint::DateUnit { at: first.span.to(last.span), why, help }.into())
}

/// The product of numbers, if all are known and there are any.
trait KnownProduct {
    fn sum_of_product(self) -> Option<f64>;
}

impl<I: Iterator<Item = Option<f64>>> KnownProduct for I {
    fn sum_of_product(mut self) -> Option<f64> {
        let first = self.next()??;
        self.try_fold(first, |product, next| Some(product * next?))
    }
}

/// The numbers that are multiplied in a product such as `30 * 24 * 60`.
fn factors_of(expr: &Expr) -> Vec<f64> {
    match &expr.kind {
        ExprKind::Product(factors) => factors.iter().filter_map(|(_, factor)| number(factor)).collect(),
        _ => Vec::new(),
    }
}

/// `NOW() - Created At < 30 * 24 * 60 * 60`, `DAYSSINCE(Created At) > 2592000`
fn threshold<'a>(
    view: &View<'a>,
    op: CompareOp,
    lhs: &'a Expr,
    rhs: &'a Expr,
    scope: &Scope<'a>,
) -> Option<Diagnostic> {
    let (days, limit, op) = if number(rhs).is_some() { (lhs, rhs, op) } else { (rhs, lhs, op.mirrored()) };
    let value = number(limit)?;
    if !is_days(view, days, scope) {
        return None;
    }
    let factors = factors_of(limit);
    if !(factors.iter().any(|factor| FACTORS.contains(factor)) || value > MOST_DAYS) {
        return None;
    }
    let meant = days_meant(value, &factors);
    let help = format!("write `{} {} {}`", view.written(days), op.symbol(), print_number(meant));
    Some(read_as_days(limit, value, help))
}

/// The finding for a number of seconds or milliseconds that is read as days.
fn read_as_days(written: &Expr, value: f64, help: String) -> Diagnostic {
    let why = format!("{} days", print_number(value));
    ArgumentLint::DateUnit { at: written.span, why, help }.into()
}

/// `Created At + 86400 * 30`: days are added to a date.
fn moved<'a>(view: &View<'a>, terms: &'a [(Sign, Expr)], scope: &Scope<'a>) -> Option<Diagnostic> {
    let [(Sign::Plus, date), (sign, added)] = terms else { return None };
    let value = number(added).filter(|value| *value > MOST_DAYS)?;
    let resolved = view.resolve(date, scope);
    let is_dated = view.ty(resolved) == Type::Date || read_name(resolved).is_some_and(is_date);
    let factors = factors_of(added);
    let meant = days_meant(value, &factors);
    (is_dated && meant < MOST_DAYS).then(|| {
        let sign = if *sign == Sign::Minus { '-' } else { '+' };
        let help = format!("write `{} {sign} {}`", view.written(date), print_number(meant));
        read_as_days(added, value, help)
    })
}

/// `DATEDIF(Created At, TODAY(), "M") > 365`: as many months or years as there are days in a year.
fn long_unit<'a>(
    view: &View<'a>,
    op: CompareOp,
    lhs: &'a Expr,
    rhs: &'a Expr,
    scope: &Scope<'a>,
) -> Option<Diagnostic> {
    let (span, limit, op) = if number(rhs).is_some() { (lhs, rhs, op) } else { (rhs, lhs, op.mirrored()) };
    let value = number(limit)?;
    let (builtin, args) = call(view.resolve(span, scope))?;
    let unit = args.get(2).and_then(|unit| view.literal(unit)).map(str::to_ascii_lowercase);
    let (unit, most) = match (builtin.name, unit.as_deref()) {
        ("DATEDIF", Some("m" | "month" | "months")) => ("months", 359.0),
        ("DATEDIF", Some("y" | "year" | "years")) | ("YEARFRAC", None) => ("years", 179.0),
        _ => return None,
    };
    let [start, end, ..] = args else { return None };
    (value > most).then(|| {
        let [start, end] = [start, end].map(|date| view.written(date));
        let help = format!("write `DAYS({end}, {start}) {} {}`", op.symbol(), print_number(value));
        let why = format!("{} {unit}", print_number(value));
        ArgumentLint::DateUnit { at: limit.span, why, help }.into()
    })
}

/// The number of days in a product such as `30 * 24 * 60`, or in a number of seconds or milliseconds.
fn days_meant(value: f64, factors: &[f64]) -> f64 {
    if !factors.is_empty() {
        return factors.iter().filter(|factor| !FACTORS.contains(factor)).product();
    }
    let unit = [86_400_000.0, 86_400.0, 1440.0].into_iter().find(|unit| value % unit == 0.0);
    unit.map_or(value, |unit| value / unit)
}

/// `NOW() = TODAY()`, `Created At = NOW()`
fn equality<'a>(
    view: &View<'a>,
    op: CompareOp,
    lhs: &'a Expr,
    rhs: &'a Expr,
    scope: &Scope<'a>,
) -> Option<Diagnostic> {
    if op.is_ordering() {
        return None;
    }
    let is_now = |expr: &'a Expr| has_time(view.resolve(expr, scope));
    let (now, other) = if is_now(lhs) { (lhs, rhs) } else { (rhs, lhs) };
    if !is_now(now) {
        return None;
    }
    let other_text = view.written(other);
    let (what, instead) = if is_clock(view.resolve(other, scope)) {
        ("NOW() includes the time, so it equals TODAY() only at midnight", "HOUR(NOW())".to_owned())
    } else {
        (
            "no date equals the value of NOW(), which includes the time",
            format!("{other_text} {} TODAY()", op.symbol()),
        )
    };
    let help = if is_clock(view.resolve(other, scope)) {
        format!(
            "compare a column with `TODAY()`, as in `Created At = TODAY()`; for the time of day, write `{instead}`"
        )
    } else {
        format!("write `{instead}`")
    };
    Some(ArgumentLint::ClockEquality { what, at: now.span, why: "the date and the time", help }.into())
}

fn has_time(expr: &Expr) -> bool {
    is_clock(expr) && builtin_of(expr).is_some_and(|builtin| builtin.name == "NOW")
}

/// `HOUR(TODAY())`
fn hour_of_today(expr: &Expr) -> Option<Diagnostic> {
    let (builtin, args) = call(expr)?;
    let asks_time = matches!(builtin.name, "HOUR" | "MINUTE" | "SECOND");
    let [date] = args else { return None };
    (asks_time && is_clock(date) && !has_time(date)).then(|| {
        let help = format!("write `{}(NOW())`", builtin.name);
        let what = "TODAY() has no time of day";
        ArgumentLint::ClockEquality { what, at: date.span, why: "always midnight", help }.into()
    })
}

/// `Last Activity Date > TODAY() + 30`
fn future<'a>(
    view: &View<'a>,
    op: CompareOp,
    lhs: &'a Expr,
    rhs: &'a Expr,
    scope: &Scope<'a>,
) -> Option<Diagnostic> {
    let (past, limit) = match op {
        CompareOp::Greater | CompareOp::GreaterOrEqual => (lhs, rhs),
        CompareOp::Less | CompareOp::LessOrEqual => (rhs, lhs),
        CompareOp::Equal | CompareOp::NotEqual => return None,
    };
    let name = read_name(view.resolve(past, scope)).filter(|name| is_past(name))?;
    let instead = earlier(view, view.resolve(limit, scope))?;
    let instead = if std::ptr::eq(past, lhs) {
        format!("{} {} {instead}", view.written(past), op.symbol())
    } else {
        format!("{instead} {} {}", op.symbol(), view.written(past))
    };
    Some(ArgumentLint::FutureDate { name: name.to_owned(), at: limit.span, instead }.into())
}

/// `TODAY() + 30` as `TODAY() - 30`, `DATEADD(TODAY(), 1, "months")` with -1.
fn earlier(view: &View<'_>, limit: &Expr) -> Option<String> {
    if let ExprKind::Sum(terms) = &limit.kind {
        let [(Sign::Plus, clock), (Sign::Plus, days)] = terms.as_slice() else { return None };
        let is_ahead = is_clock(clock) && number(days).is_some_and(|days| days > 0.0);
        return is_ahead.then(|| format!("{} - {}", view.written(clock), view.written(days)));
    }
    let (builtin, [clock, count, unit]) = call(limit)? else { return None };
    let is_ahead = is_clock(clock) && number(count).is_some_and(|count| count > 0.0);
    (is_ahead && builtin.returns.ty == Type::Date).then(|| {
        let [clock, count, unit] = [clock, count, unit].map(|arg| view.written(arg));
        format!("{}({clock}, -{count}, {unit})", builtin.name)
    })
}

/// The call that a bare name was meant as: `NOW`, `Today`, `CURRENT_DATE`.
pub(super) fn name(view: &View<'_>, expr: &Expr, scope: &Scope<'_>) -> Option<Diagnostic> {
    let ExprKind::Name(name) = &expr.kind else { return None };
    if view.is_declared(name, scope) {
        return None;
    }
    let upper = name.to_uppercase();
    let is_spelled = *name == upper || matches!(name.as_str(), "Today" | "Now" | "today" | "now");
    let own = builtins::find(&upper)
        .filter(|builtin| builtin.params.is_empty() && builtin.returns.ty == Type::Date);
    let instead = own.map(|builtin| format!("{}()", builtin.name));
    let instead = instead.or_else(|| clock_of_others(&upper).map(str::to_owned)).filter(|_| is_spelled)?;
    Some(ArgumentLint::ClockName { name: name.clone(), at: expr.span, instead }.into())
}
