//! Decision tables: rows that never decide, rows that overlap, and cases that no row matches.

mod cover;
mod set;
mod space;

use super::facts::Facts;
use super::possible::Possible;
use super::values::Values;
use crate::check::{ColumnId, InputId};
use crate::diagnostics::{DecisionError, DecisionLint, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{DecisionDeclaration, DecisionTable, LiteralValue, Policy, RuleFile};
use crate::syntax::print_text;
use cover::{Cover, Search};
use set::Set;
use space::{Known, Space};

/// More steps than this are not made to compare the rows of a table with each other.
const MOST_STEPS: usize = 40_000_000;

/// Adds what is found in the decision tables of a file. `expected` has the values that formulas expect in rows, and `any`
/// all values that rows can have.
pub(super) fn lint(file: &RuleFile, expected: &Values<'_>, any: &Values<'_>, findings: &mut Vec<Diagnostic>) {
    for declaration in &file.decisions {
        let Some(table) = &declaration.loaded else { continue };
        texts_that_are_columns(file, table, findings);
        let space = Space::new(table, |name| known(name, expected, any));
        match declaration.policy {
            Policy::First => unreachable_rows(declaration, table, &space, findings),
            Policy::Unique => overlapping_rows(table, &space, findings),
            Policy::Collect => continue,
        }
        uncovered_case(declaration, table, &space, findings);
    }
}

/// What is known of the values of a column or input.
fn known(name: &str, expected: &Values<'_>, any: &Values<'_>) -> Option<Known> {
    let tree = expected.tree;
    let column = tree.columns.iter().position(|column| column.name == name);
    let input = tree.inputs.iter().position(|input| input.name == name);
    let of = |values: &Values<'_>| -> Option<Possible> {
        let term = match (column, input) {
            (Some(column), _) => values.terms.column(ColumnId(column as u32)),
            (None, Some(input)) => values.terms.input(InputId(input as u32))?,
            (None, None) => return None,
        };
        Some(values.of(term, &Facts::default()).as_ref().clone())
    };
    let is_whole = column.is_none();
    Some(Known { expected: of(expected)?, any: of(any)?, is_whole })
}

/// Cells without quotes that are also the name of a column: texts do not refer to columns.
fn texts_that_are_columns(file: &RuleFile, table: &DecisionTable, findings: &mut Vec<Diagnostic>) {
    let names: Vec<&str> =
        (file.columns.iter().filter(|column| column.is_readable).map(|column| &column.name))
            .chain(file.inputs.iter().map(|input| &input.name))
            .map(|name| name.value.as_str())
            .chain(table.conditions.iter().filter_map(|column| column.name.as_deref()))
            .collect();
    let conditions = table.rows.iter().flat_map(|row| &row.conditions).flat_map(|test| test.value.literals());
    let results = table.rows.iter().flat_map(|row| row.results.iter().flatten());
    for literal in conditions.chain(results).filter(|literal| literal.is_plain) {
        let LiteralValue::Text(text) = &literal.value else { continue };
        if names.contains(&text.as_str()) {
            let help =
                format!("write `{}` in quotes for the text; cells contain values only", print_text(text));
            findings.push(DecisionLint::TextOrColumn { name: text.clone(), at: literal.span, help }.into());
        }
    }
}

/// The place of the conditions of a row.
fn conditions(table: &DecisionTable, row: usize) -> Span {
    let cells = &table.rows[row].conditions;
    cells.first().zip(cells.last()).map_or(table.rows[row].span, |(first, last)| first.span.to(last.span))
}

/// Rows of which the rows above match every value.
fn unreachable_rows(
    declaration: &DecisionDeclaration,
    table: &DecisionTable,
    space: &Space,
    findings: &mut Vec<Diagnostic>,
) {
    let mut steps = MOST_STEPS;
    for row in 1..table.rows.len() {
        let within = space.expected(row);
        // A cell that no value matches is reported by itself.
        if within.iter().any(Vec::is_empty) {
            continue;
        }
        let above: Vec<usize> = (0..row).filter(|other| space.overlap(*other, row)).collect();
        match Cover::new(space, &within, &mut steps).search(above.clone()) {
            Search::Covered => {
                let cause = above.into_iter().find(|other| space.contains(*other, row));
                let at = conditions(table, row);
                let help = "move this row above the others, or remove it";
                let (cause, why) =
                    (cause.map(|other| conditions(table, other)), "this row matches all of them");
                findings.push(DecisionLint::UnreachableRow { at, cause, why, help }.into());
            }
            Search::Open(_) => {}
            Search::Limit => {
                findings.push(limit(declaration, "rows that never decide"));
                return;
            }
        }
    }
}

/// Rows of a table declared `unique` that match the same values.
fn overlapping_rows(table: &DecisionTable, space: &Space, findings: &mut Vec<Diagnostic>) {
    for row in 1..table.rows.len() {
        let Some(other) = (0..row).find(|other| space.overlap(*other, row)) else { continue };
        let witness = space.common(other, row);
        let (first, second) = (conditions(table, other), conditions(table, row));
        findings
            .push(DecisionError::OverlappingRows { witness: space.shown(&witness), first, second }.into());
    }
}

/// A case that no row matches.
fn uncovered_case(
    declaration: &DecisionDeclaration,
    table: &DecisionTable,
    space: &Space,
    findings: &mut Vec<Diagnostic>,
) {
    let mut steps = MOST_STEPS;
    let within = space.usual();
    match Cover::new(space, &within, &mut steps).search((0..table.rows.len()).collect()) {
        Search::Covered => {}
        Search::Open(witness) => {
            let (witness, name) = (space.shown(&witness), declaration.name.value.clone());
            findings.push(DecisionLint::UncoveredCase { witness, at: declaration.file.span, name }.into());
        }
        Search::Limit => findings.push(limit(declaration, "cases that no row matches")),
    }
}

fn limit(declaration: &DecisionDeclaration, what: &'static str) -> Diagnostic {
    let (file, at) = (declaration.file.value.clone(), declaration.file.span);
    DecisionLint::DecisionLimit { file, at, what, steps: MOST_STEPS }.into()
}
