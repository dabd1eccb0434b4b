//! One effect over the rows of a run: looked at in order, each contact once, sent or only shown.

use super::due::{Due, Looked, look};
use super::payload::{Payload, Plan, plan};
use super::question::{existing, preflight};
use super::record::{Failure, Item, Patience};
use super::send::{Sender, Way};
use super::show::Show;
use crate::table::doubts::doubts;
use crate::table::failure::FailureClass;
use crate::table::import::comparable;
use crate::table::model::{Effect, Table};
use crate::table::run::{Layout, Means, Row, RunError};
use crate::table::state::{
    Cell, CellState, NewEffect, OutboxEntry, RowId, RowStatus, RunId, RunRow, Store, StoredRow,
};
use std::collections::{HashMap, HashSet};

/// How many rows are looked at, queued and sent in one round.
const CHUNK: usize = 1000;

/// One effect, while it goes through the rows.
pub(super) struct Course<'c> {
    pub(super) table: &'c Table,
    pub(super) effect: &'c Effect,
    pub(super) store: &'c Store,
    pub(super) run: RunId,
    pub(super) means: Means<'c>,
    pub(super) layout: &'c Layout,
    pub(super) sender: &'c Sender<'c>,
    /// The position of the first row of each contact.
    pub(super) firsts: HashMap<String, u64>,
    /// The contacts that an earlier run perhaps wrote.
    pub(super) left: HashSet<String>,
    /// Their rows, whose turn comes when it is known what became of that.
    pub(super) deferred: Vec<Candidate>,
}

/// A row that is pushed if the outbox has nothing against it.
pub(super) struct Candidate {
    row: RowId,
    position: u64,
    due: Due,
    cell: Option<Cell>,
}

impl Course<'_> {
    /// Sends what is due: new contacts first, as what an earlier run has left may fail again.
    pub(super) fn send(&mut self) -> Result<(), RunError> {
        if let Way::Push(pushing) = self.sender.way
            && let Some(problem) = preflight(self.effect, &pushing, &self.sender.line)
        {
            self.sender.stop(problem);
        }
        let left = self.store.outbox_unsettled(&self.effect.name)?;
        self.left = left.iter().map(|entry| entry.dedup_key.clone()).collect();
        self.each_chunk(Self::send_chunk)?;
        self.send_left(left)?;
        Ok(self.store.flush()?)
    }

    /// Sends again what an earlier run perhaps sent, what failed least first; then what is due of the same contacts.
    fn send_left(&mut self, mut left: Vec<OutboxEntry>) -> Result<(), RunError> {
        left.sort_by_key(|entry| entry.tries);
        for chunk in left.chunks(CHUNK) {
            if self.sender.halted().is_some() {
                break;
            }
            let mut items = self.left_items(chunk)?;
            if let Err(problem) = self.leave_out_create(&mut items) {
                self.sender.stop(problem);
            }
            // One that failed before would need the patience of those beside it.
            let (given_up, others) = items.into_iter().partition(|item| item.patience == Patience::Once);
            self.sender.send(others)?;
            self.sender.send(given_up)?;
        }
        let mut deferred = std::mem::take(&mut self.deferred);
        while !deferred.is_empty() {
            let rest = deferred.split_off(CHUNK.min(deferred.len()));
            self.send_candidates(std::mem::replace(&mut deferred, rest))?;
        }
        Ok(())
    }

    fn left_items(&self, entries: &[OutboxEntry]) -> Result<Vec<Item>, RunError> {
        let rows: Vec<RowId> = entries.iter().map(|entry| entry.row).collect();
        let rows = self.store.load_rows(&rows)?;
        let dead: HashSet<RowId> = rows
            .iter()
            .filter(|row| row.cell(&self.effect.name).is_some_and(|cell| cell.state == CellState::Error))
            .map(|row| row.row)
            .collect();
        Ok(entries.iter().map(|entry| Item::left(entry.clone(), dead.contains(&entry.row))).collect())
    }

    /// Shows what would be sent.
    pub(super) fn show(&mut self, show: &mut Show<'_>) -> Result<(), RunError> {
        self.each_chunk(|course, rows| course.show_chunk(rows, show))?;
        show.finish(&self.sender.way)
    }

    /// Goes through the rows of the run in their order, each once.
    fn each_chunk(
        &mut self,
        mut work: impl FnMut(&mut Self, Vec<(u64, StoredRow)>) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let (mut after, mut seen) = (0, HashSet::new());
        loop {
            let rows = self.store.rows(self.run, after, CHUNK)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.position;
            let rows: Vec<_> = rows
                .into_iter()
                .filter(|row| !matches!(row.status, RowStatus::Skipped { .. }) && seen.insert(row.row))
                .filter(|row| self.is_at_rest(row))
                .collect();
            let ids: Vec<RowId> = rows.iter().map(|row| row.row).collect();
            let stored = self.store.load_rows(&ids)?;
            work(self, rows.iter().map(|row| row.position).zip(stored).collect())?;
        }
    }

    /// Whether nothing more comes to a row; one that a budget holds is pushed when it is done.
    fn is_at_rest(&self, row: &RunRow) -> bool {
        let is_waiting = row.status == RowStatus::Pending;
        self.sender.book.report().waiting += u64::from(is_waiting);
        !is_waiting
    }

    /// Takes from what is sent again what only a new contact gets, where the contact is there by now: if an earlier
    /// run made it, it was made with that, and somebody may have changed it since.
    fn leave_out_create(&self, items: &mut [Item]) -> Result<(), String> {
        let keys: Vec<String> = items
            .iter()
            .filter(|item| item.payload.create.is_some())
            .map(|item| item.payload.key.clone())
            .collect();
        if let Some(existing) = self.existing(&keys)? {
            let known = items.iter_mut().filter(|item| existing.contains(&comparable(&item.payload.key)));
            known.for_each(|item| item.payload.create = None);
        }
        Ok(())
    }

    /// Which of these contacts are there; nothing where there is no need to ask, or nobody who could say.
    fn existing(&self, keys: &[String]) -> Result<Option<HashSet<String>>, String> {
        match self.sender.way {
            Way::Push(pushing) if !keys.is_empty() => existing(keys, &pushing, &self.sender.line),
            _ => Ok(None),
        }
    }

    fn send_chunk(&mut self, rows: Vec<(u64, StoredRow)>) -> Result<(), RunError> {
        let candidates: Vec<_> =
            rows.into_iter().filter_map(|(at, row)| self.candidate(at, row, true)).collect();
        let (deferred, candidates) =
            candidates.into_iter().partition(|one| self.left.contains(&one.due.dedup_key));
        self.deferred.extend::<Vec<_>>(deferred);
        self.send_candidates(candidates)
    }

    fn send_candidates(&self, candidates: Vec<Candidate>) -> Result<(), RunError> {
        let planned = self.planned(candidates)?;
        let (mut due, is_halted) = (Vec::new(), self.sender.halted().is_some());
        for (candidate, entry, plan) in planned {
            let mut report = self.sender.book.report();
            match plan {
                Plan::Unchanged => {
                    report.unchanged += 1;
                    self.sender.book.unchanged(candidate.row, candidate.cell.as_ref());
                }
                Plan::Dead => {
                    report.failed += 1;
                    self.store.set_row_status(self.run, candidate.row, RowStatus::Dead);
                }
                _ if is_halted => report.unsent += 1,
                Plan::Unsettled => {
                    report.failed += 1;
                    drop(report);
                    // The cell is that of another row where that had the contact when it was sent.
                    if entry.as_ref().is_none_or(|entry| entry.row != candidate.row) {
                        self.sender.book.dead(candidate.row, unsettled(entry));
                    }
                }
                Plan::Send { was_sent } => due.push((candidate, was_sent)),
            }
        }
        match self.new_ones(&due) {
            Ok(is_new) => self.push(due, is_new),
            Err(problem) => {
                self.sender.book.report().unsent += due.len() as u64;
                self.sender.stop(problem);
                Ok(())
            }
        }
    }

    /// Queues what is due, with what only new contacts get, and sends it.
    fn push(&self, due: Vec<(Candidate, bool)>, is_new: Vec<bool>) -> Result<(), RunError> {
        let at = self.means.time.text();
        let queue = |(candidate, is_new): (Candidate, bool)| NewEffect {
            effect: self.effect.name.clone(),
            dedup_key: candidate.due.dedup_key.clone(),
            row: candidate.row,
            payload: decided(candidate.due, is_new, &at).written(),
            at: at.clone(),
        };
        let candidates = due.into_iter().map(|(candidate, _)| candidate);
        let new: Vec<_> = candidates.zip(is_new.iter().copied()).map(queue).collect();
        let entries = self.store.enqueue(&new)?;
        let items = entries.into_iter().zip(is_new).map(|(entry, is_new)| Item::queued(entry, is_new));
        Ok(self.sender.send(items.collect())?)
    }

    /// Which of what is due are contacts that are not there yet. Asked only where it makes a difference.
    fn new_ones(&self, due: &[(Candidate, bool)]) -> Result<Vec<bool>, String> {
        let never_sent = |(candidate, was_sent): &(Candidate, bool)| {
            (!was_sent && !candidate.due.create.is_empty()).then(|| candidate.due.payload.key.clone())
        };
        let keys: Vec<String> = due.iter().filter_map(never_sent).collect();
        let existing = self.existing(&keys)?;
        let is_there = |key: &String| existing.as_ref().is_some_and(|existing| existing.contains(key));
        Ok(due.iter().map(|(candidate, was_sent)| !was_sent && !is_there(&candidate.due.dedup_key)).collect())
    }

    fn show_chunk(&mut self, rows: Vec<(u64, StoredRow)>, show: &mut Show<'_>) -> Result<(), RunError> {
        let candidates: Vec<_> =
            rows.into_iter().filter_map(|(at, row)| self.candidate(at, row, false)).collect();
        for (candidate, _, plan) in self.planned(candidates)? {
            let mut report = self.sender.book.report();
            let is_new = match plan {
                Plan::Unchanged => {
                    report.unchanged += 1;
                    continue;
                }
                Plan::Dead => {
                    report.failed += 1;
                    continue;
                }
                Plan::Unsettled => false,
                Plan::Send { was_sent } => !was_sent,
            };
            report.would_send += 1;
            if is_new && !candidate.due.create.is_empty() && report.notes.is_empty() {
                report.notes.push(ASSUMED.to_owned());
            }
            drop(report);
            let payload = decided(candidate.due, is_new, &self.means.time.text());
            show.add(candidate.position, payload, &self.sender.way)?;
        }
        Ok(())
    }

    /// What the outbox says about each.
    fn planned(
        &self,
        candidates: Vec<Candidate>,
    ) -> Result<Vec<(Candidate, Option<OutboxEntry>, Plan)>, RunError> {
        let keys: Vec<String> = candidates.iter().map(|one| one.due.dedup_key.clone()).collect();
        let entries = self.store.outbox_entries(&self.effect.name, &keys)?;
        let planned = candidates.into_iter().zip(entries).map(|(candidate, entry)| {
            let is_dead = candidate.cell.as_ref().is_some_and(|cell| cell.state == CellState::Error);
            let plan = plan(entry.as_ref(), &candidate.due.payload, is_dead);
            (candidate, entry, plan)
        });
        Ok(planned.collect())
    }

    /// A row that is due, or nothing where it is not, which is written down if `writes`.
    fn candidate(&mut self, position: u64, stored: StoredRow, writes: bool) -> Option<Candidate> {
        let (row, cell) = (stored.row, stored.cell(&self.effect.name).cloned());
        let looked = self.look(position, stored);
        let book = &self.sender.book;
        let mut report = book.report();
        let refused = match looked {
            Looked::NotDue(reason) => reason,
            Looked::NoKey(reason) => {
                report.due += 1;
                report.keyless += 1;
                reason
            }
            Looked::Broken(reason) => {
                report.due += 1;
                report.failed += 1;
                if writes {
                    book.dead(row, Failure { class: FailureClass::Formula, status: None, reason });
                }
                return None;
            }
            Looked::Doubtful(reason) => {
                report.due += 1;
                report.failed += 1;
                if writes {
                    book.dead(row, Failure { class: FailureClass::Warnings, status: None, reason });
                }
                return None;
            }
            Looked::Due(due) => {
                report.due += 1;
                match self.firsts.get(&due.dedup_key) {
                    None => {
                        self.firsts.insert(due.dedup_key.clone(), position);
                        return Some(Candidate { row, position, due: *due, cell });
                    }
                    Some(first) => {
                        report.duplicates += 1;
                        let name = self.effect.dedup.as_ref().map_or("key", |(name, _)| name);
                        format!("the same {name} as row {first}")
                    }
                }
            }
        };
        if writes {
            book.not_met(row, &refused, cell.as_ref());
        }
        None
    }

    fn look(&self, position: u64, stored: StoredRow) -> Looked {
        let key = stored.key.clone();
        let row = Row::new(stored, position, position, self.table, self.layout, self.means.clock);
        let results = row.eval(self.table, self.layout, self.means.clock);
        match look(self.effect, results.values(), &key) {
            Looked::Due(due) => match doubts(self.table, &results).into_iter().next() {
                Some(reason) if self.table.strict => Looked::Doubtful(reason),
                _ => Looked::Due(due),
            },
            other => other,
        }
    }
}

/// What is said where nobody was asked which contacts there are.
const ASSUMED: &str =
    "contacts that were never pushed are shown as new ones, as a dry run asks nobody whether they are there";

/// The payload, once it is known whether the contact is new.
fn decided(due: Due, is_new: bool, at: &str) -> Payload {
    let Due { mut payload, create, .. } = due;
    payload.create = (is_new && !create.is_empty()).then_some(create);
    if let Some(call) = &mut payload.call {
        at.clone_into(&mut call.since);
    }
    payload
}

fn unsettled(entry: Option<OutboxEntry>) -> Failure {
    let reason = entry
        .and_then(|entry| entry.problem)
        .unwrap_or_else(|| "nobody knows whether it was sent".to_owned());
    Failure { class: FailureClass::UnknownOutcome, status: None, reason }
}
