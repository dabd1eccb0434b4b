//! How far a cell has come with its providers, as it is kept in the state between calls and between runs.

use crate::table::credits::Credits;
use serde::{Deserialize, Serialize};

/// What was tried for a cell in this round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Progress {
    /// The index of the provider that is asked next.
    pub ask: usize,
    /// How often that one failed without being paid.
    pub tries: u32,
    /// How often that one was paid without an answer.
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

/// What became of one provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The provider.
    pub provider: String,
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

    /// Goes on to the next provider.
    pub fn next(&mut self, trace: Trace) {
        self.add(trace);
        self.ask += 1;
        self.tries = 0;
        self.paid_tries = 0;
        self.awaited = None;
        self.candidate = None;
    }

    /// What was spent in this round.
    #[must_use]
    pub fn spent(&self) -> Credits {
        Credits::thousandths(self.spent)
    }

    /// The progress to begin from when a dead cell is tried again: answers that were paid for count, failures do not.
    #[must_use]
    pub fn renewed(stored: &str) -> String {
        let old = Self::read(stored);
        let failed = old.trail.iter().position(Trace::is_failure);
        let ask = failed.unwrap_or(old.ask);
        let trail: Vec<Trace> = old.trail.into_iter().take(ask).collect();
        Self { ask, trail, spent: old.spent, ..Self::default() }.written()
    }
}
