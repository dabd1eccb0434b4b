//! Decision tables: rows that never decide, rows that overlap, and cases that no row matches.

mod cover;
mod set;
mod space;

use super::facts::Facts;
use super::possible::Possible;
use super::terms::TermId;
use super::values::Values;
use crate::check::{Checked, ColumnId, InputId, Node};
use crate::diagnostics::{DecisionError, DecisionLint, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{
    ConditionColumn, DecisionDeclaration, DecisionTable, LiteralValue, Policy, RuleFile,
};
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
        let space = Space::new(table, |header| known(declaration, header, expected, any));
        let terms = table.conditions.iter().map(|header| term(declaration, header, any)).collect();
        let headers = Headers { values: any, terms };
        match declaration.policy {
            Policy::First => unreachable_rows(declaration, table, &space, findings),
            Policy::Unique => overlapping_rows(table, &space, &headers, findings),
            Policy::Collect => continue,
        }
        uncovered_case(declaration, table, &space, &headers, findings);
    }
}

/// What is known of the values of a header.
fn known(
    declaration: &DecisionDeclaration,
    header: &ConditionColumn,
    expected: &Values<'_>,
    any: &Values<'_>,
) -> Option<Known> {
    let is_column = |name: &String| expected.tree.columns.iter().any(|column| column.name == *name);
    let may_be_whole = !header.name.as_ref().is_some_and(is_column);
    let of = |values: &Values<'_>| -> Option<(Possible, bool)> {
        let term = term(declaration, header, values)?;
        Some((values.of(term, &Facts::default()).as_ref().clone(), values.is_whole(term)))
    };
    let ((expected, is_whole), (any, _)) = (of(expected)?, of(any)?);
    Some(Known { expected, any, is_whole: is_whole || may_be_whole })
}

/// The term of a header: of the column or input that it names, or of the formula.
fn term(declaration: &DecisionDeclaration, header: &ConditionColumn, values: &Values<'_>) -> Option<TermId> {
    let tree = values.tree;
    let column = |name: &str| tree.columns.iter().position(|column| column.name == name);
    let Some(name) = &header.name else {
        let table = &tree.columns[column(&declaration.name.value)?].node;
        return in_formula(table, header, tree).map(|node| values.terms.id(node));
    };
    let input = || tree.inputs.iter().position(|input| input.name == *name);
    match column(name) {
        Some(column) => Some(values.terms.column(ColumnId(column as u32))),
        None => values.terms.input(InputId(input()? as u32)),
    }
}

/// The first place of a header in the formula of its table.
fn in_formula<'t>(table: &'t Node, header: &ConditionColumn, tree: &Checked) -> Option<&'t Node> {
    let mut waiting = vec![table];
    while let Some(node) = waiting.pop() {
        if tree.source.shown_span(node.span.start as usize, node.span.end as usize) == header.header.span {
            return Some(node);
        }
        waiting.extend(node.children().into_iter().rev());
    }
    None
}

/// The headers of a table, which can read the same inputs.
struct Headers<'v, 't> {
    values: &'v Values<'t>,
    /// The term of each column of conditions.
    terms: Vec<Option<TermId>>,
}

impl Headers<'_, '_> {
    /// Whether rows may have these values: for each dimension of the space, its column and values.
    fn can_have(&self, space: &Space, wanted: &[(usize, Vec<usize>)]) -> bool {
        let mut known: Vec<(TermId, usize)> = (wanted.iter().enumerate())
            .filter_map(|(dimension, (column, _))| Some((self.terms[*column]?, dimension)))
            .collect();
        // What is known of an input decides about what is computed from it.
        known.sort_by_key(|(term, _)| !self.values.terms.get(*term).children.is_empty());
        let facts = known.iter().try_fold(Facts::default(), |facts, (term, dimension)| {
            let possible = self.values.of(*term, &facts);
            match space.among(*dimension, &wanted[*dimension].1, &possible) {
                Some(values) => self.values.record(*term, values, &facts),
                None => Some(facts),
            }
        });
        facts.is_some()
    }
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
        match Cover::new(space, &within, &mut steps, &|_| true).search(above.clone()) {
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
fn overlapping_rows(
    table: &DecisionTable,
    space: &Space,
    headers: &Headers<'_, '_>,
    findings: &mut Vec<Diagnostic>,
) {
    for row in 1..table.rows.len() {
        let is_overlap =
            |other: &usize| space.overlap(*other, row) && headers.can_have(space, &space.shared(*other, row));
        let Some(other) = (0..row).find(is_overlap) else { continue };
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
    headers: &Headers<'_, '_>,
    findings: &mut Vec<Diagnostic>,
) {
    let mut steps = MOST_STEPS;
    let within = space.usual();
    let is_possible = |point: &[usize]| headers.can_have(space, &space.single(point));
    match Cover::new(space, &within, &mut steps, &is_possible).search((0..table.rows.len()).collect()) {
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
