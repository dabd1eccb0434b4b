//! What happened in a run: rows, warnings, errors, columns that were there, results.

use super::errors::Errors;
use super::paths::{PathFound, merge_found};
use super::stats::{Numbers, Texts};
use crate::check::ColumnId;
use crate::eval::{Warning, WarningKind};
use crate::rules::Rules;
use crate::value::{ErrorCode, ErrorValue, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows are named for each thing that happened.
const MOST_FIRSTS: usize = 3;

/// How often something happened, and in which rows first, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firsts {
    /// How often.
    pub count: u64,
    /// The first rows.
    pub rows: Vec<u64>,
}

impl Firsts {
    pub(crate) fn add(&mut self, row: u64) {
        self.count += 1;
        if self.rows.len() < MOST_FIRSTS {
            self.rows.push(row);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self, rows_before: u64) {
        self.count += other.count;
        let room = MOST_FIRSTS - self.rows.len();
        self.rows.extend(other.rows.iter().take(room).map(|row| row + rows_before));
    }
}

/// Errors of one kind in one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorCount {
    /// How often and where.
    pub firsts: Firsts,
    /// The message of the first.
    pub message: String,
}

impl ErrorCount {
    fn merge(&mut self, other: Self, rows_before: u64) {
        if self.firsts.count == 0 {
            self.message = other.message;
        }
        self.firsts.merge(&other.firsts, rows_before);
    }
}

/// The counts of a run. In a worker they are those of one block, with rows counted from its beginning.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Rows read, bad ones included.
    pub rows: u64,
    /// Rows written.
    pub written: u64,
    /// Rows that could not be read.
    pub bad_rows: Firsts,
    /// For each key that the rules read, in how many rows it stood.
    pub seen: Vec<u64>,
    /// For each input of the rules, in how many rows it was not empty.
    pub filled: Vec<u64>,
    /// For each input of the rules, in how many rows its place was there.
    pub reached: Vec<u64>,
    /// For each path of [`super::Options::paths`], what the rows have there.
    pub paths: Vec<PathFound>,
    /// Warnings by kind and place.
    pub warnings: BTreeMap<Warning, Firsts>,
    /// By column, the first result outside its range.
    pub outside: BTreeMap<ColumnId, Value<'static>>,
    /// The private columns that are not written; their errors are counted for totals and not reported.
    pub unwritten: BTreeSet<usize>,
    /// Errors by column, kind and cause.
    pub errors: Errors,
    /// Rows in which any written column is an error.
    pub error_rows: u64,
    /// Rows with any warning.
    pub warning_rows: u64,
    /// Rows that were left out since the condition on rows is neither TRUE nor FALSE.
    pub undecided: ErrorCount,
    /// The numbers that each column gave, where a summary was asked for.
    pub numbers: Vec<Numbers>,
    /// The texts that each column gave, where a summary was asked for.
    pub texts: Vec<Texts>,
    /// How often each column gave neither a number nor a text, where a summary was asked for.
    pub blanks: Vec<u64>,
    /// The keys of the first rows.
    pub keys: BTreeSet<String>,
    /// Columns that the header of a CSV names more than once, by file.
    pub repeated: BTreeMap<String, Vec<String>>,
    /// Keys that came too late for the header of a CSV, with the first row of each.
    pub late_keys: BTreeMap<String, Firsts>,
}

impl Tally {
    /// Nothing happened yet.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        let mut tally = Self::default();
        tally.prepare(rules);
        tally
    }

    /// Makes room for the columns of `rules`.
    pub(super) fn prepare(&mut self, rules: &Rules) {
        let columns = rules.column_names().len();
        self.seen.resize(rules.keys().len(), 0);
        self.filled.resize(rules.tree().inputs.len(), 0);
        self.reached.resize(rules.tree().inputs.len(), 0);
        self.numbers.resize(columns, Numbers::default());
        self.texts.resize(columns, Texts::default());
        self.blanks.resize(columns, 0);
    }

    /// The errors that are reported: those of columns that are written, and of columns that written columns read.
    pub fn reported_errors(&self) -> impl Iterator<Item = (usize, ErrorCode, &ErrorCount)> {
        self.errors.iter().filter(|(column, ..)| !self.unwritten.contains(column))
    }

    /// Counts a row whose condition is neither TRUE nor FALSE.
    pub(super) fn add_undecided(&mut self, problem: &str) {
        if self.undecided.firsts.count == 0 {
            problem.clone_into(&mut self.undecided.message);
        }
        self.undecided.firsts.add(self.rows);
    }

    pub(super) fn add_bad_row(&mut self) {
        self.bad_rows.add(self.rows);
    }

    pub(super) fn add_late_key(&mut self, key: &str) {
        let row = self.rows;
        self.late_keys.entry(key.to_owned()).or_default().add(row);
    }

    /// Counts the columns of a further CSV that the header of the first lacks, with its first row.
    pub(super) fn note_late_columns(&mut self, header: &[String], is_known: impl Fn(&str) -> bool) {
        for name in header.iter().filter(|name| !is_known(name)) {
            let row = self.rows + 1;
            self.late_keys.entry(name.clone()).or_default().add(row);
        }
    }

    /// Counts the warnings of a row with these results.
    pub(super) fn add_warnings<'w>(
        &mut self,
        warnings: impl Iterator<Item = &'w Warning>,
        results: &[Value<'_>],
    ) {
        let mut warnings = warnings.peekable();
        self.warning_rows += u64::from(warnings.peek().is_some());
        for warning in warnings {
            self.warnings.entry(*warning).or_default().add(self.rows);
            if warning.kind == WarningKind::OutsideRange {
                let result = results.get(warning.column.0 as usize);
                let result = || result.cloned().unwrap_or_default().into_owned();
                self.outside.entry(warning.column).or_insert_with(result);
            }
        }
    }

    pub(super) fn add_error(&mut self, column: usize, error: &ErrorValue) {
        self.errors.add(column, error, self.rows);
    }

    pub(super) fn add_result(&mut self, column: usize, value: &Value<'_>) {
        match value {
            Value::Number(number) => self.numbers[column].add(*number),
            Value::Digits(digits) => self.numbers[column].add(digits.parse().unwrap_or(f64::MAX)),
            Value::Text(text) => self.texts[column].add(text),
            Value::Boolean(held) => self.texts[column].add(if *held { "TRUE" } else { "FALSE" }),
            Value::Blank => self.blanks[column] += 1,
            Value::Date(_) | Value::List(_) | Value::Record(_) | Value::Error(_) => {}
        }
    }

    /// Adds the counts of the block that comes next, and empties them.
    pub(super) fn add(&mut self, block: &mut Self) {
        let before = self.rows;
        self.rows += std::mem::take(&mut block.rows);
        self.written += std::mem::take(&mut block.written);
        self.bad_rows.merge(&std::mem::take(&mut block.bad_rows), before);
        self.error_rows += std::mem::take(&mut block.error_rows);
        self.warning_rows += std::mem::take(&mut block.warning_rows);
        self.undecided.merge(std::mem::take(&mut block.undecided), before);
        add_each(&mut self.seen, &mut block.seen);
        add_each(&mut self.filled, &mut block.filled);
        add_each(&mut self.reached, &mut block.reached);
        add_each(&mut self.blanks, &mut block.blanks);
        merge_found(&mut self.paths, &mut block.paths);
        for (warning, firsts) in std::mem::take(&mut block.warnings) {
            self.warnings.entry(warning).or_default().merge(&firsts, before);
        }
        for (column, result) in std::mem::take(&mut block.outside) {
            self.outside.entry(column).or_insert(result);
        }
        for (key, firsts) in std::mem::take(&mut block.late_keys) {
            self.late_keys.entry(key).or_default().merge(&firsts, before);
        }
        self.errors.merge(std::mem::take(&mut block.errors), before);
        self.numbers.iter_mut().zip(&mut block.numbers).for_each(|(all, some)| all.merge(some));
        self.texts.iter_mut().zip(&mut block.texts).for_each(|(all, some)| all.merge(some));
    }
}

fn add_each(all: &mut [u64], some: &mut [u64]) {
    for (all, some) in all.iter_mut().zip(some) {
        *all += std::mem::take(some);
    }
}
