//! Gathering a report: one pass over the charges of a run, one over its rows.

use super::cells::add_cells;
use super::columns::Columns;
use super::dead::groups;
use super::money::Ledger;
use super::rows::{RowsReport, Skips};
use super::{Doubts, Facts, Report, StepReport, waits};
use crate::rules::Results;
use crate::table::export::each_row;
use crate::table::model::Table;
use crate::table::run::{Layout, Live, Row, RunError, Time};
use crate::table::state::{ChargeFilter, RowStatus, Run, Store};
use crate::table::sync::EffectReport;
use crate::value::Clock;

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

/// A report while rows are gone through.
pub struct Gathered<'g> {
    of: Gathering<'g>,
    steps: Vec<StepReport>,
    ledger: Ledger,
    columns: Columns,
    skips: Skips,
    doubts: Doubts,
}

impl<'g> Gathering<'g> {
    /// The report, with what effects did.
    pub fn report(self, effects: Vec<EffectReport>) -> Result<Report, RunError> {
        let mut gathered = self.begin()?;
        each_row(self.table, self.store, self.run.id, self.clock, |at, row, layout| {
            let results = row.eval(self.table, layout, self.clock);
            gathered.add(&at.status, row, layout, &results);
            Ok::<(), RunError>(())
        })?;
        gathered.report(effects)
    }

    /// Begins a report to which rows are added by whoever goes through them anyway.
    pub fn begin(self) -> Result<Gathered<'g>, RunError> {
        let mut steps: Vec<StepReport> =
            self.table.steps.iter().map(|step| StepReport::new(self.table, step)).collect();
        let filter = ChargeFilter { run: Some(self.run.id), ..ChargeFilter::default() };
        let ledger = Ledger::new(self.table, &mut steps, &self.store.charges(filter)?);
        let (columns, skips) = (Columns::new(self.table), Skips::default());
        Ok(Gathered { of: self, steps, ledger, columns, skips, doubts: Doubts::default() })
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
}

impl Gathered<'_> {
    /// Adds the next row of the run, with how far it has come and the results of its formulas.
    pub fn add(&mut self, status: &RowStatus, row: &Row, layout: &Layout, results: &Results<'_>) {
        if let RowStatus::Skipped { reason } = status {
            self.skips.add(reason);
            return;
        }
        let Gathering { table, run, .. } = self.of;
        self.ledger.meet(row);
        add_cells(table, &mut self.steps, row, layout, (&run.started, &self.ledger));
        self.columns.add(row, layout, results.values());
        self.doubts.add(table, row.position, results);
    }

    /// The report, with what effects did.
    pub fn report(self, effects: Vec<EffectReport>) -> Result<Report, RunError> {
        let Gathering { table, store, run, time, live, .. } = self.of;
        let money = self.ledger.money(table, store, run.id, &time.text())?;
        Ok(Report {
            facts: self.of.facts(),
            rows: RowsReport { counts: store.counts(run.id)?, skipped: self.skips.reasons() },
            money,
            columns: self.columns.reports(),
            doubts: self.doubts,
            dead: groups(self.of.table, self.of.store.dead()?),
            waits: live.map(waits).unwrap_or_default(),
            steps: self.steps,
            effects,
        })
    }
}
