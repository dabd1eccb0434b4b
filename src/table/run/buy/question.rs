//! One question to one provider, and how its answers are told.

use crate::table::ask::{Answered, Billed, Caller, Meaning, build};
use crate::table::credits::Credits;
use crate::table::failure::FailureClass;
use crate::table::http::{CallError, Request, host_of};
use crate::table::model::{Call, Lookup, Provider};
use crate::table::run::progress::{Asked, Outcome, Trace};
use crate::table::run::vendors::{Stop, Vendor};
use crate::value::{Clock, Record, is_empty};

/// One question to one provider.
pub(super) struct Question<'q> {
    /// The provider that it is about: the one that is asked, or the one whose result is checked.
    pub(super) of: Asked,
    pub(super) provider: &'q Provider,
    pub(super) vendor: &'q Vendor,
    pub(super) lookup: &'q Lookup,
    pub(super) lookup_index: usize,
    pub(super) price: Credits,
    pub(super) base_url: Option<&'q str>,
    pub(super) inputs: &'q Record<'static>,
    /// Whether it checks the result of another.
    pub(super) is_check: bool,
}

impl Question<'_> {
    pub(super) fn caller(&self) -> Caller<'_> {
        let caller = Caller::of(self.provider, self.vendor.key.as_ref());
        Caller { base_url: self.base_url.unwrap_or(caller.base_url), ..caller }
    }

    /// The request of a call. The key goes with it, and so no row and no answer says to which host.
    pub(super) fn build(&self, call: &Call, names: &Record<'_>, clock: &Clock) -> Result<Request, String> {
        let caller = self.caller();
        let request = build(call, names, caller, clock).map_err(|error| error.to_string())?;
        let host = |url: &str| host_of(url).ok();
        if call.url.is_led() && host(&request.url) != host(caller.base_url) {
            return Err("its address is not one of the provider's host".to_owned());
        }
        Ok(request)
    }

    pub(super) fn trace(&self, result: Outcome, reason: String) -> Trace {
        let Asked { provider, lookup } = self.of.clone();
        let reason = match result {
            Outcome::Failed | Outcome::GivenUp if self.is_check => {
                format!("its result is there, but {} did not check it: {reason}", self.provider.title)
            }
            _ => reason,
        };
        Trace { provider, lookup, result, spent: 0, class: String::new(), status: None, reason }
    }

    /// How an answer ended it; `spent` is worked out when the trace is added.
    pub(super) fn traced(&self, result: Outcome, answered: &Answered) -> Trace {
        let status = Some(answered.status).filter(|status| *status > 0);
        Trace { status, ..self.trace(result, String::new()) }
    }

    /// The trace of an answer that is a failure of this kind.
    pub(super) fn failed(&self, answered: &Answered, class: FailureClass) -> Trace {
        let status = Some(answered.status).filter(|status| *status > 0);
        let class = class.word().to_owned();
        Trace { class, status, ..self.trace(Outcome::Failed, said(answered)) }
    }

    /// The trace of a provider that nothing more is asked of.
    pub(super) fn given_up(&self, stop: &Stop) -> Trace {
        let reason = format!("it was given up in this run: {}", stop.reason);
        Trace { class: stop.class.word().to_owned(), ..self.trace(Outcome::GivenUp, reason) }
    }

    /// The trace of a result that did not pass its check.
    pub(super) fn rejected(&self) -> Trace {
        self.trace(Outcome::Rejected, format!("did not pass the check by {}", self.provider.title))
    }

    /// A required input that is empty, if there is one.
    pub(super) fn missing(&self) -> Option<&str> {
        let is_missing =
            |(name, required): &&(String, bool)| *required && self.inputs.get(name).is_none_or(is_empty);
        self.lookup.inputs.iter().find(is_missing).map(|(name, _)| name.as_str())
    }
}

/// What a call that brought no answer means.
pub(super) fn of_error(error: &CallError) -> Answered {
    let billed = if error.is_sent_maybe() { Billed::Unknown } else { Billed::No };
    let meaning = if error.is_passing() { Meaning::Passing } else { Meaning::Failed };
    Answered { meaning, billed, status: 0, reason: format!("{} ({})", error, error.class()) }
}

pub(super) fn said(answered: &Answered) -> String {
    match (answered.status, answered.reason.is_empty()) {
        (0, _) => answered.reason.clone(),
        (status, true) => format!("status {status}"),
        (status, false) => format!("status {status}: {}", answered.reason),
    }
}

/// The kind of a failure, by its status.
pub(super) fn class_of(answered: &Answered) -> FailureClass {
    match (answered.status, answered.meaning == Meaning::Failed && answered.billed == Billed::No) {
        (0, true) => FailureClass::NotSent,
        (0, false) => FailureClass::NoAnswer,
        (status, _) => FailureClass::of_status(status),
    }
}
