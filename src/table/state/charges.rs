//! Charges: credits reserved before a call, within every budget, and settled after it.

use rusqlite::{Connection, OptionalExtension, Row};

use super::Store;
use super::cells::{self, CellUpdate};
use super::error::{Failure, StateError};
use super::events;
use super::ledger::{self, SpentIn};
use super::rows::RowId;
use super::runs::RunId;
use super::words::{credits_from_stored, ids, stored_as_words, to_stored};
use crate::table::credits::Credits;

/// The most thousandths that one charge may be, so that sums of charges stay exact.
const MOST: u64 = 1_000_000_000_000_000;

ids! {
    /// A charge in the state file.
    ChargeId;
}

/// What a budget is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All steps of one run.
    Run,
    /// One step in one run.
    Step,
    /// One row, for ever.
    Row,
    /// One calendar month, whatever the run.
    Month,
    /// One step in one calendar month, whatever the run.
    StepMonth,
}

/// A budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it is for.
    pub scope: Scope,
    /// The most that may be spent in it.
    pub most: Credits,
}

/// A call that is about to be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation<'a> {
    /// The run it is made in.
    pub run: RunId,
    /// The row it is made for.
    pub row: RowId,
    /// The step it is made for.
    pub step: &'a str,
    /// Who is called.
    pub provider: &'a str,
    /// What is asked there.
    pub lookup: &'a str,
    /// Which round of the cell this is.
    pub epoch: u32,
    /// Which attempt at this lookup this is.
    pub attempt: u32,
    /// What it may cost at most.
    pub credits: Credits,
    /// When: ISO 8601, in UTC.
    pub at: &'a str,
    /// The calendar month that it counts in, such as `2026-11`.
    pub month: &'a str,
    /// The budgets that it must stay within.
    pub limits: &'a [Limit],
}

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// It may; its charge is durable.
    Granted(ChargeId),
    /// It would break this budget; nothing is written.
    Refused(Limit),
}

/// What a call cost in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// This much. What goes beyond the reservation is cut and noted as an event `overcharged`.
    Charged(Credits),
    /// Nothing.
    Released,
    /// Nobody knows: what was reserved stays charged. It can still be settled when it becomes known.
    Unknown,
}

/// How far a charge has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeState {
    /// The call is under way.
    Reserved,
    /// The call was paid.
    Charged,
    /// The call cost nothing.
    Released,
    /// Nobody knows how the call ended; it counts as paid.
    Unknown,
}

stored_as_words!(ChargeState {
    Reserved = "reserved",
    Charged = "charged",
    Released = "released",
    Unknown = "unknown",
});

impl Store {
    /// Reserves credits for a call if every budget allows it, and waits until that is durable.
    ///
    /// A call that costs nothing breaks no budget, even one that is overspent.
    pub fn reserve(&self, wanted: &Reservation<'_>) -> Result<Reserved, StateError> {
        if wanted.credits.as_thousandths() > MOST {
            return Err(StateError::TooMuch { credits: wanted.credits });
        }
        let wanted = Wanted::from(wanted);
        self.writer.run(move |db| wanted.reserve(db))
    }

    /// Says what a call cost and what became of its cell, soon, both in one transaction.
    ///
    /// A charge that is settled already stays as it is, which is noted as an event `settled twice`.
    pub fn settle(&self, charge: ChargeId, settlement: Settlement, cell: CellUpdate) {
        self.writer.queue(move |db| {
            settle(db, charge, settlement, &cell.at)?;
            cells::write(db, &cell)
        });
    }

    /// Says what a call cost whose cell stays as it is, soon.
    pub fn settle_only(&self, charge: ChargeId, settlement: Settlement, at: &str) {
        let at = at.to_owned();
        self.writer.queue(move |db| settle(db, charge, settlement, &at));
    }
}

/// A reservation that can go to another thread.
struct Wanted {
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
    fn reserve(&self, db: &Connection) -> Result<Reserved, Failure> {
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

/// What settling needs to know of a charge.
struct Unsettled {
    run: RunId,
    row: RowId,
    step: String,
    month: String,
    reserved: Credits,
    state: ChargeState,
}

impl Unsettled {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            run: row.get(0)?,
            row: row.get(1)?,
            step: row.get(2)?,
            month: row.get(3)?,
            reserved: credits_from_stored(row.get(4)?),
            state: row.get(5)?,
        })
    }
}

fn settle(db: &Connection, charge: ChargeId, settlement: Settlement, at: &str) -> Result<(), Failure> {
    let found = db
        .prepare_cached("SELECT run, row, step, month, reserved, state FROM charges WHERE id = ?1")?
        .query_row([charge], Unsettled::from_row)
        .optional()?;
    let Some(found) = found else {
        let problem = format!("there is no charge {}", charge.number());
        return Err(Failure::Refused(StateError::Mismatch { problem }));
    };
    let note = |what: &str, detail: String| events::add_for(db, found.row, &found.step, at, what, detail);
    if matches!(found.state, ChargeState::Charged | ChargeState::Released) {
        return note("settled twice", format!(r#"{{"charge":{}}}"#, charge.number()));
    }
    let (state, asked) = match settlement {
        Settlement::Charged(credits) => (ChargeState::Charged, credits),
        Settlement::Released => (ChargeState::Released, Credits::ZERO),
        Settlement::Unknown => (ChargeState::Unknown, found.reserved),
    };
    let spent = asked.min(found.reserved);
    if asked > spent {
        let number = charge.number();
        note(
            "overcharged",
            format!(r#"{{"charge":{number},"reserved":{},"charged":{asked}}}"#, found.reserved),
        )?;
    }
    let amount = to_stored(spent.as_thousandths());
    db.prepare_cached("UPDATE charges SET state = ?2, spent = ?3, settled_at = ?4 WHERE id = ?1")?
        .execute((charge, state, amount, at))?;
    let difference = amount - to_stored(found.reserved.as_thousandths());
    Ok(ledger::add_to_totals(db, found.run, &found.month, &found.step, difference)?)
}
