//! One cell and its providers: asked one after the other until one has a result, each call reserved, made, settled.

use super::engine::{Engine, RunError};
use super::progress::{Awaited, Outcome, Progress, Trace};
use super::purse::Grant;
use super::row::{Row, fills};
use super::vendors::{Stop, Vendor, backoff, holds, redacted};
use crate::table::ask::{Answered, Billed, Caller, Meaning, build, read_answer, read_local};
use crate::table::credits::Credits;
use crate::table::http::{CallError, Request, Response, retry_after};
use crate::table::model::{Ask, Backend, Lookup, Provider, Validation};
use crate::table::state::{CellState, ChargeId, Reservation, Reserved, Settlement};
use crate::value::{Record, Value, is_empty};
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// How often a call is tried that costs nothing when it fails.
const TRIES: u32 = 8;
/// How often a call is made that may have been paid without an answer.
pub(super) const PAID_TRIES: u32 = 3;
/// How often a call is tried that came too fast.
const PATIENCE: u32 = 50;
/// A wait that is shorter is slept through; for a longer one another row has its turn.
const NAP: Duration = Duration::from_millis(5);
/// A provider may ask for longer, but is asked again after this.
const LONGEST_WAIT: Duration = Duration::from_mins(10);
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

/// One question to one provider.
struct Question<'q> {
    provider: &'q Provider,
    vendor: &'q Vendor,
    lookup: &'q Lookup,
    lookup_index: usize,
    price: Credits,
    base_url: Option<&'q str>,
    inputs: &'q Record<'static>,
    /// Whether it checks the result of another.
    is_check: bool,
}

/// What was reserved for a call.
#[derive(Clone, Copy)]
enum Purchase {
    Go(Option<ChargeId>),
    Held,
}

impl<'t> Engine<'t> {
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
                    self.fail(row, step, "formula", error.clone());
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
            return self.poll(row, step, question);
        }
        if let Some(stop) = question.vendor.stopped() {
            return Ok(self.give_up(row, step, question, stop.class, None, stop.reason));
        }
        let most = self.table.steps[step].max_credits;
        if most.is_some_and(|most| row.cells[step].progress.spent() + question.price > most) {
            let reason = format!("{} credits more would be above `max_credits`", question.price);
            row.cells[step].progress.next(question.trace(Outcome::TooDear, reason));
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
                return Ok(self.give_up(row, step, question, "formula", None, reason));
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
                self.refund(row, step, question, false);
                return Ok(self.hold(row, step, "a budget"));
            }
        };
        let outcome = self.call(&request);
        turn.done();
        question.vendor.tell(pass, &outcome, &question.provider.title);
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
                    self.live.change(|numbers| {
                        numbers.last_wait = Some(format!("{}: rate limit", question.provider.title));
                    });
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

    /// Settles a charge together with the cell as it is now.
    fn settle(
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
    fn take(
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
        let settled = |billed: Billed| (billed, false);
        match answered.meaning {
            Meaning::Found(outputs) => self.found(row, step, question, charge, outputs, cost),
            Meaning::NotFound => {
                self.count(question, false);
                let outcome = if question.is_check { Outcome::Rejected } else { Outcome::NotFound };
                let trace = question.traced(outcome, cost, &answered, "");
                row.cells[step].progress.next(trace);
                self.settle(row, step, question, charge, settled(answered.billed), None);
                Next::Again
            }
            Meaning::Later | Meaning::Awaiting => {
                let again = answered.meaning == Meaning::Later;
                self.wait_for(row, step, question, charge, again, response)
            }
            Meaning::OutOfCredits | Meaning::Unauthorized => {
                let class =
                    if answered.meaning == Meaning::OutOfCredits { "out_of_credits" } else { "unauthorized" };
                let reason = format!("{}: {}", question.provider.title, said(&answered));
                question.vendor.stop(Stop { class, reason: reason.clone() });
                let trace = question.traced(Outcome::Failed, cost, &answered, class);
                row.cells[step].progress.next(trace);
                self.settle(row, step, question, charge, settled(answered.billed), None);
                Next::Again
            }
            Meaning::RateLimited => self.too_fast(row, step, question, charge, &answered, response),
            Meaning::Passing => self.passing(row, step, question, charge, &answered, response),
            Meaning::Failed => {
                let class = class_of(&answered);
                let trace = question.traced(Outcome::Failed, cost, &answered, class);
                row.cells[step].progress.next(trace);
                self.settle(row, step, question, charge, settled(answered.billed), None);
                Next::Again
            }
        }
    }

    fn count(&self, question: &Question<'_>, found: bool) {
        self.live.of_provider(&question.provider.name, |numbers| {
            numbers.asked += 1;
            numbers.found += u64::from(found);
        });
    }

    fn found(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        outputs: String,
        cost: Credits,
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
                return self.succeed(row, step, question, charge, candidate, cost);
            }
            let trace = question.trace_of(row, step, self, Outcome::Rejected);
            row.cells[step].progress.next(trace);
            self.settle(row, step, question, charge, spent, None);
            return Next::Again;
        }
        match validation {
            Some(Validation::Formula(rules)) if !holds(rules, &record, &self.clock) => {
                let trace = Trace {
                    spent: cost.as_thousandths(),
                    ..question.trace(Outcome::Rejected, String::new())
                };
                drop(record);
                row.cells[step].progress.next(trace);
                self.settle(row, step, question, charge, spent, None);
                Next::Again
            }
            Some(Validation::Lookup { .. }) => {
                drop(record);
                row.cells[step].progress.candidate = Some(outputs);
                self.settle(row, step, question, charge, spent, None);
                Next::Again
            }
            _ => {
                drop(record);
                self.succeed(row, step, question, charge, outputs, cost)
            }
        }
    }

    /// Closes a cell with a result.
    fn succeed(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        outputs: String,
        cost: Credits,
    ) -> Next {
        let asked = &self.table.steps[step].asks[row.cells[step].progress.ask];
        let winner = self.table.providers[asked.provider].name.clone();
        let trace = Trace {
            provider: winner.clone(),
            spent: cost.as_thousandths(),
            ..question.trace(Outcome::Found, String::new())
        };
        let cell = &mut row.cells[step];
        cell.progress.trail.push(trace);
        cell.progress.candidate = None;
        cell.progress.awaited = None;
        cell.state = CellState::Success;
        cell.class = None;
        cell.reason = None;
        cell.fills = fills(&self.table.steps[step], &outputs, &self.clock);
        cell.provider = Some(winner);
        cell.fetched_at = Some(self.time.text());
        self.settle(row, step, question, charge, (Billed::Yes, false), Some(outputs));
        self.purse.close(row.order, step);
        Next::Closed
    }

    /// Closes a cell for which every provider was asked.
    fn close(&self, row: &mut Row, step: usize) {
        let cell = &mut row.cells[step];
        let failed = cell.progress.trail.iter().find(|trace| trace.result == Outcome::Failed).cloned();
        match failed {
            Some(failed) => {
                let reason = format!("{}: {}", failed.provider, failed.reason);
                let mut update = {
                    cell.state = CellState::Error;
                    cell.class = Some(failed.class.clone());
                    cell.reason = Some(reason);
                    self.update(row, step)
                };
                update.status = failed.status.map(|status| status.to_string());
                self.store.write_cell(update);
            }
            None => {
                cell.state = CellState::NoData;
                cell.class = None;
                cell.reason = cell
                    .progress
                    .trail
                    .last()
                    .map(|trace| trace.reason.clone())
                    .filter(|reason| !reason.is_empty());
                self.store.write_cell(self.update(row, step));
            }
        }
        self.purse.close(row.order, step);
    }

    /// Goes on to the next provider after a failure that was not paid for.
    fn give_up(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        class: &str,
        status: Option<u16>,
        reason: String,
    ) -> Next {
        let trace = Trace { class: class.to_owned(), status, ..question.trace(Outcome::Failed, reason) };
        row.cells[step].progress.next(trace);
        Next::Again
    }

    fn too_fast(
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
        }
        if tries >= PATIENCE {
            let trace = question.traced(Outcome::Failed, Credits::ZERO, answered, "rate_limited");
            row.cells[step].progress.next(trace);
            self.settle(row, step, question, charge, (answered.billed, false), None);
            return Next::Again;
        }
        self.settle(row, step, question, charge, (answered.billed, true), None);
        Next::Park(Wake::At(self.after(wait)))
    }

    fn passing(
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
            let cost = if answered.billed == Billed::No { Credits::ZERO } else { question.price };
            let class = if is_paid { "unknown_outcome" } else { class_of(answered) };
            let trace = question.traced(Outcome::Failed, cost, answered, class);
            row.cells[step].progress.next(trace);
            self.settle(row, step, question, charge, (answered.billed, false), None);
            return Next::Again;
        }
        self.settle(row, step, question, charge, (answered.billed, true), None);
        let asked = response.and_then(|response| retry_after(response, Timestamp::now(), LONGEST_WAIT));
        Next::Park(Wake::At(self.after(asked.unwrap_or_else(|| backoff(tries)))))
    }

    /// Waits for an answer that is to come; its charge stays open until then.
    fn wait_for(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        again: bool,
        response: Option<&Response>,
    ) -> Next {
        let cell = &mut row.cells[step];
        let awaited = cell.progress.awaited.get_or_insert_with(|| Awaited {
            charge: charge.map(ChargeId::number),
            since: Timestamp::now().to_string(),
            polls: 0,
            again,
            status: response.map_or(0, |response| response.status),
            body: response.map(|response| response.body.clone()).unwrap_or_default(),
        });
        awaited.polls += 1;
        let polls = awaited.polls;
        let wait = match &question.lookup.later {
            Some(later) if !again => later.every,
            _ => {
                let asked =
                    response.and_then(|response| retry_after(response, Timestamp::now(), LONGEST_WAIT));
                asked.unwrap_or_else(|| Duration::from_millis(250 * u64::from(polls.min(40))))
            }
        };
        cell.state = CellState::AwaitingCallback;
        self.store.write_cell(self.update(row, step));
        Next::Park(Wake::At(self.after(wait)))
    }

    /// Asks for an answer that is to come.
    fn poll(&self, row: &mut Row, step: usize, question: &Question<'_>) -> Result<Next, RunError> {
        let Some(awaited) = row.cells[step].progress.awaited.clone() else { return Ok(Next::Again) };
        let charge = awaited.charge.map(ChargeId::of_number);
        if let Some(late) = too_late(&awaited, question) {
            let answered = Answered {
                meaning: Meaning::Failed,
                billed: Billed::Unknown,
                status: awaited.status,
                reason: late,
            };
            row.cells[step].state = CellState::New;
            return Ok(self.take(row, step, question, charge, answered, None));
        }
        let request = match self.poll_request(question, &awaited) {
            Ok(request) => request,
            Err(reason) => {
                let answered =
                    Answered { meaning: Meaning::Failed, billed: Billed::Unknown, status: 0, reason };
                return Ok(self.take(row, step, question, charge, answered, None));
            }
        };
        let (turn, pass) = match self.turn(row, question) {
            Ok(leave) => leave,
            Err(wake) => return Ok(Next::Park(wake)),
        };
        let outcome = self.call(&request);
        turn.done();
        question.vendor.tell(pass, &outcome, &question.provider.title);
        let answered = match &outcome {
            Ok(response) => read_answer(question.lookup, question.inputs, response, &self.clock),
            Err(error) => of_error(error),
        };
        let is_open = match answered.meaning {
            // The same call may have been paid this time, and is only made again with a charge of its own.
            Meaning::Passing if awaited.again && answered.billed == Billed::Unknown => false,
            // What is not there yet is told in as many ways as there are providers.
            Meaning::NotFound => {
                !awaited.again && outcome.as_ref().is_ok_and(|response| response.status == 404)
            }
            Meaning::Later | Meaning::Awaiting | Meaning::Passing | Meaning::RateLimited => true,
            _ => false,
        };
        if is_open {
            return Ok(self.wait_for(row, step, question, charge, awaited.again, outcome.as_ref().ok()));
        }
        row.cells[step].state = CellState::New;
        Ok(self.take(row, step, question, charge, answered, outcome.as_ref().ok()))
    }

    fn poll_request(&self, question: &Question<'_>, awaited: &Awaited) -> Result<Request, String> {
        if awaited.again {
            return self.request(question);
        }
        let Some(later) = &question.lookup.later else {
            return Err("the answer can't be fetched".to_owned());
        };
        let first = Response { status: awaited.status, headers: Vec::new(), body: awaited.body.clone() };
        let value = crate::table::ask::parsed(&first.body).unwrap_or_default();
        let names = crate::table::ask::names_of(question.inputs, &first, value);
        build(&later.call, &names, question.caller(), &self.clock).map_err(|error| error.to_string())
    }
}

/// Why an answer is no longer waited for.
fn too_late(awaited: &Awaited, question: &Question<'_>) -> Option<String> {
    let at_most = match &question.lookup.later {
        Some(later) if !awaited.again => later.at_most,
        _ => {
            return (awaited.polls >= LATER_POLLS)
                .then(|| format!("no answer after asking {} times", awaited.polls));
        }
    };
    let since: Timestamp = awaited.since.parse().ok()?;
    let waited = Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default();
    (waited > at_most).then(|| format!("no answer after {}", crate::table::config::duration_text(at_most)))
}

impl Question<'_> {
    fn caller(&self) -> Caller<'_> {
        let (base_url, auth) = match &self.provider.backend {
            Backend::Http { base_url, auth, .. } => (base_url.as_str(), auth.as_ref()),
            Backend::File(_) | Backend::Formulas => ("", None),
        };
        Caller { base_url: self.base_url.unwrap_or(base_url), auth, key: self.vendor.key.as_ref() }
    }

    fn trace(&self, result: Outcome, reason: String) -> Trace {
        Trace {
            provider: self.provider.name.clone(),
            result,
            spent: 0,
            class: String::new(),
            status: None,
            reason,
        }
    }

    fn traced(&self, result: Outcome, cost: Credits, answered: &Answered, class: &str) -> Trace {
        let reason = if result == Outcome::Failed { said(answered) } else { String::new() };
        Trace {
            spent: cost.as_thousandths(),
            class: class.to_owned(),
            status: Some(answered.status).filter(|status| *status > 0),
            ..self.trace(result, reason)
        }
    }

    /// The trace of the provider whose result was checked.
    fn trace_of(&self, row: &Row, step: usize, engine: &Engine<'_>, result: Outcome) -> Trace {
        let asked = &engine.table.steps[step].asks[row.cells[step].progress.ask];
        Trace {
            provider: engine.table.providers[asked.provider].name.clone(),
            spent: (asked.credits + self.price).as_thousandths(),
            ..self.trace(result, format!("did not pass the check by {}", self.provider.title))
        }
    }
}

/// What a call that brought no answer means.
fn of_error(error: &CallError) -> Answered {
    let billed = if error.is_sent_maybe() { Billed::Unknown } else { Billed::No };
    let meaning = if error.is_passing() { Meaning::Passing } else { Meaning::Failed };
    Answered { meaning, billed, status: 0, reason: format!("{} ({})", error, error.class()) }
}

fn said(answered: &Answered) -> String {
    match (answered.status, answered.reason.is_empty()) {
        (0, _) => answered.reason.clone(),
        (status, true) => format!("status {status}"),
        (status, false) => format!("status {status}: {}", answered.reason),
    }
}

/// The kind of a failure, by its status.
fn class_of(answered: &Answered) -> &'static str {
    match answered.status {
        0 => "no_answer",
        400..=499 => "refused",
        500..=599 => "server_error",
        300..=399 => "redirected",
        _ => "unreadable",
    }
}
