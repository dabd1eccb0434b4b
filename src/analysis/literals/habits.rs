//! Operators and functions that mean something else in other languages.

use crate::analysis::view::{Scope, View, call, with_role};
use crate::builtins::Role;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};
use crate::translate;
use crate::types::Type;

/// The finding for an expression that is valid, and hardly what its author meant.
pub(super) fn lint<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (what, why) = meaning(view, expr, scope)?;
    let instead = match searched(view, expr, scope) {
        Some(instead) => instead,
        None => translate::corrected(&view.balanced(expr))?,
    };
    Some(ArgumentLint::OperatorHabit { what, why, at: expr.span, instead }.into())
}

/// What the expression means here, and what follows from that.
fn meaning<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<(&'static str, &'static str)> {
    match &expr.kind {
        ExprKind::Join(operands) if operands.iter().all(|one| is_condition(view, one, scope)) => {
            Some(("`&` joins text", "the text of TRUE and FALSE, such as `TRUEFALSE`"))
        }
        ExprKind::Or { operands, .. } if operands[1..].iter().any(is_value) => {
            Some(("OR is TRUE or FALSE, never one of its sides", "TRUE or FALSE"))
        }
        ExprKind::Sum(terms) if terms.iter().any(|(_, term)| is_word(term)) => {
            Some(("`+` adds numbers and does not join text", "a text is added as a number"))
        }
        ExprKind::Call { .. } => {
            test_of_both(view, expr, scope).or_else(|| searched(view, expr, scope).map(|_| POSITION))
        }
        _ => None,
    }
}

const POSITION: (&str, &str) =
    ("this search is an error where it finds nothing, not FALSE", "a position, or #VALUE!");

/// Whether an expression is TRUE or FALSE.
fn is_condition<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> bool {
    view.ty(view.resolve(expr, scope)) == Type::Boolean
}

/// A number or text that is no condition by itself.
fn is_value(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Number(_) | ExprKind::Text(_))
}

/// A text that is no number.
fn is_word(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Text(text) if text.trim().is_empty() || text.chars().any(char::is_alphabetic))
}

/// `ISNOTEMPTY(Email AND Phone)`
fn test_of_both<'a>(
    view: &View<'a>,
    expr: &'a Expr,
    scope: &Scope<'a>,
) -> Option<(&'static str, &'static str)> {
    let (builtin, [arg]) = call(expr)? else { return None };
    let (ExprKind::And { operands, .. } | ExprKind::Or { operands, .. }) = &arg.kind else { return None };
    let is_test = builtin.returns.ty == Type::Boolean && builtin.most() == Some(1) && builtin.name != "NOT";
    (is_test && !operands.iter().any(|one| is_condition(view, one, scope)))
        .then_some(("this tests the result of AND or OR, not each of its sides", "one test of TRUE or FALSE"))
}

/// What to write for a call in which a condition is `FIND("VP", Job Title)`.
fn searched<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<String> {
    let (builtin, args) = call(expr)?;
    let mut conditions = with_role(builtin, args, Role::Condition);
    let (found, parts) = conditions.find_map(|(_, condition)| {
        let (search, parts) = call(view.resolve(condition, scope))?;
        (matches!(search.name, "FIND" | "SEARCH") && parts.len() == 2)
            .then_some((condition, (search.name, parts)))
    })?;
    let (name, parts) = parts;
    let function = if name == "FIND" { "CONTAINS" } else { "ICONTAINS" };
    let instead = format!("{function}({}, {})", view.written(&parts[1]), view.written(&parts[0]));
    let whole = view.written(expr);
    Some(whole.replacen(&view.written(found), &instead, 1))
}
