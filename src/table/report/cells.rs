//! The cells of one row, added to the reports of their steps.

use super::money::Ledger;
use super::steps::StepReport;
use crate::table::model::Table;
use crate::table::run::{Layout, Outcome, Row, RowCell};
use crate::table::state::CellState;

/// Adds the cells of a row to what is known of the steps. `started` is when the run began.
pub(super) fn add_cells(
    table: &Table,
    steps: &mut [StepReport],
    row: &Row,
    layout: &Layout,
    (started, ledger): (&str, &Ledger),
) {
    for (index, (step, cell)) in steps.iter_mut().zip(&row.cells).enumerate() {
        let came_with = !table.steps[index].overwrite && row.came_with(index, layout);
        count_state(step, cell, came_with);
        // What earlier runs were told is in what they found.
        let trail = if is_of_this_run(cell, ledger.has_charge(row.id, index), started) {
            cell.progress.trail.as_slice()
        } else {
            &[]
        };
        for (place, trace) in trail.iter().enumerate() {
            if let Some(ask) = step.ask_at(place, &trace.provider) {
                ask.outcomes.add(trace.result);
            }
        }
        count_coverage(step, cell);
        if cell.state == CellState::Success {
            let is_bought = ledger.has_charge(row.id, index);
            let was_paid = cell.progress.trail.iter().any(|trace| trace.spent > 0);
            let is_older = cell.fetched_at.as_deref().is_some_and(|at| at < started);
            step.bought += u64::from(is_bought);
            step.kept += u64::from(is_older || (was_paid && !is_bought));
        }
    }
}

/// Whether a cell came to where it is in the run that began at `started`. Where time stands still, a call that was
/// paid for tells.
fn is_of_this_run(cell: &RowCell, has_charge: bool, started: &str) -> bool {
    let at = cell.at.as_deref().unwrap_or_default();
    let was_free = cell.progress.trail.iter().all(|trace| trace.spent == 0);
    at > started || (at == started && (has_charge || was_free))
}

fn count_state(step: &mut StepReport, cell: &RowCell, came_with: bool) {
    let cells = &mut step.cells;
    *match cell.state {
        CellState::Success => &mut cells.success,
        CellState::NoData => &mut cells.no_data,
        CellState::Error => &mut cells.error,
        CellState::ConditionNotMet if came_with => &mut cells.came_with,
        CellState::ConditionNotMet => &mut cells.not_due,
        CellState::New if cell.class.as_deref() == Some("budget") => &mut cells.held,
        CellState::New | CellState::Queued | CellState::Running | CellState::AwaitingCallback => {
            &mut cells.open
        }
    } += 1;
}

/// Only cells that came to an end without a failure tell how much the providers find together.
fn count_coverage(step: &mut StepReport, cell: &RowCell) {
    let is_answer =
        |outcome: Outcome| matches!(outcome, Outcome::Found | Outcome::Rejected | Outcome::NotFound);
    let was_answered = cell.progress.trail.iter().any(|trace| is_answer(trace.result));
    if was_answered && matches!(cell.state, CellState::Success | CellState::NoData) {
        step.answered += 1;
        step.found += u64::from(cell.state == CellState::Success);
    }
}
