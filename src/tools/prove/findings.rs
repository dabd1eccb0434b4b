//! What `check` reports of properties and ranges.

use super::{Claim, Decision, Status, decide_all, mistakes, read};
use crate::analysis::allow::Allowances;
use crate::diagnostics::{Diagnostic, PropertyError};
use crate::rules::Rules;
use crate::syntax::print_number;
use crate::value::Clock;

/// The properties of a rule file with their decisions, and what is to be reported of them.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Mistakes in properties, properties that are not true, and columns that leave their range.
    pub diagnostics: Vec<Diagnostic>,
    /// The decisions about the properties in comments.
    pub decisions: Vec<Decision>,
}

/// Decides the properties and ranges of a rule file. A range that only numbers below 0 or values of unexpected kinds
/// leave is not reported: a count is not negative, though nothing in the file says so.
#[must_use]
pub fn findings(rules: &Rules, clock: &Clock) -> Findings {
    let tree = rules.tree();
    let wrong = mistakes(rules);
    let has_range = tree.columns.iter().any(|column| column.contract.is_some());
    let Ok(claimed) = read(rules) else {
        return Findings { diagnostics: wrong, decisions: Vec::new() };
    };
    if !has_range && claimed.properties.is_empty() {
        return Findings::default();
    }
    let decisions = decide_all(&claimed, clock, true);
    let mut diagnostics: Vec<Diagnostic> = decisions.iter().filter_map(|one| refuted(rules, one)).collect();
    Allowances::of(tree).silence(&mut diagnostics);
    let is_comment = |one: &Decision| !matches!(one.property.claim, Claim::Range(_));
    Findings { diagnostics, decisions: decisions.into_iter().filter(is_comment).collect() }
}

fn refuted(rules: &Rules, decision: &Decision) -> Option<Diagnostic> {
    let Status::Refuted { case, before } = &decision.status else { return None };
    let at = decision.property.at;
    let row = case.row.json();
    Some(match decision.property.claim {
        Claim::Range(contract) => {
            let text = rules.tree().source.text();
            let column = rules.tree().column(decision.property.column);
            let formula = crate::analysis::quoted_whole(text, column.node.span);
            let (low, high) = (print_number(contract.low), print_number(contract.high));
            PropertyError::OutsideRange {
                column: decision.column.clone(),
                range: format!("{low} to {high}"),
                at,
                problem: format!("{} for the row {row}", case.result),
                help: match case.row.results.get(decision.property.column.0 as usize) {
                    Some(crate::value::Value::Number(_)) => match formula {
                        Some(formula) => {
                            format!(
                                "limit the result, `CLAMP({formula}, {low}, {high})`, or change the range"
                            )
                        }
                        None => "limit the result with CLAMP, or change the range".to_owned(),
                    },
                    _ => "a range is for numbers: remove it, or return a number".to_owned(),
                },
            }
            .into()
        }
        _ => PropertyError::RefutedProperty {
            problem: match before {
                Some(before) => {
                    let (from, to) = (&before.result, &case.result);
                    format!(
                        "the result goes from {from} for the row {} to {to} for the row {row}",
                        before.row.json()
                    )
                }
                None => format!("it is {} for the row {row}", case.result),
            },
            at,
        }
        .into(),
    })
}
