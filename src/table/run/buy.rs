//! One cell and its providers: asked one after the other until one has a result, each call reserved, made, settled.

mod later;
mod outcome;
mod question;

use super::engine::{Engine, RunError};
use super::progress::{Asked, Outcome, Progress, Trace};
use super::purse::Grant;
use super::row::Row;
use super::vendors::{Stop, redacted};
use crate::table::ask::{Billed, read_answer, read_local};
use crate::table::credits::Credits;
use crate::table::failure::FailureClass;
use crate::table::http::{CallError, Pass, Request, Response, Turn};
use crate::table::model::{Ask, Backend, Validation};
use crate::table::state::{CellState, ChargeId, Reservation, Reserved, Settlement};
use crate::value::{Record, Value};
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
/// A turn that is older is not one to call right now any more.
const STALE: Duration = Duration::from_millis(20);
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
            let next = match row.cells[step].progress.candidate.clone() {
                Some(candidate) => self.check(row, step, &candidate)?,
                None => self.ask_next(row, step, inputs)?,
            };
            match next {
                Next::Again => {}
                Next::Closed => return Ok(Bought::Closed),
                Next::Park(wake) => return Ok(Bought::Parked(wake)),
            }
        }
    }

    /// Asks the provider that is being asked, else the first of those of which nothing is known yet.
    fn ask_next(
        &self,
        row: &mut Row,
        step: usize,
        inputs: &[Result<Record<'static>, String>],
    ) -> Result<Next, RunError> {
        let Some(at) = self.next_ask(&row.cells[step].progress, step) else {
            if row.cells[step].progress.awaited.is_some() {
                self.abandon(row, step);
                return Ok(Next::Again);
            }
            self.close(row, step);
            return Ok(Next::Closed);
        };
        let ask = &self.table.steps[step].asks[at];
        row.cells[step].progress.begin(&self.asked(ask));
        match &inputs[at] {
            Err(error) => {
                self.fail(row, step, FailureClass::Formula, error.clone());
                Ok(Next::Closed)
            }
            Ok(inputs) => self.ask(row, step, ask, inputs),
        }
    }

    /// The place among the providers of a step of the one that comes next.
    pub(super) fn next_ask(&self, progress: &Progress, step: usize) -> Option<usize> {
        let asks = &self.table.steps[step].asks;
        let place = |asked: &Asked| asks.iter().position(|ask| self.asked(ask) == *asked);
        match &progress.current {
            // An answer that is to come is that of one provider only, whether the step still asks it or not.
            Some(current) if progress.awaited.is_some() => place(current),
            Some(current) if place(current).is_some() => place(current),
            _ => asks.iter().position(|ask| !progress.knows(&self.asked(ask))),
        }
    }

    /// A provider and its lookup by their names.
    pub(super) fn asked(&self, ask: &Ask) -> Asked {
        self.table.asked(ask)
    }

    /// Gives up an answer of a provider that the step does not ask any more. What it costs is not known, and counts.
    fn abandon(&self, row: &mut Row, step: usize) {
        let progress = &mut row.cells[step].progress;
        let Some(awaited) = progress.awaited.take() else { return };
        let asked = progress.current.take().unwrap_or_default();
        progress.next(Trace {
            class: FailureClass::UnknownOutcome.word().to_owned(),
            reason: "its answer was awaited, and the step does not ask it any more".to_owned(),
            ..Trace::of(asked, Outcome::Failed)
        });
        row.cells[step].state = CellState::New;
        if let Some(charge) = awaited.charge.map(ChargeId::of_number) {
            self.store.settle(charge, Settlement::Unknown, self.update(row, step));
        }
    }

    /// A question to a provider; of one that checks a result, `of` is who gave that.
    fn question<'q>(
        &'q self,
        ask: &'q Ask,
        inputs: &'q Record<'static>,
        of: Asked,
        is_check: bool,
    ) -> Question<'q> {
        let provider = &self.table.providers[ask.provider];
        Question {
            of,
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
        let question = self.question(ask, inputs, self.asked(ask), false);
        if let Some(name) = question.missing() {
            let trace = question.trace(Outcome::NoInput, format!("`{name}` is empty"));
            row.cells[step].progress.next(trace);
            return Ok(Next::Again);
        }
        // What can't be checked is not bought.
        if let Some((checker, stop)) = self.stopped_checker(step)
            && row.cells[step].progress.awaited.is_none()
        {
            let reason =
                format!("{checker}, which checks results, was given up in this run: {}", stop.reason);
            let trace = question.trace(Outcome::GivenUp, reason);
            row.cells[step].progress.add(Trace { class: stop.class.word().to_owned(), ..trace });
            self.close(row, step);
            return Ok(Next::Closed);
        }
        self.put(row, step, &question)
    }

    /// Who checks the results of a step, if that one was given up.
    fn stopped_checker(&self, step: usize) -> Option<(&str, Stop)> {
        let Some(Validation::Lookup { ask, .. }) = &self.table.steps[step].validation else { return None };
        let why = self.vendors[ask.provider].stopped()?;
        Some((self.table.providers[ask.provider].name.as_str(), why))
    }

    /// What the check of a result costs.
    fn price_of_check(&self, step: usize) -> Credits {
        match &self.table.steps[step].validation {
            Some(Validation::Lookup { ask, .. }) => ask.credits,
            _ => Credits::ZERO,
        }
    }

    /// Checks a result with a further lookup.
    fn check(&self, row: &mut Row, step: usize, candidate: &str) -> Result<Next, RunError> {
        let Some(Validation::Lookup { ask, inputs, .. }) = &self.table.steps[step].validation else {
            return Ok(self.take_unchecked(row, step, candidate.to_owned()));
        };
        let outputs = Record::from_json(candidate).unwrap_or_default();
        let results = inputs.eval(&outputs, &self.clock);
        let given = ask
            .inputs
            .iter()
            .filter_map(|(name, tree)| Some((name.clone(), tree.fill(results.values()).ok()?)));
        let given = crate::table::ask::record(given);
        let of = row.cells[step].progress.current.clone().unwrap_or_default();
        let question = self.question(ask, &given, of, true);
        if let Some(name) = question.missing() {
            let reason = format!("{} has nothing to check: `{name}` is empty", question.provider.title);
            row.cells[step].progress.next(question.trace(Outcome::Rejected, reason));
            return Ok(Next::Again);
        }
        self.put(row, step, &question)
    }

    /// Puts a question: whether it may be put, what it costs, what comes of it.
    fn put(&self, row: &mut Row, step: usize, question: &Question<'_>) -> Result<Next, RunError> {
        if row.cells[step].progress.awaited.is_some() {
            return Ok(self.poll(row, step, question));
        }
        if let Some(stop) = question.vendor.stopped() {
            return Ok(self.end_without_answer(row, step, question, question.given_up(&stop)));
        }
        let ahead = if question.is_check { Credits::ZERO } else { self.price_of_check(step) };
        let most = self.table.steps[step].max_credits;
        if most.is_some_and(|most| row.cells[step].progress.spent() + question.price + ahead > most) {
            let trace = too_dear(question, ahead, &row.cells[step].progress);
            return Ok(self.end_without_answer(row, step, question, trace));
        }
        match self.purse.grant(row.order, step, question.price, ahead) {
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
                let trace = Trace { class: FailureClass::Formula.word().to_owned(), ..trace };
                return Ok(self.end_without_answer(row, step, question, trace));
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
        // The place is kept until it is known what the answer means for those that wait for one.
        let _slot = self.in_flight.enter();
        if let Some(stop) = question.vendor.stopped() {
            turn.give_back();
            // No call is made after all.
            let trace = question.given_up(&stop);
            return Ok(self.end_failed(row, step, question, charge, Billed::No, trace));
        }
        let outcome = self.call(&request, turn, question);
        question.vendor.tell(pass, &outcome);
        Ok(match outcome {
            Ok(response) => {
                let answered = read_answer(question.lookup, question.inputs, &response, &self.clock);
                self.take(row, step, question, charge, answered, Some(&response))
            }
            Err(error) => self.take(row, step, question, charge, of_error(&error), None),
        })
    }

    /// Makes a call, in its place among those that are under way.
    fn call(&self, request: &Request, turn: Turn, question: &Question<'_>) -> Result<Response, CallError> {
        // A turn is one to call right now: those that waited here would all be used at once.
        let turn = if turn.age() > STALE {
            turn.give_back();
            question.vendor.pace.wait_turn()
        } else {
            turn
        };
        self.live.change(|numbers| numbers.calling += 1);
        let outcome = self.transport.call(request).map(|response| redacted(response, &self.redactor));
        self.live.change(|numbers| numbers.calling -= 1);
        turn.done();
        outcome
    }

    /// Is done with a provider of which it is not known whether it has anything. Where a result could not be checked,
    /// no other provider is asked: what was paid for is kept, to be checked later.
    fn end_without_answer(&self, row: &mut Row, step: usize, question: &Question<'_>, trace: Trace) -> Next {
        if !question.is_check {
            row.cells[step].progress.next(trace);
            return Next::Again;
        }
        row.cells[step].progress.add(trace);
        self.close(row, step);
        Next::Closed
    }

    fn request(&self, question: &Question<'_>) -> Result<Request, String> {
        let Some(call) = &question.lookup.call else {
            return Err(format!("the lookup `{}` makes no call", question.lookup.name));
        };
        question.build(call, question.inputs, &self.clock)
    }

    /// Leave to call a provider now.
    fn turn(&self, row: &mut Row, question: &Question<'_>) -> Result<(Turn, Pass), Wake> {
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
        if !(row.cells[step].is_renewed && row.cells[step].progress.is_untouched()) {
            self.store.write_cell(self.update(row, step));
        }
        self.purse.close(row.order, step);
        Next::Closed
    }
}

/// What becomes of a provider whose next call would exceed what the step may cost. One that failed before has failed:
/// that it has nothing is not known.
fn too_dear(question: &Question<'_>, ahead: Credits, progress: &Progress) -> Trace {
    let limit = format!("{} credits more would be above `max_credits`", question.price + ahead);
    let is_lost = progress.paid_tries > 0 || (progress.candidate.is_none() && progress.spent_on_this() > 0);
    let class = match (is_lost, progress.candidate.is_some(), progress.tries) {
        (true, ..) => FailureClass::UnknownOutcome,
        (false, true, 0) => FailureClass::TooDear,
        (false, false, 0) => return question.trace(Outcome::TooDear, limit),
        _ => FailureClass::NoAnswer,
    };
    let reason = if class == FailureClass::TooDear { limit } else { format!("no answer so far; {limit}") };
    let trace = question.trace(Outcome::Failed, reason);
    Trace { class: class.word().to_owned(), ..trace }
}
