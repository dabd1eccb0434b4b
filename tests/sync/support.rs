//! What the tests of effects share: a table and its state in a folder, rows, and the emulator behind both.

use super::common::Folder;
use super::emulator::{Emulator, Settings};
use clayf::table::http::{Guard, Http, Secrets, Settings as HttpSettings, Transport};
use clayf::table::model::Table;
use clayf::table::run::{Live, Means, Time, hosts};
use clayf::table::state::{CellState, NewRow, RowId, RowStatus, RunId, Store};
use clayf::table::sync::{EffectReport, Mode, SyncReport, sync};
use serde_json::{Value, json};
use std::io::Write;

pub(crate) const AT: &str = "2026-11-25T10:00:00Z";

/// A table and its state beside an emulator.
pub(crate) struct Bench {
    pub(crate) emulator: Emulator,
    pub(crate) table: Table,
    pub(crate) folder: Folder,
    /// What people would be shown, over all runs.
    pub(crate) live: Live,
    store: Option<Store>,
}

impl Bench {
    /// `table` may name `EMULATOR` in addresses.
    pub(crate) fn new(name: &str, settings: Settings, table: &str) -> Self {
        let (folder, emulator) = (Folder::new(&format!("sync-{name}")), Emulator::start(settings));
        folder.write(
            "keys",
            "HUBSPOT_API_KEY=hub\nSALESFORCE_ACCESS_TOKEN=force\nHOOK_KEY=canary-of-the-hook\n",
        );
        let table = load(&folder, &table.replace("EMULATOR", &emulator.origin()));
        let store = Some(Store::open(&folder.path("table.state")).expect("a store"));
        Self { emulator, table, folder, live: Live::default(), store }
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().expect("a store")
    }

    /// Closes the state and opens it again, as another process would.
    pub(crate) fn reopen(&mut self) {
        drop(self.store.take());
        self.store = Some(Store::open(&self.folder.path("table.state")).expect("a store"));
    }

    /// A run with these rows, all at rest.
    pub(crate) fn begin(&self, rows: &[Value]) -> (RunId, Vec<RowId>) {
        let run = self.store().begin_run(AT).expect("a run").id;
        let new = |(index, row): (usize, &Value)| {
            let key = row["id"].as_str().map_or_else(|| index.to_string(), str::to_owned);
            NewRow { position: index as u64 + 1, key, source: row.to_string() }
        };
        let new: Vec<_> = rows.iter().enumerate().map(new).collect();
        let ids = self.store().add_rows(run, &new).expect("rows");
        ids.iter().for_each(|row| self.store().set_row_status(run, *row, RowStatus::Done));
        (run, ids)
    }

    pub(crate) fn sync(&self, run: RunId, mode: Mode<'_>) -> SyncReport {
        let guard = Guard::new(hosts(&self.table), false).expect("a guard");
        let secrets = Secrets::with_file(&self.folder.path("keys")).expect("keys");
        self.sync_over(&Http::new(guard, HttpSettings::default()), Some(&secrets), run, mode)
    }

    /// The same without waits, over a transport that is no network.
    pub(crate) fn sync_offline(&self, transport: &dyn Transport, run: RunId) -> EffectReport {
        self.sync_over(transport, None, run, Mode::Send).effects.remove(0)
    }

    pub(crate) fn sync_over(
        &self,
        transport: &dyn Transport,
        secrets: Option<&Secrets>,
        run: RunId,
        mode: Mode<'_>,
    ) -> SyncReport {
        let (clock, time) = (clayf::Clock::default(), Time::default());
        let (clock, time, live) = (&clock, &time, &self.live);
        let means = Means { transport, secrets, clock, time, concurrency: 8, live };
        sync(&self.table, self.store(), run, means, mode).expect("the state is kept")
    }

    /// A whole run over these rows, and what became of the one effect.
    pub(crate) fn push(&self, rows: &[Value]) -> EffectReport {
        let (run, _) = self.begin(rows);
        let report = self.sync(run, Mode::Send).effects.remove(0);
        self.store().finish_run(run, AT).expect("a finished run");
        assert_eq!(
            report.due,
            report.sent
                + report.unchanged
                + report.duplicates
                + report.keyless
                + report.failed
                + report.unsent
                + report.would_send,
            "{report:?}"
        );
        report
    }

    /// The would-be requests, and what became of the one effect.
    pub(crate) fn dry_run(&self, rows: &[Value]) -> (EffectReport, Vec<Value>) {
        let (run, _) = self.begin(rows);
        let mut out = Vec::new();
        let report = self.sync(run, Mode::DryRun(Some(&mut out as &mut dyn Write))).effects.remove(0);
        let text = String::from_utf8(out).expect("text");
        (report, text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
    }

    /// The state of the cell of an effect, and its reason.
    pub(crate) fn cell(&self, row: RowId, effect: &str) -> (CellState, String) {
        let stored = self.store().load_row(row).expect("a row");
        let cell = stored.cell(effect).expect("a cell");
        (cell.state, cell.reason.clone().unwrap_or_default())
    }
}

fn load(folder: &Folder, text: &str) -> Table {
    match clayf::table::load(&folder.path("table.yaml"), text) {
        Ok(loaded) => loaded.table,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// So many leads with addresses of their own.
pub(crate) fn leads(count: usize) -> Vec<Value> {
    (1..=count).map(lead).collect()
}

pub(crate) fn lead(number: usize) -> Value {
    json!({
        "id": format!("lead {number}"),
        "email": format!("lead{number}@example.com"),
        "last_name": format!("Lead {number}"),
        "score": 80,
    })
}

/// The lead with some of its columns changed.
pub(crate) fn with(mut lead: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().expect("changes") {
        lead[name] = value.clone();
    }
    lead
}
