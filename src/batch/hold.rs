//! The first rows of files, held in memory with all their columns.

use super::Input;
use super::failure::BatchError;
use super::source::{Columns, Source};
use super::worker::unless_ragged;
use crate::rows::csv::{FieldSpan, field_value};
use crate::rows::{BadRow, Block, Format, JsonRow, RowText, Wanted, read, read_keys};
use crate::value::Value;
use std::collections::HashMap;

/// Rows in memory.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The names of all columns, in the order in which they first stood in a row.
    pub keys: Vec<String>,
    /// For each row the values under [`Self::keys`]; `None`, or nothing at the end, where the row has no such key.
    pub rows: Vec<Vec<Option<Value<'static>>>>,
    /// How many rows can't be read; they are left out.
    pub bad_rows: u64,
    /// What is wrong with the first of them.
    pub first_bad: Option<String>,
    /// Whether there are more rows than were to be held.
    pub more: bool,
}

/// Reads up to `most` rows of all `inputs` in turn, as if they were one file.
pub fn hold<'i>(
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
    most: usize,
) -> Result<Held, BatchError> {
    let mut holding =
        Holding { held: Held::default(), most, slots: HashMap::new(), wanted: Wanted::default() };
    for input in inputs {
        let mut source = Source::open(input?)?;
        let (columns, mut reading) = source.split();
        if columns.format == Format::Csv {
            columns.header.iter().for_each(|key| holding.add_key(key));
        }
        let mut block = Block::default();
        while !holding.held.more && reading.next(&mut block)? {
            match columns.format {
                Format::JsonLines => holding.json_rows(columns.name, block.lines()),
                Format::Json => holding.json_rows(columns.name, block.elements()),
                Format::Csv => holding.csv_rows(columns, &block),
            }
        }
        if holding.held.more {
            break;
        }
    }
    Ok(holding.held)
}

struct Holding {
    held: Held,
    most: usize,
    /// The place of each key in the rows.
    slots: HashMap<String, usize>,
    wanted: Wanted,
}

impl Holding {
    fn add_key(&mut self, key: &str) {
        if !self.slots.contains_key(key) {
            self.slots.insert(key.to_owned(), self.held.keys.len());
            self.held.keys.push(key.to_owned());
        }
    }

    /// Whether there is room for one more row; where there is none, that is noted.
    fn has_room(&mut self) -> bool {
        self.held.more = self.held.rows.len() >= self.most;
        !self.held.more
    }

    fn bad_row(&mut self, file: &str, (line, column): (usize, usize), bad: &BadRow) {
        self.held.bad_rows += 1;
        let told = || BatchError::bad_row(file, line, column, bad).to_string();
        self.held.first_bad.get_or_insert_with(told);
    }

    fn json_rows<'b>(&mut self, file: &str, rows: impl Iterator<Item = RowText<'b>>) {
        for RowText { line, column, text, .. } in rows {
            if !self.has_room() {
                return;
            }
            match text.and_then(|text| self.json_row(text)) {
                Ok(row) => self.held.rows.push(row),
                Err(bad) => self.bad_row(file, (line, column), &bad),
            }
        }
    }

    fn json_row(&mut self, text: &str) -> Result<Vec<Option<Value<'static>>>, BadRow> {
        for key in read_keys(text)? {
            self.add_key(&key);
        }
        if self.wanted.inputs().len() < self.held.keys.len() {
            self.wanted = Wanted::new(self.held.keys.clone(), Vec::new());
        }
        let mut row = JsonRow::default();
        read(text, &self.wanted, &mut row)?;
        Ok(row.inputs.into_iter().map(|value| value.map(Value::into_owned)).collect())
    }

    fn csv_rows(&mut self, columns: Columns<'_>, block: &Block) {
        let mut fields: Vec<FieldSpan> = Vec::new();
        let mut records = block.records();
        while let Some(record) = records.next(&mut fields) {
            if !self.has_room() {
                return;
            }
            let text = unless_ragged(record.text, fields.len(), columns.header.len());
            let text = match text {
                Ok(text) => text,
                Err(bad) => {
                    self.bad_row(columns.name, (record.line, 1), &bad);
                    continue;
                }
            };
            let mut row = vec![None; self.held.keys.len()];
            // Of a name that the header has twice, the last field counts.
            for (key, field) in columns.header.iter().zip(&fields) {
                if let Some(slot) = self.slots.get(key) {
                    row[*slot] = Some(field_value(&text[field.clone()]).into_owned());
                }
            }
            self.held.rows.push(row);
        }
    }
}
