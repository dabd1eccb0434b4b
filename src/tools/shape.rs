//! What a pass over rows finds at each place of a row: kinds of value with their counts, distinct values, inner fields.

mod values;

pub use values::Values;

use crate::value::{Value, is_empty};
use std::collections::BTreeMap;

/// Bytes of distinct values that are kept for all places together, about.
const ALL_BYTES: usize = 64 << 20;
/// Bytes of distinct values that are kept for one place.
const MOST_BYTES: usize = 1 << 20;
/// A place inside another keeps this fraction of its bytes.
const INNER_SHARE: usize = 8;
/// Names of fields that are kept for the records at one place.
const MOST_FIELDS: usize = 100;
/// Levels of records and lists that are looked into.
const MOST_LEVELS: usize = 8;

/// The values at one place of the rows.
#[derive(Debug, Default)]
pub struct Shape {
    /// Rows or records that have it, null included.
    pub count: u64,
    /// Nulls, empty fields of a CSV, and values that could not be read.
    pub blanks: u64,
    /// TRUE.
    pub trues: u64,
    /// FALSE.
    pub falses: u64,
    /// Numbers.
    pub numbers: u64,
    /// Texts, empty ones included.
    pub texts: u64,
    /// Lists, empty ones included.
    pub lists: u64,
    /// Records, empty ones included.
    pub records: u64,
    /// Empty lists and records.
    pub hollow: u64,
    /// Those of them that are lists.
    pub hollow_lists: u64,
    /// The distinct numbers and texts.
    pub values: Values,
    /// The fields of the records.
    pub fields: BTreeMap<String, Self>,
    /// Whether the records have more fields than are kept.
    pub fields_cut: bool,
    /// The items of the lists.
    pub items: Option<Box<Self>>,
}

/// How much is kept at one place.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    bytes: usize,
    levels: usize,
}

impl Limits {
    /// The limits where values under so many keys are kept.
    #[must_use]
    pub fn for_keys(keys: usize) -> Self {
        Self { bytes: (ALL_BYTES / keys.max(1)).min(MOST_BYTES), levels: MOST_LEVELS }
    }

    fn inner(self) -> Option<Self> {
        let levels = self.levels.checked_sub(1)?;
        Some(Self { bytes: self.bytes / INNER_SHARE, levels })
    }
}

impl Shape {
    /// Counts one value.
    pub fn add(&mut self, value: &Value<'_>, limits: Limits) {
        self.count += 1;
        match value {
            Value::Blank | Value::Error(_) => self.blanks += 1,
            Value::Boolean(true) => self.trues += 1,
            Value::Boolean(false) => self.falses += 1,
            Value::Number(number) => {
                self.numbers += 1;
                self.values.add_number(*number, 1, limits.bytes);
            }
            Value::Digits(digits) => {
                self.numbers += 1;
                self.values.add_number(digits.parse().unwrap_or(f64::MAX), 1, limits.bytes);
            }
            Value::Text(text) => {
                self.texts += 1;
                self.values.add_text(text, 1, limits.bytes);
            }
            Value::Date(date) => {
                self.texts += 1;
                self.values.add_text(&date.to_string(), 1, limits.bytes);
            }
            Value::List(_) | Value::Record(_) => {
                self.hollow += u64::from(is_empty(value));
                self.hollow_lists += u64::from(is_empty(value) && matches!(value, Value::List(_)));
                self.add_inner(value, limits);
            }
        }
    }

    fn add_inner(&mut self, value: &Value<'_>, limits: Limits) {
        let inner = limits.inner();
        match value {
            Value::List(items) => {
                self.lists += 1;
                let Some(inner) = inner else { return };
                let shape = self.items.get_or_insert_default();
                items.iter().for_each(|item| shape.add(item, inner));
            }
            Value::Record(record) => {
                self.records += 1;
                let Some(inner) = inner else { return };
                for (name, member) in record.members() {
                    self.add_field(name, member, inner);
                }
            }
            _ => {}
        }
    }

    fn add_field(&mut self, name: &str, member: &Value<'_>, limits: Limits) {
        if let Some(field) = self.fields.get_mut(name) {
            field.add(member, limits);
        } else if self.fields.len() < MOST_FIELDS {
            self.fields.entry(name.to_owned()).or_default().add(member, limits);
        } else {
            self.fields_cut = true;
        }
    }

    /// Adds what `block` counted, and leaves nothing in it.
    pub fn merge(&mut self, block: Self, limits: Limits) {
        self.count += block.count;
        self.blanks += block.blanks;
        self.trues += block.trues;
        self.falses += block.falses;
        self.numbers += block.numbers;
        self.texts += block.texts;
        self.lists += block.lists;
        self.records += block.records;
        self.hollow += block.hollow;
        self.hollow_lists += block.hollow_lists;
        self.values.merge(&block.values, limits.bytes);
        self.fields_cut |= block.fields_cut;
        let Some(inner) = limits.inner() else { return };
        for (name, field) in block.fields {
            if self.fields.len() < MOST_FIELDS || self.fields.contains_key(&name) {
                self.fields.entry(name).or_default().merge(field, inner);
            } else {
                self.fields_cut = true;
            }
        }
        if let Some(items) = block.items {
            self.items.get_or_insert_default().merge(*items, inner);
        }
    }

    /// Values that are not empty.
    #[must_use]
    pub fn filled(&self) -> u64 {
        self.count - self.blanks - self.hollow - self.values.empty_texts()
    }

    /// The shape at the end of these steps, where any row has it.
    #[must_use]
    pub fn inside(&self, steps: &[ShapeStep<'_>]) -> Option<&Self> {
        steps.iter().try_fold(self, |shape, step| match step {
            ShapeStep::Field(name) => shape.fields.get(*name),
            ShapeStep::Item => shape.items.as_deref(),
        })
    }
}

/// One step into a record or list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShapeStep<'s> {
    /// `.city`
    Field(&'s str),
    /// Any item of a list.
    Item,
}
