//! What a run would cost, before it begins: the least, the expected and the most, with conditions taken into account.
//!
//! Nothing is called. A condition that reads only what a row came with, or what is bought already, is decided; one that
//! depends on what will be found is not, and counts with the share of earlier rows for which it held, else with one half.

mod step_cost;

use super::credits::Credits;
use super::model::Table;
use super::run::{Layout, Row, RunError, Time, renew};
use super::state::{RowId, RowName, RunId, SpentIn, Store, StoredRow};
use crate::value::Clock;
use step_cost::{Known, StepCost};

/// What a run would cost.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The rows.
    pub rows: u64,
    /// Those that would be skipped, as an earlier row has the same dedup key.
    pub duplicates: u64,
    /// By step, in the order of the table.
    pub steps: Vec<StepPlan>,
    /// The rows that may cost more than the budget of a row.
    pub rows_above_budget: u64,
    /// What was spent before in the run that would be continued, if one was interrupted.
    pub spent_in_run: Credits,
    /// What was spent before in this month.
    pub spent_in_month: Credits,
}

/// What a step would cost.
#[derive(Clone, Debug, Default)]
pub struct StepPlan {
    /// The step.
    pub name: String,
    /// The rows for which it runs for sure.
    pub runs: u64,
    /// The rows for which that depends on what is found.
    pub may_run: u64,
    /// The rows that have it already.
    pub bought: u64,
    /// The rows whose result is too old, among those for which it runs or may run.
    pub renewed: u64,
    /// The share of the undecided rows for which it is expected to run.
    pub share: f64,
    /// Whether that share is that of earlier rows, rather than a guess.
    pub is_observed: bool,
    /// The least.
    pub least: Credits,
    /// The expected credits.
    pub expected: f64,
    /// The most, if each call is made once.
    pub most: Credits,
    /// The expected credits by provider, in the order in which they are asked.
    pub providers: Vec<(String, f64)>,
}

impl Plan {
    /// The least that all steps cost.
    #[must_use]
    pub fn least(&self) -> Credits {
        self.steps.iter().map(|step| step.least).sum()
    }

    /// What all steps are expected to cost.
    #[must_use]
    pub fn expected(&self) -> f64 {
        // A sum of nothing is -0, and shows.
        self.steps.iter().map(|step| step.expected).fold(0.0, |sum, expected| sum + expected)
    }

    /// The most that all steps cost.
    #[must_use]
    pub fn most(&self) -> Credits {
        self.steps.iter().map(|step| step.most).sum()
    }
}

/// Adds up what rows would cost.
#[derive(Debug)]
pub struct Planning<'p> {
    table: &'p Table,
    layout: Layout,
    clock: &'p Clock,
    time: &'p Time,
    /// What was bought before, if anything was.
    store: Option<&'p Store>,
    costs: Vec<StepCost>,
    plan: Plan,
    /// The run that was interrupted, while none of its rows was met.
    interrupted: Option<RunId>,
}

impl<'p> Planning<'p> {
    /// Begins with what earlier runs say, if there were any.
    pub fn new(
        table: &'p Table,
        (clock, time): (&'p Clock, &'p Time),
        store: Option<&'p Store>,
    ) -> Result<Self, RunError> {
        let layout = Layout::new(table);
        let shares = match store {
            Some(store) => step_cost::observed(table, store)?,
            None => vec![None; table.steps.len()],
        };
        let costs: Vec<StepCost> = (0..table.steps.len()).map(|step| StepCost::of(table, step)).collect();
        let step = |(step, share): (&super::model::Step, &Option<f64>)| StepPlan {
            name: step.name.clone(),
            share: share.unwrap_or(0.5),
            is_observed: share.is_some(),
            providers: step
                .asks
                .iter()
                .map(|ask| (table.providers[ask.provider].name.clone(), 0.0))
                .collect(),
            ..StepPlan::default()
        };
        let steps = table.steps.iter().zip(&shares).map(step).collect();
        let (mut plan, mut interrupted) = (Plan { steps, ..Plan::default() }, None);
        if let Some(store) = store {
            plan.spent_in_month = store.spent(SpentIn::Month(&time.text()[..7]))?;
            interrupted = store.unfinished_run()?;
        }
        Ok(Self { table, layout, clock, time, store, costs, plan, interrupted })
    }

    /// Counts a row that is skipped.
    pub fn skip(&mut self) {
        self.plan.rows += 1;
        self.plan.duplicates += 1;
    }

    /// Adds a row: its key and the text of its JSON object.
    pub fn add(&mut self, key: &str, source: &str) -> Result<(), RunError> {
        self.plan.rows += 1;
        let position = self.plan.rows;
        let known = match self.store {
            Some(store) => {
                let id = store.find_row(RowName::Key(key))?;
                id.map(|id| store.load_row(id)).transpose()?
            }
            None => None,
        };
        let (row, cells) =
            known.map_or_else(|| (RowId::of_number(0), Vec::new()), |known| (known.row, known.cells));
        self.resume(row)?;
        let stored = StoredRow { row, key: key.to_owned(), source: source.to_owned(), cells };
        let mut row = Row::new(stored, position, position, self.table, &self.layout, self.clock);
        renew(&mut row, self.table, self.time);
        self.add_row(&row);
        Ok(())
    }

    /// A run that was interrupted goes on, and its budget with it, where it had one of the rows.
    fn resume(&mut self, row: RowId) -> Result<(), RunError> {
        if let (Some(store), Some(run)) = (self.store, self.interrupted)
            && store.has_row(run, row)?
        {
            self.plan.spent_in_run = store.spent(SpentIn::Run(run))?;
            self.interrupted = None;
        }
        Ok(())
    }

    fn add_row(&mut self, row: &Row) {
        let known = Known::of(self.table, row, &self.layout, self.clock);
        let mut most = Credits::ZERO;
        for (step, cost) in self.costs.iter().enumerate() {
            let plan = &mut self.plan.steps[step];
            let asked = known.asked(step);
            let runs = known.runs(step);
            if row.cells[step].is_renewed && matches!(runs, step_cost::Runs::Yes | step_cost::Runs::Perhaps) {
                plan.renewed += 1;
            }
            match runs {
                step_cost::Runs::Bought => plan.bought += 1,
                step_cost::Runs::No => {}
                // A result that is there is checked first, and will mostly pass.
                step_cost::Runs::Yes if row.cells[step].progress.candidate.is_some() => {
                    plan.runs += 1;
                    plan.least += cost.check();
                    most += cost.check() + cost.most(&asked);
                    plan.most += cost.check() + cost.most(&asked);
                    plan.expected += cost.check().as_number();
                }
                step_cost::Runs::Yes => {
                    plan.runs += 1;
                    plan.least += cost.least(&asked);
                    most += cost.most(&asked);
                    plan.most += cost.most(&asked);
                    add_expected(plan, cost, &asked, 1.0);
                }
                step_cost::Runs::Perhaps => {
                    plan.may_run += 1;
                    most += cost.most(&asked);
                    plan.most += cost.most(&asked);
                    add_expected(plan, cost, &asked, plan.share);
                }
            }
        }
        if self.table.budget.row.is_some_and(|budget| most > budget) {
            self.plan.rows_above_budget += 1;
        }
    }

    /// The plan.
    #[must_use]
    pub fn finish(self) -> Plan {
        self.plan
    }
}

fn add_expected(plan: &mut StepPlan, cost: &StepCost, asked: &[bool], share: f64) {
    for ((_, sum), credits) in plan.providers.iter_mut().zip(cost.expected(asked)) {
        *sum += credits * share;
        plan.expected += credits * share;
    }
}
