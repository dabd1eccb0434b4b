//! Dates in other spellings than ISO 8601, and DATE with the day or month first.

use super::uses::{Use, UseKind};
use crate::analysis::view::{Scope, View, call, number, read_name, with_role};
use crate::analysis::words::is_date;
use crate::builtins::Role;
use crate::check::spelled_date::SpelledDate;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{CompareOp, Expr, ExprKind};
use crate::syntax::print_text;
use crate::types::Type;
use crate::value::{Clock, Date};

/// The finding for a text that is a date in another spelling, where a date is meant.
pub(super) fn spelling<'a>(view: &View<'a>, one: &Use<'a>, scope: &Scope<'a>) -> Option<Diagnostic> {
    if !(one.kind.is_equality() || one.kind.is_order()) {
        return None;
    }
    let other = view.resolve(one.other, scope);
    let is_date_column = read_name(other).is_some_and(is_date) || view.ty(other) == Type::Date;
    if is_date_column && is_year(one.text) && one.kind.is_order() {
        return Some(year(view, one));
    }
    let found = SpelledDate::read(one.text)?;
    let is_meant = match &found {
        SpelledDate::NoSuchDay { .. } => true,
        // Eight digits are a number as well, and a day without zeros is a fraction or a version.
        SpelledDate::Day { .. } if one.text.bytes().all(|byte| byte.is_ascii_digit()) => is_date_column,
        SpelledDate::Day { .. } | SpelledDate::Relative(_) => one.kind.is_order() || is_date_column,
        SpelledDate::Period { .. } => {
            is_date_column || (one.kind.is_order() && !is_call(other) && !has_quarter(one.text))
        }
    };
    is_meant.then(|| {
        let written = print_text(one.text);
        let (problem, why) = match Date::read(one.text, &Clock::system()) {
            Some(date) => (
                "is a date without leading zeros",
                format!("read as {date} where a date is expected, but a different text"),
            ),
            None => (NOT_READ, found.problem()),
        };
        let help = help(view, one, &found);
        ArgumentLint::DateSpelling { written, problem, at: one.at.span, why, help }.into()
    })
}

/// What is wrong with most spellings.
const NOT_READ: &str = "is not read as a date";

/// What to write instead of the text, or of the whole comparison where a period is meant.
fn help(view: &View<'_>, one: &Use<'_>, found: &SpelledDate) -> String {
    let subject = view.written(one.other);
    match (found, one.kind) {
        (SpelledDate::Period { first, last }, kind) if kind.is_equality() => {
            format!("write `BETWEEN({subject}, \"{first}\", \"{last}\")`")
        }
        (SpelledDate::Period { first, last }, UseKind::Ordered(op)) => {
            let is_after = matches!(op, CompareOp::Greater | CompareOp::LessOrEqual);
            format!("write `{subject} {} \"{}\"`", op.symbol(), if is_after { last } else { first })
        }
        _ => found.help(),
    }
}

/// `Created At > 2025`: the column holds dates by its name, and a year is a number.
pub(super) fn year_number<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let ExprKind::Compare { op, lhs, rhs } = &expr.kind else { return None };
    let name = read_name(view.resolve(lhs, scope)).filter(|name| is_date(name))?;
    let ExprKind::Number(_) = rhs.kind else { return None };
    let written = view.written(rhs);
    // A column of days may hold days of a month or numbers of days.
    let is_meant = is_year(&written) && !name.to_lowercase().ends_with("day");
    is_meant.then(|| {
        let help = format!("write `YEAR({}) {} {written}`", view.written(lhs), op.value.symbol());
        let why = "a number, which is never compared with a date".to_owned();
        ArgumentLint::DateSpelling { written, problem: NOT_READ, at: rhs.span, why, help }.into()
    })
}

fn year(view: &View<'_>, one: &Use<'_>) -> Diagnostic {
    let (subject, year) = (view.written(one.other), one.text.trim());
    let help = match one.kind {
        UseKind::Ordered(op) => format!("write `YEAR({subject}) {} {year}`", op.symbol()),
        _ => format!("write `YEAR({subject})`, and the years without quotes"),
    };
    let why = "a year, not a date".to_owned();
    let written = print_text(one.text);
    ArgumentLint::DateSpelling { written, problem: NOT_READ, at: one.at.span, why, help }.into()
}

fn is_year(text: &str) -> bool {
    text.trim().parse().is_ok_and(|year: u32| (1900..=2100).contains(&year))
}

fn has_quarter(text: &str) -> bool {
    text.contains(['Q', 'q'])
}

fn is_call(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Call { .. })
}

/// `DATE(15, 1, 2026)`, `DATE(1, 15, 2026)`, `DATE(26, 1, 15)`
pub(super) fn order(view: &View<'_>, expr: &Expr) -> Option<Diagnostic> {
    let (builtin, args) = call(expr)?;
    with_role(builtin, args, Role::Year).next()?;
    let [one, two, three] = args else { return None };
    let [first, second, third] = [one, two, three].map(|arg| number(arg).unwrap_or(f64::NAN));
    let two_digits =
        (0.0..100.0).contains(&first) && (1.0..=12.0).contains(&second) && (1.0..=31.0).contains(&third);
    let [one, two, three] = [one, two, three].map(|arg| view.written(arg));
    let instead = if third >= 1000.0 && first <= 31.0 {
        let day_first = first > 12.0;
        let (month, day) = if day_first { (two, one.clone()) } else { (one.clone(), two) };
        format!("DATE({three}, {month}, {day})")
    } else if two_digits {
        format!("DATE({}, {two}, {three})", 2000.0 + first)
    } else {
        return None;
    };
    let help = format!("write `{instead}`");
    Some(ArgumentLint::DateOrder { at: args[0].span, found: one, help }.into())
}
