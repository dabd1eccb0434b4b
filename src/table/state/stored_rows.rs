//! Rows with all their cells, loaded by the window; and rows found by position or key.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::cells::{self, Cell};
use super::error::StateError;
use super::row_keys::key_of_shown;
use super::rows::RowId;
use super::runs::RunId;
use super::words::{from_stored, to_stored};
use super::{Store, runs};

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// Its id.
    pub row: RowId,
    /// What it is known by.
    pub key: String,
    /// The row as it came: the text of a JSON object.
    pub source: String,
    /// Its cells, ordered by the names of their steps.
    pub cells: Vec<Cell>,
}

impl StoredRow {
    /// The cell of a step, where there is one.
    #[must_use]
    pub fn cell(&self, step: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.step == step)
    }
}

/// What a person calls a row by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowName<'a> {
    /// Its position in the last run, from 1.
    Position(u64),
    /// Its key.
    Key(&'a str),
    /// Its key as it is shown, which for one of several rows of a key has its number.
    ShownKey(&'a str),
}

impl Store {
    /// A row and all its cells.
    pub fn load_row(&self, row: RowId) -> Result<StoredRow, StateError> {
        self.load_rows(&[row])?.pop().ok_or(StateError::NoSuchRow { row })
    }

    /// Rows and all their cells, in the order they are asked for; an error where one is not there.
    pub fn load_rows(&self, rows: &[RowId]) -> Result<Vec<StoredRow>, StateError> {
        let wanted = as_json(rows);
        let (loaded, cells) = self.read(|db| {
            // Both are read at one moment, so that no cell is newer than its row.
            let moment = db.unchecked_transaction()?;
            Ok((sources(&moment, &wanted)?, cells_of(&moment, &wanted)?))
        })?;
        if loaded.len() < rows.len() {
            let missing = rows.iter().find(|row| loaded.iter().all(|stored| stored.row != **row));
            return missing.map_or(Ok(loaded), |row| Err(StateError::NoSuchRow { row: *row }));
        }
        let with_cells = loaded.into_iter().map(|stored| {
            // A row that is asked for twice gets its cells twice.
            let cells = cells.get(&stored.row).cloned().unwrap_or_default();
            StoredRow { cells, ..stored }
        });
        Ok(with_cells.collect())
    }

    /// The texts of up to `most` rows of a run behind the position `after`, each with its position, in their order.
    pub fn sources(&self, run: RunId, after: u64, most: usize) -> Result<Vec<(u64, String)>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT run_rows.position, rows.source FROM run_rows CROSS JOIN rows ON rows.id = run_rows.row
                 WHERE run_rows.run = ?1 AND run_rows.position > ?2 ORDER BY run_rows.position LIMIT ?3",
            )?;
            let rows = query.query_map((run, to_stored(after), to_stored(most as u64)), |row| {
                Ok((from_stored(row.get(0)?), row.get(1)?))
            })?;
            rows.collect()
        })
    }

    /// The row that a person means, or none.
    pub fn find_row(&self, name: RowName<'_>) -> Result<Option<RowId>, StateError> {
        self.read(|db| match name {
            RowName::Key(key) => with_key(db, key),
            RowName::ShownKey(shown) => match (with_key(db, shown)?, key_of_shown(shown)) {
                (None, Some(key)) => with_key(db, &key),
                (found, _) => Ok(found),
            },
            RowName::Position(position) => {
                let mut query =
                    db.prepare_cached("SELECT row FROM run_rows WHERE run = ?1 AND position = ?2")?;
                query.query_row((runs::last(db)?, to_stored(position)), |row| row.get(0)).optional()
            }
        })
    }
}

fn with_key(db: &Connection, key: &str) -> rusqlite::Result<Option<RowId>> {
    let mut query = db.prepare_cached("SELECT id FROM rows WHERE key = ?1")?;
    query.query_row([key], |row| row.get(0)).optional()
}

/// The ids as a JSON list, which one query can go through.
fn as_json(rows: &[RowId]) -> String {
    let numbers: Vec<String> = rows.iter().map(|row| row.number().to_string()).collect();
    format!("[{}]", numbers.join(","))
}

fn sources(db: &Connection, wanted: &str) -> rusqlite::Result<Vec<StoredRow>> {
    let mut query = db.prepare_cached(
        "SELECT rows.id, rows.key, rows.source
         FROM json_each(?1) AS wanted CROSS JOIN rows ON rows.id = wanted.value ORDER BY wanted.key",
    )?;
    let rows = query.query_map([wanted], |row| {
        Ok(StoredRow { row: row.get(0)?, key: row.get(1)?, source: row.get(2)?, cells: Vec::new() })
    })?;
    rows.collect()
}

fn cells_of(db: &Connection, wanted: &str) -> rusqlite::Result<HashMap<RowId, Vec<Cell>>> {
    let sql = format!(
        "SELECT cells.row, {} FROM (SELECT DISTINCT value FROM json_each(?1)) AS wanted
         CROSS JOIN cells ON cells.row = wanted.value ORDER BY cells.row, cells.step",
        cells::COLUMNS
    );
    let mut query = db.prepare_cached(&sql)?;
    let mut found = HashMap::<RowId, Vec<Cell>>::new();
    let mut rows = query.query([wanted])?;
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().push(cells::from_row(row, 1)?);
    }
    Ok(found)
}
