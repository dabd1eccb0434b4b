//! Results outside the range of their column, such as `(0-100)`.

use crate::check::{Checked, ColumnId};
use crate::eval::{Evaluation, WarningKind};
use crate::syntax::ast::Contract;
use crate::value::json_text;
use std::collections::BTreeMap;

/// How many rows are shown for each column.
const MOST_ROWS: usize = 3;

/// A column with results outside its range, in a file of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeFailure {
    /// The column's name.
    pub column: String,
    /// Its range.
    pub range: Contract,
    /// How many rows have such a result.
    pub rows: u64,
    /// The first of these rows.
    pub first: Vec<OutsideRow>,
}

/// A row with a result outside the range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideRow {
    /// Its number in the file, from 1.
    pub row: u64,
    /// The label of the row, as in a snapshot.
    pub label: String,
    /// The result, as JSON.
    pub value: String,
}

/// The results outside their range in some rows, by column.
#[derive(Clone, Debug, Default)]
pub(super) struct Outside {
    columns: BTreeMap<ColumnId, (u64, Vec<OutsideRow>)>,
}

impl Outside {
    /// Counts the results of the row that was just evaluated, which has the number `row`.
    pub(super) fn add(&mut self, evaluation: &Evaluation<'_>, row: u64, label: impl Fn() -> String) {
        let outside = evaluation.warnings().iter().filter(|one| one.kind == WarningKind::OutsideRange);
        for column in outside.map(|warning| warning.column) {
            let (count, first) = self.columns.entry(column).or_default();
            *count += 1;
            if first.len() < MOST_ROWS {
                let value = json_text(&evaluation.values()[column.0 as usize]);
                first.push(OutsideRow { row, label: label(), value });
            }
        }
    }

    /// Adds those of the next block of rows, which follows `rows_before` rows.
    pub(super) fn merge(&mut self, block: Self, rows_before: u64) {
        for (column, (more, rows)) in block.columns {
            let (count, first) = self.columns.entry(column).or_default();
            *count += more;
            let room = MOST_ROWS - first.len();
            let numbered = |row: OutsideRow| OutsideRow { row: row.row + rows_before, ..row };
            first.extend(rows.into_iter().take(room).map(numbered));
        }
    }

    /// A failure for each column.
    pub(super) fn failures(&self, checked: &Checked) -> Vec<RangeFailure> {
        let failure = |(id, (rows, first)): (&ColumnId, &(u64, Vec<OutsideRow>))| {
            let column = checked.column(*id);
            let (column, range) = (column.name.clone(), column.contract?);
            Some(RangeFailure { column, range, rows: *rows, first: first.clone() })
        };
        self.columns.iter().filter_map(failure).collect()
    }
}
