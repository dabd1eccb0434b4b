//! The ledger: charges listed, and what was spent in a run, step, row or month.

use rusqlite::{Connection, Row, ToSql};

use super::Store;
use super::charges::{ChargeId, ChargeState};
use super::error::StateError;
use super::rows::RowId;
use super::runs::RunId;
use super::words::credits_from_stored;
use crate::table::credits::Credits;

/// A charge as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Its id.
    pub id: ChargeId,
    /// The run the call was made in.
    pub run: RunId,
    /// The row it was made for.
    pub row: RowId,
    /// The step it was made for.
    pub step: String,
    /// Who was called.
    pub provider: String,
    /// What was asked there.
    pub lookup: String,
    /// Which round of the cell it was.
    pub epoch: u32,
    /// Which attempt at the lookup it was.
    pub attempt: u32,
    /// The calendar month that it counts in.
    pub month: String,
    /// What was reserved for it.
    pub reserved: Credits,
    /// What counts of it: all that was reserved, until it is settled.
    pub spent: Credits,
    /// How far it has come.
    pub state: ChargeState,
    /// When it was reserved: ISO 8601, in UTC.
    pub at: String,
    /// When it was settled: ISO 8601, in UTC.
    pub settled_at: Option<String>,
}

/// Which charges are wanted: those for which all that is given is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChargeFilter<'a> {
    /// Made in this run.
    pub run: Option<RunId>,
    /// Made for this row.
    pub row: Option<RowId>,
    /// Made for this step.
    pub step: Option<&'a str>,
    /// Only those whose outcome nobody knows.
    pub unknown_only: bool,
}

/// Where spending is summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpentIn<'a> {
    /// In one run.
    Run(RunId),
    /// By one step in one run.
    Step(RunId, &'a str),
    /// For one row, in all runs.
    Row(RowId),
    /// In one calendar month, such as `2026-11`, in all runs.
    Month(&'a str),
    /// In one calendar month (first) by one step, in all runs.
    StepMonth(&'a str, &'a str),
}

impl Store {
    /// The charges that are wanted, in the order they were made.
    pub fn charges(&self, wanted: ChargeFilter<'_>) -> Result<Vec<Charge>, StateError> {
        self.read(|db| list(db, &wanted))
    }

    /// What was spent: reserved, charged, or unknown.
    pub fn spent(&self, within: SpentIn<'_>) -> Result<Credits, StateError> {
        self.read(|db| spent_in(db, within))
    }
}

/// Only the conditions that are given stand in the query, so that an index can serve them.
fn list(db: &Connection, wanted: &ChargeFilter<'_>) -> rusqlite::Result<Vec<Charge>> {
    let mut conditions = vec!["TRUE"];
    let mut values: Vec<(&str, &dyn ToSql)> = Vec::new();
    if let Some(run) = &wanted.run {
        conditions.push("run = :run");
        values.push((":run", run));
    }
    if let Some(row) = &wanted.row {
        conditions.push("row = :row");
        values.push((":row", row));
    }
    if let Some(step) = &wanted.step {
        conditions.push("step = :step");
        values.push((":step", step));
    }
    if wanted.unknown_only {
        conditions.push("state = 'unknown'");
    }
    let sql = format!(
        "SELECT id, run, row, step, provider, lookup, epoch, attempt, month, reserved, spent, state, at, settled_at
         FROM charges WHERE {} ORDER BY id",
        conditions.join(" AND ")
    );
    db.prepare_cached(&sql)?.query_map(values.as_slice(), from_row)?.collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Charge> {
    Ok(Charge {
        id: row.get(0)?,
        run: row.get(1)?,
        row: row.get(2)?,
        step: row.get(3)?,
        provider: row.get(4)?,
        lookup: row.get(5)?,
        epoch: row.get(6)?,
        attempt: row.get(7)?,
        month: row.get(8)?,
        reserved: credits_from_stored(row.get(9)?),
        spent: credits_from_stored(row.get(10)?),
        state: row.get(11)?,
        at: row.get(12)?,
        settled_at: row.get(13)?,
    })
}

/// What was spent. The totals hold one number for each step, so this does not grow with the number of charges.
pub(super) fn spent_in(db: &Connection, within: SpentIn<'_>) -> rusqlite::Result<Credits> {
    let sum = |sql: &str, values: &[&dyn ToSql]| {
        db.prepare_cached(sql)?.query_row(values, |row| row.get(0)).map(credits_from_stored)
    };
    match within {
        SpentIn::Run(run) => sum("SELECT coalesce(sum(spent), 0) FROM spent_by_run WHERE run = ?1", &[&run]),
        SpentIn::Step(run, step) => sum(
            "SELECT coalesce(sum(spent), 0) FROM spent_by_run WHERE run = ?1 AND step = ?2",
            &[&run, &step],
        ),
        SpentIn::Row(row) => sum("SELECT coalesce(sum(spent), 0) FROM charges WHERE row = ?1", &[&row]),
        SpentIn::Month(month) => {
            sum("SELECT coalesce(sum(spent), 0) FROM spent_by_month WHERE month = ?1", &[&month])
        }
        SpentIn::StepMonth(month, step) => {
            let sql = "SELECT coalesce(sum(spent), 0) FROM spent_by_month WHERE month = ?1 AND step = ?2";
            sum(sql, &[&month, &step])
        }
    }
}

/// Changes the running totals by this many thousandths.
pub(super) fn add_to_totals(
    db: &Connection,
    run: RunId,
    month: &str,
    step: &str,
    thousandths: i64,
) -> rusqlite::Result<()> {
    if thousandths == 0 {
        return Ok(());
    }
    // An update first: an insertion that lowers a total would break the rule that none is negative.
    let in_run = db
        .prepare_cached("UPDATE spent_by_run SET spent = spent + ?3 WHERE run = ?1 AND step = ?2")?
        .execute((run, step, thousandths))?;
    if in_run == 0 {
        db.prepare_cached("INSERT INTO spent_by_run (run, step, spent) VALUES (?1, ?2, ?3)")?.execute((
            run,
            step,
            thousandths,
        ))?;
    }
    let in_month = db
        .prepare_cached("UPDATE spent_by_month SET spent = spent + ?3 WHERE month = ?1 AND step = ?2")?
        .execute((month, step, thousandths))?;
    if in_month == 0 {
        db.prepare_cached("INSERT INTO spent_by_month (month, step, spent) VALUES (?1, ?2, ?3)")?
            .execute((month, step, thousandths))?;
    }
    Ok(())
}
