//! The history of cells: what happened to them, in order.

use rusqlite::{Connection, Row};

use super::Store;
use super::error::{Failure, StateError};
use super::rows::RowId;

/// Something that happened to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The cell's row.
    pub row: RowId,
    /// The cell's step.
    pub step: String,
    /// When: ISO 8601, in UTC.
    pub at: String,
    /// What, in a few words. The store itself notes `outcome unknown`, `overcharged`, `settled twice` and `retried`.
    pub what: String,
    /// More about it: the text of a JSON value.
    pub detail: String,
}

impl Store {
    /// Adds to the history of a cell, soon.
    pub fn note(&self, event: Event) {
        self.writer.queue(move |db| Ok(add(db, &event)?));
    }

    /// What happened to the cells of a row, or to that of one step, in order.
    pub fn history(&self, row: RowId, step: Option<&str>) -> Result<Vec<Event>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT row, step, at, what, detail FROM events
                 WHERE row = ?1 AND step = coalesce(?2, step) ORDER BY id",
            )?;
            query.query_map((row, step), from_row)?.collect()
        })
    }
}

/// Adds an event.
pub(super) fn add(db: &Connection, event: &Event) -> rusqlite::Result<()> {
    let sql = "INSERT INTO events (row, step, at, what, detail) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = (event.row, &event.step, &event.at, &event.what, &event.detail);
    db.prepare_cached(sql)?.execute(values).map(drop)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event { row: row.get(0)?, step: row.get(1)?, at: row.get(2)?, what: row.get(3)?, detail: row.get(4)? })
}

/// What each event of an operation is added with, so that one that is refused says why.
pub(super) fn add_for(
    db: &Connection,
    row: RowId,
    step: &str,
    at: &str,
    what: &str,
    detail: String,
) -> Result<(), Failure> {
    let event = Event { row, step: step.to_owned(), at: at.to_owned(), what: what.to_owned(), detail };
    Ok(add(db, &event)?)
}
