//! Lookup data that differs between two versions: which of its rows differ, and which results they moved.

use super::blame::joined;
use super::{Difference, Reading, Versions, because, moved, same};
use crate::check::{Checked, ColumnId, DataId, Input, Lookup, NodeKind};
use crate::data::{Column, Dataset};
use crate::diagnostics::DataError;
use crate::eval::Observer;
use crate::rules::{Files, Rules};
use crate::syntax::ast::DataDeclaration;
use crate::tools::walk::within;
use crate::value::{Clock, Value, equal, is_empty, json_text};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::Arc;

/// So many of the rows that moved most results are shown for one file.
const MOST_SHOWN: usize = 8;

/// Lookup data that differs between two versions.
#[derive(Clone, Debug)]
pub struct DataChange {
    /// Its file, or its name if the rule file contains the rows.
    pub label: String,
    /// How many of its rows have the same key and other values.
    pub changed: usize,
    /// How many rows only the new version has.
    pub added: usize,
    /// How many rows only the old version has.
    pub removed: usize,
    /// In how many of the rows compared it moved a result.
    pub moved: u64,
    /// The rows of it that moved the most results.
    pub rows: Vec<RowChange>,
    /// How many more of its rows differ.
    pub more: usize,
}

/// A row of lookup data that differs.
#[derive(Clone, Debug)]
pub struct RowChange {
    /// Its keys, or all of it if it has none, as JSON.
    pub key: String,
    /// How it differs.
    pub kind: RowChangeKind,
    /// In how many of the rows compared it was looked up and a result moved.
    pub moved: u64,
}

/// How a row of lookup data differs.
#[derive(Clone, Debug)]
pub enum RowChangeKind {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// These columns have other values: before and after.
    Changed(Vec<(String, Value<'static>, Value<'static>)>),
}

/// A row of lookup data, of the new version if that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum DataRow {
    New(usize),
    Old(usize),
}

/// Data whose rows differ between the versions.
#[derive(Debug)]
struct Differing {
    old: DataId,
    new: DataId,
    /// Rows of the new version: the row of the old one with the same key, or none if that has none.
    changed: HashMap<usize, Option<usize>>,
    /// Rows that only the old version has.
    removed: HashSet<usize>,
}

/// What differs in lookup data, and the new formulas over the old data.
#[derive(Debug)]
pub(super) struct Lookups {
    differing: Vec<Differing>,
    /// For each pair of columns, the differing data that the new one reads.
    read_by: Vec<Vec<usize>>,
    /// The new version with the data of the old one; none if it does not compile.
    middle: Option<Rules>,
}

impl Lookups {
    /// Compares the data of two versions whose columns are paired.
    pub(super) fn new(old: &Rules, new: &Rules, pairs: &[(ColumnId, ColumnId)], clock: &Clock) -> Self {
        let (before, after) = (old.tree(), new.tree());
        let differing: Vec<Differing> = (0..)
            .map(DataId)
            .zip(&after.data)
            .filter_map(|(id, declaration)| Differing::of(before, after, id, declaration, clock))
            .collect();
        let read_by = pairs.iter().map(|(_, column)| reads(after, *column, &differing)).collect();
        let middle = if differing.is_empty() { None } else { with_old_data(old, new, &differing) };
        Self { differing, read_by, middle }
    }

    /// The new version with the data of the old one, if any data differs.
    pub(super) fn middle(&self) -> Option<&Rules> {
        self.middle.as_ref()
    }
}

impl Differing {
    /// The difference of data that both versions declare in the same way.
    fn of(
        before: &Checked,
        after: &Checked,
        id: DataId,
        declaration: &DataDeclaration,
        clock: &Clock,
    ) -> Option<Self> {
        let is_same = |other: &DataDeclaration| other.name.value == declaration.name.value;
        let old = before.data.iter().position(is_same)?;
        let names = |one: &DataDeclaration| -> Vec<String> {
            one.keys.iter().chain(&one.range).map(|name| name.value.clone()).collect()
        };
        if names(&before.data[old]) != names(declaration) {
            return None;
        }
        let old = DataId(old as u32);
        let (one, two) = (before.dataset(old)?, after.dataset(id)?);
        if one.is_indexed() != two.is_indexed() || one.equals(two) {
            return None;
        }
        let (changed, removed) =
            if two.is_indexed() { by_key(one, two, clock) } else { by_content(one, two) };
        Some(Self { old, new: id, changed, removed })
    }

    fn contains(&self, row: DataRow) -> bool {
        match row {
            DataRow::New(row) => self.changed.contains_key(&row),
            DataRow::Old(row) => self.removed.contains(&row),
        }
    }

    fn rows(&self) -> impl Iterator<Item = DataRow> {
        let new = self.changed.keys().copied().map(DataRow::New);
        new.chain(self.removed.iter().copied().map(DataRow::Old))
    }
}

type RowDifference = (HashMap<usize, Option<usize>>, HashSet<usize>);

/// Pairs the rows of two versions by their keys.
fn by_key(old: &Dataset, new: &Dataset, clock: &Clock) -> RowDifference {
    let mut changed = HashMap::new();
    let mut kept = vec![false; old.len()];
    for row in 0..new.len() {
        let keys = keys_of(new, row);
        let same_keys =
            |found: &usize| keys_of(old, *found).iter().zip(&keys).all(|(one, two)| equal(one, two, clock));
        let partner = if keys.iter().all(is_empty) { None } else { old.find(&keys, clock).filter(same_keys) };
        if let Some(partner) = partner {
            kept[partner] = true;
        }
        if partner.is_none_or(|partner| !cells(old, partner, new, row).is_empty()) {
            changed.insert(row, partner);
        }
    }
    let removed = (0..old.len()).filter(|row| !kept[*row]).collect();
    (changed, removed)
}

/// Rows without a key are the same if all of their values are.
fn by_content(old: &Dataset, new: &Dataset) -> RowDifference {
    let mut left: HashMap<String, Vec<usize>> = HashMap::new();
    for row in (0..old.len()).rev() {
        left.entry(json_text(&old.row(row))).or_default().push(row);
    }
    let is_new = |row: &usize| left.get_mut(&json_text(&new.row(*row))).and_then(Vec::pop).is_none();
    let changed = (0..new.len()).filter(is_new).map(|row| (row, None)).collect();
    (changed, left.into_values().flatten().collect())
}

fn keys_of(data: &Dataset, row: usize) -> Vec<Value<'_>> {
    data.key_columns().map(|column| column.value(row)).collect()
}

/// The columns whose values differ between two rows, with both values.
fn cells(
    old: &Dataset,
    before: usize,
    new: &Dataset,
    after: usize,
) -> Vec<(String, Value<'static>, Value<'static>)> {
    let is_gone = |column: &&Column| new.column(column.name()).is_none();
    let names = new.columns().iter().chain(old.columns().iter().filter(is_gone)).map(Column::name);
    let value = |data: &Dataset, name: &str, row: usize| {
        data.column(name).map(|column| data.columns()[column].value(row).into_owned()).unwrap_or_default()
    };
    let both = names.map(|name| (name.to_owned(), value(old, name, before), value(new, name, after)));
    both.filter(|(_, before, after)| before != after).collect()
}

/// The differing data that a column reads, directly or through other columns and inputs.
fn reads(tree: &Checked, column: ColumnId, differing: &[Differing]) -> Vec<usize> {
    let mut found = BTreeSet::new();
    for id in tree.involved_in(column) {
        let index = id.0 as usize;
        let node = match tree.columns.get(index) {
            Some(column) => Some(&column.node),
            None => tree.inputs.get(index - tree.columns.len()).and_then(Input::formula),
        };
        for node in node.into_iter().flat_map(within) {
            let read = match &node.kind {
                NodeKind::Lookup(lookup) => lookup.data,
                NodeKind::Data(id) => *id,
                _ => continue,
            };
            found.extend(differing.iter().position(|data| data.new == read));
        }
    }
    found.into_iter().collect()
}

/// Data of two versions, by their names, beside the files of the new one.
#[derive(Debug)]
struct OldData {
    old: Vec<DataDeclaration>,
    new: Vec<DataDeclaration>,
    files: Arc<dyn Files>,
}

impl Files for OldData {
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>> {
        let declared = self.old.iter().chain(&self.new);
        let mut loaded = declared
            .filter(|other| other.name.value == declaration.name.value)
            .filter_map(|other| other.loaded.clone());
        loaded.next().map_or_else(|| self.files.load(declaration), Ok)
    }

    fn read_text(&self, path: &str) -> io::Result<Arc<str>> {
        self.files.read_text(path)
    }

    fn id(&self, path: &str) -> String {
        self.files.id(path)
    }

    fn own_id(&self) -> Option<String> {
        self.files.own_id()
    }
}

/// The new version with the differing data of the old one. Rows that the rule file contains are replaced in its text.
fn with_old_data(old: &Rules, new: &Rules, differing: &[Differing]) -> Option<Rules> {
    let (before, after) = (old.tree(), new.tree());
    let own = new.own_text();
    let mut text = own.text.to_owned();
    let mut rest: Vec<&Differing> = differing.iter().collect();
    rest.sort_by_key(|data| Reverse(after.data[data.new.0 as usize].source.span.start));
    for data in rest {
        let (one, two) = (&before.data[data.old.0 as usize], &after.data[data.new.0 as usize]);
        if two.inline().is_some() {
            one.inline()?;
            // Rows in an imported file change with that file.
            let range = Some(two.source.span.range()).filter(|range| range.end <= own.text.len())?;
            text.replace_range(range, one.source.span.of(before.source.text()));
        }
    }
    let declaration = |data: &Differing| before.data[data.old.0 as usize].clone();
    let old = differing.iter().map(declaration).collect();
    let files = OldData { old, new: after.data.clone(), files: Arc::clone(new.files()) };
    let rules = Rules::compile_unanalyzed(own.name, &text, Arc::new(files)).ok()?;
    let is_same = rules.keys() == new.keys() && rules.column_names().eq(new.column_names());
    is_same.then_some(rules)
}

/// The differing rows of data that lookups find.
struct Hits<'l> {
    lookups: &'l Lookups,
    is_new: bool,
    found: BTreeSet<(usize, DataRow)>,
}

impl Observer for Hits<'_> {
    const SEES_COMPARISONS: bool = false;

    fn looked_up(&mut self, lookup: &Lookup, _: &[Value<'_>], row: Option<usize>) {
        let Some(row) = row else { return };
        let row = if self.is_new { DataRow::New(row) } else { DataRow::Old(row) };
        for (index, data) in self.lookups.differing.iter().enumerate() {
            let id = if self.is_new { data.new } else { data.old };
            if id == lookup.data && data.contains(row) {
                self.found.insert((index, row));
            }
        }
    }
}

impl Versions<'_> {
    /// The differing rows of data that a row looks up in either version.
    fn hits<'b>(&'b self, keyed: &[Option<Value<'b>>]) -> BTreeSet<(usize, DataRow)> {
        let mut found = BTreeSet::new();
        for (rules, keys, is_new) in [(self.old, &self.old_keys, false), (self.new, &self.new_keys, true)] {
            let mut hits = Hits { lookups: &self.lookups, is_new, found: BTreeSet::new() };
            Reading::observed(rules, self.clock, keys, keyed, &mut hits);
            found.append(&mut hits.found);
        }
        found
    }

    /// What made the columns of a row change that did, where lookup data differs: formulas as far as they move a result
    /// over the old data, and data as far as it moves that of the new formulas. Nothing if no data differs.
    pub(super) fn because_of_data<'b>(
        &'b self,
        keyed: &[Option<Value<'b>>],
        old: &mut Reading<'b>,
        new: &Reading<'b>,
        changed: &[bool],
        difference: &mut Difference,
    ) -> Option<Vec<Vec<(String, f64)>>> {
        let middle = self.lookups.middle()?;
        let mut middle = Reading::observed(middle, self.clock, &self.new_keys, keyed, &mut ());
        let by_formula: Vec<bool> = (self.pairs.iter())
            .map(|(before, after)| !same(old.value(*before), middle.value(*after)))
            .collect();
        let by_data = |pair: usize| {
            let after = self.pairs[pair].1;
            changed[pair] && !same(middle.value(after), new.value(after))
        };
        let moved_by_data: Vec<bool> = (0..changed.len()).map(by_data).collect();
        let hits = if moved_by_data.contains(&true) { self.hits(keyed) } else { BTreeSet::new() };
        let mut named = BTreeSet::new();
        let mut all = vec![Vec::new(); changed.len()];
        for pair in (0..changed.len()).filter(|pair| changed[*pair]) {
            let after = self.pairs[pair].1;
            if by_formula[pair] {
                all[pair] = because(self, old, &mut middle, pair, &by_formula);
            }
            if moved_by_data[pair] {
                let data = self.data_of(pair, &hits);
                let points = moved(middle.value(after), new.value(after)).unwrap_or(0.0);
                let labels = data.iter().map(|data| (self.label(*data), 0.0)).collect();
                all[pair].push((joined(labels), points));
                named.extend(data);
            }
            all[pair].sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        }
        named.iter().for_each(|data| *difference.data.entry(*data).or_default() += 1);
        for hit in hits.into_iter().filter(|(data, _)| named.contains(data)) {
            *difference.data_rows.entry(hit).or_default() += 1;
        }
        Some(all)
    }

    /// The data that moved a column: that of which a differing row was looked up, or else all that the column reads.
    fn data_of(&self, pair: usize, hits: &BTreeSet<(usize, DataRow)>) -> Vec<usize> {
        let read = &self.lookups.read_by[pair];
        let is_hit = |data: &&usize| hits.iter().any(|(hit, _)| hit == *data);
        let hit: Vec<usize> = read.iter().filter(is_hit).copied().collect();
        if hit.is_empty() { read.clone() } else { hit }
    }

    fn label(&self, data: usize) -> String {
        self.new.tree().data[self.lookups.differing[data].new.0 as usize].label()
    }

    /// The lookup data that differs, with what it moved.
    #[must_use]
    pub fn data_changes(&self, difference: &Difference) -> Vec<DataChange> {
        (0..self.lookups.differing.len()).map(|index| self.data_change(index, difference)).collect()
    }

    fn data_change(&self, index: usize, difference: &Difference) -> DataChange {
        let data = &self.lookups.differing[index];
        let moved = |row: DataRow| difference.data_rows.get(&(index, row)).copied().unwrap_or_default();
        let mut rows: Vec<DataRow> = data.rows().collect();
        let all = rows.len();
        rows.sort_by_key(|row| (Reverse(moved(*row)), *row));
        rows.truncate(MOST_SHOWN);
        let change = |row: &DataRow| RowChange { moved: moved(*row), ..self.row_change(data, *row) };
        DataChange {
            label: self.label(index),
            changed: data.changed.values().filter(|partner| partner.is_some()).count(),
            added: data.changed.values().filter(|partner| partner.is_none()).count(),
            removed: data.removed.len(),
            moved: difference.data.get(&index).copied().unwrap_or_default(),
            more: all - rows.len(),
            rows: rows.iter().map(change).collect(),
        }
    }

    fn row_change(&self, data: &Differing, row: DataRow) -> RowChange {
        let old = self.old.tree().dataset(data.old);
        let new = self.new.tree().dataset(data.new);
        let (of, at) = match row {
            DataRow::New(at) => (new, at),
            DataRow::Old(at) => (old, at),
        };
        let key = of.map(|of| key_text(of, at)).unwrap_or_default();
        let kind = match row {
            DataRow::Old(_) => RowChangeKind::Removed,
            DataRow::New(at) => match (old, new, data.changed.get(&at).copied().flatten()) {
                (Some(old), Some(new), Some(partner)) => RowChangeKind::Changed(cells(old, partner, new, at)),
                _ => RowChangeKind::Added,
            },
        };
        RowChange { key, kind, moved: 0 }
    }
}

/// The keys of a row, or the whole row if it has none.
fn key_text(data: &Dataset, row: usize) -> String {
    let keys: Vec<String> = keys_of(data, row).iter().map(json_text).collect();
    if keys.is_empty() { json_text(&data.row(row)) } else { keys.join(", ") }
}
