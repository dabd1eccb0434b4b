//! Settling: what a call cost takes the place of what was reserved for it.

use rusqlite::{Connection, OptionalExtension, Row};

use super::charges::{ChargeId, ChargeState, Settlement};
use super::error::{Failure, StateError};
use super::rows::RowId;
use super::runs::RunId;
use super::words::{credits_from_stored, to_stored};
use super::{events, ledger};
use crate::table::credits::Credits;

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

/// Settles a charge that is reserved or unknown.
pub(super) fn settle(
    db: &Connection,
    charge: ChargeId,
    settlement: Settlement,
    at: &str,
) -> Result<(), Failure> {
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
