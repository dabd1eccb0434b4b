//! Which row goes on next: earlier rows before later ones, waiting rows when their time has come.

use super::buy::Wake;
use super::engine::RunError;
use super::purse::Purse;
use super::row::Row;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What a worker does next.
pub(super) enum Task {
    /// Go on with this row.
    Row(Box<Row>),
    /// Load the rows from this place in the order on.
    Load(std::ops::Range<usize>),
    /// Nothing is left.
    End,
}

/// The rows of a run that are in memory.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    total: usize,
    /// How many rows are in memory at most.
    window: usize,
    /// How many are loaded at once.
    chunk: usize,
}

struct State {
    ready: BTreeMap<u64, Box<Row>>,
    /// Rows that wait for a moment, by that and their order.
    timed: BTreeMap<u64, Box<Row>>,
    times: BinaryHeap<Reverse<(Instant, u64)>>,
    /// Rows that wait for a budget.
    budget: BTreeMap<u64, Box<Row>>,
    /// Rows that a worker has.
    working: usize,
    is_loading: bool,
    next: usize,
    /// The version of the purse when rows last asked again.
    purse_version: u64,
    failure: Option<RunError>,
}

impl Queue {
    pub(super) fn new(total: usize, workers: usize) -> Self {
        let state = State {
            ready: BTreeMap::new(),
            timed: BTreeMap::new(),
            times: BinaryHeap::new(),
            budget: BTreeMap::new(),
            working: 0,
            is_loading: false,
            next: 0,
            purse_version: 0,
            failure: None,
        };
        let window = (workers * 8).max(256);
        Self { state: Mutex::new(state), changed: Condvar::new(), total, window, chunk: 32 }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to do.
    pub(super) fn next(&self) -> Task {
        let mut state = self.lock();
        loop {
            if state.failure.is_some() {
                return Task::End;
            }
            state.wake_due(Instant::now());
            if let Some((_, row)) = state.ready.pop_first() {
                state.working += 1;
                return Task::Row(row);
            }
            let in_memory = state.working + state.timed.len() + state.budget.len();
            if state.next < self.total && !state.is_loading && in_memory < self.window {
                state.is_loading = true;
                let from = state.next;
                state.next = (from + self.chunk).min(self.total);
                return Task::Load(from..state.next);
            }
            if state.next == self.total && in_memory == 0 && !state.is_loading {
                self.changed.notify_all();
                return Task::End;
            }
            state = match state.times.peek() {
                Some(Reverse((at, _))) => {
                    let wait = at.saturating_duration_since(Instant::now());
                    self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Adds rows that were loaded.
    pub(super) fn loaded(&self, rows: Vec<Row>) {
        let mut state = self.lock();
        state.is_loading = false;
        for row in rows {
            state.ready.insert(row.order, Box::new(row));
        }
        self.changed.notify_all();
    }

    /// Puts a row aside. `seen` is the version of the purse from before its budget was asked for.
    pub(super) fn park(&self, row: Box<Row>, wake: Wake, (purse, seen): (&Purse, u64)) {
        let mut state = self.lock();
        state.working -= 1;
        let order = row.order;
        match wake {
            Wake::Budget if purse.version() == seen => {
                state.budget.insert(order, row);
            }
            Wake::Budget => {
                state.ready.insert(order, row);
            }
            Wake::At(at) => {
                state.timed.insert(order, row);
                state.times.push(Reverse((at, order)));
            }
        }
        self.changed.notify_one();
    }

    /// Says that a row rests.
    pub(super) fn rested(&self) {
        self.lock().working -= 1;
        self.changed.notify_all();
    }

    /// Lets the rows that wait for a budget ask again, in their order, if there may be more room than when they asked.
    pub(super) fn wake_for_budget(&self, purse: &Purse) {
        let mut state = self.lock();
        let version = purse.version();
        if version != state.purse_version {
            state.purse_version = version;
            let waiting = std::mem::take(&mut state.budget);
            if !waiting.is_empty() {
                state.ready.extend(waiting);
                self.changed.notify_all();
            }
        }
    }

    /// Stops the run.
    pub(super) fn fail(&self, error: RunError) {
        let mut state = self.lock();
        state.working = state.working.saturating_sub(1);
        state.failure.get_or_insert(error);
        self.changed.notify_all();
    }

    /// How many rows wait.
    pub(super) fn waiting(&self) -> usize {
        let state = self.lock();
        state.timed.len() + state.budget.len()
    }

    /// Why the run was stopped, if it was.
    pub(super) fn into_failure(self) -> Option<RunError> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).failure
    }
}

impl State {
    fn wake_due(&mut self, now: Instant) {
        while let Some(Reverse((at, order))) = self.times.peek().copied() {
            if at > now {
                break;
            }
            self.times.pop();
            if let Some(row) = self.timed.remove(&order) {
                self.ready.insert(order, row);
            }
        }
    }
}
