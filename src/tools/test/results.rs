//! The results of a rule file for the rows of one file: row by row where there are few, summed up where there are many.

use super::cells::{RowLine, safe_label, write_cell};
use super::range::Outside;
use super::summary::{HASH_START, Summary, hash_value};
use crate::batch::{
    BatchError, Firsts, Input, PathFound, RowPath, Survey, SurveyedRow, Threads, look_for, merge_found,
    missing_paths, survey,
};
use crate::diagnostics::Count;
use crate::eval::{Evaluation, Observer, Warning, WarningKind};
use crate::rules::Rules;
use crate::tools::against_rows::paths_of_rule;
use crate::tools::coverage::Marks;
use crate::tools::lead::{label, label_keys, with_label_keys};
use crate::tools::words::{clipped, missing_column, missing_path};
use crate::value::{Clock, Value, is_empty};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A snapshot of more rows than this holds a summary.
pub const MOST_LINES: usize = 10_000;

/// What a pass over rows gives.
#[derive(Debug, Default)]
pub struct Results {
    /// How many rows there were.
    pub rows: u64,
    /// The rows, unless there are more than [`MOST_LINES`].
    pub lines: Vec<RowLine>,
    /// All rows together.
    pub(super) summary: Summary,
    /// Results outside the range of their column.
    pub(super) outside: Outside,
    /// Warnings by kind and place.
    pub(super) warnings: BTreeMap<Warning, Firsts>,
    /// For each key of the rules, whether any row has it.
    seen: Vec<bool>,
    /// For each path into records, what the rows have there.
    paths: Vec<PathFound>,
    /// Which places decided.
    pub marks: Marks,
}

impl Results {
    /// The body of a snapshot.
    #[must_use]
    pub fn body(&self, columns: &[String]) -> String {
        if self.rows as usize > MOST_LINES {
            return self.summary.to_text(self.rows, columns);
        }
        if self.rows == 0 {
            return super::changes::NO_ROWS.to_owned();
        }
        let lines: Vec<String> = self.lines.iter().map(|line| line.to_text(columns)).collect();
        lines.join("\n")
    }

    /// What is doubtful about the rows, a line each: columns that no row has, and the warnings of formulas.
    pub(super) fn doubts(&self, rules: &Rules) -> Vec<String> {
        let paths = paths_of_rule(rules);
        let missing_paths = missing_paths(&paths, &self.paths).map(missing_path);
        let missing = rules.keys().iter().zip(&self.seen).filter(|(_, seen)| !**seen);
        let missing = missing.map(|(key, _)| missing_column(key));
        let mut warnings: Vec<_> =
            self.warnings.iter().filter(|(one, _)| one.kind != WarningKind::OutsideRange).collect();
        warnings.sort_by_key(|(_, firsts)| std::cmp::Reverse(firsts.count));
        let described = warnings.into_iter().map(|(warning, firsts)| {
            let rows = Count(firsts.count as usize, "row");
            let first: Vec<String> = firsts.rows.iter().map(ToString::to_string).collect();
            format!("{}: {rows} (first {})", warning.describe(rules.tree()), first.join(", "))
        });
        missing.chain(missing_paths).chain(described).collect()
    }
}

/// Runs the rules over a file of rows; with `covered`, marks what decided.
pub(super) fn results(
    rules: &Rules,
    clock: &Clock,
    threads: usize,
    covered: bool,
    input: Result<Input<'_>, BatchError>,
) -> Result<Results, BatchError> {
    let own = rules.keys().len();
    let keys = with_label_keys(rules.keys());
    let by_key = keys.iter().cloned().enumerate().map(|(index, key)| (key, index)).collect();
    let seen = AtomicUsize::new(0);
    let by_label = label_keys().filter_map(|key| keys.iter().position(|known| known == key)).collect();
    let inputs_are_keys = rules.inputs_are_keys();
    let paths = paths_of_rule(rules);
    let looking =
        Looking { rules, clock, keys, own, by_key, by_label, inputs_are_keys, covered, paths, seen };
    let mut all = Results::default();
    let threads = Threads { count: threads, deep: rules.is_deep() };
    survey(&looking, threads, std::iter::once(input), &mut all)?;
    Ok(all)
}

struct Looking<'l> {
    rules: &'l Rules,
    clock: &'l Clock,
    /// The keys of the rules, `own` of them, then those that may tell who a row is about.
    keys: Vec<String>,
    own: usize,
    by_key: HashMap<String, usize>,
    /// The indexes of the keys that may tell who a row is about.
    by_label: Vec<usize>,
    /// Whether the values under the rules' keys are their inputs as they stand.
    inputs_are_keys: bool,
    covered: bool,
    /// The paths into records that are looked for.
    paths: Vec<RowPath>,
    /// How many rows were looked at, in whatever order.
    seen: AtomicUsize,
}

impl Survey for Looking<'_> {
    type Found = Results;

    fn keys(&self) -> &[String] {
        &self.keys
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Results) -> Result<(), BatchError> {
        found.rows += 1;
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let values = if self.covered {
            found.marks.make_room(self.rules.tree());
            self.evaluate(&mut evaluation, &row, &mut found.marks)
        } else {
            self.evaluate(&mut evaluation, &row, &mut ())
        };
        let outputs: Vec<&Value<'_>> =
            self.rules.tree().outputs().map(|(id, _)| &values[id.0 as usize]).collect();
        found.summary.add(self.identity(&row), &outputs, self.clock);
        // Once it is known that there are too many rows, none is kept.
        if self.seen.fetch_add(1, Ordering::Relaxed) < MOST_LINES {
            let cells = outputs.iter().map(|value| {
                let mut cell = String::new();
                write_cell(&mut cell, value, self.clock);
                cell
            });
            found.lines.push(RowLine { label: self.label(&row), cells: cells.collect() });
        }
        for warning in evaluation.warnings() {
            found.warnings.entry(*warning).or_default().add(found.rows);
        }
        found.seen.resize(self.own, false);
        for (seen, value) in found.seen.iter_mut().zip(row.keyed) {
            *seen |= value.is_some();
        }
        look_for(&self.paths, &mut found.paths, |key| row.keyed.get(key)?.as_ref());
        found.outside.add(&evaluation, found.rows, || self.label(&row));
        Ok(())
    }

    fn gather(&self, all: &mut Results, block: &mut Results) -> ControlFlow<()> {
        let mut block = std::mem::take(block);
        all.outside.merge(block.outside, all.rows);
        for (warning, firsts) in block.warnings {
            all.warnings.entry(warning).or_default().merge(&firsts, all.rows);
        }
        all.seen.resize(self.own, false);
        for (seen, more) in all.seen.iter_mut().zip(block.seen) {
            *seen |= more;
        }
        merge_found(&mut all.paths, &mut block.paths);
        all.rows += block.rows;
        all.lines.append(&mut block.lines);
        all.summary.merge(&mut block.summary);
        all.marks.merge(&block.marks);
        ControlFlow::Continue(())
    }
}

impl Looking<'_> {
    /// The columns of a row.
    fn evaluate<'e, 'b: 'e, O: Observer>(
        &'b self,
        evaluation: &'e mut Evaluation<'b>,
        row: &SurveyedRow<'_, 'b>,
        observer: &mut O,
    ) -> &'e [Value<'b>] {
        let mut inputs = Vec::with_capacity(self.own);
        let own = row.keyed[..self.own].iter().map(|value| value.clone().unwrap_or_default());
        if self.inputs_are_keys {
            inputs.extend(own);
        } else {
            self.rules.inputs_observed(evaluation, &own.collect::<Vec<_>>(), &mut inputs, observer);
        }
        evaluation.row(&inputs, observer)
    }

    /// A number for who the row is about, or for what the rules read of it; cheaper than a name.
    fn identity(&self, row: &SurveyedRow<'_, '_>) -> u64 {
        let of_label = self.by_label.iter().filter_map(|index| row.keyed[*index].as_ref());
        let mut named = of_label.filter(|value| !is_empty(value)).peekable();
        if named.peek().is_some() {
            named.fold(HASH_START, hash_value)
        } else {
            row.keyed[..self.own].iter().flatten().fold(HASH_START, hash_value)
        }
    }

    /// What the row is called: the lead, or what the rules read of it.
    fn label(&self, row: &SurveyedRow<'_, '_>) -> String {
        let get = |key: &str| self.by_key.get(key).and_then(|index| row.keyed[*index].as_ref());
        let named = label(get);
        let label = named.unwrap_or_else(|| {
            let filled = self.rules.keys().iter().zip(row.keyed).filter_map(|(key, value)| {
                let value = value.as_ref().filter(|value| !is_empty(value))?;
                Some(format!("{key} {}", short(value, self.clock)))
            });
            let filled: Vec<String> = filled.take(MOST_INPUTS).collect();
            if filled.is_empty() { "an empty row".to_owned() } else { filled.join(", ") }
        });
        safe_label(&label)
    }
}

/// A row that does not say who it is about is called by this many of its values.
const MOST_INPUTS: usize = 4;
/// Longer values are cut in labels.
const LONGEST: usize = 24;

fn short(value: &Value<'_>, clock: &Clock) -> String {
    let mut cell = String::new();
    write_cell(&mut cell, value, clock);
    clipped(cell, LONGEST)
}
