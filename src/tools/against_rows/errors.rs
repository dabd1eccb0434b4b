//! Columns that are an error in some rows, where nothing else explains it.

use super::about;
use crate::batch::{ErrorCount, Errors};
use crate::check::{ColumnId, NodeKind};
use crate::diagnostics::{Count, Diagnostic, RowLint};
use crate::rules::Rules;
use crate::tools::reads::read_through_private;
use crate::tools::walk::within;
use crate::tools::words::whole_line;
use std::collections::BTreeSet;

/// A longer formula is not repeated in a help.
const LONGEST: usize = 60;

/// Adds a finding for each written column that is an error in some of `rows` rows, unless another finding is about what it
/// reads, or it reads a column that is an error itself.
pub(super) fn find(rules: &Rules, errors: &Errors, rows: u64, findings: &mut Vec<Diagnostic>) {
    let failing: BTreeSet<usize> = errors.iter().map(|(column, ..)| column).collect();
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
        // What the rule alone shows about the formula explains the error.
        let range = column.node.span.start as usize..column.node.span.end as usize;
        let is_reported = rules
            .warnings()
            .iter()
            .any(|one| matches!(one, Diagnostic::Argument(_)) && range.contains(&one.offset()));
        let is_unused = column.is_private && !fails_a_result(id);
        if !failing.contains(&index)
            || is_unused
            || is_reported
            || passes_on()
            || !about(rules, findings, id).is_empty()
        {
            continue;
        }
        let all: u64 = errors.of(index).map(|(_, error)| error.firsts.count).sum();
        let Some((code, ErrorCount { firsts, message })) =
            errors.of(index).max_by_key(|(_, error)| error.firsts.count)
        else {
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
                message: format!("{code}: {message}{others}"),
                at,
                help,
            }
            .into(),
        );
    }
    findings.extend(found);
}
