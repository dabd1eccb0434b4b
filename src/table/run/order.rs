//! The order in which rows are served: new rows as they come, then those whose results are too old, the oldest first.

use super::engine::Time;
use super::progress::Progress;
use super::row::Row;
use crate::table::model::{Step, Table};
use crate::table::state::{CellState, RowId, RowStatus, RunId, StateError, Store};
use jiff::Timestamp;
use std::time::Duration;

/// How many rows are looked at in one round.
const CHUNK: usize = 500;

/// A row in the order of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// The row.
    pub row: RowId,
    /// Where it stands in the input, from 1.
    pub position: u64,
    /// When the oldest of its results that are too old was fetched.
    pub stale_since: Option<String>,
}

/// All rows of a run that are not skipped, in the order in which they are served.
pub(super) fn order(
    table: &Table,
    store: &Store,
    run: RunId,
    time: &Time,
) -> Result<Vec<Ordered>, StateError> {
    let refreshes = table.steps.iter().any(|step| step.refresh.is_some());
    let mut order: Vec<Ordered> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut after = 0;
    loop {
        let rows = store.rows(run, after, CHUNK)?;
        let Some(last) = rows.last() else { break };
        after = last.position;
        let rows = rows.into_iter().filter(|row| !matches!(row.status, RowStatus::Skipped { .. }));
        // A row that stands twice in the input is one row.
        let rows: Vec<_> = rows.filter(|row| seen.insert(row.row)).collect();
        let mut stale: Vec<Option<String>> = vec![None; rows.len()];
        if refreshes {
            let ids: Vec<RowId> = rows.iter().map(|row| row.row).collect();
            for (stored, stale) in store.load_rows(&ids)?.iter().zip(&mut stale) {
                let fetched = table.steps.iter().filter_map(|step| {
                    let cell = stored.cell(&step.name)?;
                    let fetched = last_asked(cell.state, cell.fetched_at.as_deref(), &cell.at);
                    is_stale(step, cell.state, fetched, time.now()).then(|| fetched.to_owned())
                });
                *stale = fetched.min();
            }
        }
        let ordered = rows.into_iter().zip(stale);
        order.extend(ordered.map(|(row, stale_since)| Ordered {
            row: row.row,
            position: row.position,
            stale_since,
        }));
    }
    // Sorting is stable, and nothing comes before any time.
    order.sort_by(|one, two| one.stale_since.cmp(&two.stale_since));
    Ok(order)
}

/// When a result was fetched, or was last found to be missing; an older one may still stand there.
fn last_asked<'c>(state: CellState, fetched_at: Option<&'c str>, at: &'c str) -> &'c str {
    fetched_at.filter(|_| state != CellState::NoData).unwrap_or(at)
}

/// Whether a result, or the lack of one, is too old.
fn is_stale(step: &Step, state: CellState, fetched: &str, now: Timestamp) -> bool {
    let Some(refresh) = step.refresh else { return false };
    if !matches!(state, CellState::Success | CellState::NoData) {
        return false;
    }
    let Ok(fetched) = fetched.parse::<Timestamp>() else { return false };
    Duration::try_from(now.duration_since(fetched)).is_ok_and(|age| age >= refresh)
}

/// Opens the cells of a row whose results are too old; what they hold stays until there is something newer.
pub(crate) fn renew(row: &mut Row, table: &Table, time: &Time) {
    for (cell, step) in row.cells.iter_mut().zip(&table.steps) {
        let at = cell.at.as_deref().unwrap_or_default();
        let fetched = last_asked(cell.state, cell.fetched_at.as_deref(), at);
        if is_stale(step, cell.state, fetched, time.now()) {
            cell.epoch += 1;
            cell.state = CellState::New;
            cell.is_renewed = true;
            cell.progress = Progress::default();
        }
    }
}
