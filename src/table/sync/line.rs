//! Calls with patience: paced, tried again while a fault may pass, and told apart by what they mean for all others.

use crate::table::http::{
    Breaker, CallError, Pace, Request, Response, Transport, is_provider_failure, retry_after,
};
use crate::table::run::{Live, backoff};
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// How often a call is tried whose fault may pass.
const TRIES: u32 = 8;
/// How often a call is tried that came too fast.
const PATIENCE: u32 = 50;
/// A CRM may ask for longer, but is called again after this.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The kind of a call that came too fast.
const TOO_FAST: &str = "rate_limited";

/// What an answer means for whoever calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It is about what was asked.
    Answered,
    /// Nothing more is to be had: the kind of that.
    Stop(&'static str),
    /// Wait, then call again.
    TooFast,
    /// A passing fault.
    Passing,
}

/// Why there is no answer about what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unanswered {
    /// The kind of the failure.
    pub(super) class: &'static str,
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
    /// What people call it.
    pub(super) title: &'l str,
    pub(super) pace: Pace,
    pub(super) breaker: Breaker,
    pub(super) transport: &'l dyn Transport,
    pub(super) live: &'l Live,
    /// Whether answers come from a recording, so that there is nothing to wait for.
    pub(super) is_replay: bool,
}

impl Line<'_> {
    /// Calls until there is an answer or no hope for one. `sort` says what an answer means, and in which words.
    pub(super) fn ask(
        &self,
        request: &Request,
        sort: &dyn Fn(&Response) -> (Sort, String),
    ) -> Result<Response, Unanswered> {
        let (mut tries, mut hurried, mut is_sent_maybe) = (0, 0, false);
        loop {
            let (last, asked) = match self.call(request) {
                Err(error) => {
                    is_sent_maybe |= error.is_sent_maybe();
                    (of_error(&error, is_sent_maybe), None)
                }
                Ok(response) => {
                    let (sort, reason) = sort(&response);
                    let (class, is_stop) = match sort {
                        Sort::Answered => return Ok(response),
                        Sort::Stop(class) => (class, true),
                        Sort::TooFast => (TOO_FAST, false),
                        Sort::Passing => (class_of(response.status), false),
                    };
                    // A server that fails may have done some of its work before.
                    is_sent_maybe |= sort == Sort::Passing;
                    let status = Some(response.status);
                    let last =
                        Unanswered { class, status, reason, is_sent_maybe, is_stop, is_passing: !is_stop };
                    (last, retry_after(&response, Timestamp::now(), LONGEST_WAIT))
                }
            };
            let is_hurried = last.class == TOO_FAST;
            let (count, most) = if is_hurried { (&mut hurried, PATIENCE) } else { (&mut tries, TRIES) };
            *count += 1;
            if !last.is_passing || *count >= most {
                return Err(last);
            }
            self.rest(*count, is_hurried, asked);
        }
    }

    /// Waits before another try.
    fn rest(&self, tries: u32, is_hurried: bool, asked: Option<Duration>) {
        self.live.of_provider(self.title, |numbers| numbers.again += 1);
        if self.is_replay {
            return;
        }
        if is_hurried {
            let wait = asked.unwrap_or_else(|| backoff(tries + 2).max(Duration::from_millis(200)));
            self.live.change(|numbers| numbers.last_wait = Some(format!("{}: rate limit", self.title)));
            // Whoever else calls it waits as well.
            self.pace.pause_until(Instant::now() + wait);
        } else {
            std::thread::sleep(asked.unwrap_or_else(|| backoff(tries)));
        }
    }

    /// One call, when it may be made.
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let pass = waited(|| self.breaker.try_pass());
        let turn = waited(|| self.pace.try_turn());
        self.live.change(|numbers| numbers.calling += 1);
        let outcome = self.transport.call(request);
        self.live.change(|numbers| numbers.calling -= 1);
        turn.done();
        if is_provider_failure(&outcome) {
            pass.failed();
        } else {
            pass.succeeded();
        }
        outcome
    }
}

fn of_error(error: &CallError, is_sent_maybe: bool) -> Unanswered {
    let reason = format!("{error} ({})", error.class());
    let is_passing = error.is_passing();
    Unanswered { class: "no_answer", status: None, reason, is_sent_maybe, is_stop: false, is_passing }
}

fn waited<T>(leave: impl Fn() -> Result<T, Duration>) -> T {
    loop {
        match leave() {
            Ok(granted) => return granted,
            Err(wait) => std::thread::sleep(wait.max(Duration::from_millis(1))),
        }
    }
}

/// The kind of a failure, by its status.
pub(super) fn class_of(status: u16) -> &'static str {
    match status {
        300..=399 => "redirected",
        400..=499 => "refused",
        500..=599 => "server_error",
        _ => "unreadable",
    }
}
