//! Answers that come later: waited for with their charge open, and fetched.

use super::question::{Question, of_error};
use super::{LATER_POLLS, LONGEST_WAIT, Next, Wake};
use crate::table::ask::{Answered, Billed, Meaning, read_answer};
use crate::table::http::{Request, Response, retry_after};
use crate::table::run::engine::Engine;
use crate::table::run::progress::Awaited;
use crate::table::run::row::Row;
use crate::table::state::{CellState, ChargeId};
use jiff::Timestamp;
use std::time::Duration;

impl Engine<'_> {
    /// Waits for an answer that is to come; its charge stays open until then.
    pub(super) fn wait_for(
        &self,
        row: &mut Row,
        step: usize,
        question: &Question<'_>,
        charge: Option<ChargeId>,
        again: bool,
        response: Option<&Response>,
    ) -> Next {
        let cell = &mut row.cells[step];
        // What was asked for again may say in the end where its answer is to be fetched.
        let is_other = cell.progress.awaited.as_ref().is_some_and(|awaited| awaited.again && !again);
        cell.progress.awaited = cell.progress.awaited.take().filter(|_| !is_other);
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
    pub(super) fn poll(&self, row: &mut Row, step: usize, question: &Question<'_>) -> Next {
        let Some(awaited) = row.cells[step].progress.awaited.clone() else { return Next::Again };
        let charge = awaited.charge.map(ChargeId::of_number);
        let request = match self.poll_request(question, &awaited) {
            Ok(request) => request,
            Err(reason) => {
                let answered =
                    Answered { meaning: Meaning::Failed, billed: Billed::Unknown, status: 0, reason };
                return self.take(row, step, question, charge, answered, None);
            }
        };
        let (turn, pass) = match self.turn(row, question) {
            Ok(leave) => leave,
            Err(wake) => return Next::Park(wake),
        };
        let _slot = self.in_flight.enter();
        let outcome = self.call(&request, turn, question);
        question.vendor.tell(pass, &outcome);
        let mut answered = match &outcome {
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
        let again = awaited.again && answered.meaning != Meaning::Awaiting;
        if is_open {
            // Only now: an interruption may have been longer than the whole wait.
            let Some(late) = too_late(&awaited, question) else {
                return self.wait_for(row, step, question, charge, again, outcome.as_ref().ok());
            };
            answered =
                Answered { meaning: Meaning::Failed, billed: Billed::Unknown, status: 0, reason: late };
        }
        // That the answer can't be fetched says nothing of the call that was made for it.
        if !awaited.again && answered.billed == Billed::No && answered.meaning != Meaning::NotFound {
            answered.billed = Billed::Unknown;
        }
        row.cells[step].state = CellState::New;
        self.take(row, step, question, charge, answered, outcome.as_ref().ok())
    }

    pub(super) fn poll_request(&self, question: &Question<'_>, awaited: &Awaited) -> Result<Request, String> {
        if awaited.again {
            return self.request(question);
        }
        let Some(later) = &question.lookup.later else {
            return Err("the answer can't be fetched".to_owned());
        };
        let first = Response { status: awaited.status, headers: Vec::new(), body: awaited.body.clone() };
        let value = crate::table::ask::parsed(&first.body).unwrap_or_default();
        let names = crate::table::ask::names_of(question.inputs, &first, value);
        question.build(&later.call, &names, &self.clock)
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
    // A clock that was set back is not waited for.
    let waited = Timestamp::now().duration_since(since).unsigned_abs();
    (waited > at_most).then(|| format!("no answer after {}", crate::table::config::duration_text(at_most)))
}
