//! What all rows of a run share: the table, the state, the budgets, the providers.

use super::live::Live;
use super::purse::Purse;
use super::row::{Layout, Row};
use super::vendors::Vendor;
use crate::table::failure::FailureClass;
use crate::table::http::{Redactor, Transport};
use crate::table::model::Table;
use crate::table::state::{CellState, CellUpdate, Event, Limit, RunId, Scope, StateError, Store};
use crate::value::{Clock, ErrorValue};
use jiff::Timestamp;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What ends a run early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The state can't be kept.
    #[error(transparent)]
    State(#[from] StateError),
    /// The rows can't be read.
    #[error(transparent)]
    Rows(#[from] crate::batch::BatchError),
    /// A provider can't be used.
    #[error(transparent)]
    Vendor(#[from] super::vendors::VendorError),
    /// Nothing can be written.
    #[error("can't write {what}: {error}")]
    Write {
        /// What was to be written.
        what: String,
        /// Why it can't be.
        error: std::io::Error,
    },
}

/// What time it is for the table: that of the system, or one that was set.
#[derive(Clone, Debug, Default)]
pub struct Time {
    /// The moment that was set.
    pub fixed: Option<Timestamp>,
}

impl Time {
    /// The moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }

    /// The moment in ISO 8601, in UTC, to the millisecond.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:.3}", self.now())
    }
}

/// What all rows of a run share.
pub struct Engine<'t> {
    /// The table.
    pub table: &'t Table,
    /// Where the values of a row are.
    pub layout: Layout,
    /// Where everything is kept.
    pub store: &'t Store,
    /// The run.
    pub run: RunId,
    /// The providers, in the order of the table's.
    pub vendors: Vec<Vendor>,
    /// Who makes calls.
    pub transport: &'t dyn Transport,
    /// What takes keys out of answers, so that a provider that repeats them does not spread them.
    pub redactor: Redactor,
    /// The budgets.
    pub purse: Purse,
    /// What time it is for formulas.
    pub clock: Clock,
    /// What time it is for the table.
    pub time: Time,
    /// How many calls are under way.
    pub in_flight: InFlight,
    /// What people are shown.
    pub live: &'t Live,
    /// Whether answers come from a recording, so that there is nothing to wait for.
    pub is_replay: bool,
}

impl Engine<'_> {
    /// The budgets that the state checks once more when a call is reserved.
    #[must_use]
    pub fn limits(&self, step: usize) -> Vec<Limit> {
        let budget = &self.table.budget;
        let limit = |scope, most| Some(Limit { scope, most: most? });
        [
            limit(Scope::Run, budget.run),
            limit(Scope::Month, budget.month),
            limit(Scope::Row, budget.row),
            limit(Scope::Step, self.table.steps[step].budget),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The cell of a step as it is to be stored.
    #[must_use]
    pub fn update(&self, row: &Row, step: usize) -> CellUpdate {
        let cell = &row.cells[step];
        CellUpdate {
            epoch: cell.epoch,
            class: cell.class.clone(),
            reason: cell.reason.clone(),
            progress: cell.progress.written(),
            ..CellUpdate::new(row.id, &self.table.steps[step].name, cell.state, self.time.text())
        }
    }

    /// Adds to the history of a cell.
    pub fn note(&self, row: &Row, step: usize, what: &str, detail: String) {
        let step = self.table.steps[step].name.clone();
        self.store.note(Event { row: row.id, step, at: self.time.text(), what: what.to_owned(), detail });
    }

    /// Fails a cell for good.
    pub fn fail(&self, row: &mut Row, step: usize, class: FailureClass, reason: String) {
        let cell = &mut row.cells[step];
        cell.state = CellState::Error;
        cell.class = Some(class.word().to_owned());
        cell.reason = Some(reason);
        self.store.write_cell(self.update(row, step));
        self.purse.close(row.order, step);
    }

    /// When to try again after a wait.
    #[must_use]
    pub fn after(&self, wait: Duration) -> Instant {
        let wait = if self.is_replay { Duration::ZERO } else { wait };
        Instant::now() + wait
    }
}

/// An error of a formula in words.
#[must_use]
pub fn told(error: &ErrorValue) -> String {
    error.to_string()
}

/// Bounds how many calls are under way at once.
#[derive(Debug)]
pub struct InFlight {
    free: Mutex<usize>,
    changed: Condvar,
}

/// A call that is under way.
#[derive(Debug)]
pub struct Slot<'f>(&'f InFlight);

impl InFlight {
    /// At most `most` at once.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { free: Mutex::new(most.max(1)), changed: Condvar::new() }
    }

    /// Waits for a place.
    pub fn enter(&self) -> Slot<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.changed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.changed.notify_one();
    }
}
