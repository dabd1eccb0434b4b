//! Sends what is in the outbox: in batches, several at once, each divided where one item spoils it for the others.

use super::answer::{Fate, Reading, read, reason_in, sort, sort_generic};
use super::line::{Line, TRIES, Unanswered};
use super::record::{Book, Failure, Item, Patience};
use super::request::{Calling, Pushing};
use crate::table::failure::FailureClass;
use crate::table::http::Request;
use crate::table::state::{EffectId, StateError};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How often a part of a batch is tried that failed with all patience.
const TRIES_OF_PART: u32 = 2;
/// How often an item is sent alone whose answer says nothing of it, or that it is in conflict.
const ALONE: u32 = 3;

/// How an effect sends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'w> {
    /// In batches, by a push of a provider.
    Push(Pushing<'w>),
    /// A call for each row.
    Generic(Calling<'w>),
}

impl Way<'_> {
    /// How many go in one call.
    pub(super) fn batch(&self) -> usize {
        match self {
            Self::Push(pushing) => pushing.push.batch.max(1),
            Self::Generic(_) => 1,
        }
    }

    /// The call for these.
    pub(super) fn request(&self, payloads: &[&super::payload::Payload]) -> Result<Request, String> {
        match (self, payloads) {
            (Self::Push(pushing), payloads) => pushing.request(payloads),
            (Self::Generic(calling), [payload, ..]) => calling.request(payload),
            (Self::Generic(_), []) => Err("there is nothing to send".to_owned()),
        }
    }
}

/// Sends the items of one effect.
pub(super) struct Sender<'s> {
    pub(super) way: Way<'s>,
    pub(super) line: Line<'s>,
    pub(super) book: Book<'s>,
    /// How many calls are under way at once.
    pub(super) concurrency: usize,
    /// Why nothing more is sent, if so.
    halt: Mutex<Option<String>>,
}

impl<'s> Sender<'s> {
    pub(super) fn new(way: Way<'s>, line: Line<'s>, book: Book<'s>, concurrency: usize) -> Self {
        Self { way, line, book, concurrency: concurrency.max(1), halt: Mutex::default() }
    }

    /// Why nothing more is sent, if so.
    pub(super) fn halted(&self) -> Option<String> {
        self.halt.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends nothing more, and says so once.
    pub(super) fn stop(&self, reason: String) {
        let mut halt = self.halt.lock().unwrap_or_else(PoisonError::into_inner);
        if halt.is_none() {
            *halt = Some(reason.clone());
            self.book.report().problems.push(reason);
        }
    }

    /// Sends items, no two of which are of the same key, and waits until each is settled or left for another run.
    pub(super) fn send(&self, mut items: Vec<Item>) -> Result<(), StateError> {
        self.book.expected(items.len());
        let mut batches = VecDeque::new();
        while !items.is_empty() {
            let rest = items.split_off(self.way.batch().min(items.len()));
            batches.push_back(std::mem::replace(&mut items, rest));
        }
        let workers = self.concurrency.min(batches.len());
        let (batches, failure) = (Mutex::new(batches), Mutex::new(None));
        let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let work = || {
            while let Some(batch) = next() {
                if let Err(error) = self.settle(batch) {
                    batches.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            }
        };
        std::thread::scope(|scope| {
            (1..workers).for_each(|_| drop(scope.spawn(work)));
            work();
        });
        failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    /// Sends a batch, and parts of it, until each item is settled.
    fn settle(&self, batch: Vec<Item>) -> Result<(), StateError> {
        // Parts of one size before smaller ones, as the next best sign that it is one item and not the server.
        let mut batches = VecDeque::from([batch]);
        while let Some(batch) = batches.pop_front() {
            if let Some(reason) = self.halted() {
                batch.iter().for_each(|item| self.book.postponed(item, &reason));
                continue;
            }
            self.deliver(batch, &mut batches)?;
        }
        Ok(())
    }

    /// Sends a batch once; what has to be sent again is added to `again`.
    fn deliver(&self, mut batch: Vec<Item>, again: &mut VecDeque<Vec<Item>>) -> Result<(), StateError> {
        let payloads: Vec<_> = batch.iter().map(|item| &item.payload).collect();
        let request = match self.way.request(&payloads) {
            Ok(request) => request,
            Err(reason) => {
                self.refuse(&batch, FailureClass::Formula, None, &reason);
                return Ok(());
            }
        };
        let ids: Vec<EffectId> = batch.iter().map(|item| item.id).collect();
        self.book.store.mark_sending(&ids, &self.book.time.text())?;
        let tries = self.patience(&batch);
        let answered = match self.way {
            Way::Push(pushing) => self
                .line
                .ask(&request, tries, &|response| sort(&pushing.push.answer, response, pushing.clock)),
            Way::Generic(_) => self.line.ask(&request, tries, &sort_generic),
        };
        let response = match answered {
            Ok(response) => response,
            Err(unanswered) => {
                batch.iter_mut().for_each(|item| item.is_sent_maybe |= unanswered.is_sent_maybe);
                self.unanswered(batch, unanswered, again);
                return Ok(());
            }
        };
        let status = response.status;
        match self.way {
            Way::Generic(_) if response.is_success() => {
                batch.iter().for_each(|item| self.book.written(item, None, None));
            }
            Way::Generic(_) => {
                self.refuse(&batch, FailureClass::of_status(status), Some(status), &reason_in(&response));
            }
            Way::Push(pushing) => match read(&pushing.push.answer, &response, batch.len(), pushing.clock) {
                Reading::Divide(reason) => self.divide(batch, status, &reason, again),
                Reading::Refused(reason) => {
                    self.refuse(&batch, FailureClass::of_status(status), Some(status), &reason);
                }
                Reading::Fates(fates) => self.take(batch, fates, status, again),
            },
        }
        Ok(())
    }

    fn refuse(&self, batch: &[Item], class: FailureClass, status: Option<u16>, reason: &str) {
        for item in batch {
            self.book.refused(item, Failure { class, status, reason: reason.to_owned() });
        }
    }

    /// How often a call for these is tried.
    fn patience(&self, batch: &[Item]) -> u32 {
        let is_part = batch.iter().any(|item| item.patience == Patience::Part);
        if batch.iter().all(|item| item.patience == Patience::Once) {
            1
        } else if is_part && (batch.len() > 1 || !self.line.is_well()) {
            TRIES_OF_PART
        } else {
            TRIES
        }
    }

    /// Leaves a batch for another run, unless it may be that one item spoils it.
    fn unanswered(&self, batch: Vec<Item>, unanswered: Unanswered, again: &mut VecDeque<Vec<Item>>) {
        let Unanswered { class, status, reason, is_stop, is_passing, is_sent_maybe } = unanswered;
        // What is filled from a row and can't be sent is the fault of that row.
        if class == FailureClass::Formula {
            self.refuse(&batch, class, None, &reason);
            return;
        }
        if self.line.is_silent() {
            self.stop(format!("{} does not answer: {reason}", self.line.title));
            batch.iter().for_each(|item| self.book.postponed(item, &reason));
            return;
        }
        // A call that is refused before it is made would be refused for all others too.
        if is_stop || !(is_passing || is_sent_maybe) {
            self.stop(format!("{}: {reason}", self.line.title));
            batch.iter().for_each(|item| self.book.postponed(item, &reason));
            return;
        }
        if self.line.is_fruitless() {
            self.stop(format!("{} answers nothing but faults: {reason}", self.line.title));
        }
        if batch.len() > 1 && is_sent_maybe && class != FailureClass::RateLimited {
            // What is left of it when the effect halts is no dead letter, as nobody knows whose fault it was.
            halve(batch.into_iter().map(Item::suspected).collect(), again);
            return;
        }
        for item in &batch {
            // An item that was perhaps sent is not dead for a reason of the try that came after.
            let class = if item.is_sent_maybe { FailureClass::UnknownOutcome } else { class };
            self.book.given_up(item, Failure { class, status, reason: reason.clone() });
        }
    }

    /// Sends the halves of a batch, one item of which spoils it.
    fn divide(&self, mut batch: Vec<Item>, status: u16, reason: &str, again: &mut VecDeque<Vec<Item>>) {
        if batch.len() > 1 {
            halve(batch, again);
            return;
        }
        // A conflict may be with a change that was under way elsewhere; anything else is the item's own fault.
        if status == 409 && may_repeat(&mut batch) {
            again.push_back(batch);
            return;
        }
        self.refuse(&batch, FailureClass::of_status(status), Some(status), reason);
    }

    /// Acts on what became of each item.
    fn take(&self, batch: Vec<Item>, fates: Vec<Fate>, status: u16, again: &mut VecDeque<Vec<Item>>) {
        let is_alone = batch.len() == 1;
        let (mut silent, mut said) = (Vec::new(), None);
        for (item, fate) in batch.into_iter().zip(fates) {
            match fate {
                Fate::Written { id, created } => self.book.written(&item, id, created),
                Fate::Refused(reason) => {
                    self.book.refused(
                        &item,
                        Failure { class: FailureClass::Refused, status: Some(status), reason },
                    );
                }
                Fate::Silent(reason) => {
                    silent.push(item);
                    said = reason.or(said);
                }
            }
        }
        if silent.is_empty() {
            return;
        }
        if !is_alone {
            // In smaller parts, so that one item that is passed over in silence doesn't take the others along.
            halve(silent, again);
        } else if may_repeat(&mut silent) {
            again.push_back(silent);
        } else {
            let reason = said.unwrap_or_else(|| "the answer says nothing of it".to_owned());
            self.refuse(&silent, FailureClass::NoResult, Some(status), &reason);
        }
    }
}

fn halve(mut batch: Vec<Item>, again: &mut VecDeque<Vec<Item>>) {
    let half = batch.split_off(batch.len() / 2);
    again.extend([batch, half].into_iter().filter(|part| !part.is_empty()));
}

/// Counts that an item was sent alone, and says whether it may be sent once more.
fn may_repeat(batch: &mut [Item]) -> bool {
    batch.iter_mut().for_each(|item| item.alone += 1);
    batch.iter().all(|item| item.alone < ALONE)
}
