//! Which component made a column change.

use super::{Reading, Versions, number, same};
use crate::check::ColumnId;
use crate::tools::explain::{contributions, one_line};
use crate::value::Value;

/// What a column's changes come from if none of its components or columns changed.
const OWN_FORMULA: &str = "its own formula";

/// How often something made the difference, and what it added.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Blame {
    /// In how many rows it moved the result most.
    pub rows: u64,
    /// What it added in those, all together.
    pub points: f64,
}

impl Blame {
    pub(super) fn add(&mut self, points: f64) {
        self.rows += 1;
        self.points += points;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.points += other.points;
    }
}

/// One term of a sum.
struct Term {
    name: Option<String>,
    /// Its name, or its formula.
    label: String,
    points: f64,
}

/// What made the column of this pair change, the largest first: components of its sum, columns that it reads, or its
/// own formula.
pub(super) fn because(
    versions: &Versions<'_>,
    old: &mut Reading<'_>,
    new: &mut Reading<'_>,
    pair: usize,
    changed: &[bool],
) -> Vec<(String, f64)> {
    let (before, after) = versions.pairs[pair];
    let is_number = |value: &Value<'_>| matches!(value, Value::Number(_));
    let mut found = Vec::new();
    if is_number(old.value(before)) && is_number(new.value(after)) {
        found = by_component(old.terms(before), new.terms(after));
    }
    if found.is_empty() {
        found = by_column_or_formula(versions, old, new, pair, changed);
    }
    found.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    found
}

/// Whether the columns that a formula reads made the difference, or the formula itself: told by computing the new
/// formula from the old values of those columns.
fn by_column_or_formula(
    versions: &Versions<'_>,
    old: &mut Reading<'_>,
    new: &mut Reading<'_>,
    pair: usize,
    changed: &[bool],
) -> Vec<(String, f64)> {
    let (before, after) = versions.pairs[pair];
    let read: Vec<usize> = versions.reads[pair].iter().copied().filter(|other| changed[*other]).collect();
    let own = (OWN_FORMULA.to_owned(), number(new.value(after)) - number(old.value(before)));
    if read.is_empty() {
        return vec![own];
    }
    let values: Vec<Value<'static>> =
        read.iter().map(|other| old.value(versions.pairs[*other].0).clone().into_owned()).collect();
    let without_them = new.with_columns(after, read.iter().map(|other| versions.pairs[*other].1), &values);
    if same(&without_them, new.value(after)) {
        return vec![own];
    }
    read.into_iter().map(|other| by_column(versions, old, new, other)).collect()
}

/// A column that changed, with the component that moved it most.
fn by_column(
    versions: &Versions<'_>,
    old: &mut Reading<'_>,
    new: &mut Reading<'_>,
    pair: usize,
) -> (String, f64) {
    let (before, after) = versions.pairs[pair];
    let name = &versions.new.tree().column(after).name;
    let terms = by_component(old.terms(before), new.terms(after));
    let by = number(new.value(after)) - number(old.value(before));
    match terms.into_iter().max_by(|one, other| one.1.abs().total_cmp(&other.1.abs())) {
        Some((term, _)) => (format!("{term} in {name}"), by),
        None => (name.clone(), by),
    }
}

/// The components whose points changed. Those without a name are paired in their order.
fn by_component(old: Vec<Term>, new: Vec<Term>) -> Vec<(String, f64)> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut old: Vec<Option<Term>> = old.into_iter().map(Some).collect();
    let mut moves = Vec::new();
    for term in new {
        let same = |slot: &&mut Option<Term>| slot.as_ref().is_some_and(|other| other.name == term.name);
        let before = old.iter_mut().find(same).and_then(Option::take).map_or(0.0, |other| other.points);
        moves.push((term.label, term.points - before));
    }
    moves.extend(old.into_iter().flatten().map(|term| (term.label, -term.points)));
    moves.retain(|(_, by)| by.abs() > 1e-9);
    moves
}

impl Reading<'_> {
    /// What a column would be if others had these values.
    fn with_columns(
        &mut self,
        column: ColumnId,
        others: impl Iterator<Item = ColumnId>,
        values: &[Value<'static>],
    ) -> Value<'static> {
        let columns = self.evaluation.columns().to_vec();
        for (other, value) in others.zip(values) {
            self.evaluation.columns()[other.0 as usize] = value.clone();
        }
        let node = &self.rules.tree().column(column).node;
        let value = self.evaluation.node(node, column, &self.inputs).into_owned();
        self.evaluation.columns().clone_from_slice(&columns);
        value
    }

    /// The terms of a column's sum.
    fn terms(&mut self, column: ColumnId) -> Vec<Term> {
        let source = self.rules.tree().source.text();
        let found = contributions(self.rules, &mut self.evaluation, &self.inputs, column);
        let term = |part: crate::tools::explain::Contribution| Term {
            label: part.name.clone().unwrap_or_else(|| one_line(source, part.span)),
            name: part.name,
            points: part.points,
        };
        found.into_iter().map(term).collect()
    }
}
