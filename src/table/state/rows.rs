//! The rows of a run: added, rejected, in order, and counted.

use rusqlite::{Connection, OptionalExtension, Row};

use super::Store;
use super::error::{Failure, StateError};
use super::runs::RunId;
use super::words::{from_stored, ids, to_stored};

/// The most rows that are added in one transaction, so that others need not wait long, nor often for the disk.
const CHUNK: usize = 5000;

ids! {
    /// A row in the state file, the same in every run.
    RowId;
}

/// A row of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    /// Where it stands in the input, rejected rows counted too, from 1.
    pub position: u64,
    /// What it is known by.
    pub key: String,
    /// The row: the text of a JSON object.
    pub source: String,
}

/// A piece of the input that is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// Where it stands in the input, from 1.
    pub position: u64,
    /// Its bytes, as they came.
    pub bytes: Vec<u8>,
    /// What is wrong with it, in words.
    pub problem: String,
}

/// How far a row has come in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowStatus {
    /// To be done.
    Pending,
    /// All its steps came to an end.
    Done,
    /// Not to be done.
    Skipped {
        /// Why, in words.
        reason: String,
    },
    /// A step that it needs failed for good.
    Dead,
}

/// A row in the order of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Where it stands in the input, from 1.
    pub position: u64,
    /// The row.
    pub row: RowId,
    /// How far it has come.
    pub status: RowStatus,
}

/// How many rows of the input came how far. Together they are the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Done.
    pub done: u64,
    /// Skipped.
    pub skipped: u64,
    /// Dead.
    pub dead: u64,
    /// Pending.
    pub pending: u64,
    /// Rejected.
    pub rejected: u64,
}

impl RowCounts {
    /// How many rows the input has.
    #[must_use]
    pub fn input(&self) -> u64 {
        self.done + self.skipped + self.dead + self.pending + self.rejected
    }
}

impl RowStatus {
    fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Skipped { .. } => "skipped",
            Self::Dead => "dead",
        }
    }

    fn reason(&self) -> Option<&str> {
        if let Self::Skipped { reason } = self { Some(reason) } else { None }
    }

    fn from_stored(word: &str, reason: Option<String>) -> Self {
        match word {
            "done" => Self::Done,
            "skipped" => Self::Skipped { reason: reason.unwrap_or_default() },
            "dead" => Self::Dead,
            _ => Self::Pending,
        }
    }
}

impl Store {
    /// Gives each row its id and its place in the run, in chunks of one transaction each.
    ///
    /// A row whose key is known keeps its id, and in a run that is continued how far it has come, unless it was skipped:
    /// whether it is skipped is told anew. Where its source differs, it gets the new one and is pending again. A key that stands at several positions is one row at each of them.
    pub fn add_rows(&self, run: RunId, rows: &[NewRow]) -> Result<Vec<RowId>, StateError> {
        let mut added = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            added.extend(
                self.writer.run(move |db| {
                    chunk.iter().map(|row| add(db, run, row)).collect::<Result<Vec<_>, _>>()
                })?,
            );
        }
        Ok(added)
    }

    /// Keeps a piece of the input that is no row, soon.
    pub fn reject_row(&self, run: RunId, rejected: RejectedRow) {
        self.writer.queue(move |db| reject(db, run, &rejected));
    }

    /// Forgets what stands behind the first `input` positions of the run: the input of a run that is continued may
    /// have become shorter.
    pub fn end_rows(&self, run: RunId, input: u64) -> Result<(), StateError> {
        self.writer.run(move |db| {
            for table in ["run_rows", "rejected"] {
                let sql = format!("DELETE FROM {table} WHERE run = ?1 AND position > ?2");
                db.execute(&sql, (run, to_stored(input)))?;
            }
            Ok(())
        })
    }

    /// Why a row was skipped in the last run, if it was.
    pub fn skipped(&self, row: RowId) -> Result<Option<String>, StateError> {
        self.read(|db| {
            let sql = "SELECT position, row, status, reason FROM run_rows
                 WHERE row = ?1 AND run = (SELECT max(id) FROM runs) ORDER BY position LIMIT 1";
            let found = db.query_row(sql, [row], run_row).optional()?;
            Ok(found.and_then(|row| match row.status {
                RowStatus::Skipped { reason } => Some(reason),
                _ => None,
            }))
        })
    }

    /// Up to `most` rows of a run behind the position `after` (0 is before the first), in their order.
    pub fn rows(&self, run: RunId, after: u64, most: usize) -> Result<Vec<RunRow>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT position, row, status, reason FROM run_rows
                 WHERE run = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
            )?;
            query.query_map((run, to_stored(after), to_stored(most as u64)), run_row)?.collect()
        })
    }

    /// What was rejected in a run, in its order.
    pub fn rejected(&self, run: RunId) -> Result<Vec<RejectedRow>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT position, bytes, problem FROM rejected WHERE run = ?1 ORDER BY position",
            )?;
            let rejected = query.query_map([run], |row| {
                Ok(RejectedRow {
                    position: from_stored(row.get(0)?),
                    bytes: row.get(1)?,
                    problem: row.get(2)?,
                })
            })?;
            rejected.collect()
        })
    }

    /// Says how far a row has come in a run, soon.
    pub fn set_row_status(&self, run: RunId, row: RowId, status: RowStatus) {
        self.writer.queue(move |db| Ok(set_status(db, run, row, &status)?));
    }

    /// How many rows of a run came how far.
    pub fn counts(&self, run: RunId) -> Result<RowCounts, StateError> {
        self.read(|db| {
            let (done, skipped, dead, pending, rejected) = db
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE status = 'done'), count(*) FILTER (WHERE status = 'skipped'),
                            count(*) FILTER (WHERE status = 'dead'), count(*) FILTER (WHERE status = 'pending'),
                            (SELECT count(*) FROM rejected WHERE run = ?1)
                     FROM run_rows WHERE run = ?1",
                )?
                .query_row([run], |row| <(i64, i64, i64, i64, i64)>::try_from(row))?;
            Ok(RowCounts {
                done: from_stored(done),
                skipped: from_stored(skipped),
                dead: from_stored(dead),
                pending: from_stored(pending),
                rejected: from_stored(rejected),
            })
        })
    }
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    let status = RowStatus::from_stored(&row.get::<_, String>(2)?, row.get(3)?);
    Ok(RunRow { position: from_stored(row.get(0)?), row: row.get(1)?, status })
}

fn add(db: &Connection, run: RunId, new: &NewRow) -> Result<RowId, Failure> {
    let row = known_by(db, run, new)?;
    let position = to_stored(new.position);
    db.prepare_cached("DELETE FROM rejected WHERE run = ?1 AND position = ?2")?.execute((run, position))?;
    db.prepare_cached(
        "INSERT INTO run_rows (run, position, row, status) VALUES (?1, ?2, ?3, 'pending')
         ON CONFLICT (run, position) DO UPDATE SET row = excluded.row, status = 'pending', reason = NULL
         WHERE row <> excluded.row OR status = 'skipped'",
    )?
    .execute((run, position, row))?;
    Ok(row)
}

/// The row with the key, which from now on has the new source.
fn known_by(db: &Connection, run: RunId, new: &NewRow) -> rusqlite::Result<RowId> {
    let known = db
        .prepare_cached("SELECT id, source = ?2 FROM rows WHERE key = ?1")?
        .query_row((&new.key, &new.source), |row| <(RowId, bool)>::try_from(row))
        .optional()?;
    let Some((row, is_same)) = known else {
        let mut insert = db.prepare_cached("INSERT INTO rows (key, source) VALUES (?1, ?2)")?;
        return insert.insert((&new.key, &new.source)).map(RowId);
    };
    if !is_same {
        db.prepare_cached("UPDATE rows SET source = ?2 WHERE id = ?1")?.execute((row, &new.source))?;
        set_status(db, run, row, &RowStatus::Pending)?;
    }
    Ok(row)
}

fn reject(db: &Connection, run: RunId, rejected: &RejectedRow) -> Result<(), Failure> {
    let position = to_stored(rejected.position);
    db.prepare_cached("DELETE FROM run_rows WHERE run = ?1 AND position = ?2")?.execute((run, position))?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO rejected (run, position, bytes, problem) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((run, position, &rejected.bytes, &rejected.problem))?;
    Ok(())
}

/// Writes how far a row has come, at each of its positions in the run.
pub(super) fn set_status(
    db: &Connection,
    run: RunId,
    row: RowId,
    status: &RowStatus,
) -> rusqlite::Result<()> {
    // Left to itself the planner goes through all rows of the run.
    let sql =
        "UPDATE run_rows INDEXED BY run_rows_of_row SET status = ?3, reason = ?4 WHERE run = ?1 AND row = ?2";
    db.prepare_cached(sql)?.execute((run, row, status.word(), status.reason())).map(drop)
}
