//! Properties that could not be decided, tried on rows.

use super::{Claim, Claimed, Decision, Status, read};
use crate::batch::{BatchError, Firsts, Input, Survey, SurveyedRow, Threads, processors, survey};
use crate::check::ColumnId;
use crate::diagnostics::{Count, Diagnostic, PropertyError};
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::span::Span;
use crate::value::{Clock, Value, to_boolean};
use std::ops::ControlFlow;

/// Tries the undecided conditions of a file on rows, and returns an error for each that some row is against.
pub fn try_on_rows<'i>(
    rules: &Rules,
    decisions: &[Decision],
    clock: &Clock,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Vec<Diagnostic>, BatchError> {
    let open = decisions.iter().filter(|one| matches!(one.status, Status::Undecided));
    let tried: Vec<(Span, ColumnId, bool)> = open
        .filter_map(|one| match one.property.claim {
            Claim::Always(id) => Some((one.property.at, id, true)),
            Claim::Never(id) => Some((one.property.at, id, false)),
            _ => None,
        })
        .collect();
    let Ok(claimed) = read(rules) else { return Ok(Vec::new()) };
    if tried.is_empty() {
        return Ok(Vec::new());
    }
    let claimed = &claimed;
    let trial = Trial { claimed, clock, tried: &tried };
    let mut found = Found::default();
    let threads = Threads { count: processors(), deep: claimed.rules.is_deep() };
    survey(&trial, threads, inputs, &mut found)?;
    let against = tried.iter().zip(found.against).filter(|(_, rows)| rows.count > 0);
    Ok(against.map(|((at, _, wanted), rows)| refuted(*at, *wanted, &rows).into()).collect())
}

fn refuted(at: Span, wanted: bool, rows: &Firsts) -> PropertyError {
    let result = if wanted { "FALSE" } else { "TRUE" };
    let count = Count(rows.count as usize, "row");
    let first: Vec<String> = rows.rows.iter().map(ToString::to_string).collect();
    PropertyError::RefutedProperty {
        problem: format!("it is {result} for {count} (first {})", first.join(", ")),
        at,
    }
}

struct Trial<'t> {
    claimed: &'t Claimed,
    clock: &'t Clock,
    tried: &'t [(Span, ColumnId, bool)],
}

#[derive(Debug, Default)]
struct Found {
    rows: u64,
    against: Vec<Firsts>,
}

impl Survey for Trial<'_> {
    type Found = Found;

    fn keys(&self) -> &[String] {
        self.claimed.rules.keys()
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Found) -> Result<(), BatchError> {
        found.rows += 1;
        found.against.resize_with(self.tried.len(), Firsts::default);
        let keyed: Vec<Value<'b>> = row.keyed.iter().map(|value| value.clone().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        self.claimed.rules.inputs(&keyed, self.clock, &mut inputs);
        let mut evaluation = Evaluation::new(self.claimed.rules.tree(), self.clock);
        let results = evaluation.row(&inputs, &mut ());
        for ((_, id, wanted), against) in self.tried.iter().zip(&mut found.against) {
            if to_boolean(&results[id.0 as usize]).is_ok_and(|truth| truth != *wanted) {
                against.add(found.rows);
            }
        }
        Ok(())
    }

    fn bad_row(&self, _: u64, _: BatchError, found: &mut Found) -> Result<(), BatchError> {
        found.rows += 1;
        Ok(())
    }

    fn gather(&self, all: &mut Found, block: &mut Found) -> ControlFlow<()> {
        let block = std::mem::take(block);
        all.against.resize_with(self.tried.len(), Firsts::default);
        for (all_against, against) in all.against.iter_mut().zip(&block.against) {
            all_against.merge(against, all.rows);
        }
        all.rows += block.rows;
        ControlFlow::Continue(())
    }
}
