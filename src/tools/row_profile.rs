//! What the columns of rows hold: kinds, fill, distinct values, spellings, and the results of market functions.

mod market;

use super::against_rows::{Comparison, delimited};
use super::shape::{Limits, Shape};
use super::spelled::{Spelled, Spellings, best_format};
use crate::batch::{BatchError, Firsts, Input, Survey, SurveyedRow, Threads, processors, survey};
use crate::syntax::bare_or_braced;
use crate::value::{Clock, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Values of a column that a profile lists.
const MOST_TOP: usize = 5;
/// Levels of records that are columns of their own.
const MOST_LEVELS: usize = 3;
/// Columns of a profile.
const MOST_COLUMNS: usize = 400;

/// The columns of rows.
#[derive(Debug, Default)]
pub struct RowProfile {
    /// Rows that could be read.
    pub rows: u64,
    /// Rows that could not be read.
    pub bad_rows: Firsts,
    /// What is wrong with the first of them.
    pub first_bad: Option<String>,
    /// The columns, in the order of their names; fields of records follow them.
    pub columns: Vec<ColumnProfile>,
}

/// One column, or one field of its records.
#[derive(Debug)]
pub struct ColumnProfile {
    /// The name as formulas spell it: `company.hq.country`.
    pub name: String,
    /// Rows or records that have it, null included.
    pub count: u64,
    /// Those that are not empty.
    pub filled: u64,
    /// Distinct numbers and texts.
    pub distinct: usize,
    /// Whether there are more distinct values than were kept.
    pub has_more: bool,
    /// Kinds of value, or what texts spell, with their counts; the most frequent first.
    pub kinds: Vec<(&'static str, u64)>,
    /// The most frequent values.
    pub top: Vec<(Value<'static>, u64)>,
    /// The smallest number, the median and the largest.
    pub numbers: Option<[f64; 3]>,
    /// The results of market functions, with their counts.
    pub functions: Vec<(&'static str, Vec<(String, u64)>)>,
    /// What to write in formulas for some of the values.
    pub advice: Vec<String>,
}

/// Reads all `inputs` and profiles the columns of these names, or all that the first rows have.
pub fn row_profile<'i>(
    clock: &Clock,
    names: Option<&[String]>,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<RowProfile, BatchError> {
    let surveying = Profiling { names, limits: Limits::for_keys(names.map_or(64, <[String]>::len)) };
    let mut seen = Columns::default();
    survey(&surveying, Threads { count: processors(), deep: false }, inputs, &mut seen)?;
    let mut profile = RowProfile {
        rows: seen.rows - seen.bad_rows.count,
        bad_rows: seen.bad_rows,
        first_bad: seen.first_bad,
        columns: Vec::new(),
    };
    for (name, shape) in &seen.shapes {
        add(clock, &bare_or_braced(name), shape, MOST_LEVELS, &mut profile.columns);
    }
    Ok(profile)
}

/// Profiles the columns that a comparison of a rule has read.
#[must_use]
pub fn profile_of(clock: &Clock, keys: &[String], found: &Comparison) -> RowProfile {
    let mut columns = Vec::new();
    for (name, shape) in keys.iter().zip(&found.shapes) {
        add(clock, &bare_or_braced(name), shape, MOST_LEVELS, &mut columns);
    }
    RowProfile {
        rows: found.rows - found.bad_rows.count,
        bad_rows: found.bad_rows.clone(),
        first_bad: found.first_bad.clone(),
        columns,
    }
}

/// Adds a column, and the fields of its records as further columns.
fn add(clock: &Clock, name: &str, shape: &Shape, levels: usize, columns: &mut Vec<ColumnProfile>) {
    let Some(levels) = levels.checked_sub(1).filter(|_| columns.len() < MOST_COLUMNS) else { return };
    columns.push(column(clock, name, shape));
    for (field, inner) in &shape.fields {
        let field = bare_or_braced(field);
        let field =
            if field.contains(' ') && !field.starts_with('{') { format!("{{{{{field}}}}}") } else { field };
        add(clock, &format!("{name}.{field}"), inner, levels, columns);
    }
}

fn column(clock: &Clock, name: &str, shape: &Shape) -> ColumnProfile {
    // Of a list, its items say more.
    let of = shape.items.as_deref().filter(|_| shape.lists > 0).unwrap_or(shape);
    let spellings = Spellings::of(clock, of);
    let mut values = of.values.ranked();
    values.retain(|(value, _)| !crate::value::is_empty(value));
    let distinct = values.len();
    let top = values.into_iter().take(MOST_TOP).map(|(value, count)| (value.into_owned(), count)).collect();
    ColumnProfile {
        name: name.to_owned(),
        count: shape.count,
        filled: shape.filled(),
        distinct,
        has_more: !of.values.is_complete(),
        kinds: kinds(shape, &spellings),
        top,
        numbers: numbers(of),
        functions: market::results(clock, name, of),
        advice: advice(clock, name, of, &spellings),
    }
}

/// Kinds of value, with texts told apart by what they spell.
fn kinds(shape: &Shape, spellings: &Spellings<'_>) -> Vec<(&'static str, u64)> {
    let spelled = [
        ("number as text", Spelled::Number),
        ("amount", Spelled::Money),
        ("range", Spelled::Range),
        ("true/false as text", Spelled::Boolean),
        ("yes/no", Spelled::YesNo),
        ("date", Spelled::Date),
        ("date in another spelling", Spelled::OtherDate),
        ("placeholder", Spelled::Placeholder),
        ("JSON text", Spelled::Json),
    ];
    let is_list = shape.lists > 0;
    let mut kinds: Vec<(&'static str, u64)> = vec![
        ("number", shape.numbers),
        ("TRUE or FALSE", shape.trues + shape.falses),
        ("list", shape.lists),
        ("record", shape.records),
    ];
    let mut words = shape.texts - shape.values.empty_texts();
    if !is_list {
        for (name, one) in spelled {
            let count = spellings.count(&[one]);
            words = words.saturating_sub(count);
            kinds.push((name, count));
        }
    }
    kinds.push(("text", words));
    kinds.retain(|(_, count)| *count > 0);
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// The smallest number, the median and the largest.
fn numbers(shape: &Shape) -> Option<[f64; 3]> {
    let mut all: Vec<(f64, u64)> = shape.values.numbers().collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let half = all.iter().map(|(_, count)| count).sum::<u64>().div_ceil(2);
    let mut seen = 0;
    let median = all.iter().find(|(_, count)| {
        seen += count;
        seen >= half
    });
    Some([all.first()?.0, median?.0, all.last()?.0])
}

/// What to write in formulas for the values that are not read as they are.
fn advice(clock: &Clock, name: &str, shape: &Shape, spellings: &Spellings<'_>) -> Vec<String> {
    let mut advice = Vec::new();
    let mut add = |spelled: Spelled, noun: &str, write: String| {
        let count = spellings.count(&[spelled]);
        if count > 0 {
            advice.push(format!("{noun} ({count}): write {write}"));
        }
    };
    add(Spelled::Money, "amount", format!("`PARSENUMBER({name})`"));
    add(Spelled::Range, "range", format!("`RANGEMIN({name})`, `RANGEMID({name})` or `RANGEMAX({name})`"));
    add(Spelled::YesNo, "yes/no", format!("`TOBOOLEAN({name})`"));
    add(Spelled::Placeholder, "placeholder", format!("`IF(ISPLACEHOLDER({name}), \"\", {name})`"));
    add(Spelled::Json, "JSON text", format!("`PARSEJSON({name})`"));
    if let Some((format, _)) = best_format(clock, &spellings.list(Spelled::OtherDate)) {
        add(
            Spelled::OtherDate,
            "date in another spelling",
            format!("`DATETIME_PARSE({name}, \"{format}\")`"),
        );
    }
    // A list in one text has short parts, and the same parts in several rows.
    if let Some((delimiter, texts)) = delimited(shape).filter(|(delimiter, _)| delimiter.trim() != ",") {
        let count: u64 = texts.iter().map(|(_, count)| count).sum();
        let delimiter = crate::syntax::print_text(delimiter);
        advice.push(format!("list in one text ({count}): write `SPLIT({name}, {delimiter})`"));
    }
    advice
}

/// What is found of the columns in some rows.
#[derive(Default)]
struct Columns {
    rows: u64,
    bad_rows: Firsts,
    first_bad: Option<String>,
    shapes: BTreeMap<String, Shape>,
}

/// A pass over rows that looks at their columns.
struct Profiling<'p> {
    names: Option<&'p [String]>,
    limits: Limits,
}

impl Survey for Profiling<'_> {
    type Found = Columns;

    fn keys(&self) -> &[String] {
        self.names.unwrap_or_default()
    }

    fn keys_in(&self, first: &BTreeSet<String>) -> Vec<String> {
        self.names.map_or_else(|| first.iter().cloned().collect(), <[String]>::to_vec)
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Columns) -> Result<(), BatchError> {
        found.rows += 1;
        for (key, value) in row.keys.iter().zip(row.keyed) {
            let Some(value) = value else { continue };
            if let Some(shape) = found.shapes.get_mut(key) {
                shape.add(value, self.limits);
            } else {
                found.shapes.entry(key.clone()).or_default().add(value, self.limits);
            }
        }
        Ok(())
    }

    fn bad_row(&self, _: u64, error: BatchError, found: &mut Columns) -> Result<(), BatchError> {
        found.rows += 1;
        found.bad_rows.add(found.rows);
        found.first_bad.get_or_insert_with(|| error.to_string());
        Ok(())
    }

    fn gather(&self, all: &mut Columns, block: &mut Columns) -> ControlFlow<()> {
        let block = std::mem::take(block);
        for (key, shape) in block.shapes {
            all.shapes.entry(key).or_default().merge(shape, self.limits);
        }
        all.bad_rows.merge(&block.bad_rows, all.rows);
        if all.first_bad.is_none() {
            all.first_bad = block.first_bad;
        }
        all.rows += block.rows;
        ControlFlow::Continue(())
    }
}
