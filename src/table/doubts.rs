//! What is doubtful about a row: the warnings and errors of its formulas.

use super::model::{ColumnKind, Table};
use crate::rules::Results;
use crate::value::Value;

/// The warnings that the formulas of a row met, and the formula columns that are errors, each in a sentence.
#[must_use]
pub fn doubts(table: &Table, results: &Results<'_>) -> Vec<String> {
    let errors = table.columns.iter().filter_map(|column| match column.kind {
        ColumnKind::Formula(id) => match results.values().get(id.index()) {
            Some(Value::Error(error)) => Some(format!("{} is {error}", column.name)),
            _ => None,
        },
        _ => None,
    });
    let warnings = results.warnings().iter().map(|warning| warning.describe(table.rules.tree()));
    errors.chain(warnings).collect()
}
