//! What failed for good, by step and kind.

use crate::table::model::Table;
use crate::table::state::DeadCell;
use std::collections::BTreeMap;

/// Cells of one step or effect that failed in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadGroup {
    /// The step or effect.
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

/// The dead letters of the rows of a run, the largest group first; of equal ones in the order of the table.
pub(super) fn groups(table: &Table, dead: Vec<DeadCell>) -> Vec<DeadGroup> {
    let steps = table.steps.iter().map(|step| step.name.as_str());
    let names: Vec<&str> = steps.chain(table.effects.iter().map(|effect| effect.name.as_str())).collect();
    let mut groups: BTreeMap<(usize, String, String), DeadGroup> = BTreeMap::new();
    for cell in dead {
        let Some(position) = cell.position else { continue };
        let place = names.iter().position(|name| *name == cell.step).unwrap_or(names.len());
        let class = cell.class.unwrap_or_default();
        let key = (place, cell.step, class);
        let group = groups.entry(key).or_insert_with_key(|(_, step, class)| DeadGroup {
            step: step.clone(),
            class: class.clone(),
            cells: 0,
            position,
            reason: cell.reason.unwrap_or_default(),
        });
        group.cells += 1;
    }
    let mut groups: Vec<DeadGroup> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.cells));
    groups
}
