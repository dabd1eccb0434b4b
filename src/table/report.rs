//! What a run found and what it cost, as numbers: rows, waterfalls, credits, columns, dead letters, effects.

mod cells;
mod columns;
mod dead;
mod gather;
mod money;
mod rows;
mod steps;

pub use columns::{ColumnReport, ColumnSource};
pub use dead::DeadGroup;
pub use gather::{Gathered, Gathering};
pub use money::{BudgetReport, BudgetScope, Money, Spent, UnknownCharge};
pub use rows::{RowsReport, SkipReason};
pub use steps::{AskReport, CellCounts, Outcomes, StepReport};

use super::doubts::doubts;
use super::model::Table;
use super::run::{Live, ProviderNumbers};
use super::sync::EffectReport;
use crate::rules::Results;
use std::time::Duration;

/// What a run found and what it cost.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which run it was.
    pub facts: Facts,
    /// How far its rows have come.
    pub rows: RowsReport,
    /// What became of each step, in the order of the table.
    pub steps: Vec<StepReport>,
    /// What it cost.
    pub money: Money,
    /// How well each column is filled, in the order of the table.
    pub columns: Vec<ColumnReport>,
    /// The rows whose formulas have warnings or errors.
    pub doubts: Doubts,
    /// What failed for good, the most frequent first.
    pub dead: Vec<DeadGroup>,
    /// The providers that rows waited for or that were asked again.
    pub waits: Vec<ProviderWaits>,
    /// What effects did.
    pub effects: Vec<EffectReport>,
}

/// The rows whose formulas have warnings or errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// How many there are.
    pub rows: u64,
    /// The position of the first, and what is doubtful about it.
    pub first: Option<(u64, String)>,
}

impl Doubts {
    fn add(&mut self, table: &Table, position: u64, results: &Results<'_>) {
        let mut found = doubts(table, results).into_iter();
        if let Some(first) = found.next() {
            self.rows += 1;
            self.first.get_or_insert((position, first));
        }
    }
}

/// Which run it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What the table is called.
    pub table: String,
    /// The number of the run in its state.
    pub run: i64,
    /// When it began, first: ISO 8601, in UTC.
    pub started: String,
    /// Whether it was interrupted before and went on.
    pub continued: bool,
    /// How long this process worked on it; nothing where the clock stands still.
    pub took: Option<Duration>,
}

/// How a provider held up a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderWaits {
    /// The provider.
    pub provider: String,
    /// The calls that failed and were made again.
    pub again: u64,
    /// How long rows waited for its rate limits, all waits added up.
    pub waited: Duration,
}

/// The providers that held up a run, by name.
fn waits(live: &Live) -> Vec<ProviderWaits> {
    let is_worth_telling = |numbers: &ProviderNumbers| numbers.again > 0 || numbers.waited > Duration::ZERO;
    let of_provider = |(provider, numbers): (String, ProviderNumbers)| {
        let ProviderNumbers { again, waited, .. } = numbers;
        is_worth_telling(&numbers).then_some(ProviderWaits { provider, again, waited })
    };
    live.numbers().providers.into_iter().filter_map(of_provider).collect()
}
