//! The rows of lookup data on their way to a table: columns collected, declared types applied, keys indexed.

use crate::data::{Column, ColumnBuilder, Dataset, KeyError, Rows};
use crate::diagnostics::{DataError, did_you_mean, suggest};
use crate::span::{Span, Spanned};
use crate::syntax::ast::DataDeclaration;
use crate::types::Type;
use crate::value::{Clock, Record, Value, json_text, to_boolean, to_date, to_exact_number, to_text};
use std::collections::HashMap;

/// A row that is not of the kind of the rows before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mixed {
    /// A record after values.
    Record,
    /// A value after records.
    Value,
}

/// Why the rows of lookup data can't be used as they are declared.
#[derive(Debug)]
pub(crate) enum TableError {
    /// Rows that can't be indexed.
    Key(KeyError),
    /// Anything else.
    Data(Box<DataError>),
}

impl TableError {
    /// The report; `keys` are the places of the keys of rows that the rule file contains.
    pub(crate) fn report(self, declaration: &DataDeclaration, keys: &[Span]) -> DataError {
        match self {
            Self::Key(error) => key_error(declaration, error, keys),
            Self::Data(error) => *error,
        }
    }
}

impl From<KeyError> for TableError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<Box<DataError>> for TableError {
    fn from(error: Box<DataError>) -> Self {
        Self::Data(error)
    }
}

/// The rows of lookup data while they are read.
#[derive(Debug, Default)]
pub(crate) struct DataTable {
    columns: Vec<ColumnBuilder>,
    by_name: HashMap<String, usize>,
    lines: Vec<u32>,
}

impl DataTable {
    pub(crate) fn column(&mut self, name: &str) -> usize {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        self.columns.push(ColumnBuilder::new(name, self.lines.len()));
        self.by_name.insert(name.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    /// Ends a row: the columns that it did not have are Blank in it.
    pub(crate) fn end_row(&mut self, line: usize) {
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        let rows = self.lines.len();
        for column in self.columns.iter_mut().filter(|column| column.len() < rows) {
            column.push(&Value::Blank);
        }
    }

    /// Adds a value to the row that has begun; of a name that a row has twice, the first counts.
    pub(crate) fn push(&mut self, name: &str, value: &Value<'_>) {
        let column = self.column(name);
        self.push_to(column, value);
    }

    /// The same for a column that [`Self::column`] returned.
    pub(crate) fn push_to(&mut self, column: usize, value: &Value<'_>) {
        let rows = self.lines.len();
        if self.columns[column].len() == rows {
            self.columns[column].push(value);
        }
    }

    /// The column of this name.
    fn place(&self, declaration: &DataDeclaration, name: &Spanned<String>) -> Result<usize, Box<DataError>> {
        self.by_name.get(&name.value).copied().ok_or_else(|| {
            let names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
            let near = did_you_mean(&suggest(&name.value, names));
            let mut all: Vec<(usize, &str)> =
                self.by_name.iter().map(|(name, at)| (*at, name.as_str())).collect();
            all.sort_unstable();
            let all: Vec<String> = all.iter().take(12).map(|(_, name)| format!("`{name}`")).collect();
            Box::new(DataError::UnknownDataColumn {
                file: declaration.quoted(),
                name: name.value.clone(),
                at: name.span,
                help: near.unwrap_or_else(|| format!("its columns are {}", all.join(", "))),
            })
        })
    }

    /// Reads the columns with a declared type as that type.
    fn declare(&mut self, declaration: &DataDeclaration) -> Result<(), Box<DataError>> {
        let clock = Clock::system();
        for declared in &declaration.columns {
            let place = self.place(declaration, &declared.name)?;
            let ty = declared.ty.value;
            let given = std::mem::replace(&mut self.columns[place], ColumnBuilder::new("", 0)).finish();
            let mut column = ColumnBuilder::new(given.name(), 0);
            for (row, line) in self.lines.iter().enumerate() {
                let value = given.value(row);
                match as_type(&value, ty, &clock) {
                    Some(value) => column.push(&value),
                    None => {
                        return Err(misfit(
                            declaration,
                            &declared.name.value,
                            ty,
                            &value,
                            *line,
                            declared.ty.span,
                        )
                        .into());
                    }
                }
            }
            self.columns[place] = column;
        }
        Ok(())
    }

    /// Reads a column of dates in ISO 8601 as dates, so that a key is found as `=` compares it.
    fn read_dates(&mut self, place: usize) {
        let clock = Clock::system();
        let given = std::mem::replace(&mut self.columns[place], ColumnBuilder::new("", 0)).finish();
        let mut dates = ColumnBuilder::new(given.name(), 0);
        let is_text = given.ty() == Type::Text;
        let all_read = is_text
            && (0..given.len()).all(|row| {
                let date = as_type(&given.value(row), Type::Date, &clock);
                date.is_some_and(|date| {
                    dates.push(&date);
                    true
                })
            });
        self.columns[place] = if all_read { dates } else { ColumnBuilder::of(given) };
    }

    /// Adds the members of a record to the row that has begun; of a name that it has twice, the last counts.
    pub(super) fn members(&mut self, record: &Record<'_>) {
        let members = record.members();
        for (name, _) in members {
            self.column(name);
        }
        members.iter().rev().for_each(|(name, value)| self.push(name, value));
    }

    /// Adds a row: a record, or a value of a list of values.
    pub(crate) fn add(&mut self, value: &Value<'_>, line: usize) -> Result<(), Mixed> {
        let is_list_of_values = self.by_name.contains_key("");
        match value {
            Value::Record(record) if !is_list_of_values => {
                self.members(record);
            }
            Value::Record(_) => return Err(Mixed::Record),
            _ if self.lines.is_empty() || is_list_of_values => self.push("", value),
            _ => return Err(Mixed::Value),
        }
        self.end_row(line);
        Ok(())
    }

    /// Indexes the rows by the columns `keys`, as the declaration asks for.
    pub(crate) fn finish(
        mut self,
        declaration: &DataDeclaration,
        keys: &[Spanned<String>],
    ) -> Result<Dataset, TableError> {
        self.declare(declaration)?;
        let place = |name: &Spanned<String>| self.place(declaration, name);
        let keys = keys.iter().map(place).collect::<Result<Vec<usize>, _>>()?;
        let range = declaration.range.as_ref().map(place).transpose()?;
        keys.iter().chain(&range).for_each(|place| self.read_dates(*place));
        let columns: Vec<Column> = self.columns.into_iter().map(ColumnBuilder::finish).collect();
        Ok(Dataset::new(Rows { columns, lines: self.lines }, keys, range)?)
    }
}

/// The report of rows that can't be indexed; `keys` are the places of the keys of rows that the rule file contains.
fn key_error(declaration: &DataDeclaration, error: KeyError, keys: &[Span]) -> DataError {
    let last = declaration.range.as_ref().or(declaration.keys.last());
    let at = last.map_or(declaration.source.span, |name| name.span);
    match error {
        KeyError::Duplicate { key, rows, lines: (one, two) } => {
            let label = declaration.label();
            if let (Some(first), Some(second)) = (keys.get(rows.0), keys.get(rows.1)) {
                return DataError::DuplicateKey {
                    problem: format!("`{label}` has the key {key} twice"),
                    at: *second,
                    why: "again here",
                    first: Some(*first),
                    help: "remove one of them; keys that differ in letter case are the same",
                };
            }
            DataError::DuplicateKey {
                problem: format!("{label} has the key {key} on lines {one} and {two}"),
                at,
                why: "the key",
                first: None,
                help: "remove one of the rows, or add a column to the key",
            }
        }
        KeyError::Threshold { value, line } => DataError::DataCell {
            problem: format!(
                "{}: the threshold {value} is not a number or a date",
                line_of(declaration, line)
            ),
            at,
            why: "the column of thresholds".to_owned(),
            help: "write a number in each row; `0` begins the lowest range".to_owned(),
        },
    }
}

fn misfit(
    declaration: &DataDeclaration,
    column: &str,
    ty: Type,
    value: &Value<'_>,
    line: u32,
    at: Span,
) -> DataError {
    let place = line_of(declaration, line);
    let (shown, kind) = (json_text(value), ty.with_article());
    DataError::DataCell {
        problem: format!("{place}: {shown} in column `{column}` is not {kind}"),
        at,
        why: format!("declared as {ty}"),
        help: "correct the cell, or declare another type: `Any` takes all values".to_owned(),
    }
}

/// A cell as the declared type; nothing where it is none.
fn as_type<'v>(value: &Value<'v>, ty: Type, clock: &Clock) -> Option<Value<'v>> {
    match (ty, value) {
        (_, Value::Blank) | (Type::Any | Type::Blank, _) => Some(value.clone()),
        (Type::Number, _) => to_exact_number(value).ok(),
        (Type::Text, _) => to_text(value).ok().map(Value::Text),
        (Type::Boolean, _) => to_boolean(value).ok().map(Value::Boolean),
        (Type::Date, _) => to_date(value, clock).ok().map(Value::Date),
        (Type::List | Type::Record, _) => (value.ty() == ty).then(|| value.clone()),
    }
}

/// `accounts.csv:3`, `` `Points`, line 3 ``
fn line_of(declaration: &DataDeclaration, line: u32) -> String {
    match declaration.file() {
        Some(file) => format!("{file}:{line}"),
        None => format!("`{}`, line {line}", declaration.name.value),
    }
}
