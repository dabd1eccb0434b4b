//! Puts changes in order: by what they make of the goal, the nearest first.

use super::Change;
use crate::check::ColumnId;
use crate::rules::Rules;
use crate::tools::reads;
use crate::value::Value;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Where a change leads, by the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// To a higher score.
    Up,
    /// To a lower one.
    Down,
    /// There is no score, or it stays the same.
    Aside,
}

/// Another value of the goal, and the single changes that lead to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'v> {
    /// What the goal becomes.
    pub value: Value<'v>,
    /// Whether the score rises with it.
    pub direction: Direction,
    /// How, the least movement of the score first.
    pub changes: Vec<Change<'v>>,
}

/// The number that decides about `goal`: the goal itself, or the only column it reads that is a number in this row. Of
/// several numbers none gives an order.
pub(super) fn score_of(rules: &Rules, goal: ColumnId, values: &[Value<'_>]) -> Option<ColumnId> {
    if is_number(goal, values) {
        return Some(goal);
    }
    match numbers_read(rules, goal, values)[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// The columns that a column reads and that are numbers in this row, each once.
pub(super) fn numbers_read(rules: &Rules, goal: ColumnId, values: &[Value<'_>]) -> Vec<ColumnId> {
    reads::numbers_read(rules.tree(), goal, &|id| is_number(id, values))
}

fn is_number(id: ColumnId, values: &[Value<'_>]) -> bool {
    matches!(values[id.0 as usize], Value::Number(_))
}

/// Groups changes by what becomes of the goal: values above first, the nearest of them first.
pub(super) fn by_outcome<'v>(
    changes: Vec<Change<'v>>,
    goal: ColumnId,
    score: Option<ColumnId>,
    before: &[Value<'v>],
) -> Vec<Outcome<'v>> {
    let score_in = |values: &[Value<'v>]| match values[score?.0 as usize] {
        Value::Number(number) => Some(number),
        _ => None,
    };
    let start = score_in(before);
    let moved = |change: &Change<'v>| Some(score_in(&change.results)? - start?);
    let distance = |change: &Change<'v>| moved(change).map_or(f64::MAX, f64::abs);
    let mut outcomes: Vec<Outcome<'v>> = Vec::new();
    for change in changes {
        let direction = direction(moved(&change));
        let value = &change.results[goal.0 as usize];
        // A number that is itself the goal takes many values; what counts is the way it goes.
        let same = |outcome: &&mut Outcome<'v>| {
            outcome.direction == direction && (score == Some(goal) || outcome.value == *value)
        };
        match outcomes.iter_mut().find(same) {
            Some(outcome) => outcome.changes.push(change),
            None => outcomes.push(Outcome { value: value.clone(), direction, changes: vec![change] }),
        }
    }
    for outcome in &mut outcomes {
        outcome.changes.sort_by(|one, other| nearer(distance(one), distance(other)));
        if score == Some(goal) {
            nearest_of_each_field(&mut outcome.changes);
            outcome.value = outcome.changes[0].results[goal.0 as usize].clone();
        }
    }
    let nearest = |outcome: &Outcome<'v>| outcome.changes.first().map_or(f64::MAX, distance);
    outcomes.sort_by(|one, other| {
        one.direction.cmp(&other.direction).then_with(|| nearer(nearest(one), nearest(other)))
    });
    outcomes
}

fn nearer(one: f64, other: f64) -> Ordering {
    one.partial_cmp(&other).unwrap_or(Ordering::Equal)
}

/// Keeps the first change of each field.
fn nearest_of_each_field(changes: &mut Vec<Change<'_>>) {
    let mut seen = BTreeSet::new();
    changes.retain(|change| seen.insert(change.field.clone()));
}

/// Of the changes of one field, for a goal that is a number: the nearest to a higher one, to a lower one, and to what is
/// no number. [`by_outcome`] keeps no others, and each costs much to be made as small as it can be.
pub(super) fn nearest_each_way(changes: &mut Vec<Change<'_>>, before: &Value<'_>, goal: usize) {
    let Value::Number(before) = before else { return };
    let moved = |change: &Change<'_>| match change.results[goal] {
        Value::Number(number) => Some(number - before),
        _ => None,
    };
    let distance = |change: &Change<'_>| moved(change).map_or(f64::MAX, f64::abs);
    changes.sort_by(|one, other| nearer(distance(one), distance(other)));
    let mut seen = BTreeSet::new();
    changes.retain(|change| seen.insert(direction(moved(change))));
}

fn direction(moved: Option<f64>) -> Direction {
    match moved {
        Some(by) if by > 0.0 => Direction::Up,
        Some(by) if by < 0.0 => Direction::Down,
        _ => Direction::Aside,
    }
}
