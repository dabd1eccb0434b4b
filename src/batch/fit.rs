//! Whether rows fit a rule file: columns that no row has, values of a kind that no use of their column can read.

use super::failure::BatchError;
use super::survey::{Survey, SurveyedRow, Threads, survey};
use super::tally::Firsts;
use super::{Input, processors};
use crate::check::{Kind, KindSet};
use crate::rules::Rules;
use crate::value::{Clock, ErrorValue, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What a pass over rows found.
#[derive(Debug, Default)]
pub struct Fit {
    /// Rows read.
    pub rows: u64,
    /// Rows that can't be read, with the message of the first.
    pub bad_rows: Firsts,
    /// What is wrong with the first of them.
    pub first_bad: Option<String>,
    /// For each input of the rules, in how many rows its key stands.
    pub seen: Vec<u64>,
    /// For each input and kind of value that does not fit it, where that stands.
    pub misfits: BTreeMap<(usize, &'static str), Misfit>,
    /// All keys of the first rows.
    pub keys: BTreeSet<String>,
}

/// Values of one kind that don't fit their column.
#[derive(Clone, Debug, Default)]
pub struct Misfit {
    /// How many and where.
    pub firsts: Firsts,
    /// The first of them, as messages show it.
    pub example: String,
}

/// Reads all `inputs` and compares them with what the rules make of their columns.
pub fn fit<'i>(
    rules: &Rules,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Fit, BatchError> {
    let clock = Clock::system();
    let mut found = Fit { seen: vec![0; rules.tree().inputs.len()], ..Fit::default() };
    let fitting = Fitting { rules, clock: &clock };
    let threads = Threads { count: processors(), deep: false };
    found.keys = survey(&fitting, threads, inputs, &mut found)?;
    Ok(found)
}

struct Fitting<'f> {
    rules: &'f Rules,
    clock: &'f Clock,
}

impl Survey for Fitting<'_> {
    type Found = Fit;

    fn keys(&self) -> &[String] {
        self.rules.keys()
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Fit) -> Result<(), BatchError> {
        found.rows += 1;
        found.row(self.rules, row.keyed, self.clock);
        Ok(())
    }

    fn bad_row(&self, _: u64, error: BatchError, found: &mut Fit) -> Result<(), BatchError> {
        found.rows += 1;
        found.bad_rows.add(found.rows);
        found.first_bad.get_or_insert_with(|| error.to_string());
        Ok(())
    }

    fn gather(&self, all: &mut Fit, block: &mut Fit) -> ControlFlow<()> {
        all.add(&std::mem::take(block));
        ControlFlow::Continue(())
    }
}

impl Fit {
    fn row(&mut self, rules: &Rules, keyed: &[Option<Value<'_>>], clock: &Clock) {
        self.seen.resize(rules.tree().inputs.len(), 0);
        let values: Vec<Value<'_>> = keyed.iter().map(|value| value.clone().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        rules.inputs(&values, clock, &mut inputs);
        for (index, (input, value)) in rules.tree().inputs.iter().zip(&inputs).enumerate() {
            // Behind a path, Blank is as good as missing.
            let is_there = if input.path.steps.is_empty() {
                keyed[rules.key_of_input(index)].is_some()
            } else {
                !matches!(value, Value::Blank)
            };
            self.seen[index] += u64::from(is_there);
            let Some(kind) = KindSet::kind_of(value, clock) else { continue };
            // Digits fit wherever text does: an industry of "365" is odd, but text.
            let fits = input.kinds.has(kind) || (kind == Kind::NumberText && input.kinds.has(Kind::Words));
            if !fits {
                let row = self.rows;
                let misfit = self.misfits.entry((index, kind.described())).or_default();
                if misfit.firsts.count == 0 {
                    misfit.example = ErrorValue::shown(value, None);
                }
                misfit.firsts.add(row);
            }
        }
    }

    /// Adds what was found in the block that comes next.
    fn add(&mut self, block: &Self) {
        self.bad_rows.merge(&block.bad_rows, self.rows);
        if self.first_bad.is_none() {
            self.first_bad.clone_from(&block.first_bad);
        }
        self.seen.iter_mut().zip(&block.seen).for_each(|(all, some)| *all += some);
        for (place, misfit) in &block.misfits {
            let all = self.misfits.entry(*place).or_default();
            if all.firsts.count == 0 {
                all.example.clone_from(&misfit.example);
            }
            all.firsts.merge(&misfit.firsts, self.rows);
        }
        self.rows += block.rows;
    }
}
