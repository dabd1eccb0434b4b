//! A run that goes on with rows of its own: which of them it had when it was interrupted, and whether there are any.

use rusqlite::Connection;

use super::Store;
use super::error::{Failure, StateError};
use super::runs::{Run, RunId};
use super::words::from_stored;

/// What became of a run that was interrupted, once its rows are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumed {
    /// The run that goes on: the interrupted one, or a new one where no row is of that.
    pub run: Run,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them the interrupted run had.
    pub of_it: u64,
}

impl Store {
    /// Tells how many rows of a run that is continued it had before, once all of them were added.
    ///
    /// Where it had none of them, it is over, and they are those of a new run that begins `at` (ISO 8601, in UTC): what
    /// was spent for others is no part of that one's budget.
    pub fn resume(&self, run: &Run, at: &str) -> Result<Resumed, StateError> {
        let (run, at) = (run.clone(), at.to_owned());
        self.writer.run(move |db| {
            let (rows, of_it) = compare(db, run.id)?;
            forget(db)?;
            let run = if of_it == 0 { renew(db, run.id, &at)? } else { run };
            Ok(Resumed { run, rows, of_it })
        })
    }

    /// Whether a run has a row.
    pub fn has_row(&self, run: RunId, row: super::RowId) -> Result<bool, StateError> {
        self.read(|db| {
            let sql = "SELECT 1 FROM run_rows INDEXED BY run_rows_of_row WHERE run = ?1 AND row = ?2";
            db.prepare_cached(sql)?.exists((run, row))
        })
    }
}

/// Keeps which rows the interrupted run has before others take their places. What was kept stays: the process may have
/// ended before all rows were added.
pub(super) fn remember(db: &Connection, run: RunId) -> rusqlite::Result<()> {
    if !db.prepare_cached("SELECT 1 FROM interrupted")?.exists([])? {
        let sql = "INSERT OR IGNORE INTO interrupted (row) SELECT row FROM run_rows WHERE run = ?1";
        db.execute(sql, [run])?;
    }
    Ok(())
}

/// Forgets which rows an interrupted run had.
pub(super) fn forget(db: &Connection) -> rusqlite::Result<()> {
    db.execute("DELETE FROM interrupted", []).map(drop)
}

/// How many rows the run has now, and how many of them it had before.
fn compare(db: &Connection, run: RunId) -> rusqlite::Result<(u64, u64)> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE row IN (SELECT row FROM interrupted)) FROM run_rows WHERE run = ?1";
    db.query_row(sql, [run], |row| Ok((from_stored(row.get(0)?), from_stored(row.get(1)?))))
}

/// Ends the run, and gives its rows to a new one.
fn renew(db: &Connection, run: RunId, at: &str) -> Result<Run, Failure> {
    db.execute("UPDATE runs SET finished = ?2 WHERE id = ?1", (run, at))?;
    db.execute(
        "INSERT INTO runs (started, table_file) SELECT ?2, table_file FROM runs WHERE id = ?1",
        (run, at),
    )?;
    let new = RunId(db.last_insert_rowid());
    for table in ["run_rows", "rejected"] {
        db.execute(&format!("UPDATE {table} SET run = ?2 WHERE run = ?1"), (run, new))?;
    }
    Ok(Run { id: new, started: at.to_owned(), continued: false })
}
