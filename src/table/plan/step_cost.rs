//! What one step costs one row, by what is known of the row.

use crate::table::credits::Credits;
use crate::table::model::{Ask, Step, Table, Validation};
use crate::table::run::{Layout, Row, RunError};
use crate::table::state::{CellState, Store};
use crate::table::template::Tree;
use crate::value::{Clock, Value, is_empty};

/// A provider of unknown coverage is taken to find this share.
const COVERAGE: f64 = 0.5;

/// The providers of a step, as far as money goes.
#[derive(Debug)]
pub(super) struct StepCost {
    asks: Vec<AskCost>,
    max_credits: Option<Credits>,
    combined: Option<f64>,
    is_checked: bool,
}

#[derive(Debug)]
struct AskCost {
    credits: Credits,
    check: Credits,
    coverage: f64,
    charge_matches_only: bool,
}

/// Whether a step runs for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// It has run.
    Bought,
    /// It does not.
    No,
    /// It does.
    Yes,
    /// That depends on what is found.
    Perhaps,
}

impl StepCost {
    pub(super) fn of(table: &Table, step: usize) -> Self {
        let step: &Step = &table.steps[step];
        let check = match &step.validation {
            Some(Validation::Lookup { ask, .. }) => ask.credits,
            _ => Credits::ZERO,
        };
        let asks = step.asks.iter().map(|ask| AskCost {
            credits: ask.credits,
            check,
            coverage: ask.coverage.unwrap_or(COVERAGE),
            charge_matches_only: ask.charge_matches_only,
        });
        Self {
            asks: asks.collect(),
            max_credits: step.max_credits,
            combined: step.combined_coverage,
            is_checked: step.validation.is_some(),
        }
    }

    /// Those of the providers that have all inputs which are not passed over, as they would exceed `max_credits`.
    fn affordable(&self, asked: &[bool]) -> Vec<bool> {
        let mut spent = Credits::ZERO;
        let of = |(ask, asked): (&AskCost, &bool)| {
            let is_within = self.max_credits.is_none_or(|most| spent + ask.credits + ask.check <= most);
            let is_asked = *asked && is_within;
            // One that only charges matches cost nothing where the next is asked.
            if is_asked && !ask.charge_matches_only {
                spent += ask.credits;
            }
            is_asked
        };
        self.asks.iter().zip(asked).map(of).collect()
    }

    fn asked<'s>(&'s self, asked: &'s [bool]) -> impl Iterator<Item = &'s AskCost> {
        let asked = self.affordable(asked);
        self.asks.iter().zip(asked).filter(|(_, asked)| *asked).map(|(ask, _)| ask)
    }

    fn capped(&self, credits: Credits) -> Credits {
        self.max_credits.map_or(credits, |most| most.min(credits))
    }

    /// The check of a result that is there.
    pub(super) fn check(&self) -> Credits {
        self.asks.first().map(|ask| ask.check).unwrap_or_default()
    }

    /// The least that it costs: the first provider finds it, or nobody does.
    pub(super) fn least(&self, asked: &[bool]) -> Credits {
        let cost = |ask: &AskCost| if ask.charge_matches_only { Credits::ZERO } else { ask.credits };
        let first = self.asked(asked).next().map(cost).unwrap_or_default();
        self.capped(first)
    }

    /// The most that it costs if each call is made once.
    pub(super) fn most(&self, asked: &[bool]) -> Credits {
        let (mut always, mut matched) = (Credits::ZERO, Credits::ZERO);
        for ask in self.asked(asked) {
            if ask.charge_matches_only && !self.is_checked {
                matched = matched.max(ask.credits);
            } else {
                always += ask.credits + ask.check;
            }
        }
        self.capped(always + matched)
    }

    /// The credits that each provider is expected to cost. Coverage does not multiply: where the table says what all
    /// find together, later providers find what is left of that.
    pub(super) fn expected(&self, asked: &[bool]) -> Vec<f64> {
        let mut open = 1.0;
        let independent = 1.0 - self.asked(asked).map(|ask| 1.0 - ask.coverage).product::<f64>();
        let first = self.asked(asked).next().map_or(0.0, |ask| ask.coverage);
        // How much of what later providers would find by themselves they do find.
        let shrink = match self.combined {
            Some(combined) if independent > first => {
                ((combined - first) / (independent - first)).clamp(0.0, 1.0)
            }
            _ => 1.0,
        };
        let mut is_first = true;
        let of = |(ask, asked): (&AskCost, &bool)| {
            if !asked {
                return 0.0;
            }
            let found = open * ask.coverage * if is_first { 1.0 } else { shrink };
            let called = if ask.charge_matches_only { found } else { open };
            is_first = false;
            open -= found;
            called * ask.credits.as_number() + found * ask.check.as_number()
        };
        let asked = self.affordable(asked);
        self.asks.iter().zip(&asked).map(of).collect()
    }
}

/// What is known of a row before a run.
#[derive(Debug)]
pub(super) struct Known {
    runs: Vec<Runs>,
    asked: Vec<Vec<bool>>,
}

impl Known {
    pub(super) fn of(table: &Table, row: &Row, layout: &Layout, clock: &Clock) -> Self {
        let results = row.eval(table, layout, clock);
        let values = results.values();
        let mut runs: Vec<Runs> =
            (0..table.steps.len()).map(|step| first_guess(table, row, step, layout)).collect();
        // A column is known once no step that may run fills it; deciding one step may decide another.
        loop {
            let before = runs.clone();
            for (step, definition) in table.steps.iter().enumerate() {
                let Some(condition) = &definition.condition else { continue };
                if runs[step] != Runs::Perhaps {
                    continue;
                }
                // What the step fills itself is not there yet when its condition is looked at.
                let open = unknown_columns(table, &runs, Some(step));
                if depends(table, condition.id.index(), &open) {
                    continue;
                }
                let holds = values.get(condition.id.index()).is_some_and(crate::table::ask::is_true);
                runs[step] = if holds { Runs::Yes } else { Runs::No };
            }
            if runs == before {
                break;
            }
        }
        let open = unknown_columns(table, &runs, None);
        let asked = table.steps.iter().map(|step| {
            let is_asked = |ask: &crate::table::model::Ask| {
                let lookup = &table.providers[ask.provider].lookups[ask.lookup];
                lookup.inputs.iter().filter(|(_, required)| *required).all(|(name, _)| {
                    let given = ask.inputs.iter().find(|(known, _)| known == name);
                    given.is_some_and(|(_, tree)| may_be_given(table, tree, values, &open))
                })
            };
            step.asks.iter().map(is_asked).collect()
        });
        // Those that answered before are not asked again, nor is the one whose result is to be checked.
        let asked =
            asked.zip(&table.steps).zip(&row.cells).map(|((asked, step), cell): ((Vec<bool>, &Step), _)| {
                let progress = &cell.progress;
                let is_open = |ask: &Ask| {
                    let name = table.asked(ask);
                    !progress.knows(&name)
                        && (progress.candidate.is_none() || progress.current.as_ref() != Some(&name))
                };
                asked.into_iter().zip(&step.asks).map(|(asked, ask)| asked && is_open(ask)).collect()
            });
        let asked = asked.collect();
        Self { runs, asked }
    }

    pub(super) fn runs(&self, step: usize) -> Runs {
        self.runs[step]
    }

    pub(super) fn asked(&self, step: usize) -> Vec<bool> {
        self.asked[step].clone()
    }
}

fn first_guess(table: &Table, row: &Row, step: usize, layout: &Layout) -> Runs {
    let definition = &table.steps[step];
    if row.cells[step].is_closed() {
        Runs::Bought
    } else if !definition.overwrite && row.came_with(step, layout) {
        Runs::No
    } else if definition.condition.is_none() {
        Runs::Yes
    } else {
        Runs::Perhaps
    }
}

/// The columns of steps that run or may run, but for one.
fn unknown_columns<'t>(table: &'t Table, runs: &[Runs], but: Option<usize>) -> Vec<&'t str> {
    let open = table
        .steps
        .iter()
        .zip(runs)
        .enumerate()
        .filter(|(index, (_, runs))| Some(*index) != but && matches!(runs, Runs::Yes | Runs::Perhaps));
    let columns = open.flat_map(|(_, (step, _))| {
        let fills = step.fills.columns.iter().map(|(name, _)| name.as_str());
        fills.chain(step.winner.as_deref())
    });
    columns.collect()
}

fn depends(table: &Table, formula: usize, open: &[&str]) -> bool {
    table.reads.get(formula).is_some_and(|names| names.iter().any(|name| open.contains(&name.as_str())))
}

/// Whether an input has a value, or may get one.
fn may_be_given(table: &Table, tree: &Tree, values: &[Value<'_>], open: &[&str]) -> bool {
    let waits = |tree: &Tree| matches!(tree, Tree::Formula(id) if depends(table, id.index(), open));
    waits(tree) || tree.fill(values).is_ok_and(|value| !is_empty(&value))
}

/// For each step, the share of the rows of the last run for which it ran; nothing where no row came so far.
pub(super) fn observed(table: &Table, store: &Store) -> Result<Vec<Option<f64>>, RunError> {
    let mut counts = vec![(0u32, 0u32); table.steps.len()];
    if let Some(run) = store.last_run()? {
        let mut after = 0;
        loop {
            let rows = store.rows(run, after, 500)?;
            let Some(last) = rows.last() else { break };
            after = last.position;
            let ids: Vec<_> = rows.iter().map(|row| row.row).collect();
            for stored in store.load_rows(&ids)? {
                for (step, count) in table.steps.iter().zip(&mut counts) {
                    match stored.cell(&step.name).map(|cell| cell.state) {
                        Some(CellState::Success | CellState::NoData | CellState::Error) => {
                            count.0 += 1;
                            count.1 += 1;
                        }
                        Some(CellState::ConditionNotMet) => count.1 += 1,
                        _ => {}
                    }
                }
            }
        }
    }
    let share = |(ran, all): (u32, u32)| (all > 0).then(|| f64::from(ran) / f64::from(all));
    Ok(counts.into_iter().map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::{AskCost, StepCost};
    use crate::table::credits::Credits;

    fn waterfall(charge_matches_only: bool) -> StepCost {
        let ask = |coverage| AskCost {
            credits: Credits::thousandths(2000),
            check: Credits::ZERO,
            coverage,
            charge_matches_only,
        };
        StepCost {
            asks: vec![ask(0.7), ask(0.6)],
            max_credits: None,
            combined: Some(0.83),
            is_checked: false,
        }
    }

    #[test]
    fn the_waterfall_of_the_reference_costs_what_its_coverage_says() {
        let sum = |cost: &StepCost| cost.expected(&[true, true]).iter().sum::<f64>();
        assert!((sum(&waterfall(false)) - 2.6).abs() < 1e-9);
        assert!((sum(&waterfall(true)) - 1.66).abs() < 1e-9);
    }

    #[test]
    fn what_exceeds_the_limit_of_the_step_is_passed_over() {
        let all = [true, true];
        let limited = |charge_matches_only, most| StepCost {
            max_credits: Some(Credits::thousandths(most)),
            ..waterfall(charge_matches_only)
        };
        let sum = |cost: &StepCost| cost.expected(&all).iter().sum::<f64>();
        let two = Credits::thousandths(2000);
        let none = limited(false, 1500);
        assert_eq!((none.least(&all), none.most(&all), sum(&none)), (Credits::ZERO, Credits::ZERO, 0.0));
        let first = limited(false, 3000);
        assert_eq!((first.least(&all), first.most(&all), sum(&first)), (two, two, 2.0));
        assert!((sum(&limited(true, 2000)) - 1.66).abs() < 1e-9, "both may be asked where one match is paid");
    }

    #[test]
    fn the_least_and_the_most_depend_on_what_is_charged() {
        let all = [true, true];
        let two = Credits::thousandths(2000);
        assert_eq!((waterfall(false).least(&all), waterfall(false).most(&all)), (two, two.times(2)));
        assert_eq!((waterfall(true).least(&all), waterfall(true).most(&all)), (Credits::ZERO, two));
        assert_eq!(waterfall(false).most(&[false, false]), Credits::ZERO);
    }
}
