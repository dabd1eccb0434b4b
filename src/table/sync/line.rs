//! Calls with patience: paced, tried again while a fault may pass, and told apart by what they mean for all others.

use crate::table::failure::FailureClass;
use crate::table::http::{Breaker, CallError, Pace, Redactor, Request, Response, Transport, retry_after};
use crate::table::run::{Live, backoff, redacted};
use jiff::Timestamp;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How often a call is tried whose fault may pass.
pub(super) const TRIES: u32 = 8;
/// How often a call is tried that came too fast.
const PATIENCE: u32 = 50;
/// After so many calls in a row without an answer nobody is called any more.
const SILENCE: u32 = 3 * TRIES;
/// After so many different calls in a row that came to nothing, each tried in vain, it is not what they hold.
const FRUITLESS: u32 = 32;
/// A CRM may ask for longer, but is called again after this.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// What an answer means for whoever calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It is about what was asked.
    Answered,
    /// Nothing more is to be had: the kind of that.
    Stop(FailureClass),
    /// Wait, then call again.
    TooFast,
    /// A passing fault.
    Passing,
}

/// Why there is no answer about what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unanswered {
    /// The kind of the failure.
    pub(super) class: FailureClass,
    /// The last status, if there was one.
    pub(super) status: Option<u16>,
    /// What was said last.
    pub(super) reason: String,
    /// Whether the call may have been carried out all the same.
    pub(super) is_sent_maybe: bool,
    /// Whether nothing more is to be asked at all.
    pub(super) is_stop: bool,
    /// Whether it might be answered at another time.
    pub(super) is_passing: bool,
}

/// Whom an effect calls.
pub(super) struct Line<'l> {
    /// What tables call it.
    pub(super) name: &'l str,
    /// What people call it.
    pub(super) title: &'l str,
    pub(super) pace: Pace,
    pub(super) breaker: Breaker,
    pub(super) transport: &'l dyn Transport,
    /// Takes keys out of what is answered, before anything of it is kept or told.
    pub(super) redactor: Redactor,
    pub(super) live: &'l Live,
    /// Whether answers come from a recording, so that there is nothing to wait for.
    pub(super) is_replay: bool,
    /// How many calls in a row had no answer at all; a fault that is told says that somebody is there.
    pub(super) silence: AtomicU32,
    /// How many different calls in a row came to nothing.
    pub(super) fruitless: AtomicU32,
}

impl Line<'_> {
    /// Calls until there is an answer or no hope for one, `at_most` so often where a fault may pass. `sort` says what
    /// an answer means, and in which words.
    pub(super) fn ask(
        &self,
        request: &Request,
        at_most: u32,
        sort: &dyn Fn(&Response) -> (Sort, String),
    ) -> Result<Response, Unanswered> {
        let outcome = self.tried(request, at_most, sort);
        match &outcome {
            Ok(_) => self.fruitless.store(0, Ordering::Relaxed),
            Err(last) => drop(self.fruitless.fetch_add(u32::from(last.is_passing), Ordering::Relaxed)),
        }
        outcome
    }

    fn tried(
        &self,
        request: &Request,
        at_most: u32,
        sort: &dyn Fn(&Response) -> (Sort, String),
    ) -> Result<Response, Unanswered> {
        let (mut tries, mut hurried, mut is_sent_maybe) = (0, 0, false);
        loop {
            let Some(outcome) = self.call(request) else { return Err(silent(is_sent_maybe)) };
            let (last, asked) = match outcome {
                Err(error) => {
                    is_sent_maybe |= error.is_sent_maybe();
                    self.heard_nothing(&error);
                    (of_error(&error, is_sent_maybe), None)
                }
                Ok(response) => {
                    self.silence.store(0, Ordering::Relaxed);
                    let (sort, reason) = sort(&response);
                    let (class, is_stop) = match sort {
                        Sort::Answered => return Ok(response),
                        Sort::Stop(class) => (class, true),
                        Sort::TooFast => (FailureClass::RateLimited, false),
                        Sort::Passing => (FailureClass::of_status(response.status), false),
                    };
                    // A server that fails may have done some of its work before.
                    is_sent_maybe |= sort == Sort::Passing;
                    let status = Some(response.status);
                    let last =
                        Unanswered { class, status, reason, is_sent_maybe, is_stop, is_passing: !is_stop };
                    (last, retry_after(&response, Timestamp::now(), LONGEST_WAIT))
                }
            };
            let is_hurried = last.class == FailureClass::RateLimited;
            let (count, most) = if is_hurried { (&mut hurried, PATIENCE) } else { (&mut tries, at_most) };
            *count += 1;
            if !last.is_passing || self.is_silent() || *count >= most {
                return Err(last);
            }
            self.rest(*count, is_hurried, asked);
        }
    }

    /// Waits before another try.
    fn rest(&self, tries: u32, is_hurried: bool, asked: Option<Duration>) {
        self.live.of_provider(self.name, |numbers| numbers.again += 1);
        if self.is_replay {
            return;
        }
        if is_hurried {
            let wait = asked.unwrap_or_else(|| backoff(tries + 2).max(Duration::from_millis(200)));
            self.live.waits(self.title, wait);
            // Whoever else calls it waits as well.
            self.pace.pause_until(Instant::now() + wait);
        } else {
            std::thread::sleep(asked.unwrap_or_else(|| backoff(tries)));
        }
    }

    /// Whether so many calls had no answer that no more are made.
    pub(super) fn is_silent(&self) -> bool {
        self.silence.load(Ordering::Relaxed) >= SILENCE
    }

    /// Whether so many different calls came to nothing that it can't be for what they hold.
    pub(super) fn is_fruitless(&self) -> bool {
        self.fruitless.load(Ordering::Relaxed) >= FRUITLESS
    }

    /// Whether the last call that was tried with all patience came to something.
    pub(super) fn is_well(&self) -> bool {
        self.fruitless.load(Ordering::Relaxed) == 0
    }

    fn heard_nothing(&self, error: &CallError) {
        if error.is_passing() {
            self.silence.fetch_add(1, Ordering::Relaxed);
        } else {
            self.silence.store(0, Ordering::Relaxed);
        }
    }

    /// One call, when it may be made; nothing once nobody is called any more.
    fn call(&self, request: &Request) -> Option<Result<Response, CallError>> {
        let pass = if self.is_replay { None } else { Some(self.waited(|| self.breaker.try_pass())?) };
        let turn = self.waited(|| self.pace.try_turn())?;
        self.live.change(|numbers| numbers.calling += 1);
        let outcome = self.transport.call(request).map(|response| redacted(response, &self.redactor));
        self.live.change(|numbers| numbers.calling -= 1);
        turn.done();
        match pass {
            // A fault that is told may be that of one item, for which the others need not wait.
            Some(pass) if outcome.as_ref().is_err_and(CallError::is_passing) => pass.failed(),
            Some(pass) => pass.succeeded(),
            None => {}
        }
        Some(outcome)
    }

    fn waited<T>(&self, leave: impl Fn() -> Result<T, Duration>) -> Option<T> {
        loop {
            if self.is_silent() {
                return None;
            }
            match leave() {
                Ok(granted) => return Some(granted),
                Err(wait) => std::thread::sleep(wait.max(Duration::from_millis(1))),
            }
        }
    }
}

fn silent(is_sent_maybe: bool) -> Unanswered {
    let reason = format!("no answer to {SILENCE} calls in a row");
    Unanswered {
        class: FailureClass::NoAnswer,
        status: None,
        reason,
        is_sent_maybe,
        is_stop: false,
        is_passing: true,
    }
}

fn of_error(error: &CallError, is_sent_maybe: bool) -> Unanswered {
    let reason = format!("{error} ({})", error.class());
    let is_passing = error.is_passing();
    let class = match error {
        // Its value comes from a row.
        CallError::BadHeader { .. } | CallError::TooLong { .. } => FailureClass::Formula,
        _ if is_passing || is_sent_maybe => FailureClass::NoAnswer,
        _ => FailureClass::NotSent,
    };
    Unanswered { class, status: None, reason, is_sent_maybe, is_stop: false, is_passing }
}
