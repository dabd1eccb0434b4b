//! Cells: how far each step of each row has come, and what it last gave.

use rusqlite::{Connection, Row};

use super::Store;
use super::error::{Failure, StateError};
use super::rows::RowId;
use super::words::stored_as_words;

/// How far a cell has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellState {
    /// To be done.
    New,
    /// Waits for its turn.
    Queued,
    /// Being done.
    Running,
    /// The provider will send the answer later.
    AwaitingCallback,
    /// Has its outputs.
    Success,
    /// Every provider answered, and none had anything.
    NoData,
    /// Failed for good; a dead letter until it is tried again.
    Error,
    /// Not to be done, as the step's run condition is not met.
    ConditionNotMet,
}

stored_as_words!(CellState {
    New = "new",
    Queued = "queued",
    Running = "running",
    AwaitingCallback = "awaiting_callback",
    Success = "success",
    NoData = "no_data",
    Error = "error",
    ConditionNotMet = "condition_not_met",
});

/// What becomes of a cell. Whatever is absent is emptied, except where it is said to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellUpdate {
    /// The cell's row.
    pub row: RowId,
    /// The cell's step.
    pub step: String,
    /// Which round of the cell this is, counted by whoever refreshes it.
    pub epoch: u32,
    /// How far it has come.
    pub state: CellState,
    /// What it gave: the text of a JSON object. Those of the last success are kept where there are none.
    pub outputs: Option<String>,
    /// Which provider gave the outputs; kept where absent.
    pub provider: Option<String>,
    /// Of which kind a failure is.
    pub class: Option<String>,
    /// The status that a failed call came back with.
    pub status: Option<String>,
    /// Why it failed or was not done, in words.
    pub reason: Option<String>,
    /// Where to go on after an interruption, as the caller wrote it; stored as it is.
    pub progress: String,
    /// When to look at it again: ISO 8601, in UTC.
    pub due: Option<String>,
    /// When the outputs were fetched: ISO 8601, in UTC; kept where absent.
    pub fetched_at: Option<String>,
    /// When this was written: ISO 8601, in UTC.
    pub at: String,
}

impl CellUpdate {
    /// A cell of a step in this state, in its first round, with nothing else to say; `at` is ISO 8601, in UTC.
    #[must_use]
    pub fn new(row: RowId, step: &str, state: CellState, at: String) -> Self {
        Self {
            row,
            step: step.to_owned(),
            epoch: 1,
            state,
            outputs: None,
            provider: None,
            class: None,
            status: None,
            reason: None,
            progress: "{}".to_owned(),
            due: None,
            fetched_at: None,
            at,
        }
    }
}

/// A cell as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The cell's step.
    pub step: String,
    /// Which round of the cell it is in.
    pub epoch: u32,
    /// How far it has come.
    pub state: CellState,
    /// What it last gave: the text of a JSON object.
    pub outputs: Option<String>,
    /// Which provider gave the outputs.
    pub provider: Option<String>,
    /// Of which kind the last failure is.
    pub class: Option<String>,
    /// The status that the last failed call came back with.
    pub status: Option<String>,
    /// Why it failed or was not done, in words.
    pub reason: Option<String>,
    /// Where to go on after an interruption, as the caller wrote it.
    pub progress: String,
    /// When to look at it again: ISO 8601, in UTC.
    pub due: Option<String>,
    /// When the outputs were fetched: ISO 8601, in UTC.
    pub fetched_at: Option<String>,
    /// When it was last written: ISO 8601, in UTC.
    pub at: String,
}

/// The columns that [`from_row`] reads, in its order.
pub(super) const COLUMNS: &str = "cells.step, cells.epoch, cells.state, cells.outputs, cells.provider, cells.class, \
     cells.status, cells.reason, cells.progress, cells.due, cells.fetched_at, cells.at";

/// Reads a cell from the columns behind the first `skipped` ones.
pub(super) fn from_row(row: &Row<'_>, skipped: usize) -> rusqlite::Result<Cell> {
    Ok(Cell {
        step: row.get(skipped)?,
        epoch: row.get(skipped + 1)?,
        state: row.get(skipped + 2)?,
        outputs: row.get(skipped + 3)?,
        provider: row.get(skipped + 4)?,
        class: row.get(skipped + 5)?,
        status: row.get(skipped + 6)?,
        reason: row.get(skipped + 7)?,
        progress: row.get(skipped + 8)?,
        due: row.get(skipped + 9)?,
        fetched_at: row.get(skipped + 10)?,
        at: row.get(skipped + 11)?,
    })
}

impl Store {
    /// Writes a cell, soon: durable no later than whatever blocks after it.
    pub fn write_cell(&self, cell: CellUpdate) {
        self.writer.queue(move |db| write(db, &cell));
    }

    /// The names of the steps and effects that the rows which came last have cells of.
    pub fn steps_of_late(&self) -> Result<Vec<String>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT DISTINCT step FROM (SELECT step FROM cells ORDER BY row DESC LIMIT 10000) ORDER BY step",
            )?;
            query.query_map([], |row| row.get(0))?.collect()
        })
    }
}

/// Writes a cell, new or there already.
pub(super) fn write(db: &Connection, cell: &CellUpdate) -> Result<(), Failure> {
    let sql = "
        INSERT INTO cells (row, step, epoch, state, outputs, provider, class, status, reason, progress, due,
                           fetched_at, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (row, step) DO UPDATE SET
            epoch = excluded.epoch,
            state = excluded.state,
            outputs = coalesce(excluded.outputs, outputs),
            provider = coalesce(excluded.provider, provider),
            class = excluded.class,
            status = excluded.status,
            reason = excluded.reason,
            progress = excluded.progress,
            due = excluded.due,
            fetched_at = coalesce(excluded.fetched_at, fetched_at),
            at = excluded.at";
    let values = rusqlite::params![
        cell.row,
        cell.step,
        cell.epoch,
        cell.state,
        cell.outputs,
        cell.provider,
        cell.class,
        cell.status,
        cell.reason,
        cell.progress,
        cell.due,
        cell.fetched_at,
        cell.at,
    ];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}
