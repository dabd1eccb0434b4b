//! One cell and its providers: asked one after the other until one has a result, each call reserved, made, settled.

mod later;
mod outcome;
mod question;

use super::engine::{Engine, RunError};
use super::progress::{Outcome, Progress, Trace};
use super::purse::Grant;
use super::row::Row;
use super::vendors::redacted;
use crate::table::ask::{build, read_answer, read_local};
use crate::table::credits::Credits;
use crate::table::failure::FailureClass;
use crate::table::http::{CallError, Request, Response};
use crate::table::model::{Ask, Backend, Validation};
use crate::table::state::{CellState, ChargeId, Reservation, Reserved};
use crate::value::{Record, Value, is_empty};
use question::{Question, of_error};
use std::time::{Duration, Instant};

/// How often a call is tried that costs nothing when it fails.
const TRIES: u32 = 8;
/// How often a call is made that may have been paid without an answer.
pub(super) const PAID_TRIES: u32 = 3;
/// How often a call is tried that came too fast.
const PATIENCE: u32 = 50;
/// The same where the provider asks for waits as long as this each time.
const PATIENCE_WHEN_LONG: u32 = 6;
const LONG: Duration = Duration::from_secs(60);
/// A wait that is shorter is slept through; for a longer one another row has its turn.
const NAP: Duration = Duration::from_millis(5);
/// A provider may ask for longer, but is asked again after this.
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);
/// How often the same is asked again when the answer is being made.
const LATER_POLLS: u32 = 40;

/// What became of a cell for now.
#[derive(Debug)]
pub(super) enum Bought {
    /// It is closed, or held back by a budget.
    Closed,
    /// It goes on then.
    Parked(Wake),
}

/// When a row goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// At this moment.
    At(Instant),
    /// When a row before it needs less of a budget.
    Budget,
}

/// What to do next with a cell.
enum Next {
    Again,
    Closed,
    Park(Wake),
}

/// What was reserved for a call.
#[derive(Clone, Copy)]
enum Purchase {
    Go(Option<ChargeId>),
    Held,
}

impl Engine<'_> {
    /// Goes on with a cell whose turn it is. `inputs` has those of each of its providers, or why there are none.
    pub(super) fn buy(
        &self,
        row: &mut Row,
        step: usize,
        inputs: &[Result<Record<'static>, String>],
    ) -> Result<Bought, RunError> {
        loop {
            let asks = &self.table.steps[step].asks;
            let at = row.cells[step].progress.ask;
            let (Some(ask), Some(inputs)) = (asks.get(at), inputs.get(at)) else {
                self.close(row, step);
                return Ok(Bought::Closed);
            };
            let next = match inputs {
                Err(error) => {
                    self.fail(row, step, FailureClass::Formula, error.clone());
                    Next::Closed
                }
                Ok(inputs) => self.ask(row, step, ask, inputs)?,
            };
            match next {
                Next::Again => {}
                Next::Closed => return Ok(Bought::Closed),
                Next::Park(wake) => return Ok(Bought::Parked(wake)),
            }
        }
    }

    fn question<'q>(&'q self, ask: &'q Ask, inputs: &'q Record<'static>, is_check: bool) -> Question<'q> {
        let provider = &self.table.providers[ask.provider];
        Question {
            provider,
            vendor: &self.vendors[ask.provider],
            lookup: &provider.lookups[ask.lookup],
            lookup_index: ask.lookup,
            price: ask.credits,
            base_url: ask.base_url.as_deref(),
            inputs,
            is_check,
        }
    }

    fn ask(&self, row: &mut Row, step: usize, ask: &Ask, inputs: &Record<'static>) -> Result<Next, RunError> {
        if let Some(candidate) = row.cells[step].progress.candidate.clone() {
            return self.check(row, step, &candidate);
        }
        let question = self.question(ask, inputs, false);
        let missing = question
            .lookup
            .inputs
            .iter()
            .find(|(name, required)| *required && inputs.get(name).is_none_or(is_empty));
        if let Some((name, _)) = missing {
            let trace = question.trace(Outcome::NoInput, format!("`{name}` is empty"));
            row.cells[step].progress.next(trace);
            return Ok(Next::Again);
        }
        self.put(row, step, &question)
    }

    /// Checks a result with a further lookup.
    fn check(&self, row: &mut Row, step: usize, candidate: &str) -> Result<Next, RunError> {
        let Some(Validation::Lookup { ask, inputs, .. }) = &self.table.steps[step].validation else {
            row.cells[step].progress.candidate = None;
            return Ok(Next::Again);
        };
        let outputs = Record::from_json(candidate).unwrap_or_default();
        let results = inputs.eval(&outputs, &self.clock);
        let given = ask
            .inputs
            .iter()
            .filter_map(|(name, tree)| Some((name.clone(), tree.fill(results.values()).ok()?)));
        let given = crate::table::ask::record(given);
        let question = self.question(ask, &given, true);
        self.put(row, step, &question)
    }

    /// Puts a question: whether it may be put, what it costs, what comes of it.
    fn put(&self, row: &mut Row, step: usize, question: &Question<'_>) -> Result<Next, RunError> {
        if row.cells[step].progress.awaited.is_some() {
            return Ok(self.poll(row, step, question));
        }
        if let Some(stop) = question.vendor.stopped() {
            let trace = question.trace(Outcome::GivenUp, stop.reason);
            row.cells[step].progress.next(Trace { class: stop.class.word().to_owned(), ..trace });
            return Ok(Next::Again);
        }
        let most = self.table.steps[step].max_credits;
        if most.is_some_and(|most| row.cells[step].progress.spent() + question.price > most) {
            let trace = too_dear(question, &row.cells[step].progress);
            row.cells[step].progress.next(trace);
            return Ok(Next::Again);
        }
        match self.purse.grant(row.order, step, question.price) {
            Grant::Wait => return Ok(Next::Park(Wake::Budget)),
            Grant::Refused(budget) => return Ok(self.hold(row, step, &budget)),
            Grant::Granted => {}
        }
        if !matches!(question.provider.backend, Backend::Http { .. }) {
            return self.answer_locally(row, step, question);
        }
        let request = match self.request(question) {
            Ok(request) => request,
            Err(reason) => {
                self.refund(row, step, question, false);
                let trace = question.trace(Outcome::Failed, reason);
                row.cells[step]
                    .progress
                    .next(Trace { class: FailureClass::Formula.word().to_owned(), ..trace });
                return Ok(Next::Again);
            }
        };
        let (turn, pass) = match self.turn(row, question) {
            Ok(leave) => leave,
            Err(wake) => {
                self.refund(row, step, question, true);
                return Ok(Next::Park(wake));
            }
        };
        let charge = match self.reserve(row, step, question)? {
            Purchase::Go(charge) => charge,
            Purchase::Held => {
                turn.give_back();
                self.refund(row, step, question, false);
                return Ok(self.hold(row, step, "a budget"));
            }
        };
        let outcome = self.call(&request);
        turn.done();
        question.vendor.tell(pass, &outcome);
        Ok(match outcome {
            Ok(response) => {
                let answered = read_answer(question.lookup, question.inputs, &response, &self.clock);
                self.take(row, step, question, charge, answered, Some(&response))
            }
            Err(error) => self.take(row, step, question, charge, of_error(&error), None),
        })
    }

    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let _slot = self.in_flight.enter();
        self.live.change(|numbers| numbers.calling += 1);
        let outcome = self.transport.call(request).map(|response| redacted(response, &self.redactor));
        self.live.change(|numbers| numbers.calling -= 1);
        outcome
    }

    fn request(&self, question: &Question<'_>) -> Result<Request, String> {
        let Some(call) = &question.lookup.call else {
            return Err(format!("the lookup `{}` makes no call", question.lookup.name));
        };
        build(call, question.inputs, question.caller(), &self.clock).map_err(|error| error.to_string())
    }

    /// Leave to call a provider now.
    fn turn(
        &self,
        row: &mut Row,
        question: &Question<'_>,
    ) -> Result<(crate::table::http::Turn, crate::table::http::Pass), Wake> {
        let pass = question.vendor.breaker.try_pass().map_err(|wait| Wake::At(self.after(wait)))?;
        loop {
            match question.vendor.pace.try_turn() {
                Ok(turn) => {
                    row.waits = 0;
                    return Ok((turn, pass));
                }
                Err(wait) if wait <= NAP => std::thread::sleep(wait),
                Err(wait) => {
                    self.live.of_provider(&question.provider.name, |numbers| numbers.waited += wait);
                    self.live.waits(&question.provider.title, wait);
                    return Err(Wake::At(self.after(wait)));
                }
            }
        }
    }

    fn reserve(&self, row: &Row, step: usize, question: &Question<'_>) -> Result<Purchase, RunError> {
        if question.price == Credits::ZERO {
            return Ok(Purchase::Go(None));
        }
        let cell = &row.cells[step];
        let at = self.time.text();
        let reserved = self.store.reserve(&Reservation {
            run: self.run,
            row: row.id,
            step: &self.table.steps[step].name,
            provider: &question.provider.name,
            lookup: &question.lookup.name,
            epoch: cell.epoch,
            attempt: cell.progress.tries + cell.progress.paid_tries + 1,
            credits: question.price,
            at: &at,
            month: &at[..7],
            limits: &self.limits(step),
        })?;
        Ok(match reserved {
            Reserved::Granted(charge) => {
                self.live.change(|numbers| numbers.spent += question.price);
                Purchase::Go(Some(charge))
            }
            Reserved::Refused(_) => Purchase::Held,
        })
    }

    fn answer_locally(&self, row: &mut Row, step: usize, question: &Question<'_>) -> Result<Next, RunError> {
        let charge = match self.reserve(row, step, question)? {
            Purchase::Go(charge) => charge,
            Purchase::Held => {
                self.refund(row, step, question, false);
                return Ok(self.hold(row, step, "a budget"));
            }
        };
        let found = match &question.lookup.equal {
            Some(equal) => question.vendor.row(question.lookup_index, equal, question.inputs, &self.clock),
            None => Value::Blank,
        };
        let answered = read_local(question.lookup, question.inputs, found, &self.clock);
        Ok(self.take(row, step, question, charge, answered, None))
    }

    /// Gives back what was granted for a call that was not made.
    fn refund(&self, row: &Row, step: usize, question: &Question<'_>, again: bool) {
        self.purse.settle(row.order, step, question.price, Credits::ZERO, again);
    }

    /// Leaves a cell open, as a budget does not allow it.
    fn hold(&self, row: &mut Row, step: usize, budget: &str) -> Next {
        let cell = &mut row.cells[step];
        cell.state = CellState::New;
        cell.held = Some(budget.to_owned());
        cell.class = Some("budget".to_owned());
        cell.reason = Some(format!("{budget} does not allow it"));
        // A result that is only too old stays as it is, and so keeps its place among those that are.
        if !(row.cells[step].is_renewed && row.cells[step].progress == Progress::default()) {
            self.store.write_cell(self.update(row, step));
        }
        self.purse.close(row.order, step);
        Next::Closed
    }
}

/// What becomes of a provider whose next call would exceed what the step may cost. One that failed before has failed:
/// that it has nothing is not known.
fn too_dear(question: &Question<'_>, progress: &Progress) -> Trace {
    let limit = format!("{} credits more would be above `max_credits`", question.price);
    let is_paid = progress.candidate.is_none() && progress.spent_on_this() > 0;
    if progress.tries == 0 && !is_paid {
        return question.trace(Outcome::TooDear, limit);
    }
    let class = if is_paid { FailureClass::UnknownOutcome } else { FailureClass::NoAnswer };
    let trace = question.trace(Outcome::Failed, format!("no answer so far; {limit}"));
    Trace { class: class.word().to_owned(), ..trace }
}
