//! The same rows under two versions of a rule: what changed, by how much, and which component did it.

mod blame;
mod gather;
mod imports;

pub use blame::Blame;
pub use gather::OTHER_VALUES;
use imports::ChangedImports;

use super::lead::{label, with_label_keys};
use super::reads::read_through_private;
use super::score::scoring;
use super::test::write_cell;
use crate::batch::{BatchError, Input, Numbers, Survey, SurveyedRow, Threads, processors, survey};
use crate::check::ColumnId;
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::value::{Clock, Value, same_number};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// How many of the largest movers are kept of each column.
const MOST_MOVERS: usize = 10;
/// What all numbers are called in a matrix; text that reads like this has quotes there.
const ANY_NUMBER: &str = "(number)";

/// What two versions make of the same rows.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Rows read.
    pub rows: u64,
    /// Rows of which any column changed.
    pub changed: u64,
    /// The columns that both versions write out, in the order of the new one.
    pub columns: Vec<ColumnDifference>,
}

/// One column under both versions.
#[derive(Clone, Debug, Default)]
pub struct ColumnDifference {
    /// Its name.
    pub name: String,
    /// In how many rows it changed.
    pub changed: u64,
    /// In how many it is a larger number than before.
    pub up: u64,
    /// In how many a smaller one.
    pub down: u64,
    /// The largest rise; 0 where none rose.
    pub most_up: f64,
    /// The largest fall, as a negative number; 0 where none fell.
    pub most_down: f64,
    /// The numbers before.
    pub before: Numbers,
    /// The numbers after.
    pub after: Numbers,
    /// How many rows went from one value to another, those that stayed included; numbers count
    /// together, and a column that only holds numbers has none.
    pub moves: BTreeMap<(String, String), u64>,
    /// The rows that moved most; of values that are no numbers, the first that changed.
    pub movers: Vec<Mover>,
    /// What made the difference, and in how many rows.
    pub blame: BTreeMap<String, Blame>,
    /// In how many rows several things did so together.
    pub joint: u64,
    /// Errors before and after.
    pub errors: (u64, u64),
}

/// A row that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// Its number, from 1, over all files.
    pub row: u64,
    /// What it is called.
    pub label: Option<String>,
    /// The value before.
    pub before: Value<'static>,
    /// The value after.
    pub after: Value<'static>,
    /// What made the difference: components with what they added, the largest first.
    pub because: Vec<(String, f64)>,
    /// The other columns of the row that changed, before and after.
    pub others: Vec<(String, Value<'static>, Value<'static>)>,
}

impl Mover {
    /// How far a number moved; 0 of other values.
    #[must_use]
    pub fn distance(&self) -> f64 {
        moved(&self.before, &self.after).unwrap_or(0.0)
    }
}

/// Two versions of a rule, ready to be compared.
#[derive(Debug)]
pub struct Versions<'r> {
    old: &'r Rules,
    new: &'r Rules,
    clock: &'r Clock,
    /// The columns that both write out: in the old one, in the new one.
    pairs: Vec<(ColumnId, ColumnId)>,
    /// For each pair, the pairs that its formula in the new version reads, directly or through private columns.
    reads: Vec<Vec<usize>>,
    imports: ChangedImports,
    keys: Vec<String>,
    /// Where in `keys` those of the old and of the new version stand.
    old_keys: Vec<usize>,
    new_keys: Vec<usize>,
}

impl<'r> Versions<'r> {
    /// Pairs the columns of two versions by their names.
    #[must_use]
    pub fn new(old: &'r Rules, new: &'r Rules, clock: &'r Clock) -> Self {
        let find = |name: &str| old.tree().outputs().find(|(_, column)| column.name == name);
        let pairs = new.tree().outputs();
        let pairs: Vec<(ColumnId, ColumnId)> =
            pairs.filter_map(|(id, column)| Some((find(&column.name)?.0, id))).collect();
        let mut keys: Vec<String> = Vec::new();
        let mut place = |key: &str| {
            keys.iter().position(|known| known == key).unwrap_or_else(|| {
                keys.push(key.to_owned());
                keys.len() - 1
            })
        };
        let old_keys = old.keys().iter().map(|key| place(key)).collect();
        let new_keys = new.keys().iter().map(|key| place(key)).collect();
        let keys = with_label_keys(&keys);
        let reads = reads_among(new, &pairs);
        let imports = ChangedImports::new(old, new);
        Self { old, new, clock, pairs, reads, imports, keys, old_keys, new_keys }
    }

    /// The columns that only the old and only the new version writes out.
    #[must_use]
    pub fn unpaired(&self) -> (Vec<&'r str>, Vec<&'r str>) {
        let lacks = |rules: &'r Rules| move |name: &&str| !rules.output_names().any(|other| other == *name);
        let old = self.old.output_names().filter(lacks(self.new)).collect();
        let new = self.new.output_names().filter(lacks(self.old)).collect();
        (old, new)
    }

    /// The column that most is told of where it changed: the score of the new version.
    #[must_use]
    pub fn score(&self) -> Option<&'r str> {
        let columns: Vec<ColumnId> = self.pairs.iter().map(|(_, new)| *new).collect();
        let score = scoring(self.new, &columns).score?;
        Some(&self.new.tree().column(score).name)
    }

    /// Evaluates both versions over all `inputs`.
    pub fn compare<'i>(
        &self,
        inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
    ) -> Result<Difference, BatchError> {
        let mut difference = Difference::default();
        self.prepare(&mut difference);
        let deep = self.old.is_deep() || self.new.is_deep();
        survey(self, Threads { count: processors(), deep }, inputs, &mut difference)?;
        difference.columns.iter_mut().for_each(ColumnDifference::forget_plain_numbers);
        Ok(difference)
    }

    fn prepare(&self, difference: &mut Difference) {
        let named = |(_, new): &(ColumnId, ColumnId)| ColumnDifference {
            name: self.new.tree().column(*new).name.clone(),
            ..ColumnDifference::default()
        };
        if difference.columns.is_empty() {
            difference.columns = self.pairs.iter().map(named).collect();
        }
    }
}

/// For each pair of columns, the other pairs that its formula in the new version reads, directly or through private
/// columns.
fn reads_among(new: &Rules, pairs: &[(ColumnId, ColumnId)]) -> Vec<Vec<usize>> {
    let read = |column: ColumnId| {
        let named = read_through_private(new.tree(), column);
        let others = (0..pairs.len()).filter(|other| pairs[*other].1 != column);
        others.filter(|other| named.contains(&pairs[*other].1)).collect()
    };
    pairs.iter().map(|(_, column)| read(*column)).collect()
}

/// One version's reading of a row.
struct Reading<'v> {
    rules: &'v Rules,
    evaluation: Evaluation<'v>,
    inputs: Vec<Value<'v>>,
}

impl<'v> Reading<'v> {
    fn new(rules: &'v Rules, clock: &'v Clock, keys: &[usize], keyed: &[Option<Value<'v>>]) -> Self {
        let own: Vec<Value<'v>> =
            keys.iter().map(|index| keyed[*index].clone().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        rules.inputs(&own, clock, &mut inputs);
        let mut evaluation = Evaluation::new(rules.tree(), clock);
        evaluation.row(&inputs, &mut ());
        Self { rules, evaluation, inputs }
    }

    fn value(&self, column: ColumnId) -> &Value<'v> {
        &self.evaluation.values()[column.0 as usize]
    }
}

impl Survey for Versions<'_> {
    type Found = Difference;

    fn keys(&self) -> &[String] {
        &self.keys
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Difference) -> Result<(), BatchError> {
        self.prepare(found);
        found.rows += 1;
        let mut old = Reading::new(self.old, self.clock, &self.old_keys, row.keyed);
        let mut new = Reading::new(self.new, self.clock, &self.new_keys, row.keyed);
        let changed: Vec<bool> =
            self.pairs.iter().map(|(before, after)| !same(old.value(*before), new.value(*after))).collect();
        found.changed += u64::from(changed.contains(&true));
        for (index, column) in found.columns.iter_mut().enumerate() {
            let (before, after) = self.pairs[index];
            column.count(old.value(before), new.value(after), self.clock);
            if !changed[index] {
                continue;
            }
            let because = blame::because(self, &mut old, &mut new, index, &changed);
            column.changed(old.value(before), new.value(after), &because);
            let distance = moved(old.value(before), new.value(after)).unwrap_or(0.0);
            if column.has_room_for(distance) {
                let others =
                    self.pairs.iter().enumerate().filter(|(other, _)| *other != index && changed[*other]);
                let others = others.map(|(_, (before, after))| {
                    let name = self.new.tree().column(*after).name.clone();
                    (name, old.value(*before).clone().into_owned(), new.value(*after).clone().into_owned())
                });
                let get = |key: &str| {
                    let index = self.keys.iter().position(|known| known == key)?;
                    row.keyed[index].as_ref()
                };
                column.keep(Mover {
                    row: row.number,
                    label: label(get),
                    before: old.value(before).clone().into_owned(),
                    after: new.value(after).clone().into_owned(),
                    because,
                    others: others.collect(),
                });
            }
        }
        Ok(())
    }

    fn gather(&self, all: &mut Difference, block: &mut Difference) -> ControlFlow<()> {
        all.add(std::mem::take(block));
        ControlFlow::Continue(())
    }
}

/// Whether two results are the same: numbers to fifteen digits, everything else exactly.
fn same(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(*one, *other),
        (Value::Error(one), Value::Error(other)) => one.code == other.code,
        _ => one == other,
    }
}

/// What a value is called in a matrix: as snapshots write it, so that no two kinds look alike; numbers together.
fn matrix_name(value: &Value<'_>, clock: &Clock) -> String {
    if matches!(value, Value::Number(_)) {
        return ANY_NUMBER.to_owned();
    }
    let mut name = String::new();
    write_cell(&mut name, value, clock);
    name
}

/// How far a number moved.
fn moved(before: &Value<'_>, after: &Value<'_>) -> Option<f64> {
    match (before, after) {
        (Value::Number(before), Value::Number(after)) => Some(after - before),
        _ => None,
    }
}

impl ColumnDifference {
    fn count(&mut self, before: &Value<'_>, after: &Value<'_>, clock: &Clock) {
        self.errors.0 += u64::from(before.as_error().is_some());
        self.errors.1 += u64::from(after.as_error().is_some());
        if let Value::Number(number) = before {
            self.before.add(*number);
        }
        if let Value::Number(number) = after {
            self.after.add(*number);
        }
        *self.moves.entry((matrix_name(before, clock), matrix_name(after, clock))).or_default() += 1;
        self.fold_moves();
    }

    /// A column that only ever held numbers has no matrix.
    fn forget_plain_numbers(&mut self) {
        if self.moves.keys().all(|(from, to)| from == ANY_NUMBER && to == ANY_NUMBER) {
            self.moves.clear();
        }
    }

    fn changed(&mut self, before: &Value<'_>, after: &Value<'_>, because: &[(String, f64)]) {
        self.changed += 1;
        if let Some(distance) = moved(before, after) {
            self.up += u64::from(distance > 0.0);
            self.down += u64::from(distance < 0.0);
            self.most_up = self.most_up.max(distance);
            self.most_down = self.most_down.min(distance);
        }
        self.joint += u64::from(because.len() > 1);
        for (name, points) in because {
            self.blame.entry(name.clone()).or_default().add(*points);
        }
    }

    fn has_room_for(&self, distance: f64) -> bool {
        let last = self.movers.last().filter(|_| self.movers.len() >= MOST_MOVERS);
        last.is_none_or(|last| distance.abs() > last.distance().abs())
    }

    /// Keeps the largest movers, of equal ones the first.
    fn keep(&mut self, mover: Mover) {
        let distance = mover.distance().abs();
        let at = self.movers.partition_point(|other| other.distance().abs() >= distance);
        self.movers.insert(at, mover);
        self.movers.truncate(MOST_MOVERS);
    }
}
