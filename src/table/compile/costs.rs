//! What is noted about money before any row is read.

use crate::diagnostics::{Source, TableLint};
use crate::table::config::TableFile;
use crate::table::credits::Credits;
use crate::table::model::{Step, Validation};
use crate::table::problems::Problems;

impl Step {
    /// The most that the step can cost for one row, if each of its calls is made once and charged.
    #[must_use]
    pub fn most_credits(&self) -> Credits {
        let check = match &self.validation {
            Some(Validation::Lookup { ask, .. }) => ask.credits,
            _ => Credits::ZERO,
        };
        let is_checked = self.validation.is_some();
        let (mut always, mut matched) = (Credits::ZERO, Credits::ZERO);
        for ask in &self.asks {
            // Without a check the first match ends it, so that only one is charged for having matched.
            if ask.charge_matches_only && !is_checked {
                matched = matched.max(ask.credits);
            } else {
                always += ask.credits + check;
            }
        }
        let all = always + matched;
        self.max_credits.map_or(all, |most| most.min(all))
    }
}

/// Notes paid steps without a condition, and budgets that one row can exceed.
pub(super) fn note(file: &TableFile, source: &Source, steps: &[Step], problems: &mut Problems) {
    for (written, step) in file.steps.iter().zip(steps) {
        let most = step.most_credits();
        // A condition that is misspelled was told, and is there once it is mended.
        let is_told = problems.has_errors_within(source, written.span);
        if written.run_if.is_none() && most > Credits::ZERO && !is_told {
            let lint = TableLint::UnconditionalCost {
                step: format!("`{}`", step.name),
                at: written.name.span,
                credits: most.to_string(),
            };
            problems.add(source, lint);
        }
        if let Some(budget) = &written.budget {
            above(
                most,
                (&format!("the budget of `{}`", step.name), budget.value),
                budget.span,
                source,
                problems,
            );
        }
        if let (Some(most), Some(highest)) = (&written.max_credits, written_most(step)) {
            let cheapest = step.asks.iter().map(|ask| ask.credits).min().unwrap_or_default();
            if most.value < cheapest {
                let lint = TableLint::Disagreement {
                    first: format!("max_credits: {}", most.value),
                    second: format!("credits: {cheapest}"),
                    what: step.name.clone(),
                    at: most.span,
                    help: format!(
                        "no provider can be asked for so little; all of them together cost {highest}"
                    ),
                };
                problems.add(source, lint);
            }
        }
    }
    let worst: Credits = steps.iter().map(Step::most_credits).sum();
    let budget = &file.budget;
    let named = [
        ("the budget of a row", &budget.row),
        ("the budget of a run", &budget.run),
        ("the budget of a month", &budget.month),
    ];
    for (what, amount) in named {
        if let Some(amount) = amount {
            above(worst, (what, amount.value), amount.span, source, problems);
        }
    }
}

fn written_most(step: &Step) -> Option<Credits> {
    (!step.asks.is_empty()).then(|| step.asks.iter().map(|ask| ask.credits).sum())
}

fn above(
    worst: Credits,
    (what, budget): (&str, Credits),
    at: crate::span::Span,
    source: &Source,
    problems: &mut Problems,
) {
    if worst > budget {
        let lint = TableLint::CostAboveBudget {
            worst: worst.to_string(),
            what: what.to_owned(),
            budget: budget.to_string(),
            at,
            help: "what would exceed it is not bought, and such rows stay pending".to_owned(),
        };
        problems.add(source, lint);
    }
}
