//! Columns that are an error in some rows, where nothing else explains it.

use super::about;
use crate::batch::Firsts;
use crate::check::{ColumnId, NodeKind};
use crate::diagnostics::{Count, Diagnostic, RowLint};
use crate::rules::Rules;
use crate::tools::reads::read_through_private;
use crate::tools::walk::within;
use crate::tools::words::whole_line;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many causes are counted apart for each column.
const MOST_CAUSES: usize = 20;
/// A longer formula is not repeated in a help.
const LONGEST: usize = 60;

/// The errors of a pass over rows, by column and cause, each with its first message.
#[derive(Debug, Default)]
pub(super) struct Errors(BTreeMap<(usize, String), (Firsts, String)>);

impl Errors {
    /// Counts the errors of a row.
    pub(super) fn add(&mut self, row: u64, results: &[Value<'_>]) {
        for (column, value) in results.iter().enumerate() {
            if let Value::Error(error) = value {
                let (firsts, message) = self.entry(column, error.cause());
                firsts.add(row);
                if message.is_empty() {
                    *message = error.to_string();
                }
            }
        }
    }

    /// Adds the errors of the rows that come next.
    pub(super) fn merge(&mut self, block: Self, rows_before: u64) {
        for ((column, cause), (firsts, first)) in block.0 {
            let (all, message) = self.entry(column, cause);
            all.merge(&firsts, rows_before);
            if message.is_empty() {
                *message = first;
            }
        }
    }

    fn entry(&mut self, column: usize, cause: String) -> &mut (Firsts, String) {
        let place = (column, cause);
        let has_room = self.0.contains_key(&place) || self.of(column).count() < MOST_CAUSES;
        self.0.entry(if has_room { place } else { (column, String::new()) }).or_default()
    }

    /// The causes of a column's errors.
    fn of(&self, column: usize) -> impl Iterator<Item = &(Firsts, String)> {
        self.0.range((column, String::new())..(column + 1, String::new())).map(|(_, found)| found)
    }
}

/// Adds a finding for each written column that is an error in some of `rows` rows, unless another finding is about what it
/// reads, or it reads a column that is an error itself.
pub(super) fn find(rules: &Rules, errors: &Errors, rows: u64, findings: &mut Vec<Diagnostic>) {
    let failing: BTreeSet<usize> = errors.0.keys().map(|(column, _)| *column).collect();
    let mut found: Vec<Diagnostic> = Vec::new();
    let tree = rules.tree();
    // An error in a private column counts where it is used.
    let fails_a_result = |id: ColumnId| {
        let mut failing = tree.outputs().map(|(id, _)| id).filter(|id| failing.contains(&(id.0 as usize)));
        failing.any(|result| read_through_private(tree, result).contains(&id))
    };
    for (id, column) in (0..).map(ColumnId).zip(&rules.tree().columns) {
        let index = id.0 as usize;
        let passes_on = || {
            within(&column.node).any(
                |node| matches!(node.kind, NodeKind::Column(other) if failing.contains(&(other.0 as usize))),
            )
        };
        let is_unused = column.is_private && !fails_a_result(id);
        if !failing.contains(&index) || is_unused || passes_on() || !about(rules, findings, id).is_empty() {
            continue;
        }
        let all: u64 = errors.of(index).map(|(firsts, _)| firsts.count).sum();
        let Some((firsts, message)) = errors.of(index).max_by_key(|(firsts, _)| firsts.count) else {
            continue;
        };
        let first: Vec<String> = firsts.rows.iter().map(ToString::to_string).collect();
        let others = errors.of(index).count() - 1;
        let others = if others > 0 { format!("; {}", Count(others, "other cause")) } else { String::new() };
        let text = whole_line(rules.tree().source.text(), column.node.span);
        let help = (text.chars().count() <= LONGEST)
            .then(|| format!("if another result is right for these rows, write `IFERROR({text}, \"\")`"));
        let at = if column.span.start == column.span.end { column.node.span } else { column.span };
        found.push(
            RowLint::ErrorResult {
                name: column.name.clone(),
                rows: format!("{all} of {} (first {})", Count(rows as usize, "row"), first.join(", ")),
                message: format!("{message}{others}"),
                at,
                help,
            }
            .into(),
        );
    }
    findings.extend(found);
}
