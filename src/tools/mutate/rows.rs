//! Rows kept in memory, so that each mutant can run over them.

use crate::batch::{BatchError, Input, Survey, SurveyedRow, Threads, survey};
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::value::{Clock, Value};
use std::ops::ControlFlow;

/// Mutants run over this many rows at most.
pub const MOST_ROWS: usize = 200_000;

/// Rows and what the original makes of them.
#[derive(Debug, Default)]
pub struct Rows {
    /// For each row, the values under the rules' keys.
    pub(super) keyed: Vec<Vec<Value<'static>>>,
    /// For each row, the results.
    pub(super) results: Vec<Vec<Value<'static>>>,
    /// Whether there were more.
    pub(super) cut: bool,
}

impl Rows {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keyed.is_empty()
    }
}

/// Reads rows and computes what the rules give for them.
pub fn collect<'i>(
    rules: &Rules,
    clock: &Clock,
    threads: usize,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Rows, BatchError> {
    let mut rows = Rows::default();
    let threads = Threads { count: threads, deep: rules.is_deep() };
    survey(&Collecting { rules, clock }, threads, inputs, &mut rows)?;
    Ok(rows)
}

struct Collecting<'c> {
    rules: &'c Rules,
    clock: &'c Clock,
}

impl Survey for Collecting<'_> {
    type Found = Rows;

    fn keys(&self) -> &[String] {
        self.rules.keys()
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Rows) -> Result<(), BatchError> {
        let keyed: Vec<Value<'b>> = row.keyed.iter().map(|value| value.clone().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        self.rules.inputs(&keyed, self.clock, &mut inputs);
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let values = evaluation.row(&inputs, &mut ());
        found.results.push(values.iter().cloned().map(Value::into_owned).collect());
        found.keyed.push(keyed.into_iter().map(Value::into_owned).collect());
        Ok(())
    }

    fn gather(&self, all: &mut Rows, block: &mut Rows) -> ControlFlow<()> {
        all.keyed.append(&mut block.keyed);
        all.results.append(&mut block.results);
        if all.keyed.len() <= MOST_ROWS {
            return ControlFlow::Continue(());
        }
        all.keyed.truncate(MOST_ROWS);
        all.results.truncate(MOST_ROWS);
        all.cut = true;
        ControlFlow::Break(())
    }
}

/// The value without another owner of its text: counting owners would make the threads wait for each other.
pub(super) fn borrowed<'v>(value: &'v Value<'static>) -> Value<'v> {
    match value {
        Value::Text(text) => Value::borrowed(text.as_str()),
        other => other.clone(),
    }
}
