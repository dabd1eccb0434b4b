//! One row to rest: formulas anew, then the leftmost step whose condition holds, until nothing can run.

use super::buy::{Bought, Wake};
use super::engine::{Engine, RunError};
use super::purse::OF_THE_ROW;
use super::row::Row;
use crate::table::ask::{is_true, record};
use crate::table::state::{CellState, RowStatus};
use crate::value::{Record, Value};

/// What became of a row for now.
#[derive(Debug)]
pub(super) enum Advanced {
    /// Nothing can run any more.
    Rested,
    /// It goes on then.
    Parked(Wake),
}

/// A step whose turn it is, and what its providers are given, or why they can't be given anything.
struct Turn {
    step: usize,
    inputs: Vec<Result<Record<'static>, String>>,
}

impl Engine<'_> {
    /// Goes on with a row until it rests or waits.
    pub(super) fn advance(&self, row: &mut Row) -> Result<Advanced, RunError> {
        loop {
            let Some(turn) = self.leftmost(row) else {
                self.rest(row);
                return Ok(Advanced::Rested);
            };
            if let Bought::Parked(wake) = self.buy(row, turn.step, &turn.inputs)? {
                return Ok(Advanced::Parked(wake));
            }
        }
    }

    /// The leftmost step that is open and whose condition holds.
    fn leftmost(&self, row: &Row) -> Option<Turn> {
        let results = row.eval(self.table, &self.layout, &self.clock);
        let step = (0..self.table.steps.len()).find(|step| self.is_due(row, *step, results.values()))?;
        let inputs = self.table.steps[step].asks.iter().map(|ask| {
            let mut members = Vec::new();
            for (name, tree) in &ask.inputs {
                match tree.fill(results.values()) {
                    Ok(value) => members.push((name.clone(), value)),
                    Err(error) => return Err(format!("its input `{name}` is {error}")),
                }
            }
            Ok(record(members))
        });
        Some(Turn { step, inputs: inputs.collect() })
    }

    fn is_due(&self, row: &Row, step: usize, results: &[Value<'_>]) -> bool {
        let cell = &row.cells[step];
        if cell.is_closed() {
            return false;
        }
        // An answer that was asked for is fetched, whatever the condition says by now.
        cell.progress.awaited.is_some() || self.why_not(row, step, results).is_none()
    }

    /// Why a step is not to be done, if so.
    pub(super) fn why_not(&self, row: &Row, step: usize, results: &[Value<'_>]) -> Option<String> {
        let definition = &self.table.steps[step];
        if !definition.overwrite && row.came_with(step, &self.layout) {
            return Some("the row came with it".to_owned());
        }
        let condition = definition.condition.as_ref()?;
        match results.get(condition.id.index()) {
            Some(Value::Error(error)) => Some(format!("the condition is {error}")),
            Some(value) if is_true(value) => None,
            _ => Some(condition.text.clone()),
        }
    }

    /// Writes down the cells that were not to be done, and how far the row has come.
    fn rest(&self, row: &mut Row) {
        let reasons: Vec<Option<String>> = {
            let results = row.eval(self.table, &self.layout, &self.clock);
            let reason = |step| self.why_not(row, step, results.values());
            (0..row.cells.len()).map(reason).collect()
        };
        for (step, reason) in reasons.into_iter().enumerate() {
            let cell = &mut row.cells[step];
            if cell.is_closed() || (cell.state == CellState::ConditionNotMet && cell.reason == reason) {
                continue;
            }
            cell.state = CellState::ConditionNotMet;
            cell.reason = reason;
            cell.class = None;
            self.store.write_cell(self.update(row, step));
        }
        self.store.set_row_status(self.run, row.id, status(row));
    }
}

/// How far a row at rest has come.
fn status(row: &Row) -> RowStatus {
    let any = |is: fn(&super::row::RowCell) -> bool| row.cells.iter().any(is);
    if any(|cell| cell.state == CellState::Error) {
        RowStatus::Dead
    // What is above its own budget will not be bought in a later run either.
    } else if any(|cell| cell.held.as_deref().is_some_and(|budget| budget != OF_THE_ROW)) {
        RowStatus::Pending
    } else {
        RowStatus::Done
    }
}
