//! Runs: begun, finished, and continued where they were interrupted.

use rusqlite::{Connection, OptionalExtension};

use super::error::{Failure, StateError};
use super::words::ids;
use super::{Store, recovery, resuming};

ids! {
    /// A run in the state file.
    RunId;
}

/// A run that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// When it began, first: ISO 8601, in UTC.
    pub started: String,
    /// Whether it was interrupted before and now goes on.
    pub continued: bool,
}

impl Store {
    /// Continues the last run if it was not finished, else begins a new one at `at` (ISO 8601, in UTC).
    ///
    /// In a run that is continued, charges without an outcome become unknown and cells that were under way are new. Once
    /// its rows were added, [`Self::resume`] tells whether it goes on at all.
    pub fn begin_run(&self, at: &str) -> Result<Run, StateError> {
        let at = at.to_owned();
        self.writer.run(move |db| begin(db, &at))
    }

    /// Says of which table file a run is.
    pub fn name_table(&self, run: RunId, file: &str) -> Result<(), StateError> {
        let file = file.to_owned();
        self.writer.run(move |db| {
            db.execute("UPDATE runs SET table_file = ?2 WHERE id = ?1", (run, file))?;
            Ok(())
        })
    }

    /// The table file of the last run, if there was one and it said so.
    pub fn table_of_last_run(&self) -> Result<Option<String>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT table_file FROM runs ORDER BY id DESC LIMIT 1")?;
            Ok(query.query_row([], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// Says that a run is finished, so that the next one is a new one.
    pub fn finish_run(&self, run: RunId, at: &str) -> Result<(), StateError> {
        let at = at.to_owned();
        self.writer.run(move |db| {
            db.execute("UPDATE runs SET finished = ?2 WHERE id = ?1", (run, at))?;
            Ok(())
        })
    }

    /// The run that the next one would go on with, if the last one was interrupted.
    pub fn unfinished_run(&self) -> Result<Option<RunId>, StateError> {
        self.read(unfinished).map(|run| run.map(|run| run.id))
    }

    /// The last run that was begun, finished or not.
    pub fn last_run(&self) -> Result<Option<RunId>, StateError> {
        self.read(last)
    }
}

/// The last run that was begun.
pub(super) fn last(db: &Connection) -> rusqlite::Result<Option<RunId>> {
    db.query_row("SELECT max(id) FROM runs", [], |row| row.get(0))
}

/// The last run, if it was not finished.
pub(super) fn unfinished(db: &Connection) -> rusqlite::Result<Option<Run>> {
    let mut query = db.prepare_cached(
        "SELECT id, started FROM runs WHERE id = (SELECT max(id) FROM runs) AND finished IS NULL",
    )?;
    let run = query.query_row([], |row| Ok(Run { id: row.get(0)?, started: row.get(1)?, continued: true }));
    run.optional()
}

fn begin(db: &Connection, at: &str) -> Result<Run, Failure> {
    if let Some(run) = unfinished(db)? {
        recovery::recover(db, at)?;
        resuming::remember(db, run.id)?;
        return Ok(run);
    }
    resuming::forget(db)?;
    db.execute("INSERT INTO runs (started) VALUES (?1)", [at])?;
    Ok(Run { id: RunId(db.last_insert_rowid()), started: at.to_owned(), continued: false })
}
