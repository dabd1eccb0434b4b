//! Gathering a report: one pass over the charges of a run, one over its rows.

use super::cells::add_cells;
use super::columns::Columns;
use super::dead::groups;
use super::money::Ledger;
use super::rows::{RowsReport, Skips};
use super::{Facts, Report, StepReport, waits};
use crate::table::model::Table;
use crate::table::run::{Layout, Live, Row, RunError, Time};
use crate::table::state::{ChargeFilter, RowStatus, Run, RunRow, Store};
use crate::table::sync::EffectReport;
use crate::value::Clock;

/// How many rows are loaded at once.
const CHUNK: usize = 200;

/// What a report is gathered from.
#[derive(Clone, Copy)]
pub struct Gathering<'g> {
    /// The table.
    pub table: &'g Table,
    /// Where everything is kept.
    pub store: &'g Store,
    /// The run.
    pub run: &'g Run,
    /// What time it is for formulas.
    pub clock: &'g Clock,
    /// What time it is for the table.
    pub time: &'g Time,
    /// What the run showed while it went on; nothing where it is over for long.
    pub live: Option<&'g Live>,
}

impl Gathering<'_> {
    /// The report, with what effects did.
    pub fn report(self, effects: Vec<EffectReport>) -> Result<Report, RunError> {
        let run = self.run.id;
        let mut steps: Vec<StepReport> =
            self.table.steps.iter().map(|step| StepReport::new(self.table, step)).collect();
        let charges = self.store.charges(ChargeFilter { run: Some(run), ..ChargeFilter::default() })?;
        let mut ledger = Ledger::new(self.table, &mut steps, &charges);
        drop(charges);
        let (mut columns, mut skips) = (Columns::new(self.table), Skips::default());
        self.each_row(|status, row, layout| {
            if let RowStatus::Skipped { reason } = status {
                skips.add(reason);
                return;
            }
            ledger.meet(row);
            add_cells(self.table, &mut steps, row, layout, (&self.run.started, &ledger));
            let results = row.eval(self.table, layout, self.clock);
            columns.add(row, layout, results.values());
        })?;
        let money = ledger.money(self.table, self.store, run, &self.time.text())?;
        Ok(Report {
            facts: self.facts(),
            rows: RowsReport { counts: self.store.counts(run)?, skipped: skips.reasons() },
            money,
            columns: columns.reports(),
            dead: groups(self.table, self.store.dead()?),
            waits: self.live.map(waits).unwrap_or_default(),
            steps,
            effects,
        })
    }

    fn facts(&self) -> Facts {
        let took = self.live.filter(|_| self.time.fixed.is_none()).map(|live| live.began.elapsed());
        Facts {
            table: self.table.name.clone(),
            run: self.run.id.number(),
            started: self.run.started.clone(),
            continued: self.run.continued,
            took,
        }
    }

    /// Gives every row to `look`, in the order of the input, with how far it has come.
    fn each_row(&self, mut look: impl FnMut(&RowStatus, &Row, &Layout)) -> Result<(), RunError> {
        let layout = Layout::new(self.table);
        let mut after = 0;
        loop {
            let rows = self.store.rows(self.run.id, after, CHUNK)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.position;
            let ids: Vec<_> = rows.iter().map(|row| row.row).collect();
            for (stored, RunRow { position, status, .. }) in
                self.store.load_rows(&ids)?.into_iter().zip(&rows)
            {
                let row = Row::new(stored, *position, *position, self.table, &layout, self.clock);
                look(status, &row, &layout);
            }
        }
    }
}
