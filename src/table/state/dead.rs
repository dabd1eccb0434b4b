//! Dead letters: cells that failed for good, listed and tried again.

use rusqlite::{Connection, Row};

use super::error::{Failure, StateError};
use super::rows::{RowId, RowStatus};
use super::runs::RunId;
use super::words::from_stored;
use super::{Store, events, rows, runs};

/// A cell that failed for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadCell {
    /// Its row.
    pub row: RowId,
    /// What the row is known by.
    pub key: String,
    /// Where the row first stands in the last run, from 1, if it does.
    pub position: Option<u64>,
    /// Its step.
    pub step: String,
    /// Of which kind the failure is.
    pub class: Option<String>,
    /// The status that the call came back with.
    pub status: Option<String>,
    /// Why it failed, in words.
    pub reason: Option<String>,
    /// When it failed: ISO 8601, in UTC.
    pub at: String,
}

/// Which dead cells are meant: those for which all that is given is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeadFilter<'a> {
    /// Of this row.
    pub row: Option<RowId>,
    /// Of this step.
    pub step: Option<&'a str>,
    /// Of this kind of failure.
    pub class: Option<&'a str>,
}

impl DeadFilter<'_> {
    /// Whether a cell is meant.
    #[must_use]
    pub fn fits(&self, cell: &DeadCell) -> bool {
        self.row.is_none_or(|row| cell.row == row)
            && self.step.is_none_or(|step| cell.step == step)
            && self.class.is_none_or(|class| cell.class.as_deref() == Some(class))
    }
}

impl Store {
    /// The cells that failed for good, in the order of the last run; those of rows that are not in it come first.
    pub fn dead(&self) -> Result<Vec<DeadCell>, StateError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT cells.row, rows.key,
                        (SELECT min(position) FROM run_rows INDEXED BY run_rows_of_row
                         WHERE run_rows.row = cells.row AND run = ?1) AS position,
                        cells.step, cells.class, cells.status, cells.reason, cells.at
                 FROM cells JOIN rows ON rows.id = cells.row WHERE cells.state = 'error'
                 ORDER BY position, cells.row, cells.step",
            )?;
            query.query_map([runs::last(db)?], from_row)?.collect()
        })
    }

    /// Makes dead cells new again at `at` (ISO 8601, in UTC), and gives how many there were.
    ///
    /// Their epoch, outputs and history stay, and each gets an event `retried`. `renew` gives the progress to go on
    /// from out of the one that is stored: without the tries that failed, with the answers that were paid for. Their
    /// rows are pending again in a run that is not finished.
    pub fn retry_dead(
        &self,
        which: DeadFilter<'_>,
        at: &str,
        renew: impl Fn(&str) -> String + Send + 'static,
    ) -> Result<usize, StateError> {
        let (row, at) = (which.row, at.to_owned());
        let (step, class) = (which.step.map(str::to_owned), which.class.map(str::to_owned));
        self.writer.run(move |db| {
            let cells = chosen(db, DeadFilter { row, step: step.as_deref(), class: class.as_deref() })?;
            let run = runs::unfinished(db)?.map(|run| run.id);
            cells.iter().try_for_each(|cell| cell.retry(db, run, &at, &renew(&cell.progress)))?;
            Ok(cells.len())
        })
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeadCell> {
    Ok(DeadCell {
        row: row.get(0)?,
        key: row.get(1)?,
        position: row.get::<_, Option<i64>>(2)?.map(from_stored),
        step: row.get(3)?,
        class: row.get(4)?,
        status: row.get(5)?,
        reason: row.get(6)?,
        at: row.get(7)?,
    })
}

/// A dead cell that is to be tried again.
struct Chosen {
    row: RowId,
    step: String,
    progress: String,
}

fn chosen(db: &Connection, which: DeadFilter<'_>) -> rusqlite::Result<Vec<Chosen>> {
    let mut query = db.prepare_cached(
        "SELECT row, step, progress FROM cells
         WHERE state = 'error' AND row = coalesce(?1, row) AND step = coalesce(?2, step)
               AND (?3 IS NULL OR class = ?3) ORDER BY row, step",
    )?;
    let cells = query.query_map((which.row, which.step, which.class), |row| {
        Ok(Chosen { row: row.get(0)?, step: row.get(1)?, progress: row.get(2)? })
    })?;
    cells.collect()
}

impl Chosen {
    fn retry(&self, db: &Connection, run: Option<RunId>, at: &str, progress: &str) -> Result<(), Failure> {
        db.prepare_cached(
            "UPDATE cells SET state = 'new', class = NULL, status = NULL, reason = NULL, due = NULL, progress = ?3,
                    at = ?4
             WHERE row = ?1 AND step = ?2",
        )?
        .execute((self.row, &self.step, progress, at))?;
        events::add_for(db, self.row, &self.step, at, "retried", "{}".to_owned())?;
        if let Some(run) = run {
            rows::set_status(db, run, self.row, &RowStatus::Pending)?;
        }
        Ok(())
    }
}
