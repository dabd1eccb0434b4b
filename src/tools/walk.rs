//! Goes through the nodes of a checked tree, without recursion, so that depth is no matter.

use crate::check::{Checked, ColumnId, Node};

/// Every node of every column, each before those inside it, in the order of the text.
pub(super) fn nodes(checked: &Checked) -> impl Iterator<Item = (ColumnId, &Node)> {
    let columns = (0..).map(ColumnId).zip(&checked.columns);
    columns.flat_map(|(id, column)| within(&column.node).map(move |node| (id, node)))
}

/// Every node of every function that the file defines, as its definition has it.
pub(super) fn in_functions(checked: &Checked) -> impl Iterator<Item = &Node> {
    let columns = checked.functions.iter().flat_map(|function| &function.checked.columns);
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
