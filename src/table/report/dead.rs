//! What failed for good, by step and kind.

use crate::table::model::Table;
use crate::table::run::Row;
use crate::table::state::CellState;
use std::collections::BTreeMap;

/// Cells of one step that failed in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadGroup {
    /// The step.
    pub step: String,
    /// The kind of the failure.
    pub class: String,
    /// How many cells.
    pub cells: u64,
    /// Where the row of the first stands in the input, from 1.
    pub position: u64,
    /// Why the first failed, in words.
    pub reason: String,
}

/// Dead letters while rows are gone through.
#[derive(Debug, Default)]
pub(super) struct DeadLetters(BTreeMap<(usize, String), DeadGroup>);

impl DeadLetters {
    pub(super) fn add(&mut self, table: &Table, row: &Row) {
        let dead = row.cells.iter().enumerate().filter(|(_, cell)| cell.state == CellState::Error);
        for (step, cell) in dead {
            let class = cell.class.clone().unwrap_or_default();
            let group = self.0.entry((step, class)).or_insert_with_key(|(step, class)| DeadGroup {
                step: table.steps[*step].name.clone(),
                class: class.clone(),
                cells: 0,
                position: row.position,
                reason: cell.reason.clone().unwrap_or_default(),
            });
            group.cells += 1;
        }
    }

    /// The groups, the largest first; of equal ones in the order of the table.
    pub(super) fn groups(self) -> Vec<DeadGroup> {
        let mut groups: Vec<DeadGroup> = self.0.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.cells));
        groups
    }
}
