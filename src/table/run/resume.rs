//! Rows whose calls an interruption cut off: nobody knows how those ended, and so they count as paid.

use super::engine::Engine;
use super::row::{Row, RowCell};
use crate::table::credits::Credits;
use crate::table::state::{CellState, ChargeFilter, RowId, RunId, StateError, Store};
use std::collections::HashSet;

/// The rows with calls of a run whose outcome nobody knows.
pub(super) fn unsure(store: &Store, run: RunId) -> Result<HashSet<RowId>, StateError> {
    let unknown = ChargeFilter { run: Some(run), unknown_only: true, ..ChargeFilter::default() };
    Ok(store.charges(unknown)?.into_iter().map(|charge| charge.row).collect())
}

/// Counts what the cut-off calls of a row may have cost towards what its cells may.
pub(super) fn resume(row: &mut Row, engine: &Engine<'_>) -> Result<(), StateError> {
    let charges = engine.store.charges(ChargeFilter { row: Some(row.id), ..ChargeFilter::default() })?;
    for (cell, step) in row.cells.iter_mut().zip(&engine.table.steps) {
        if cell.is_closed() {
            continue;
        }
        // Asking the same again may have been paid just before the interruption: it is a new call, with a new charge.
        if cell.progress.awaited.as_ref().is_some_and(|awaited| awaited.again) {
            cell.progress.awaited = None;
            cell.state = CellState::New;
        }
        let open = cell.progress.awaited.as_ref().and_then(|awaited| awaited.charge);
        let of_cell = charges.iter().filter(|charge| {
            charge.step == step.name && charge.epoch == cell.epoch && Some(charge.id.number()) != open
        });
        let spent: Credits = of_cell.map(|charge| charge.spent).sum();
        cell.progress.spent = spent.as_thousandths();
    }
    Ok(())
}

/// For each step, what the call of an interrupted run costs whose answer a row still waits for.
pub(super) fn carried(row: &Row, engine: &Engine<'_>) -> Result<Vec<Credits>, StateError> {
    let open = |cell: &RowCell| cell.progress.awaited.as_ref().and_then(|awaited| awaited.charge);
    if row.cells.iter().all(|cell| open(cell).is_none()) {
        return Ok(vec![Credits::ZERO; row.cells.len()]);
    }
    let charges = engine.store.charges(ChargeFilter { row: Some(row.id), ..ChargeFilter::default() })?;
    let price = |cell| {
        let of_cell = charges.iter().find(|charge| Some(charge.id.number()) == open(cell));
        of_cell.map(|charge| charge.spent).unwrap_or_default()
    };
    Ok(row.cells.iter().map(price).collect())
}
