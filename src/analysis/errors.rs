//! Parts of formulas that are an error in every row.

use super::facts::Facts;
use super::possible::Possible;
use super::values::Values;
use crate::check::{Input, Node, NodeKind};
use crate::diagnostics::{Diagnostic, ValueLint};
use crate::syntax::ast::Factor;
use crate::value::Value;

/// Adds a finding for each part that reads the row and is an error whatever it reads, although its own parts are not. A
/// column that reads no row is a calculation; an input is none.
pub(super) fn lint(values: &Values<'_>, findings: &mut Vec<Diagnostic>) {
    let of_inputs = values.tree.inputs.iter().filter_map(Input::formula);
    let mut open: Vec<(&Node, bool)> = of_inputs.map(|formula| (formula, true)).collect();
    open.extend(values.tree.columns.iter().map(|column| (&column.node, false)));
    while let Some((node, is_input)) = open.pop() {
        match always_error(values, node, is_input) {
            Some(found) => findings.push(found.into()),
            None => open.extend(node.children().into_iter().map(|child| (child, false))),
        }
    }
}

fn always_error(values: &Values<'_>, node: &Node, is_input: bool) -> Option<ValueLint> {
    if matches!(node.kind, NodeKind::Column(_) | NodeKind::Local(_) | NodeKind::Let { .. }) {
        return None;
    }
    // `NA()` is written for the error itself.
    if matches!(&node.kind, NodeKind::Call(builtin, _) if builtin.name == "NA") {
        return None;
    }
    let of = |node: &Node| values.of(values.terms.id(node), &Facts::default());
    let reads_row = values.terms.get(values.terms.id(node)).inputs != 0;
    if !(reads_row || is_input) || !is_only_errors(&of(node)) {
        return None;
    }
    // Where a part is an error already, that part is reported.
    if node.children().into_iter().any(|child| is_only_errors(&of(child))) {
        return None;
    }
    let (why, help) = if is_divided_by_zero(node) {
        ("divided by 0", "remove the division, or divide by another number")
    } else {
        ("no row has a result here", "change the argument that causes the error")
    };
    Some(ValueLint::AlwaysError { at: node.span, why, help })
}

/// Whether the values are nothing but errors.
fn is_only_errors(values: &Possible) -> bool {
    !values.is_empty() && values.clone().without_errors().is_empty()
}

/// Whether it is a product such as `Revenue / 0`.
fn is_divided_by_zero(node: &Node) -> bool {
    let NodeKind::Product(factors) = &node.kind else { return false };
    factors.iter().any(|(factor, divisor)| {
        *factor == Factor::Divide && matches!(divisor.kind, NodeKind::Constant(Value::Number(0.0)))
    })
}
