//! Dates of the past from which today is subtracted: the result is negative.

use super::swapped;
use crate::analysis::view::{Scope, View, call, is_clock, number, read_name, with_role};
use crate::analysis::words::is_past;
use crate::builtins::Role;
use crate::diagnostics::ArgumentLint;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Sign};

/// `Last Activity Date - TODAY() > 30`, `DAYS(Last Activity Date, TODAY()) > 30`
pub(super) fn past_minus_today<'a>(
    view: &View<'a>,
    expr: &'a Expr,
    scope: &Scope<'a>,
) -> Option<ArgumentLint> {
    let ExprKind::Compare { op, lhs, rhs } = &expr.kind else { return None };
    let (difference, limit) = match op.value {
        CompareOp::Greater | CompareOp::GreaterOrEqual => (lhs, rhs),
        CompareOp::Less | CompareOp::LessOrEqual => (rhs, lhs),
        CompareOp::Equal | CompareOp::NotEqual => return None,
    };
    if number(limit).is_none_or(|limit| limit <= 0.0) {
        return None;
    }
    let resolved = view.resolve(difference, scope);
    let (function, past, instead) =
        subtraction(view, resolved, scope).or_else(|| dates_of_call(view, resolved, scope))?;
    let why = format!("negative for a past date such as `{past}`");
    Some(swapped(function, resolved, why, format!("write `{instead}`")))
}

/// `Last Activity Date - TODAY()`: the name, and the difference the other way round.
fn subtraction<'a>(
    view: &View<'a>,
    expr: &'a Expr,
    scope: &Scope<'a>,
) -> Option<(&'static str, String, String)> {
    let ExprKind::Sum(terms) = &expr.kind else { return None };
    let [(Sign::Plus, past), (Sign::Minus, clock)] = terms.as_slice() else { return None };
    let name = past_name(view, past, clock, scope)?;
    Some(("`-`", name, format!("{} - {}", view.written(clock), view.written(past))))
}

/// `DAYS(Last Activity Date, TODAY())`
fn dates_of_call<'a>(
    view: &View<'a>,
    expr: &'a Expr,
    scope: &Scope<'a>,
) -> Option<(&'static str, String, String)> {
    let (builtin, args) = call(expr)?;
    let (start, clock) = with_role(builtin, args, Role::Start).next()?;
    let (end, past) = with_role(builtin, args, Role::End).next()?;
    let name = past_name(view, past, clock, scope)?;
    let mut texts: Vec<String> = args.iter().map(|arg| view.written(arg)).collect();
    texts.swap(start, end);
    Some((builtin.name, name, format!("{}({})", builtin.name, texts.join(", "))))
}

fn past_name<'a>(view: &View<'a>, past: &'a Expr, clock: &'a Expr, scope: &Scope<'a>) -> Option<String> {
    let past = view.resolve(past, scope);
    let name = read_name(past).filter(|name| is_past(name))?;
    is_clock(view.resolve(clock, scope)).then(|| name.to_owned())
}
