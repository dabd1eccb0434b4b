//! How far a cell has come with its providers, as it is kept in the state between calls and between runs.

use crate::table::credits::Credits;
use crate::table::model::{Ask, Table};
use serde::{Deserialize, Serialize};

/// What was tried for a cell in this round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Who is being asked, or gave what is being checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Asked>,
    /// How often that one, or the one that checks it, failed without being paid.
    pub tries: u32,
    /// How often it was paid without an answer.
    pub paid_tries: u32,
    /// What was spent on the cell in this round, in thousandths.
    pub spent: u64,
    /// What became of the providers that were asked.
    pub trail: Vec<Trace>,
    /// An answer that is to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaited: Option<Awaited>,
    /// A result that is to be checked by a further lookup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<String>,
}

/// A lookup of a provider by its names; the order of a step's providers may change between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The provider.
    pub provider: String,
    /// What it is asked for.
    pub lookup: String,
}

impl Table {
    /// A provider and its lookup by their names.
    #[must_use]
    pub fn asked(&self, ask: &Ask) -> Asked {
        let provider = &self.providers[ask.provider];
        Asked { provider: provider.name.clone(), lookup: provider.lookups[ask.lookup].name.clone() }
    }
}

/// What became of one provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The provider.
    pub provider: String,
    /// What it was asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lookup: String,
    /// How it ended.
    pub result: Outcome,
    /// What it cost, in thousandths.
    #[serde(default)]
    pub spent: u64,
    /// Of which kind a failure is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// The status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Trace {
    /// That asking a provider ended so, without more to say.
    #[must_use]
    pub fn of(asked: Asked, result: Outcome) -> Self {
        let Asked { provider, lookup } = asked;
        Self { provider, lookup, result, spent: 0, class: String::new(), status: None, reason: String::new() }
    }

    /// Whether nobody knows if the provider has it.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self.result, Outcome::Failed | Outcome::GivenUp)
    }
}

/// How asking a provider ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has it.
    Found,
    /// It has something that did not pass the check.
    Rejected,
    /// It has nothing.
    NotFound,
    /// It was not asked, as an input is empty.
    NoInput,
    /// It was not asked, as that would cost more than the step may.
    TooDear,
    /// It was not asked, as it was given up before in the run.
    GivenUp,
    /// It failed, or the question could not be put.
    Failed,
}

/// An answer that is to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Awaited {
    /// The charge that is settled when it comes.
    pub charge: Option<i64>,
    /// Since when: ISO 8601, in UTC.
    pub since: String,
    /// How often it was asked for.
    pub polls: u32,
    /// Whether the same call is made again, rather than another one.
    pub again: bool,
    /// The status of the first answer.
    pub status: u16,
    /// The body of the first answer.
    pub body: String,
}

impl Progress {
    /// What is stored in a cell; what can't be read is nothing.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        serde_json::from_str(stored).unwrap_or_default()
    }

    /// The text that is stored.
    #[must_use]
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Adds what became of the provider that was asked, with all that was spent on it.
    pub fn add(&mut self, trace: Trace) {
        self.trail.push(Trace { spent: self.spent_on_this(), ..trace });
    }

    /// What was spent so far on the provider that is asked now, in thousandths.
    #[must_use]
    pub fn spent_on_this(&self) -> u64 {
        let before: u64 = self.trail.iter().map(|trace| trace.spent).sum();
        self.spent.saturating_sub(before)
    }

    /// Begins with a provider, or goes on with it.
    pub fn begin(&mut self, asked: &Asked) {
        if self.current.as_ref() != Some(asked) {
            self.current = Some(asked.clone());
            (self.tries, self.paid_tries) = (0, 0);
        }
    }

    /// Whether it is known what became of asking a provider.
    #[must_use]
    pub fn knows(&self, asked: &Asked) -> bool {
        let is_it = |trace: &Trace| {
            trace.provider == asked.provider && (trace.lookup == asked.lookup || trace.lookup.is_empty())
        };
        self.trail.iter().any(is_it)
    }

    /// Has a result that is to be checked by a further lookup.
    pub fn check(&mut self, candidate: String) {
        self.candidate = Some(candidate);
        (self.tries, self.paid_tries) = (0, 0);
    }

    /// Is done with the provider.
    pub fn next(&mut self, trace: Trace) {
        self.add(trace);
        self.current = None;
        (self.tries, self.paid_tries) = (0, 0);
        self.awaited = None;
        self.candidate = None;
    }

    /// Whether nobody was asked in this round so far.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        *self == Self { current: self.current.clone(), ..Self::default() }
    }

    /// What was spent in this round.
    #[must_use]
    pub fn spent(&self) -> Credits {
        Credits::thousandths(self.spent)
    }

    /// The progress to begin from when a dead cell is tried again: answers that were paid for count, also one that is
    /// still to be checked; failures do not.
    #[must_use]
    pub fn renewed(stored: &str) -> String {
        let Self { current, spent, mut trail, candidate, .. } = Self::read(stored);
        trail.retain(|trace| !trace.is_failure());
        let current = current.filter(|_| candidate.is_some());
        Self { current, spent, trail, candidate, ..Self::default() }.written()
    }
}
