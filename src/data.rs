//! Lookup data: a table in memory whose rows are found by their keys.
//!
//! A lookup costs one hash or one binary search and copies no text. A table of N rows takes 8 bytes for each number and
//! the bytes of each text with 4 more, and 4 to 12 bytes a row for its index and its line.

mod column;
pub mod csv;
mod index;

pub use column::{Column, ColumnBuilder, MOST_DISTINCT};
pub use index::KeyError;

use crate::types::Type;
use crate::value::{Clock, Record, Text, Value};
use index::Index;
use std::sync::{Arc, OnceLock};

/// A file of lookup data may have this many bytes.
pub const MOST_BYTES: u64 = 1 << 30;
/// Data of more rows than this can be looked up, and is not a value that formulas go through.
pub const MOST_LISTED: usize = 1_000_000;

/// What lookup data is made of, before it is indexed.
#[derive(Debug, Default)]
pub struct Rows {
    /// The columns, of the same length; a single one without a name for a list of texts.
    pub columns: Vec<Column>,
    /// The line of each row in its file, from 1.
    pub lines: Vec<u32>,
}

/// A table of lookup data.
#[derive(Debug)]
pub struct Dataset {
    columns: Vec<Column>,
    lines: Vec<u32>,
    keys: Vec<usize>,
    range: Option<usize>,
    index: Option<Index>,
    /// The column whose cell a lookup returns, where it does not return the whole row.
    answer: Option<usize>,
    /// All rows as one value, once a formula needs it.
    whole: OnceLock<Value<'static>>,
    /// The values of a list of values, once a formula looks one up.
    members: OnceLock<Index>,
}

impl Dataset {
    /// Indexes rows by the columns at `keys`, and by the thresholds in the column at `range`.
    pub fn new(rows: Rows, keys: Vec<usize>, range: Option<usize>) -> Result<Self, KeyError> {
        let Rows { columns, lines } = rows;
        let is_indexed = !keys.is_empty() || range.is_some();
        let index = if is_indexed { Some(Index::new(&columns, &lines, &keys, range, true)?) } else { None };
        let (whole, members) = (OnceLock::new(), OnceLock::new());
        Ok(Self { columns, lines, keys, range, index, answer: None, whole, members })
    }

    /// Makes lookups return the cell of this column rather than the whole row.
    #[must_use]
    pub fn answering(self, column: Option<usize>) -> Self {
        Self { answer: column, ..self }
    }

    /// The column whose cell a lookup returns, where it does not return the whole row.
    #[must_use]
    pub fn answer(&self) -> Option<usize> {
        self.answer
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The columns, in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The index of the column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name() == name)
    }

    /// The columns that a lookup gives values for: the keys, and then the thresholds.
    pub fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.keys.iter().chain(&self.range).map(|column| &self.columns[*column])
    }

    /// Whether its rows are found by keys or thresholds, rather than by their position.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.index.is_some()
    }

    /// Whether each row is a single value rather than a record.
    #[must_use]
    pub fn is_list_of_values(&self) -> bool {
        matches!(&self.columns[..], [only] if only.name().is_empty())
    }

    /// The row that has these values in [`Self::key_columns`].
    #[must_use]
    pub fn find(&self, keys: &[Value<'_>], clock: &Clock) -> Option<usize> {
        self.index.as_ref()?.find(&self.columns, keys, clock)
    }

    /// Whether a list of values has one that is equal to this.
    #[must_use]
    pub fn contains(&self, value: &Value<'_>, clock: &Clock) -> bool {
        let index = self.members.get_or_init(|| {
            // Only keys that must differ can make it fail.
            Index::new(&self.columns, &self.lines, &[0], None, false).unwrap_or_default()
        });
        index.find(&self.columns, std::slice::from_ref(value), clock).is_some()
    }

    /// The line of a row in its file, from 1.
    #[must_use]
    pub fn line(&self, row: usize) -> Option<u32> {
        self.lines.get(row).copied()
    }

    /// A row: a record, or the value of a list of values.
    #[must_use]
    pub fn row(&self, row: usize) -> Value<'_> {
        if self.is_list_of_values() {
            return self.columns[0].value(row);
        }
        let member =
            |column: &'_ Column| (Text::from(column.name().to_owned()), column.value(row).into_owned());
        Value::Record(Arc::new(Record::new(self.columns.iter().map(member).collect())))
    }

    /// The rows in a list.
    #[must_use]
    pub fn whole(&self) -> &Value<'static> {
        self.whole
            .get_or_init(|| Value::list((0..self.len()).map(|row| self.row(row).into_owned()).collect()))
    }

    /// Whether both have the same rows under the same columns.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        let is_same = |(one, two): (&Column, &Column)| {
            one.name() == two.name() && (0..self.len()).all(|row| one.value(row) == two.value(row))
        };
        self.len() == other.len()
            && self.answer == other.answer
            && self.columns.len() == other.columns.len()
            && self.columns.iter().zip(&other.columns).all(is_same)
    }

    /// The type of the values of a column.
    #[must_use]
    pub fn type_of(&self, column: usize) -> Type {
        self.columns.get(column).map_or(Type::Any, Column::ty)
    }
}
