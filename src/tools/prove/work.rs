//! How much work is spent on a file, and which columns are evaluated meanwhile.

use crate::check::{Checked, ColumnId, NodeKind};
use crate::value::Value;
use std::cell::{Cell, RefCell};

/// More nodes of formulas than this are not evaluated for one file.
const MOST_WORK: usize = 6_000_000;

/// What is read of a row when some columns alone are of interest.
#[derive(Debug, Default)]
pub(super) struct Focus {
    /// By the id of a column: a value for each column that is not evaluated.
    pub(super) given: Vec<Option<Value<'static>>>,
    /// How many nodes are evaluated for one row.
    cost: usize,
}

/// The formula of a column.
#[derive(Debug)]
struct Size {
    nodes: usize,
    reads: Vec<ColumnId>,
}

/// The work for one file: how much is left, and the columns that it is about.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<usize>,
    sizes: Vec<Size>,
    inputs: usize,
    focus: RefCell<Focus>,
}

impl Work {
    pub(super) fn new(tree: &Checked) -> Self {
        let sizes: Vec<Size> = tree.columns.iter().map(|column| size(&column.node)).collect();
        let cost = sizes.iter().map(|size| size.nodes).sum::<usize>() + tree.inputs.len();
        let focus = RefCell::new(Focus { given: Vec::new(), cost });
        Self { left: Cell::new(MOST_WORK), sizes, inputs: tree.inputs.len(), focus }
    }

    /// Evaluates only these columns from now on, and those that they read.
    pub(super) fn focus(&self, columns: &[ColumnId]) {
        let mut given = vec![Some(Value::Blank); self.sizes.len()];
        let mut cost = self.inputs;
        let mut open = columns.to_vec();
        while let Some(id) = open.pop() {
            let Some(size) = self.sizes.get(id.0 as usize) else { continue };
            if given[id.0 as usize].take().is_some() {
                cost += size.nodes;
                open.extend(&size.reads);
            }
        }
        self.focus.replace(Focus { given, cost });
    }

    /// Counts one row of so many members, and returns what to evaluate of it.
    pub(super) fn row(&self, members: usize) -> std::cell::Ref<'_, Focus> {
        let focus = self.focus.borrow();
        // Each key is looked up among the members of the row.
        self.spend(focus.cost + members * self.inputs / 4);
        focus
    }

    /// Counts other work.
    pub(super) fn spend(&self, amount: usize) {
        self.left.set(self.left.get().saturating_sub(amount));
    }

    /// Whether nothing more is to be tried.
    pub(super) fn is_used_up(&self) -> bool {
        self.left.get() == 0
    }
}

fn size(node: &crate::check::Node) -> Size {
    let mut size = Size { nodes: 0, reads: Vec::new() };
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        size.nodes += 1;
        if let NodeKind::Column(id) = node.kind {
            size.reads.push(id);
        }
        open.extend(node.children());
    }
    size.reads.sort_unstable_by_key(|id| id.0);
    size.reads.dedup();
    size
}
