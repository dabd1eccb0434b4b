//! What a run cost: by step and provider, of the budgets, and what nobody knows the outcome of.

use super::steps::StepReport;
use crate::table::credits::Credits;
use crate::table::model::Table;
use crate::table::run::{Row, RunError};
use crate::table::state::{Charge, ChargeState, RowId, RunId, SpentIn, Store};
use std::collections::{HashMap, HashSet};
use std::iter::Sum;

/// How many charges of unknown outcome are listed.
const MOST_UNKNOWN: usize = 50;

/// What a run cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// All of it.
    pub spent: Spent,
    /// How many calls have an outcome that nobody knows.
    pub unknown: u64,
    /// The first of them, by row.
    pub unknown_charges: Vec<UnknownCharge>,
    /// The budgets of the table.
    pub budgets: Vec<BudgetReport>,
}

/// What was spent, by how sure that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// For calls that were paid.
    pub charged: Credits,
    /// For calls of which nobody knows how they ended; it counts as paid.
    pub unknown: Credits,
    /// For calls that are under way.
    pub reserved: Credits,
}

/// A call of which nobody knows how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCharge {
    /// Where its row stands in the input, from 1; nothing where it is not there any more.
    pub position: Option<u64>,
    /// The step that it was made for.
    pub step: String,
    /// Who was called.
    pub provider: String,
    /// What counts of it.
    pub credits: Credits,
}

/// A budget and what was spent of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetReport {
    /// What it is for.
    pub scope: BudgetScope,
    /// What was spent of it.
    pub spent: Credits,
    /// The most that may be.
    pub most: Credits,
}

/// What a budget is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetScope {
    /// One run.
    Run,
    /// A calendar month, such as `2026-11`.
    Month(String),
    /// One row, ever; what was spent is the most that this run spent on one.
    Row,
    /// One step in one run.
    Step(String),
}

impl Spent {
    /// What counts as spent.
    #[must_use]
    pub fn total(&self) -> Credits {
        self.charged + self.unknown + self.reserved
    }

    fn add(&mut self, charge: &Charge) {
        match charge.state {
            ChargeState::Charged => self.charged += charge.spent,
            ChargeState::Unknown => self.unknown += charge.spent,
            ChargeState::Reserved => self.reserved += charge.spent,
            ChargeState::Released => {}
        }
    }
}

impl Sum for Spent {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            charged: sum.charged + one.charged,
            unknown: sum.unknown + one.unknown,
            reserved: sum.reserved + one.reserved,
        })
    }
}

/// The charges of a run, added up.
pub(super) struct Ledger {
    spent: Spent,
    /// The steps, by their index in the table, that calls were reserved for, for a row.
    charged: HashSet<(RowId, usize)>,
    by_row: HashMap<RowId, Credits>,
    unknown: Vec<(RowId, UnknownCharge)>,
    /// Where the rows of unknown charges stand.
    positions: HashMap<RowId, Option<u64>>,
}

impl Ledger {
    /// Adds up the charges, also by step and provider in `steps`.
    pub(super) fn new(table: &Table, steps: &mut [StepReport], charges: &[Charge]) -> Self {
        let index: HashMap<&str, usize> =
            table.steps.iter().enumerate().map(|(index, step)| (step.name.as_str(), index)).collect();
        let mut ledger = Self {
            spent: Spent::default(),
            charged: HashSet::new(),
            by_row: HashMap::new(),
            unknown: Vec::new(),
            positions: HashMap::new(),
        };
        for charge in charges {
            ledger.add(charge);
            if let Some(step) = index.get(charge.step.as_str()) {
                steps[*step].ask_for(&charge.provider, &charge.lookup).spent.add(charge);
                ledger.charged.insert((charge.row, *step));
            }
        }
        ledger
    }

    fn add(&mut self, charge: &Charge) {
        self.spent.add(charge);
        *self.by_row.entry(charge.row).or_default() += charge.spent;
        if charge.state == ChargeState::Unknown {
            self.positions.insert(charge.row, None);
            let (step, provider) = (charge.step.clone(), charge.provider.clone());
            let unknown = UnknownCharge { position: None, step, provider, credits: charge.spent };
            self.unknown.push((charge.row, unknown));
        }
    }

    /// Whether a call was reserved for a step of a row.
    pub(super) fn has_charge(&self, row: RowId, step: usize) -> bool {
        self.charged.contains(&(row, step))
    }

    /// Learns where a row stands.
    pub(super) fn meet(&mut self, row: &Row) {
        if let Some(position) = self.positions.get_mut(&row.id) {
            position.get_or_insert(row.position);
        }
    }

    /// What the run cost. `at` is the moment, in ISO 8601.
    pub(super) fn money(self, table: &Table, store: &Store, run: RunId, at: &str) -> Result<Money, RunError> {
        let budgets = self.budgets(table, store, run, at)?;
        let place = |(row, charge): (RowId, UnknownCharge)| {
            let position = self.positions.get(&row).copied().flatten();
            UnknownCharge { position, ..charge }
        };
        let mut charges: Vec<UnknownCharge> = self.unknown.into_iter().map(place).collect();
        // Calls are made by several threads: only the row says which came first.
        charges.sort_by(|one, other| {
            let key = |charge: &UnknownCharge| (charge.position.unwrap_or(u64::MAX), charge.credits);
            key(one)
                .cmp(&key(other))
                .then_with(|| one.step.cmp(&other.step))
                .then_with(|| one.provider.cmp(&other.provider))
        });
        let unknown = charges.len() as u64;
        charges.truncate(MOST_UNKNOWN);
        Ok(Money { spent: self.spent, unknown, unknown_charges: charges, budgets })
    }

    fn budgets(
        &self,
        table: &Table,
        store: &Store,
        run: RunId,
        at: &str,
    ) -> Result<Vec<BudgetReport>, RunError> {
        let mut budgets = Vec::new();
        let mut add = |scope, spent, most| budgets.push(BudgetReport { scope, spent, most });
        if let Some(most) = table.budget.run {
            add(BudgetScope::Run, store.spent(SpentIn::Run(run))?, most);
        }
        let month = at.get(..7).unwrap_or_default();
        if let Some(most) = table.budget.month {
            add(BudgetScope::Month(month.to_owned()), store.spent(SpentIn::Month(month))?, most);
        }
        if let Some(most) = table.budget.row {
            add(BudgetScope::Row, self.by_row.values().copied().max().unwrap_or_default(), most);
        }
        for step in &table.steps {
            if let Some(most) = step.budget {
                add(BudgetScope::Step(step.name.clone()), store.spent(SpentIn::Step(run, &step.name))?, most);
            }
        }
        Ok(budgets)
    }
}
