//! One question to one provider, and how its answers are told.

use crate::table::ask::{Answered, Billed, Caller, Meaning};
use crate::table::credits::Credits;
use crate::table::failure::FailureClass;
use crate::table::http::CallError;
use crate::table::model::{Lookup, Provider};
use crate::table::run::engine::Engine;
use crate::table::run::progress::{Outcome, Trace};
use crate::table::run::row::Row;
use crate::table::run::vendors::Vendor;
use crate::value::Record;

/// One question to one provider.
pub(super) struct Question<'q> {
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

    pub(super) fn trace(&self, result: Outcome, reason: String) -> Trace {
        Trace {
            provider: self.provider.name.clone(),
            result,
            spent: 0,
            class: String::new(),
            status: None,
            reason,
        }
    }

    /// How an answer ended it; `spent` is worked out when the trace is added.
    pub(super) fn traced(&self, result: Outcome, answered: &Answered) -> Trace {
        let status = Some(answered.status).filter(|status| *status > 0);
        Trace { status, ..self.trace(result, String::new()) }
    }

    /// The trace of an answer that is a failure of this kind.
    pub(super) fn failed(&self, answered: &Answered, class: FailureClass) -> Trace {
        let class = class.word().to_owned();
        Trace { class, reason: said(answered), ..self.traced(Outcome::Failed, answered) }
    }

    /// The trace of the provider whose result was checked.
    pub(super) fn trace_of(&self, row: &Row, step: usize, engine: &Engine<'_>, result: Outcome) -> Trace {
        let asked = &engine.table.steps[step].asks[row.cells[step].progress.ask];
        Trace {
            provider: engine.table.providers[asked.provider].name.clone(),
            ..self.trace(result, format!("did not pass the check by {}", self.provider.title))
        }
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
