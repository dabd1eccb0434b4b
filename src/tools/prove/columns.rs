//! The values that a column can have, each with a row that shows it.

use super::Prover;
use super::equivalence::identical;
use super::slope::Slope;
use super::witness::Witness;
use crate::analysis::blank::{Earning, earnings};
use crate::analysis::facts::Facts;
use crate::analysis::paths::Path;
use crate::analysis::possible::{Flags, Interval, Possible};
use crate::check::{ColumnId, NodeKind};
use crate::diagnostics::Count;
use crate::types::Type;
use crate::value::{ErrorCode, Value};

/// More values than this are not listed, but given as a range.
const MOST_VALUES: usize = 200;
/// More paths to one value than this are not tried.
const MOST_OTHERS: usize = 40;
/// For more columns of the row than this, it is not found out whether the results rise with them.
const MOST_SLOPES: usize = 40;

/// What was found out about a column.
#[derive(Clone, Debug)]
pub struct ColumnProof {
    /// Its name.
    pub name: String,
    /// Whether it is not written out.
    pub is_private: bool,
    /// All values that it can have, each with a row: nothing where that is not known exactly.
    pub values: Option<Vec<Reached>>,
    /// The least number that it can be.
    pub min: Option<f64>,
    /// The greatest number that it can be.
    pub max: Option<f64>,
    /// The types that its values can have.
    pub types: Vec<Type>,
    /// Results that are written in the formula and that no row has.
    pub unreachable: Vec<String>,
    /// The errors that it can be, each with a row.
    pub errors: Vec<PossibleError>,
    /// What each empty column of the row earns.
    pub blank: Vec<Blank>,
    /// The columns of the row that it rises with, or stays the same.
    pub rises: Vec<String>,
    /// The columns of the row that it falls with, or stays the same.
    pub falls: Vec<String>,
    /// How its values were found.
    pub method: String,
}

/// What follows if a column of the row is empty.
#[derive(Clone, Debug)]
pub struct Blank {
    /// What the part of the formula that depends on it earns.
    pub earning: Earning,
    /// The lowest and highest number that the whole formula can then be, if that is known.
    pub results: Option<Interval>,
}

/// A value and a row that has it.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The value.
    pub value: Value<'static>,
    /// The row.
    pub witness: Witness,
}

/// An error and a row that causes it.
#[derive(Clone, Debug)]
pub struct PossibleError {
    /// The error, with its message.
    pub error: Value<'static>,
    /// The row.
    pub witness: Witness,
}

impl Prover<'_, '_> {
    /// What can be found out about a column.
    pub(super) fn column(&self, id: ColumnId) -> ColumnProof {
        let tree = self.claimed.rules.tree();
        let column = tree.column(id);
        let term = self.values.terms.column(id);
        self.witnesses.work.focus(&[id]);
        let paths = self.paths.of(term, &Facts::default());
        let was_exact = self.paths.was_exact();
        let listed = self.listed(id, &paths);
        let _ = self.paths.was_exact();
        let is_complete = was_exact && listed.as_ref().is_some_and(|(_, missing)| missing.is_empty());
        let all = paths.iter().fold(Possible::none(), |all, path| all.join(&path.values));
        let hull = all.numbers.hull();
        let reached = listed.map(|(reached, _)| reached);
        let numbers = || reached.iter().flatten().filter_map(|one| number(&one.value));
        let (min, max) = if is_complete {
            (numbers().reduce(f64::min), numbers().reduce(f64::max))
        } else {
            let finite = |end: f64| Some(end).filter(|end| end.is_finite());
            (hull.and_then(|hull| finite(hull.low)), hull.and_then(|hull| finite(hull.high)))
        };
        let types = if is_complete { types_of(reached.iter().flatten()) } else { all.types() };
        let unreachable = reached.as_ref().filter(|_| is_complete).map(|all| self.unreachable(id, all));
        let (rises, falls) = self.slopes(id);
        ColumnProof {
            name: column.name.clone(),
            is_private: column.is_private,
            values: reached.filter(|_| is_complete),
            min,
            max,
            types,
            unreachable: unreachable.unwrap_or_default(),
            errors: self.errors(id, &paths),
            blank: one_each(earnings(self.values, column)).map(|earning| self.blank(id, earning)).collect(),
            rises,
            falls,
            method: if is_complete {
                format!("enumeration of {}", Count(paths.len(), "case"))
            } else if was_exact {
                format!("intervals over {}", Count(paths.len(), "case"))
            } else {
                "intervals, since there are too many cases".to_owned()
            },
        }
    }

    /// The results of a column if the column of the row that earns something is empty.
    fn blank(&self, id: ColumnId, earning: Earning) -> Blank {
        let empty = Possible::flags(Flags::BLANK);
        let facts = self.values.record(earning.subject, empty, &Facts::default());
        let results = facts.and_then(|facts| {
            let paths = self.paths.of(self.values.terms.column(id), &facts);
            let is_exact = self.paths.was_exact();
            let all = paths.iter().fold(Possible::none(), |all, path| all.join(&path.values));
            all.numbers.hull().filter(|hull| is_exact && hull.low.is_finite() && hull.high.is_finite())
        });
        Blank { earning, results }
    }

    /// The values at the ends of the paths, each with a row, and those that no row was found for; nothing where a path
    /// does not end in a few values.
    fn listed(&self, id: ColumnId, paths: &[Path]) -> Option<(Vec<Reached>, Vec<Value<'static>>)> {
        let mut reached: Vec<Reached> = Vec::new();
        let mut missing: Vec<Value<'static>> = Vec::new();
        let clock = self.witnesses.clock;
        let mut apart: Option<Vec<Path>> = None;
        for path in paths {
            let values = path.values.clone().without_errors();
            if values.is_empty() {
                continue;
            }
            for value in values.listed(MOST_VALUES)? {
                let is_same = |other: &Value<'_>| identical(other, &value);
                if reached.iter().any(|one| is_same(&one.value)) {
                    continue;
                }
                // Of several paths with this value, the one that was kept may not be one that rows take.
                let others = |apart: &mut Option<Vec<Path>>| {
                    let term = self.values.terms.column(id);
                    let all = apart.get_or_insert_with(|| self.paths.apart(term, &Facts::default()));
                    let same = all.iter().filter(|path| path.values.contains(&value, clock));
                    same.take(MOST_OTHERS).find_map(|path| self.reach(id, path, &value))
                };
                match self.reach(id, path, &value).or_else(|| others(&mut apart)) {
                    Some(witness) => {
                        missing.retain(|other| !is_same(other));
                        let value = witness.results[id.0 as usize].clone();
                        reached.push(Reached { value, witness });
                    }
                    None if missing.iter().any(is_same) => {}
                    None => missing.push(value),
                }
                if reached.len() + missing.len() > MOST_VALUES {
                    return None;
                }
            }
        }
        reached.sort_by(|one, two| order(&one.value, &two.value));
        Some((reached, missing))
    }

    /// A row in which the column has this value at the end of this path.
    fn reach(&self, id: ColumnId, path: &Path, value: &Value<'static>) -> Option<Witness> {
        let clock = self.witnesses.clock;
        let term = self.values.terms.column(id);
        let exact = Possible::exactly(value, clock);
        let inputs = self.values.terms.get(term).inputs;
        let facts = path.facts.with(term, exact, inputs);
        self.witnesses.find(&facts, &|witness| {
            let result = &witness.results[id.0 as usize];
            identical(result, value)
        })
    }

    /// The errors at the ends of the paths for which a row was found.
    fn errors(&self, id: ColumnId, paths: &[Path]) -> Vec<PossibleError> {
        let mut found: Vec<PossibleError> = Vec::new();
        let known = |found: &[PossibleError], code: ErrorCode| {
            found.iter().any(|one| one.error.as_error().is_some_and(|error| error.code == code))
        };
        let codes = [ErrorCode::DivisionByZero, ErrorCode::Value, ErrorCode::Number, ErrorCode::NotAvailable];
        for code in codes {
            let flag = crate::analysis::possible::error_flag(code);
            for path in paths.iter().filter(|path| path.values.flags.has(flag)).take(12) {
                if known(&found, code) {
                    break;
                }
                let is_error = |witness: &Witness| {
                    witness.results[id.0 as usize].as_error().is_some_and(|error| error.code == code)
                };
                if let Some(witness) = self.witnesses.find(&self.with_all_inputs(id, &path.facts), &is_error)
                {
                    let error = witness.results[id.0 as usize].clone();
                    found.push(PossibleError { error, witness });
                }
            }
        }
        found
    }

    /// The facts, and for every place that the column reads that nothing special is known of it.
    pub(super) fn with_all_inputs(&self, id: ColumnId, facts: &Facts) -> Facts {
        let inputs = self.values.terms.get(self.values.terms.column(id)).inputs;
        let mut known = facts.clone();
        for term in self.values.terms.inputs() {
            let own = self.values.terms.get(term).inputs;
            if own & inputs != 0 && known.get(term).is_none() {
                known = known.with(term, (*self.values.of(term, &Facts::default())).clone(), own);
            }
        }
        known
    }

    /// The constants that are results in the column's formula, and that it never has.
    fn unreachable(&self, id: ColumnId, reached: &[Reached]) -> Vec<String> {
        let mut results = Vec::new();
        let node = &self.claimed.rules.tree().column(id).node;
        if !constant_results(node, &mut results) {
            return Vec::new();
        }
        results.retain(|value| !reached.iter().any(|one| identical(&one.value, value)));
        results.iter().map(crate::value::json_text).collect()
    }

    /// The columns of the row that the results rise with, and those that they fall with.
    fn slopes(&self, id: ColumnId) -> (Vec<String>, Vec<String>) {
        let (mut rises, mut falls) = (Vec::new(), Vec::new());
        for input in self.claimed.rules.tree().inputs.iter().take(MOST_SLOPES) {
            match self.slope(id, &input.name) {
                Some(Slope::Rising) => rises.push(input.name.clone()),
                Some(Slope::Falling) => falls.push(input.name.clone()),
                _ => {}
            }
        }
        (rises, falls)
    }
}

/// One part of the formula for each column of the row: the innermost of parts that are inside of one another. A part
/// that is beside another is not all that depends on the column, so that the outermost is left then.
fn one_each(all: Vec<Earning>) -> impl Iterator<Item = Earning> {
    let is_inside = |one: &Earning, other: &Earning| {
        other.at.start <= one.at.start && one.at.end <= other.at.end && one.at != other.at
    };
    let mut found: Vec<Earning> = Vec::new();
    let mut are_beside: Vec<bool> = Vec::new();
    for one in all {
        let Some(place) = found.iter().position(|known| known.subject == one.subject) else {
            found.push(one);
            are_beside.push(false);
            continue;
        };
        let known = &found[place];
        let is_nested = is_inside(&one, known) || is_inside(known, &one);
        are_beside[place] |= !is_nested;
        let takes_inner = !are_beside[place];
        if is_nested && is_inside(&one, known) == takes_inner {
            found[place] = one;
        }
    }
    found.into_iter()
}

/// The types of these values, each once.
fn types_of<'r>(reached: impl Iterator<Item = &'r Reached>) -> Vec<Type> {
    let found: Vec<Type> = reached.map(|one| one.value.ty()).collect();
    Type::ALL.into_iter().filter(|ty| found.contains(ty)).collect()
}

fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// Numbers before other values, each in order.
fn order(one: &Value<'_>, two: &Value<'_>) -> std::cmp::Ordering {
    match (number(one), number(two)) {
        (Some(one), Some(two)) => one.total_cmp(&two),
        (one_number, two_number) => two_number
            .is_some()
            .cmp(&one_number.is_some())
            .then_with(|| crate::value::json_text(one).cmp(&crate::value::json_text(two))),
    }
}

/// Collects the results of a choice between constants; returns whether it is one.
fn constant_results(node: &crate::check::Node, found: &mut Vec<Value<'static>>) -> bool {
    match &node.kind {
        NodeKind::Constant(value) => {
            found.push(value.clone());
            true
        }
        NodeKind::Choose { branches, otherwise, .. } => {
            let results = branches.iter().map(|branch| &branch.result);
            results.chain(otherwise.iter().map(|arm| &arm.node)).all(|node| constant_results(node, found))
        }
        NodeKind::Bucket { steps, otherwise, .. } => {
            let results = steps.iter().map(|step| &step.result);
            results.chain(otherwise.iter().map(|arm| &arm.node)).all(|node| constant_results(node, found))
        }
        NodeKind::Switch { cases, otherwise, .. } => {
            let results = cases.iter().map(|case| &case.result);
            results.chain(otherwise.iter().map(|arm| &arm.node)).all(|node| constant_results(node, found))
        }
        _ => false,
    }
}

/// The flags of errors by their codes, for messages.
#[must_use]
pub(super) fn has_values(values: &Possible) -> bool {
    !values.clone().without(Flags::ERRORS).is_empty()
}
