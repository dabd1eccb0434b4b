//! OR of numbers where a number is used: `(Revenue || Backup Revenue) * 2` adds or multiplies TRUE or FALSE.

use crate::analysis::view::{Scope, View, call, number, with_role};
use crate::builtins::{Group, Role};
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::print;
use crate::types::Type;

/// The findings for the parts of an expression that are OR of numbers, where it uses their values.
pub(super) fn lint<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Vec<(Span, Diagnostic)> {
    let used = used_as_numbers(view, expr).into_iter();
    used.filter_map(|part| finding(view, part, scope)).collect()
}

/// The parts of an expression that it reads as numbers.
fn used_as_numbers<'a>(view: &View<'a>, expr: &'a Expr) -> Vec<&'a Expr> {
    match &expr.kind {
        ExprKind::Sum(_)
        | ExprKind::Product(_)
        | ExprKind::Power(_)
        | ExprKind::Sign { .. }
        | ExprKind::Percent(_) => expr.children(),
        ExprKind::Compare { lhs, rhs, .. } if number(rhs).is_some() => vec![lhs],
        ExprKind::Compare { lhs, rhs, .. } if number(lhs).is_some() => vec![rhs],
        ExprKind::Call { args, .. } => arguments(view, expr, args),
        _ => Vec::new(),
    }
}

/// The arguments that a function takes as numbers, and the results that it chooses from where another one is a number.
fn arguments<'a>(view: &View<'a>, expr: &'a Expr, args: &'a [Expr]) -> Vec<&'a Expr> {
    let Some((builtin, _)) = call(expr) else { return Vec::new() };
    // SUM and its kin also take lists.
    let is_number = |index: usize| {
        builtin.group == Group::Number
            || builtin.param_of(index, args.len()).is_some_and(|param| param.ty == Type::Number)
    };
    let numbers = args.iter().enumerate().filter(|(index, _)| is_number(*index)).map(|(_, arg)| arg);
    let results = || {
        let chosen = [Role::Result, Role::Otherwise, Role::Tried, Role::Fallback].into_iter();
        chosen.flat_map(|role| with_role(builtin, args, role)).map(|(_, arg)| arg)
    };
    let has_number = results().any(|result| view.ty(result) == Type::Number);
    numbers.chain(results().filter(|_| has_number)).collect()
}

fn finding<'a>(view: &View<'a>, part: &'a Expr, scope: &Scope<'a>) -> Option<(Span, Diagnostic)> {
    let part = view.resolve(part, scope);
    let ExprKind::Or { operands, .. } = &part.kind else { return None };
    // A default such as `Revenue || 0` is reported wherever it is.
    let is_value = |one: &Expr| matches!(view.ty(one), Type::Number | Type::Any) && number(one).is_none();
    let is_flag = |one: &'a Expr| is_zero_or_one(view.resolve(one, scope));
    let is_alternative = operands.iter().all(is_value) && !operands.iter().any(is_flag);
    if !is_alternative || !operands.iter().any(|one| view.ty(one) == Type::Number) {
        return None;
    }
    let operands: Vec<String> = operands.iter().map(print).collect();
    let help = format!("write `COALESCE({})`", operands.join(", "));
    let (what, why) = ("OR is TRUE or FALSE, never one of its sides", "TRUE or FALSE");
    let found = ArgumentLint::OperatorHabit { what, why, at: part.span, help, name: None };
    Some((part.span, found.into()))
}

/// Whether each result of a choice is 1 or 0: `IF(Country = "US", 1, 0)`.
fn is_zero_or_one(expr: &Expr) -> bool {
    let Some((builtin, args)) = call(expr) else { return false };
    let results = [Role::Result, Role::Otherwise].into_iter().flat_map(|role| with_role(builtin, args, role));
    let mut numbers = results.map(|(_, result)| number(result)).peekable();
    numbers.peek().is_some() && numbers.all(|number| matches!(number, Some(0.0 | 1.0)))
}
