//! Reserving: a charge is written if every budget has room for it.

use rusqlite::Connection;

use super::charges::{ChargeId, Limit, Reservation, Reserved, Scope};
use super::error::Failure;
use super::ledger::{self, SpentIn};
use super::rows::RowId;
use super::runs::RunId;
use super::words::to_stored;
use crate::table::credits::Credits;

/// A reservation that can go to another thread.
pub(super) struct Wanted {
    run: RunId,
    row: RowId,
    step: String,
    provider: String,
    lookup: String,
    epoch: u32,
    attempt: u32,
    credits: Credits,
    at: String,
    month: String,
    limits: Vec<Limit>,
}

impl From<&Reservation<'_>> for Wanted {
    fn from(wanted: &Reservation<'_>) -> Self {
        Self {
            run: wanted.run,
            row: wanted.row,
            step: wanted.step.to_owned(),
            provider: wanted.provider.to_owned(),
            lookup: wanted.lookup.to_owned(),
            epoch: wanted.epoch,
            attempt: wanted.attempt,
            credits: wanted.credits,
            at: wanted.at.to_owned(),
            month: wanted.month.to_owned(),
            limits: wanted.limits.to_vec(),
        }
    }
}

impl Wanted {
    /// Writes the charge, unless that would break a budget.
    pub(super) fn reserve(&self, db: &Connection) -> Result<Reserved, Failure> {
        if let Some(limit) = self.broken_limit(db)? {
            return Ok(Reserved::Refused(limit));
        }
        let sql = "
            INSERT INTO charges (run, row, step, provider, lookup, epoch, attempt, month, reserved, spent, state, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 'reserved', ?10)";
        let credits = to_stored(self.credits.as_thousandths());
        let charge = db.prepare_cached(sql)?.insert(rusqlite::params![
            self.run,
            self.row,
            self.step,
            self.provider,
            self.lookup,
            self.epoch,
            self.attempt,
            self.month,
            credits,
            self.at,
        ])?;
        ledger::add_to_totals(db, self.run, &self.month, &self.step, credits)?;
        Ok(Reserved::Granted(ChargeId(charge)))
    }

    fn broken_limit(&self, db: &Connection) -> rusqlite::Result<Option<Limit>> {
        if self.credits == Credits::ZERO {
            return Ok(None);
        }
        for limit in &self.limits {
            if ledger::spent_in(db, self.place(limit.scope))? + self.credits > limit.most {
                return Ok(Some(*limit));
            }
        }
        Ok(None)
    }

    fn place(&self, scope: Scope) -> SpentIn<'_> {
        match scope {
            Scope::Run => SpentIn::Run(self.run),
            Scope::Step => SpentIn::Step(self.run, &self.step),
            Scope::Row => SpentIn::Row(self.row),
            Scope::Month => SpentIn::Month(&self.month),
            Scope::StepMonth => SpentIn::StepMonth(&self.month, &self.step),
        }
    }
}
