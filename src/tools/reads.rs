//! Which columns a formula reads, directly or through private columns.

use super::walk::within;
use crate::check::{Checked, ColumnId, Node, NodeKind};
use std::collections::HashSet;

/// The computed columns that a formula names, in the order of the text.
pub(crate) fn columns_read(node: &Node) -> Vec<ColumnId> {
    let column = |node: &Node| match node.kind {
        NodeKind::Column(id) => Some(id),
        _ => None,
    };
    within(node).filter_map(column).collect()
}

/// The columns that a column reads, directly or through others.
pub(crate) fn all_read(tree: &Checked, column: ColumnId) -> HashSet<ColumnId> {
    let mut known = HashSet::new();
    gather(tree, column, &mut known, &mut |_| true);
    known
}

/// The columns that a column reads and those that the private ones among them read, each once.
pub(crate) fn read_through_private(tree: &Checked, column: ColumnId) -> Vec<ColumnId> {
    let mut found = Vec::new();
    gather(tree, column, &mut HashSet::new(), &mut |id| {
        found.push(id);
        tree.column(id).is_private
    });
    found
}

/// The columns with numbers that a column reads, each once. A private column that has no number counts by what it reads,
/// and a constant does not count.
pub(crate) fn numbers_read(
    tree: &Checked,
    column: ColumnId,
    is_number: &dyn Fn(ColumnId) -> bool,
) -> Vec<ColumnId> {
    let mut found = Vec::new();
    gather(tree, column, &mut HashSet::new(), &mut |id| {
        let is_private = tree.column(id).is_private;
        if is_number(id) && !(is_private && is_constant(tree, id)) {
            found.push(id);
        }
        is_private && !is_number(id)
    });
    found
}

/// Calls `visit` for each column that a column reads, and for those that it reads in turn where `visit` asks for them.
fn gather(
    tree: &Checked,
    column: ColumnId,
    known: &mut HashSet<ColumnId>,
    visit: &mut dyn FnMut(ColumnId) -> bool,
) {
    for id in columns_read(&tree.column(column).node) {
        if known.insert(id) && visit(id) {
            gather(tree, id, known, visit);
        }
    }
}

/// Whether a column has the same value in all rows, as far as its formula reads no column of the row.
fn is_constant(tree: &Checked, column: ColumnId) -> bool {
    let reads_row =
        |id: ColumnId| within(&tree.column(id).node).any(|node| matches!(node.kind, NodeKind::Input(_)));
    let mut is_constant = !reads_row(column);
    gather(tree, column, &mut HashSet::new(), &mut |id| {
        is_constant &= !reads_row(id);
        true
    });
    is_constant
}
