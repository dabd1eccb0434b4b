//! What became of a step: its cells by state, and the funnel of the providers that it asks.

use super::money::Spent;
use crate::table::model::{Ask, Step, Table, Validation};
use crate::table::run::Outcome;

/// What became of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    /// What it is called.
    pub name: String,
    /// When it runs, as it was written.
    pub condition: Option<String>,
    /// Its cells by state, of the rows that were worked on.
    pub cells: CellCounts,
    /// Of the results, those that were there before this run.
    pub kept: u64,
    /// Of the results, those that calls of this run were reserved for.
    pub bought: u64,
    /// The cells with an answer from at least one provider that have a result or none, failures left out.
    pub answered: u64,
    /// Those of them that have one.
    pub found: u64,
    /// The share of rows that its providers find together, as the table expects.
    pub combined_coverage: Option<f64>,
    /// Its providers in the order in which they are asked, then the one that checks results.
    pub asks: Vec<AskReport>,
}

/// The cells of a step by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellCounts {
    /// Have a result.
    pub success: u64,
    /// Every provider answered, and none had anything.
    pub no_data: u64,
    /// Failed for good.
    pub error: u64,
    /// Not to be done: the condition does not hold.
    pub not_due: u64,
    /// Not to be done: the row came with it.
    pub came_with: u64,
    /// Held back by a budget.
    pub held: u64,
    /// Not done yet.
    pub open: u64,
}

/// What became of the questions to one provider.
#[derive(Clone, Debug, PartialEq)]
pub struct AskReport {
    /// The provider, as tables call it.
    pub provider: String,
    /// The provider, as people call it.
    pub title: String,
    /// What it was asked.
    pub lookup: String,
    /// Whether it checks the results of others.
    pub is_check: bool,
    /// The share of rows that it finds, as the table expects.
    pub coverage: Option<f64>,
    /// The share that it is to find of the rows that get to it, by all that the table expects.
    pub expected: Option<f64>,
    /// How asking it ended.
    pub outcomes: Outcomes,
    /// What it cost for this step, in this run.
    pub spent: Spent,
}

/// How asking a provider ended, by how many cells it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// It had it.
    pub found: u64,
    /// It had something that did not pass the check.
    pub rejected: u64,
    /// It had nothing.
    pub not_found: u64,
    /// It was not asked, as an input is empty.
    pub no_input: u64,
    /// It was not asked, as that would cost more than the step may.
    pub too_dear: u64,
    /// It was not asked, as it was given up before in the run.
    pub given_up: u64,
    /// It failed, or the question could not be put.
    pub failed: u64,
}

impl Outcomes {
    pub(super) fn add(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Found => &mut self.found,
            Outcome::Rejected => &mut self.rejected,
            Outcome::NotFound => &mut self.not_found,
            Outcome::NoInput => &mut self.no_input,
            Outcome::TooDear => &mut self.too_dear,
            Outcome::GivenUp => &mut self.given_up,
            Outcome::Failed => &mut self.failed,
        } += 1;
    }

    /// The cells that got to the provider.
    #[must_use]
    pub fn reached(&self) -> u64 {
        self.answered() + self.failed + self.not_asked()
    }

    /// The cells that got to the provider without a question being put to it.
    #[must_use]
    pub fn not_asked(&self) -> u64 {
        self.no_input + self.too_dear + self.given_up
    }

    /// The cells for which it answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.found + self.rejected + self.not_found
    }

    /// The share of answers that had what was asked for.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        ratio(self.found, self.answered())
    }
}

impl CellCounts {
    /// The cells that the step ran for, or is to run for.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.success + self.no_data + self.error + self.held + self.open
    }
}

impl StepReport {
    /// The step before any row was looked at.
    pub(super) fn new(table: &Table, step: &Step) -> Self {
        let mut asks: Vec<AskReport> =
            step.asks.iter().map(|ask| AskReport::new(table, ask, false)).collect();
        expect(&mut asks, step.combined_coverage);
        if let Some(Validation::Lookup { ask, .. }) = &step.validation {
            asks.push(AskReport::new(table, ask, true));
        }
        Self {
            name: step.name.clone(),
            condition: step.condition.as_ref().map(|condition| condition.text.clone()),
            cells: CellCounts::default(),
            kept: 0,
            bought: 0,
            answered: 0,
            found: 0,
            combined_coverage: step.combined_coverage,
            asks,
        }
    }

    /// What it cost in this run.
    #[must_use]
    pub fn spent(&self) -> Spent {
        self.asks.iter().map(|ask| ask.spent).sum()
    }

    /// The share of rows for which one of its providers had a result, failures left out.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        ratio(self.found, self.answered)
    }

    /// What a result of this run cost, with all that was paid for nothing.
    #[must_use]
    pub fn cost_per_result(&self) -> Option<f64> {
        let credits = self.spent().total().as_number();
        (self.bought > 0 && credits > 0.0).then(|| credits / self.bought as f64)
    }

    /// The ask at this place of a trail, which has to be of this provider.
    pub(super) fn ask_at(&mut self, place: usize, provider: &str) -> Option<&mut AskReport> {
        let is_it = |ask: &AskReport| !ask.is_check && ask.provider == provider;
        let place = match self.asks.get(place) {
            Some(ask) if is_it(ask) => place,
            _ => self.asks.iter().position(is_it)?,
        };
        self.asks.get_mut(place)
    }

    /// The ask that a charge is for; a new one where the table has none any more.
    pub(super) fn ask_for(&mut self, provider: &str, lookup: &str) -> &mut AskReport {
        let found = self.asks.iter().position(|ask| ask.provider == provider && ask.lookup == lookup);
        let place = found.unwrap_or_else(|| {
            self.asks.push(AskReport::unknown(provider, lookup));
            self.asks.len() - 1
        });
        &mut self.asks[place]
    }
}

impl AskReport {
    fn new(table: &Table, ask: &Ask, is_check: bool) -> Self {
        let provider = &table.providers[ask.provider];
        Self {
            title: provider.title.clone(),
            coverage: ask.coverage,
            expected: ask.coverage,
            is_check,
            ..Self::unknown(&provider.name, &provider.lookups[ask.lookup].name)
        }
    }

    fn unknown(provider: &str, lookup: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            title: provider.to_owned(),
            lookup: lookup.to_owned(),
            is_check: false,
            coverage: None,
            expected: None,
            outcomes: Outcomes::default(),
            spent: Spent::default(),
        }
    }
}

/// What the second of two finds of the rows that the first leaves: coverage is of all rows, and providers overlap.
fn expect(asks: &mut [AskReport], combined: Option<f64>) {
    let [first, second] = asks else { return };
    if let (Some(first), Some(combined)) = (first.coverage, combined)
        && first < 1.0
    {
        second.expected = Some(((combined - first) / (1.0 - first)).clamp(0.0, 1.0));
    }
}

/// `part` of `whole`; nothing of nothing.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
