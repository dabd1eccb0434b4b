//! How far the rows of a run have come, and why some were skipped.

use crate::table::state::RowCounts;
use std::collections::BTreeMap;

/// How far rows have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsReport {
    /// How many came how far; together they are the input.
    pub counts: RowCounts,
    /// Why rows were skipped, the most frequent reason first.
    pub skipped: Vec<SkipReason>,
}

/// A reason for which rows were skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkipReason {
    /// In words.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
}

impl RowsReport {
    /// The rows that were worked on: all but the skipped and the rejected.
    #[must_use]
    pub fn worked_on(&self) -> u64 {
        self.counts.done + self.counts.dead + self.counts.pending
    }
}

/// The reasons while rows are gone through.
#[derive(Debug, Default)]
pub(super) struct Skips(BTreeMap<String, u64>);

impl Skips {
    pub(super) fn add(&mut self, reason: &str) {
        *self.0.entry(without_row(reason)).or_default() += 1;
    }

    pub(super) fn reasons(self) -> Vec<SkipReason> {
        let mut reasons: Vec<SkipReason> =
            self.0.into_iter().map(|(reason, rows)| SkipReason { reason, rows }).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        reasons
    }
}

/// `the same email as row 12` is one reason, whichever row it was.
fn without_row(reason: &str) -> String {
    let rest = reason.trim_end_matches(|next: char| next.is_ascii_digit());
    match rest.strip_suffix(" row ") {
        Some(before) if rest.len() < reason.len() => format!("{before} an earlier row"),
        _ => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_row;

    #[test]
    fn the_row_is_no_part_of_a_reason() {
        assert_eq!(without_row("the same email as row 12"), "the same email as an earlier row");
        assert_eq!(without_row("older than 2020"), "older than 2020");
        assert_eq!(without_row("as in row "), "as in row ");
    }
}
