//! What an answer brings about: the charge settled and the cell as it is then, in one step.

use super::question::{Question, class_of, said};
use super::{LONG, LONGEST_WAIT, Next, PAID_TRIES, PATIENCE, PATIENCE_WHEN_LONG, TRIES, Wake};
use crate::table::ask::{Answered, Billed, Meaning};
use crate::table::credits::Credits;
use crate::table::failure::FailureClass;
use crate::table::http::{Response, retry_after};
use crate::table::model::Validation;
use crate::table::run::engine::Engine;
use crate::table::run::progress::{Asked, Outcome, Trace};
use crate::table::run::row::{Row, fills};
use crate::table::run::vendors::{Stop, backoff, holds};
use crate::table::state::{CellState, CellUpdate, ChargeId, Settlement};
use crate::value::Record;
use jiff::Timestamp;
use std::time::{Duration, Instant};

impl Engine<'_> {
    /// Settles a charge together with the cell as it is now.
    pub(super) fn settle(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        (billed, again): (Billed, bool),
        outputs: Option<String>,
    ) {
        let (settlement, cost) = match billed {
            Billed::Yes => (Settlement::Charged(question.price), question.price),
            Billed::No => (Settlement::Released, Credits::ZERO),
            Billed::Unknown => (Settlement::Unknown, question.price),
        };
        if charge.is_some() {
            self.live.change(|numbers| numbers.spent = numbers.spent.less(question.price.less(cost)));
        }
        let mut update = self.update(row, step);
        if let Some(outputs) = outputs {
            update.outputs = Some(outputs);
            update.provider.clone_from(&row.cells[step].provider);
            update.fetched_at.clone_from(&row.cells[step].fetched_at);
        }
        match charge {
            Some(charge) => self.store.settle(charge, settlement, update),
            None => self.store.write_cell(update),
        }
        // Only now, so that what another row is granted of it comes to the state behind what was saved here.
        self.purse.settle(row.order, step, question.price, cost, again);
    }

    /// Acts on an answer.
    pub(super) fn take(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        answered: Answered,
        response: Option<&Response>,
    ) -> Next {
        let cost = if answered.billed == Billed::No { Credits::ZERO } else { question.price };
        let is_again = matches!(answered.meaning, Meaning::Later | Meaning::Awaiting);
        if !is_again {
            row.cells[step].progress.spent += cost.as_thousandths();
            row.cells[step].progress.awaited = None;
        }
        match answered.meaning {
            Meaning::Found(outputs) => self.found(row, step, question, charge, outputs),
            Meaning::NotFound => {
                self.count(question, false);
                let outcome = if question.is_check { Outcome::Rejected } else { Outcome::NotFound };
                let trace = question.traced(outcome, &answered);
                row.cells[step].progress.next(trace);
                self.settle(row, step, question, charge, (answered.billed, false), None);
                Next::Again
            }
            Meaning::Later | Meaning::Awaiting => {
                let again = answered.meaning == Meaning::Later;
                self.wait_for(row, step, question, charge, again, response)
            }
            Meaning::OutOfCredits | Meaning::Unauthorized => {
                let class = if answered.meaning == Meaning::OutOfCredits {
                    FailureClass::OutOfCredits
                } else {
                    FailureClass::Unauthorized
                };
                question.vendor.stop(Stop { class, reason: said(&answered) });
                self.failed(row, step, question, charge, &answered, class)
            }
            Meaning::RateLimited => self.too_fast(row, step, question, charge, &answered, response),
            Meaning::Passing => self.passing(row, step, question, charge, &answered, response),
            Meaning::Misshapen => {
                self.failed(row, step, question, charge, &answered, FailureClass::Unreadable)
            }
            Meaning::Failed => {
                let is_paid = answered.billed == Billed::Unknown && question.price > Credits::ZERO;
                let class = match answered.status {
                    0 if is_paid => FailureClass::UnknownOutcome,
                    _ => class_of(&answered),
                };
                self.failed(row, step, question, charge, &answered, class)
            }
        }
    }

    /// Is done with a provider whose answer is a failure of this kind.
    fn failed(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        answered: &Answered,
        class: FailureClass,
    ) -> Next {
        let trace = question.failed(answered, class);
        self.end_failed(row, step, question, charge, answered.billed, trace)
    }

    /// Is done with a provider that failed, and settles its charge. A result that it failed to check is kept, and no
    /// other provider is asked.
    pub(super) fn end_failed(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        billed: Billed,
        trace: Trace,
    ) -> Next {
        let progress = &mut row.cells[step].progress;
        if question.is_check {
            progress.add(trace);
        } else {
            progress.next(trace);
        }
        self.settle(row, step, question, charge, (billed, false), None);
        if !question.is_check {
            return Next::Again;
        }
        self.close(row, step);
        Next::Closed
    }

    pub(super) fn count(&self, question: &Question<'_>, found: bool) {
        self.live.of_provider(&question.provider.name, |numbers| {
            numbers.asked += 1;
            numbers.found += u64::from(found);
        });
    }

    pub(super) fn found(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        outputs: String,
    ) -> Next {
        self.count(question, true);
        let spent = (Billed::Yes, false);
        let validation = &self.table.steps[step].validation;
        let record = Record::from_json(&outputs).unwrap_or_default();
        if question.is_check {
            let accepted = match validation {
                Some(Validation::Lookup { accept, .. }) => holds(accept, &record, &self.clock),
                _ => true,
            };
            drop(record);
            let candidate = row.cells[step].progress.candidate.clone().unwrap_or_default();
            if accepted {
                return self.succeed(row, step, question, charge, candidate);
            }
            row.cells[step].progress.next(question.rejected());
            self.settle(row, step, question, charge, spent, None);
            return Next::Again;
        }
        match validation {
            Some(Validation::Formula(rules)) if !holds(rules, &record, &self.clock) => {
                let trace = question.trace(Outcome::Rejected, String::new());
                drop(record);
                row.cells[step].progress.next(trace);
                self.settle(row, step, question, charge, spent, None);
                Next::Again
            }
            Some(Validation::Lookup { .. }) => {
                drop(record);
                row.cells[step].progress.check(outputs);
                self.settle(row, step, question, charge, spent, None);
                Next::Again
            }
            _ => {
                drop(record);
                self.succeed(row, step, question, charge, outputs)
            }
        }
    }

    /// Closes a cell with a result.
    pub(super) fn succeed(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        outputs: String,
    ) -> Next {
        self.fill(row, step, &question.of, &outputs);
        self.settle(row, step, question, charge, (Billed::Yes, false), Some(outputs));
        self.purse.close(row.order, step);
        Next::Closed
    }

    /// Takes a result that was to be checked by a further lookup which the step has no more.
    pub(super) fn take_unchecked(&self, row: &mut Row, step: usize, outputs: String) -> Next {
        let of = row.cells[step].progress.current.clone().unwrap_or_default();
        // A check that was awaited is not fetched any more, and may have been paid.
        let open = row.cells[step].progress.awaited.take().and_then(|awaited| awaited.charge);
        let open = open.map(ChargeId::of_number);
        if row.cells[step].state == CellState::AwaitingCallback {
            row.cells[step].state = CellState::New;
        }
        if let Some(Validation::Formula(rules)) = &self.table.steps[step].validation
            && !holds(rules, &Record::from_json(&outputs).unwrap_or_default(), &self.clock)
        {
            row.cells[step].progress.next(Trace::of(of, Outcome::Rejected));
            self.store_with(open, self.update(row, step));
            return Next::Again;
        }
        self.fill(row, step, &of, &outputs);
        let cell = &row.cells[step];
        let update = CellUpdate {
            outputs: Some(outputs),
            provider: cell.provider.clone(),
            fetched_at: cell.fetched_at.clone(),
            ..self.update(row, step)
        };
        self.store_with(open, update);
        self.purse.close(row.order, step);
        Next::Closed
    }

    /// Writes a cell, and that nobody knows what became of a charge that is open.
    fn store_with(&self, open: Option<ChargeId>, update: CellUpdate) {
        match open {
            Some(charge) => self.store.settle(charge, Settlement::Unknown, update),
            None => self.store.write_cell(update),
        }
    }

    /// Puts a result into its cell.
    fn fill(&self, row: &mut Row, step: usize, of: &Asked, outputs: &str) {
        let cell = &mut row.cells[step];
        cell.progress.add(Trace::of(of.clone(), Outcome::Found));
        cell.progress.candidate = None;
        cell.progress.awaited = None;
        cell.state = CellState::Success;
        cell.class = None;
        cell.reason = None;
        cell.fills = fills(&self.table.steps[step], outputs, &self.clock);
        cell.provider = Some(of.provider.clone());
        cell.fetched_at = Some(self.time.text());
    }

    /// Closes a cell for which every provider was asked.
    pub(super) fn close(&self, row: &mut Row, step: usize) {
        let cell = &mut row.cells[step];
        let failed = cell.progress.trail.iter().find(|trace| trace.is_failure()).cloned();
        let mut status = None;
        if let Some(failed) = failed {
            cell.state = CellState::Error;
            cell.reason = Some(told(&failed));
            cell.class = Some(failed.class);
            status = failed.status.map(|status| status.to_string());
        } else {
            let last = cell.progress.trail.last().map(|trace| trace.reason.clone());
            cell.state = CellState::NoData;
            cell.reason = last.filter(|reason| !reason.is_empty());
            cell.class = None;
        }
        self.store.write_cell(CellUpdate { status, ..self.update(row, step) });
        self.purse.close(row.order, step);
    }

    pub(super) fn too_fast(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        answered: &Answered,
        response: Option<&Response>,
    ) -> Next {
        let tries = row.cells[step].progress.tries + 1;
        row.cells[step].progress.tries = tries;
        self.live.of_provider(&question.provider.name, |numbers| numbers.again += 1);
        let asked = response.and_then(|response| retry_after(response, Timestamp::now(), LONGEST_WAIT));
        let wait = asked.unwrap_or_else(|| backoff(tries + 2).max(Duration::from_millis(200)));
        if !self.is_replay {
            question.vendor.pace.pause_until(Instant::now() + wait);
            self.live.waits(&question.provider.title, wait);
        }
        if tries >= if wait < LONG { PATIENCE } else { PATIENCE_WHEN_LONG } {
            return self.failed(row, step, question, charge, answered, FailureClass::RateLimited);
        }
        self.settle(row, step, question, charge, (answered.billed, true), None);
        Next::Park(Wake::At(self.after(wait)))
    }

    pub(super) fn passing(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        answered: &Answered,
        response: Option<&Response>,
    ) -> Next {
        let is_paid = answered.billed != Billed::No && question.price > Credits::ZERO;
        let progress = &mut row.cells[step].progress;
        let (tries, most) = if is_paid {
            progress.paid_tries += 1;
            (progress.paid_tries, PAID_TRIES)
        } else {
            progress.tries += 1;
            (progress.tries, TRIES)
        };
        self.live.of_provider(&question.provider.name, |numbers| numbers.again += 1);
        self.note(row, step, "failed", serde_json::json!({
            "provider": question.provider.name, "status": answered.status, "reason": answered.reason, "try": tries,
        }).to_string());
        if tries >= most {
            let class = if is_paid { FailureClass::UnknownOutcome } else { class_of(answered) };
            return self.failed(row, step, question, charge, answered, class);
        }
        self.settle(row, step, question, charge, (answered.billed, true), None);
        let asked = response.and_then(|response| retry_after(response, Timestamp::now(), LONGEST_WAIT));
        Next::Park(Wake::At(self.after(asked.unwrap_or_else(|| backoff(tries)))))
    }
}

/// Why a provider failed a cell.
fn told(failed: &Trace) -> String {
    let Trace { provider, reason, .. } = failed;
    match failed.result {
        Outcome::GivenUp => format!("{provider}: not asked, as {reason}"),
        _ => format!("{provider}: {reason}"),
    }
}
