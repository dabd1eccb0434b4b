//! Adds up what was found in blocks of rows.

use super::{ColumnDifference, Difference};
use std::collections::BTreeSet;

/// More different values than this are no tiers, and are not told apart.
const MOST_VALUES: usize = 24;
/// What the others are called.
pub const OTHER_VALUES: &str = "(other)";

impl Difference {
    pub(super) fn add(&mut self, block: Self) {
        let before = self.rows;
        self.rows += block.rows;
        self.changed += block.changed;
        for (data, rows) in block.data {
            *self.data.entry(data).or_default() += rows;
        }
        for (row, rows) in block.data_rows {
            *self.data_rows.entry(row).or_default() += rows;
        }
        for (all, some) in self.columns.iter_mut().zip(block.columns) {
            all.add(some, before);
        }
    }
}

impl ColumnDifference {
    fn add(&mut self, mut other: Self, rows_before: u64) {
        self.changed += other.changed;
        self.up += other.up;
        self.down += other.down;
        self.most_up = self.most_up.max(other.most_up);
        self.most_down = self.most_down.min(other.most_down);
        self.errors.0 += other.errors.0;
        self.errors.1 += other.errors.1;
        self.before.merge(&mut other.before);
        self.after.merge(&mut other.after);
        for (step, count) in other.moves {
            *self.moves.entry(step).or_default() += count;
        }
        self.fold_moves();
        self.joint += other.joint;
        for (name, blame) in other.blame {
            self.blame.entry(name).or_default().merge(blame);
        }
        for mut mover in other.movers {
            mover.row += rows_before;
            self.keep(mover);
        }
    }

    /// Counts rare values together where there are many: a column of sentences has no matrix.
    pub(super) fn fold_moves(&mut self) {
        if self.moves.len() <= MOST_VALUES * MOST_VALUES {
            return;
        }
        let mut counts: Vec<(u64, &String)> = Vec::new();
        let names: BTreeSet<&String> = self.moves.keys().flat_map(|(from, to)| [from, to]).collect();
        for name in names {
            let rows = self.moves.iter().filter(|((from, to), _)| from == name || to == name);
            counts.push((rows.map(|(_, count)| count).sum(), name));
        }
        counts.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        let kept: BTreeSet<String> =
            counts.iter().take(MOST_VALUES - 1).map(|(_, name)| (*name).clone()).collect();
        let folded = |name: String| if kept.contains(&name) { name } else { OTHER_VALUES.to_owned() };
        for ((from, to), count) in std::mem::take(&mut self.moves) {
            *self.moves.entry((folded(from), folded(to))).or_default() += count;
        }
    }
}
