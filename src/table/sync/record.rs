//! What became of rows, written down: their cells, their entries in the outbox, and the numbers of the report.

use super::EffectReport;
use super::payload::Payload;
use crate::table::failure::FailureClass;
use crate::table::run::{Live, Time};
use crate::table::state::{
    Cell, CellState, CellUpdate, EffectId, OutboxEntry, RowId, RowStatus, RunId, Store,
};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much patience an item deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// Nothing is known against it.
    Full,
    /// It was in a batch that failed with all patience.
    Part,
    /// An earlier run gave it up, with all patience.
    Once,
}

/// One thing to send, durable in the outbox.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: EffectId,
    pub(super) row: RowId,
    pub(super) payload: Payload,
    /// What came back when it was sent before.
    answer: Option<String>,
    /// Whether the contact is new, as far as was asked.
    pub(super) is_new: bool,
    /// Whether it is left from an earlier run, so that its row is counted elsewhere.
    pub(super) is_left: bool,
    /// Whether it was perhaps sent.
    pub(super) is_sent_maybe: bool,
    /// How much patience calls with it deserve.
    pub(super) patience: Patience,
    /// How often it was sent alone without an answer that settles it.
    pub(super) alone: u32,
}

impl Item {
    /// An entry that was queued now.
    pub(super) fn queued(entry: OutboxEntry, is_new: bool) -> Self {
        let payload = Payload::read(&entry.payload);
        Self {
            id: entry.id,
            row: entry.row,
            payload,
            answer: entry.answer,
            is_new,
            is_left: false,
            is_sent_maybe: false,
            patience: Patience::Full,
            alone: 0,
        }
    }

    /// An entry that was perhaps sent by an earlier run; its row may be a dead letter since.
    pub(super) fn left(entry: OutboxEntry, is_dead: bool) -> Self {
        let patience = if is_dead { Patience::Once } else { Patience::Full };
        Self { is_left: true, is_sent_maybe: true, patience, ..Self::queued(entry, false) }
    }

    /// The same once its batch has failed, perhaps for another item.
    pub(super) fn suspected(self) -> Self {
        let is_new = self.patience == Patience::Full;
        Self { patience: if is_new { Patience::Part } else { self.patience }, ..self }
    }
}

/// Why an item was not written.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) class: FailureClass,
    pub(super) status: Option<u16>,
    pub(super) reason: String,
}

/// Where the outcomes of one effect are written down.
pub(super) struct Book<'b> {
    pub(super) store: &'b Store,
    pub(super) run: RunId,
    pub(super) time: &'b Time,
    live: &'b Live,
    effect: String,
    report: Mutex<EffectReport>,
}

impl<'b> Book<'b> {
    pub(super) fn new(
        store: &'b Store,
        run: RunId,
        (time, live): (&'b Time, &'b Live),
        effect: &str,
    ) -> Self {
        let report = Mutex::new(EffectReport { name: effect.to_owned(), ..EffectReport::default() });
        Self { store, run, time, live, effect: effect.to_owned(), report }
    }

    /// The numbers, to be changed.
    pub(super) fn report(&self) -> MutexGuard<'_, EffectReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn into_report(self) -> EffectReport {
        self.report.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many items are to be sent.
    pub(super) fn expected(&self, count: usize) {
        self.live.of_effect(&self.effect, |push| push.of += count as u64);
    }

    /// An item was written.
    pub(super) fn written(&self, item: &Item, id: Option<String>, created: Option<bool>) {
        let outputs = id.as_ref().map(|id| serde_json::json!({ "id": id }).to_string());
        // Something always came back, so that it is known later on that the contact was there.
        let answer = id.or_else(|| item.answer.clone()).unwrap_or_default();
        self.store.mark_sent(item.id, Some(answer), &self.time.text());
        self.store.write_cell(CellUpdate { outputs, ..self.update(item.row, CellState::Success) });
        self.live.of_effect(&self.effect, |push| push.pushed += 1);
        let mut report = self.report();
        report.created += u64::from(created.unwrap_or(item.is_new));
        if item.is_left { report.resent += 1 } else { report.sent += 1 }
    }

    /// An item was refused for good.
    pub(super) fn refused(&self, item: &Item, failure: Failure) {
        self.store.mark_failed(item.id, &failure.reason, &self.time.text());
        self.failed(item, failure);
    }

    /// Nobody knows what became of an item, or it was surely not sent; another run sends it.
    pub(super) fn given_up(&self, item: &Item, failure: Failure) {
        let reason = failure.reason.clone();
        self.unsent(item, &reason);
        self.failed(item, failure);
    }

    /// An item is left for another run, without a word about its row.
    pub(super) fn postponed(&self, item: &Item, reason: &str) {
        self.unsent(item, reason);
        self.report().unsent += u64::from(!item.is_left);
    }

    fn unsent(&self, item: &Item, reason: &str) {
        if item.is_sent_maybe {
            self.store.mark_unknown(item.id, reason, &self.time.text());
        } else {
            self.store.mark_unsent(item.id, reason, &self.time.text());
        }
    }

    fn failed(&self, item: &Item, failure: Failure) {
        self.dead(item.row, failure);
        // A row whose entry was left from an earlier run is counted when its turn comes.
        self.report().failed += u64::from(!item.is_left);
    }

    /// The row is a dead letter.
    pub(super) fn dead(&self, row: RowId, failure: Failure) {
        self.store.write_cell(CellUpdate {
            class: Some(failure.class.word().to_owned()),
            status: failure.status.map(|status| status.to_string()),
            reason: Some(failure.reason),
            ..self.update(row, CellState::Error)
        });
        self.store.set_row_status(self.run, row, RowStatus::Dead);
    }

    /// The row was sent before and has not changed.
    pub(super) fn unchanged(&self, row: RowId, before: Option<&Cell>) {
        if before.is_none_or(|cell| cell.state != CellState::Success) {
            self.store.write_cell(self.update(row, CellState::Success));
        }
    }

    /// The row is not pushed, and why.
    pub(super) fn not_met(&self, row: RowId, reason: &str, before: Option<&Cell>) {
        let is_known =
            |cell: &Cell| cell.state == CellState::ConditionNotMet && cell.reason.as_deref() == Some(reason);
        if !before.is_some_and(is_known) {
            let update = self.update(row, CellState::ConditionNotMet);
            self.store.write_cell(CellUpdate { reason: Some(reason.to_owned()), ..update });
        }
    }

    /// The cell of the effect in this state.
    fn update(&self, row: RowId, state: CellState) -> CellUpdate {
        CellUpdate::new(row, &self.effect, state, self.time.text())
    }
}
