//! Arguments in the wrong order, as kinds and roles of parameters reveal it.

mod dates;
mod pairs;

use super::view::{Scope, View, builtin_of, call};
use crate::builtins::Builtin;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};

/// Adds a finding if the arguments of `expr`, a call or a comparison, are in the wrong order.
pub(super) fn lint<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>, findings: &mut Vec<Diagnostic>) {
    let found = match &expr.kind {
        ExprKind::Call { .. } => call(expr).and_then(|(builtin, args)| {
            let order = pairs::order(view, builtin, args, scope)?;
            Some(reordered(view, builtin, expr, args, &order))
        }),
        ExprKind::In { needle, list, negated } => {
            let is_swapped = matches!(needle.kind, ExprKind::List(_)) && view.reads_row(list, scope);
            is_swapped.then(|| {
                let [needle, list] = [needle, list].map(|side| view.written(side));
                let operator = if *negated { "NOT IN" } else { "IN" };
                swapped("IN", expr, "the list is on the left", format!("write `{list} {operator} {needle}`"))
            })
        }
        ExprKind::Compare { .. } => dates::past_minus_today(view, expr, scope),
        _ => None,
    };
    findings.extend(found.map(Diagnostic::from));
}

fn swapped(function: &'static str, at: &Expr, why: impl Into<String>, help: String) -> ArgumentLint {
    ArgumentLint::SwappedArguments { function, at: at.span, why: why.into(), help, whole: at.span }
}

/// The finding for a call whose arguments belong in another order.
fn reordered(
    view: &View<'_>,
    builtin: &'static Builtin,
    expr: &Expr,
    args: &[Expr],
    order: &[usize],
) -> ArgumentLint {
    let texts: Vec<String> = order.iter().map(|index| view.written(&args[*index])).collect();
    let name = builtin_of(expr).map_or(builtin.name, |builtin| builtin.name);
    let first = order.iter().position(|index| *index == 0).unwrap_or(0);
    let name_of = |index: usize| builtin.param_of(index, args.len()).map_or("value", |param| param.name);
    let why = format!("`{}` is passed as `{}`", view.written(&args[0]), name_of(0));
    let why =
        if name_of(0) == name_of(first) { why } else { format!("{why}; it belongs in `{}`", name_of(first)) };
    let help = format!("write `{name}({})`", texts.join(", "));
    ArgumentLint::SwappedArguments { function: name, at: args[0].span, why, help, whole: expr.span }
}
