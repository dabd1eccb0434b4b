//! A rule compared with real rows: what it expects of them and they do not have.

mod bench;
mod braced;
mod dates;
mod days_as_text;
mod domain;
mod errors;
mod findings;
mod kinds;
mod lists;
mod lookups;
mod memo;
mod needles;
mod paths;
mod percent;
mod placeholders;
mod row_paths;
mod tests_of_kind;
mod unread;
mod unreadable;
mod wants;

use super::shape::{Limits, Shape};
use super::walk::within;
use crate::analysis::allow::Allowances;
use crate::batch::{BatchError, Errors, Firsts, Input, Survey, SurveyedRow, Threads, processors, survey};
use crate::check::{ColumnId, NodeKind};
use crate::diagnostics::Diagnostic;
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::span::Span;
use crate::value::{Clock, Value};
use bench::Bench;
use findings::Findings;
pub(super) use lists::delimited;
use lookups::Lookups;
pub use lookups::MissingKeys;
pub use row_paths::{paths_of_formulas, paths_of_rule};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use unread::Unread;

/// What a comparison of a rule with rows found.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Rows read, bad ones included.
    pub rows: u64,
    /// Rows that could not be read.
    pub bad_rows: Firsts,
    /// What is wrong with the first of them.
    pub first_bad: Option<String>,
    /// The keys of the first rows.
    pub keys: BTreeSet<String>,
    /// What the rows have under each key of the rules.
    pub shapes: Vec<Shape>,
    /// The paths into records that some row has, where the rule reads them.
    pub paths: Vec<Span>,
    /// What does not fit, unless a comment of the rule silences it.
    pub findings: Vec<Diagnostic>,
    /// Lookup data that lacks keys of the rows.
    pub missing_keys: Vec<MissingKeys>,
    /// Whether some literals were not compared because the rule and the rows have too many.
    pub is_cut: bool,
}

/// Reads all `inputs` and compares the rules with them.
pub fn compare<'i>(
    rules: &Rules,
    clock: &Clock,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Comparison, BatchError> {
    let limits = Limits::for_keys(rules.keys().len());
    let surveying = Surveying { rules, clock, keys: rules.keys(), limits };
    let mut seen = Seen::default();
    let threads = Threads { count: processors(), deep: rules.is_deep() };
    let keys = survey(&surveying, threads, inputs, &mut seen)?;
    let good = seen.rows - seen.bad_rows.count;
    let (mut findings, paths, is_cut) = rules.on_own_stack(|| findings(rules, clock, &seen, good));
    errors::find(rules, &seen.errors, good, &mut findings);
    findings.extend(braced::find(rules, &keys));
    Allowances::of(rules.tree()).silence(&mut findings);
    drop_reported(&mut findings, rules);
    let Seen { rows, bad_rows, first_bad, shapes, errors: _, lookups, unread: _ } = seen;
    let missing_keys = lookups.missing(rules.tree());
    Ok(Comparison { rows, bad_rows, first_bad, keys, shapes, paths, findings, missing_keys, is_cut })
}

/// Drops what the rule shows by itself, at the same place.
fn drop_reported(findings: &mut Vec<Diagnostic>, rules: &Rules) {
    let is_cause = |one: &&Diagnostic| matches!(one, Diagnostic::Argument(_));
    let causes: Vec<_> = rules.warnings().iter().filter(is_cause).filter_map(Diagnostic::range).collect();
    findings.retain(|finding| {
        let range = finding.range().unwrap_or_default();
        !causes.iter().any(|cause| range.start < cause.end && cause.start < range.end)
    });
}

fn findings(rules: &Rules, clock: &Clock, seen: &Seen, rows: u64) -> (Vec<Diagnostic>, Vec<Span>, bool) {
    if rows == 0 {
        return (Vec::new(), Vec::new(), false);
    }
    let bench = Bench::new(rules, clock, &seen.shapes, rows);
    let mut findings = Findings::default();
    paths::find(&bench, &mut findings);
    lists::find(&bench, &mut findings);
    tests_of_kind::find(&bench, &mut findings);
    unreadable::find(&bench, &mut findings);
    dates::find(&bench, &mut findings);
    days_as_text::find(&bench, &mut findings);
    percent::find(&bench, &mut findings);
    placeholders::find(&bench, &mut findings);
    needles::find(&bench, &mut findings);
    kinds::find(&bench, &mut findings);
    unread::find(&bench, &seen.unread, &mut findings);
    (findings.into_diagnostics(), paths::present(&bench), bench.is_cut())
}

/// The findings about one column, the columns that it reads, and their inputs.
#[must_use]
pub fn about(rules: &Rules, findings: &[Diagnostic], column: ColumnId) -> Vec<Diagnostic> {
    let tree = rules.tree();
    let (mut columns, mut inputs) = (BTreeSet::from([column]), BTreeSet::new());
    let mut waiting = vec![column];
    while let Some(id) = waiting.pop() {
        for node in within(&tree.column(id).node) {
            match node.kind {
                NodeKind::Column(other) if columns.insert(other) => waiting.push(other),
                NodeKind::Input(input) => drop(inputs.insert(input)),
                _ => {}
            }
        }
    }
    let columns = columns.iter().map(|id| tree.column(*id).node.span);
    let spans: Vec<Span> = columns.chain(inputs.iter().map(|id| tree.input(*id).span)).collect();
    let is_inside = |finding: &&Diagnostic| {
        let offset = finding.offset();
        spans.iter().any(|span| (span.start as usize..span.end as usize).contains(&offset))
    };
    findings.iter().filter(is_inside).cloned().collect()
}

/// What the rows have under some keys.
#[derive(Debug, Default)]
struct Seen {
    rows: u64,
    bad_rows: Firsts,
    first_bad: Option<String>,
    /// The values under each key.
    shapes: Vec<Shape>,
    /// The results that are errors.
    errors: Errors,
    /// What was looked up in data.
    lookups: Lookups,
    /// The texts that formulas could not read.
    unread: Unread,
}

/// A pass over rows that looks at the values under some keys.
struct Surveying<'s> {
    rules: &'s Rules,
    clock: &'s Clock,
    keys: &'s [String],
    limits: Limits,
}

impl Survey for Surveying<'_> {
    type Found = Seen;

    fn keys(&self) -> &[String] {
        self.keys
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Seen) -> Result<(), BatchError> {
        found.rows += 1;
        found.shapes.resize_with(self.keys.len(), Shape::default);
        for (shape, value) in found.shapes.iter_mut().zip(row.keyed) {
            if let Some(value) = value {
                shape.add(value, self.limits);
            }
        }
        let keyed: Vec<_> = row.keyed.iter().map(|value| value.clone().unwrap_or_default()).collect();
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let mut inputs = Vec::new();
        found.lookups.next_row();
        self.rules.inputs_observed(&mut evaluation, &keyed, &mut inputs, &mut found.lookups);
        for (column, value) in evaluation.row(&inputs, &mut found.lookups).iter().enumerate() {
            if let Value::Error(error) = value {
                found.errors.add(column, error, found.rows);
            }
        }
        found.unread.add(evaluation.warnings());
        Ok(())
    }

    fn bad_row(&self, _: u64, error: BatchError, found: &mut Seen) -> Result<(), BatchError> {
        found.rows += 1;
        found.bad_rows.add(found.rows);
        found.first_bad.get_or_insert_with(|| error.to_string());
        Ok(())
    }

    fn gather(&self, all: &mut Seen, block: &mut Seen) -> ControlFlow<()> {
        let block = std::mem::take(block);
        all.shapes.resize_with(self.keys.len(), Shape::default);
        for (shape, new) in all.shapes.iter_mut().zip(block.shapes) {
            shape.merge(new, self.limits);
        }
        all.bad_rows.merge(&block.bad_rows, all.rows);
        if all.first_bad.is_none() {
            all.first_bad = block.first_bad;
        }
        all.errors.merge(block.errors, all.rows);
        all.lookups.merge(block.lookups);
        all.unread.merge(block.unread);
        all.rows += block.rows;
        ControlFlow::Continue(())
    }
}
