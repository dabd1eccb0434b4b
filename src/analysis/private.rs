//! Private columns that nothing reads, and files whose result is private.

use super::view::View;
use crate::check::names_read;
use crate::diagnostics::{Diagnostic, Lint};
use crate::syntax::ast::{ColumnDefinition, Policy, RuleFile};
use crate::syntax::{TokenKind, bare_or_braced, field_name, tokenize};
use std::collections::HashSet;

/// What opens the comments whose formulas read columns.
const MARKS: [&str; 2] = ["always:", "never:"];

/// Adds a finding for each private column of a file that neither a formula nor a property reads; where all columns are
/// private, one finding for the file. At a prompt, a later line may read the column.
pub(super) fn lint(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let columns = &view.file.columns;
    if !view.is_file() || !columns.iter().any(|column| column.is_private) {
        return;
    }
    let read = names_read_by_others(columns);
    if columns.iter().all(|column| column.is_private) {
        let result = columns.iter().find(|column| !read.contains(column.name.value.as_str()));
        if let Some(result) = result.filter(|_| !is_shared(view, &read)) {
            let help = result_of(view.file, result).map_or_else(
                || format!("define a column without `let`: `{} := …`", bare_or_braced(&result.name.value)),
                |column| format!("define a column that reads the table: `{column}`"),
            );
            findings.push(Lint::NothingWritten { at: columns[0].name.span, help }.into());
        }
        return;
    }
    let claims = claims(view.checked.source.own_text());
    let is_used = |name: &str| read.contains(name) || claims.iter().any(|claim| claim.contains(name));
    for column in columns.iter().filter(|column| column.is_private && !is_used(&column.name.value)) {
        let name = column.name.value.clone();
        let (kind, instead) = match result_of(view.file, column) {
            Some(column) => ("decision table", format!("read it in a column: `{column}`")),
            None => ("private column", format!("write it out as a column: `{} := …`", bare_or_braced(&name))),
        };
        findings.push(Lint::UnusedLet { kind, name, at: column.name.span, instead }.into());
    }
}

/// A column that reads the first result of a decision table: `owner := Routing.owner`. Nothing for other columns.
fn result_of(file: &RuleFile, column: &ColumnDefinition) -> Option<String> {
    let decision = file.decisions.iter().find(|decision| decision.name == column.name)?;
    let result = decision.loaded.as_ref()?.results.first()?;
    let (name, field) = (bare_or_braced(&result.value), field_name(&result.value));
    Some(match decision.policy {
        Policy::Collect => {
            format!("{name} := MAP({}, row, row.{field})", bare_or_braced(&column.name.value))
        }
        _ => format!("{name} := {}.{field}", bare_or_braced(&column.name.value)),
    })
}

/// Whether a file without a column that is written out is there to be imported: it defines functions, or more than one
/// column that nothing reads, or a constant.
fn is_shared(view: &View<'_>, read: &HashSet<&str>) -> bool {
    let columns = view.file.columns.iter();
    let results: Vec<&ColumnDefinition> =
        columns.filter(|column| !read.contains(column.name.value.as_str())).collect();
    let is_constant = |column: &ColumnDefinition| {
        column.formula.as_ref().is_some_and(|formula| names_read(formula).is_empty())
    };
    !view.file.functions.is_empty() || results.len() != 1 || results.iter().any(|column| is_constant(column))
}

fn names_read_by_others(columns: &[ColumnDefinition]) -> HashSet<&str> {
    columns.iter().filter_map(|column| column.formula.as_ref()).flat_map(names_read).collect()
}

/// The comments that claim something of columns.
fn claims(text: &str) -> Vec<&str> {
    let comments = tokenize(text).into_iter().filter(|token| token.kind == TokenKind::Comment);
    let claim = |comment: &str| {
        let body = comment.trim_start_matches(['#', '/']).trim_start();
        MARKS.iter().any(|mark| body.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
    };
    comments.map(|token| token.text(text)).filter(|comment| claim(comment)).collect()
}
