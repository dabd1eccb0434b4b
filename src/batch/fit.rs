//! Whether rows fit a rule file: columns that no row has, values of a kind that no use of their column can read.

use super::Input;
use super::failure::BatchError;
use super::source::Source;
use super::tally::Firsts;
use super::worker::unless_ragged;
use crate::check::{Kind, KindSet};
use crate::rows::csv::{FieldSpan, field_value};
use crate::rows::{Block, Format, JsonRow, RowText, Wanted, read};
use crate::rules::Rules;
use crate::value::{Clock, ErrorValue, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a pass over rows found.
#[derive(Debug, Default)]
pub struct Fit {
    /// Rows read.
    pub rows: u64,
    /// Rows that can't be read, with the message of the first.
    pub bad_rows: Firsts,
    /// What is wrong with the first of them.
    pub first_bad: Option<String>,
    /// For each input of the rules, in how many rows its key stands.
    pub seen: Vec<u64>,
    /// For each input and kind of value that does not fit it, where that stands.
    pub misfits: BTreeMap<(usize, &'static str), Misfit>,
    /// All keys of the first rows.
    pub keys: BTreeSet<String>,
}

/// Values of one kind that don't fit their column.
#[derive(Clone, Debug, Default)]
pub struct Misfit {
    /// How many and where.
    pub firsts: Firsts,
    /// The first of them, as messages show it.
    pub example: String,
}

/// Reads all `inputs` and compares them with what the rules make of their columns.
pub fn fit<'i>(
    rules: &Rules,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Fit, BatchError> {
    let clock = Clock::system();
    let mut found = Fit { seen: vec![0; rules.tree().inputs.len()], ..Fit::default() };
    for input in inputs {
        let mut source = Source::open(input?)?;
        found.keys.extend(source.keys().iter().cloned());
        let (columns, mut reading) = source.split();
        let (name, format, header) = (columns.name, columns.format, columns.header.to_vec());
        let wanted = Wanted::new(rules.keys().to_vec(), Vec::new());
        let mut block = Block::default();
        while reading.next(&mut block)? {
            match format {
                Format::JsonLines => json_rows(rules, name, block.lines(), &wanted, &clock, &mut found),
                Format::Json => json_rows(rules, name, block.elements(), &wanted, &clock, &mut found),
                Format::Csv => csv_rows(rules, name, &block, &header, &clock, &mut found),
            }
        }
    }
    Ok(found)
}

fn json_rows<'b>(
    rules: &Rules,
    file: &str,
    rows: impl Iterator<Item = RowText<'b>>,
    wanted: &Wanted,
    clock: &Clock,
    found: &mut Fit,
) {
    let mut row = JsonRow::default();
    for RowText { line, column, text, .. } in rows {
        found.rows += 1;
        let read_row = text.and_then(|text| read(text, wanted, &mut row));
        if let Err(bad) = read_row {
            found.bad_row(&BatchError::bad_row(file, line, column, &bad));
        } else {
            let keyed: Vec<Option<Value<'_>>> = row.inputs.iter_mut().map(Option::take).collect();
            found.row(rules, &keyed, clock);
        }
    }
}

fn csv_rows(rules: &Rules, file: &str, block: &Block, header: &[String], clock: &Clock, found: &mut Fit) {
    let mut fields: Vec<FieldSpan> = Vec::new();
    let mut records = block.records();
    let of_key = |key: &String| header.iter().rposition(|name| name == key);
    let key_fields: Vec<Option<usize>> = rules.keys().iter().map(of_key).collect();
    while let Some(record) = records.next(&mut fields) {
        found.rows += 1;
        match unless_ragged(record.text, fields.len(), header.len()) {
            Err(bad) => found.bad_row(&BatchError::bad_row(file, record.line, 1, &bad)),
            Ok(text) => {
                let value = |field: usize| {
                    fields.get(field).map_or(Value::Blank, |field| field_value(&text[field.clone()]))
                };
                let keyed: Vec<Option<Value<'_>>> = key_fields.iter().map(|field| field.map(value)).collect();
                found.row(rules, &keyed, clock);
            }
        }
    }
}

impl Fit {
    fn bad_row(&mut self, error: &BatchError) {
        self.bad_rows.add(self.rows);
        self.first_bad.get_or_insert_with(|| error.to_string());
    }

    fn row(&mut self, rules: &Rules, keyed: &[Option<Value<'_>>], clock: &Clock) {
        let values: Vec<Value<'_>> = keyed.iter().map(|value| value.clone().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        rules.inputs(&values, clock, &mut inputs);
        for (index, (input, value)) in rules.tree().inputs.iter().zip(&inputs).enumerate() {
            // Behind a path, Blank is as good as missing.
            let is_there = if input.path.steps.is_empty() {
                keyed[rules.key_of_input(index)].is_some()
            } else {
                !matches!(value, Value::Blank)
            };
            self.seen[index] += u64::from(is_there);
            let Some(kind) = KindSet::kind_of(value, clock) else { continue };
            // Digits fit wherever text does: an industry of "365" is odd, but text.
            let fits = input.kinds.has(kind) || (kind == Kind::NumberText && input.kinds.has(Kind::Words));
            if !fits {
                let row = self.rows;
                let misfit = self.misfits.entry((index, kind.described())).or_default();
                if misfit.firsts.count == 0 {
                    misfit.example = ErrorValue::shown(value, None);
                }
                misfit.firsts.add(row);
            }
        }
    }
}
