//! Charges: what a call is reserved and settled with.

use super::Store;
use super::cells::{self, CellUpdate};
use super::error::StateError;
use super::reserving::Wanted;
use super::rows::RowId;
use super::runs::RunId;
use super::settling::settle;
use super::words::{ids, stored_as_words};
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
