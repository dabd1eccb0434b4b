//! Which component made a column change.

use super::imports::ChangedImports;
use super::{Reading, Versions, moved, same};
use crate::check::{ColumnId, NodeKind};
use crate::rules::Rules;
use crate::tools::explain::{Contribution, contributions, one_line};
use crate::tools::words::{whole_line, without_literals};
use crate::value::{Value, to_boolean};
use std::cell::OnceCell;

/// What a column's changes come from if none of its components or columns changed.
const OWN_FORMULA: &str = "its own formula";

/// How often something made the difference, and what it added.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Blame {
    /// In how many rows it moved the result, alone or together with others.
    pub rows: u64,
    /// What it added in those, all together. What all added is how far the column moved, or, of values that are no
    /// numbers, the columns that it reads.
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
struct Term<'r> {
    source: &'r str,
    part: Contribution,
    texts: OnceCell<Texts>,
}

/// How a term is written, for terms that are not told apart more cheaply.
struct Texts {
    /// Its whole formula on one line; of points, their condition.
    formula: String,
    /// The same without numbers and texts.
    shape: String,
    /// The first condition that it asks.
    asks: Option<String>,
}

impl Term<'_> {
    /// What two terms of two versions have in common if they are the same term, the surest first. What an edit left
    /// alone is found wherever it stands now; what it changed is known by what it left alone within it.
    const LIKENESSES: [fn(&Self, &Self) -> bool; 6] = [
        |one, other| !one.is_unnamed() && one.part.name == other.part.name,
        |one, other| one.part.span.of(one.source) == other.part.span.of(other.source),
        |one, other| one.texts().formula == other.texts().formula,
        |one, other| one.texts().asks.is_some() && one.texts().asks == other.texts().asks,
        |one, other| one.is_unnamed() && other.is_unnamed() && one.texts().shape == other.texts().shape,
        |one, other| one.is_unnamed() && other.is_unnamed(),
    ];

    fn is_unnamed(&self) -> bool {
        self.part.name.is_none()
    }

    fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let formula = whole_line(self.source, self.part.span);
            let asks = self.part.asks.map(|span| whole_line(self.source, span));
            Texts { shape: without_literals(&formula), formula, asks }
        })
    }

    /// Its name, or its formula.
    fn label(self) -> String {
        self.part.name.unwrap_or_else(|| one_line(self.source, self.part.span))
    }

    /// The same with the file, if it is written as before and a changed import made the difference.
    fn label_with_import(self, before: Option<&Self>, imports: &ChangedImports) -> String {
        let is_same = before.is_some_and(|before| before.texts().formula == self.texts().formula);
        let import = imports.of(self.part.span).filter(|_| is_same || self.part.name.is_some());
        match import.map(ToOwned::to_owned) {
            Some(import) => format!("{} ({import})", self.label()),
            None => self.label(),
        }
    }
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
        found = by_component(old.terms(before), new.terms(after), &versions.imports);
    }
    if found.is_empty() {
        found = by_column_or_formula(versions, old, new, pair, changed);
    }
    found = each_once(found);
    found.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    found
}

/// Adds up what has one name, so that nothing is lost where names are keys.
fn each_once(found: Vec<(String, f64)>) -> Vec<(String, f64)> {
    let mut once: Vec<(String, f64)> = Vec::with_capacity(found.len());
    for (name, by) in found {
        match once.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => *all += by,
            None => once.push((name, by)),
        }
    }
    once
}

/// Whether the columns that a formula reads made the difference, or the formula itself, or both: told by computing the
/// new formula from the old values of those columns.
fn by_column_or_formula(
    versions: &Versions<'_>,
    old: &mut Reading<'_>,
    new: &mut Reading<'_>,
    pair: usize,
    changed: &[bool],
) -> Vec<(String, f64)> {
    let (before, after) = versions.pairs[pair];
    let read: Vec<usize> = versions.reads[pair].iter().copied().filter(|other| changed[*other]).collect();
    let whole = points(old, new, versions.pairs[pair]);
    let own_formula = deciding_rows(old, new, after).unwrap_or_else(|| versions.own_formula(before, after));
    if read.is_empty() {
        return vec![(own_formula, whole)];
    }
    let values: Vec<Value<'static>> =
        read.iter().map(|other| old.value(versions.pairs[*other].0).clone().into_owned()).collect();
    let without_them = new.with_columns(after, read.iter().map(|other| versions.pairs[*other].1), &values);
    if same(&without_them, new.value(after)) {
        return vec![(own_formula, whole)];
    }
    let mut found: Vec<(String, f64)> =
        read.into_iter().flat_map(|other| by_column(versions, old, new, other)).collect();
    let mut own = 0.0;
    if moved(old.value(before), new.value(after)).is_some() {
        own = moved(old.value(before), &without_them).unwrap_or(0.0);
        // What each of the columns would have done alone does not add up to what they did: they did it together.
        found = vec![(joined(found), moved(&without_them, new.value(after)).unwrap_or(whole))];
    }
    if !same(old.value(before), &without_them) {
        found.push((own_formula, own));
    }
    found
}

/// The rows that decide now in the decision tables that a column reads and that decide otherwise than before.
fn deciding_rows(old: &Reading<'_>, new: &mut Reading<'_>, column: ColumnId) -> Option<String> {
    let tree = new.rules.tree();
    let involved = tree.involved_in(column);
    let tables = tree.decisions.iter().filter_map(|decision| {
        let position = |rules: &Rules| rules.column_names().position(|name| name == decision.name.value);
        let (before, after) = (position(old.rules)?, ColumnId(position(new.rules)? as u32));
        let is_changed = !same(old.value(ColumnId(before as u32)), new.value(after));
        (is_changed && involved.contains(&after)).then_some(after)
    });
    let tables: Vec<ColumnId> = tables.collect();
    let rows: Vec<String> = tables.into_iter().filter_map(|table| new.deciding_row(table)).collect();
    (!rows.is_empty()).then(|| rows.join(" and "))
}

/// `a and b`, `a, b and 2 more`
pub(super) fn joined(found: Vec<(String, f64)>) -> String {
    let names: Vec<String> = each_once(found).into_iter().map(|(name, _)| name).collect();
    match names.as_slice() {
        [first, second] => format!("{first} and {second}"),
        [first, second, more @ ..] => format!("{first}, {second} and {} more", more.len()),
        _ => names.concat(),
    }
}

/// A column that changed: each component that moved it, or, where it has none, the column itself.
fn by_column(
    versions: &Versions<'_>,
    old: &mut Reading<'_>,
    new: &mut Reading<'_>,
    pair: usize,
) -> Vec<(String, f64)> {
    let (before, after) = versions.pairs[pair];
    let name = &versions.new.tree().column(after).name;
    let terms = by_component(old.terms(before), new.terms(after), &versions.imports);
    if terms.is_empty() {
        return vec![(name.clone(), points(old, new, versions.pairs[pair]))];
    }
    terms.into_iter().map(|(term, by)| (format!("{term} in {name}"), by)).collect()
}

/// How far a number moved; what is no number, before or after, moved by no points.
fn points(old: &Reading<'_>, new: &Reading<'_>, (before, after): (ColumnId, ColumnId)) -> f64 {
    moved(old.value(before), new.value(after)).unwrap_or(0.0)
}

/// The components whose points changed. Terms of both versions are paired by what makes them alike, of several in
/// their order; those without a partner came or went.
fn by_component<'r>(old: Vec<Term<'r>>, new: Vec<Term<'r>>, imports: &ChangedImports) -> Vec<(String, f64)> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut old: Vec<Option<Term<'r>>> = old.into_iter().map(Some).collect();
    let mut partners: Vec<Option<Term<'r>>> = new.iter().map(|_| None).collect();
    for alike in Term::LIKENESSES {
        for (term, partner) in new.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
            let fits = |slot: &&mut Option<Term<'r>>| slot.as_ref().is_some_and(|other| alike(term, other));
            *partner = old.iter_mut().find(fits).and_then(Option::take);
        }
    }
    let is_moved = |by: f64| by.abs() > 1e-9;
    let mut found = Vec::new();
    for (term, before) in new.into_iter().zip(partners) {
        let by = term.part.points - before.as_ref().map_or(0.0, |before| before.part.points);
        if is_moved(by) {
            found.push((term.label_with_import(before.as_ref(), imports), by));
        }
    }
    let gone = old.into_iter().flatten().filter(|term| is_moved(term.part.points));
    found.extend(gone.map(|term| (-term.part.points, term)).map(|(by, term)| (term.label(), by)));
    found
}

impl Versions<'_> {
    /// What made a column change that reads no other that changed: its formula, or, if that is written as before, the
    /// changed import that it reads or calls.
    fn own_formula(&self, before: ColumnId, after: ColumnId) -> String {
        let written = |rules: &Rules, id: ColumnId| {
            whole_line(rules.tree().source.text(), rules.tree().column(id).node.span)
        };
        let is_same = written(self.old, before) == written(self.new, after);
        let import = self.imports.of(self.new.tree().column(after).node.span).filter(|_| is_same);
        import.unwrap_or(OWN_FORMULA).to_owned()
    }
}

impl<'v> Reading<'v> {
    /// What a column would be if others had these values; private columns are computed from them.
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
        let tree = self.rules.tree();
        for id in tree.order.iter().filter(|id| tree.column(**id).is_private) {
            let value = self.evaluation.node(&tree.column(*id).node, *id, &self.inputs);
            self.evaluation.columns()[id.0 as usize] = value;
        }
        let node = &tree.column(column).node;
        let value = self.evaluation.node(node, column, &self.inputs).into_owned();
        self.evaluation.columns().clone_from_slice(&columns);
        value
    }

    /// The row of a decision table that decides: `routing.csv:3`.
    fn deciding_row(&mut self, table: ColumnId) -> Option<String> {
        let tree = self.rules.tree();
        let NodeKind::Choose { branches, .. } = &tree.column(table).node.kind else { return None };
        let mut truths = branches.iter().map(|branch| {
            let truth = self.evaluation.node(&branch.condition, table, &self.inputs);
            (branch, to_boolean(&truth).unwrap_or(false))
        });
        let (branch, _) = truths.find(|(_, decides)| *decides)?;
        let start = branch.result.span.start as usize;
        let file = tree.source.other_name_at(start)?;
        Some(format!("{file}:{}", tree.source.position(start).line))
    }

    /// The terms of a column's sum.
    fn terms(&mut self, column: ColumnId) -> Vec<Term<'v>> {
        let source = self.rules.tree().source.text();
        let found = contributions(self.rules, &mut self.evaluation, &self.inputs, column);
        found.into_iter().map(|part| Term { source, part, texts: OnceCell::new() }).collect()
    }
}
