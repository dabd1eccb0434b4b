//! Goes through the nodes of a checked tree, without recursion, so that depth is no matter.

use crate::check::{Checked, Input, Node};

/// Every node of the formulas of inputs and columns, each before those inside it, in the order of the text.
pub(super) fn nodes(checked: &Checked) -> impl Iterator<Item = &Node> {
    let of_inputs = checked.inputs.iter().filter_map(Input::formula);
    of_inputs.chain(checked.columns.iter().map(|column| &column.node)).flat_map(within)
}

/// Every node of every function that the file defines itself, as its definition has it.
pub(super) fn in_functions(checked: &Checked) -> impl Iterator<Item = &Node> {
    let own = checked.functions.iter().filter(|function| !checked.is_imported(function.span.start as usize));
    let columns = own.flat_map(|function| &function.checked.columns);
    columns.flat_map(|column| within(&column.node))
}

/// A node, and every node inside it.
pub(super) fn within(node: &Node) -> impl Iterator<Item = &Node> {
    let mut waiting = vec![node];
    std::iter::from_fn(move || {
        let node = waiting.pop()?;
        waiting.extend(node.children().into_iter().rev());
        Some(node)
    })
}
