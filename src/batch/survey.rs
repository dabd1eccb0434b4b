//! A pass over rows that writes none: each is read and looked at on several threads, and what is found is gathered in
//! order.

use super::Input;
use super::failure::BatchError;
use super::source::{Columns, Source};
use super::worker::unless_ragged;
use crate::rows::csv::{FieldSpan, field_value};
use crate::rows::{BadRow, Block, Format, JsonRow, RowText, Wanted, ordered, read};
use crate::value::Value;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What is looked at in each row, and what becomes of it.
pub trait Survey: Sync {
    /// What is found in the rows of one block, and then in all.
    type Found: Default + Send;

    /// The keys of a row that are read, each once.
    fn keys(&self) -> &[String];

    /// The keys that are read in a file whose first rows have the keys `first`, each once.
    fn keys_in(&self, first: &BTreeSet<String>) -> Vec<String> {
        let _ = first;
        self.keys().to_vec()
    }

    /// Looks at one row.
    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Self::Found) -> Result<(), BatchError>;

    /// Decides about a row that can't be read, the `number`th of its block, from 1. The pass stops unless it says
    /// otherwise.
    fn bad_row(&self, number: u64, error: BatchError, found: &mut Self::Found) -> Result<(), BatchError> {
        let _ = (number, found);
        Err(error)
    }

    /// Adds what was found in the block that comes next, and leaves `block` empty. Breaks where no more is wanted.
    fn gather(&self, all: &mut Self::Found, block: &mut Self::Found) -> ControlFlow<()>;
}

/// One row of a survey.
#[derive(Debug)]
pub struct SurveyedRow<'r, 'b> {
    /// Which row of its block it is, from 1.
    pub number: u64,
    /// The keys that are read in its file.
    pub keys: &'r [String],
    /// The value under each of these; `None` where the row has no such key.
    pub keyed: &'r [Option<Value<'b>>],
}

/// How a survey runs.
#[derive(Clone, Copy, Debug)]
pub struct Threads {
    /// How many threads look at rows.
    pub count: usize,
    /// Whether the rules are so deep that each needs a large stack.
    pub deep: bool,
}

impl Threads {
    /// Bytes of stack for each thread.
    pub(super) fn stack(self) -> usize {
        if self.deep { 96 << 20 } else { 4 << 20 }
    }
}

/// What travels from the reader to a worker to the one who gathers.
#[derive(Default)]
struct Piece<F> {
    block: Block,
    found: F,
    failure: Option<BatchError>,
}

/// Looks at every row of all `inputs` in turn, as if they were one file. Gives the keys of the first rows.
pub fn survey<'i, S: Survey>(
    survey: &S,
    threads: Threads,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
    all: &mut S::Found,
) -> Result<BTreeSet<String>, BatchError>
where
    S::Found: Send,
{
    let mut keys = BTreeSet::new();
    for input in inputs {
        let mut source = Source::open(input?)?;
        keys.extend(source.keys().iter().cloned());
        let wanted = survey.keys_in(source.keys());
        let (columns, mut reading) = source.split();
        let mut stopped = false;
        let worker = || {
            let looking = Looking::new(survey, columns, &wanted);
            move |piece: &mut Piece<S::Found>| looking.look_at(piece)
        };
        let gather = |piece: &mut Piece<S::Found>| {
            let flow = survey.gather(all, &mut piece.found);
            stopped = flow.is_break();
            piece.failure.take().map_or(Ok(flow), Err)
        };
        let produce = |piece: &mut Piece<S::Found>| reading.next(&mut piece.block);
        ordered(threads.count, threads.stack(), produce, worker, gather)?;
        if stopped {
            break;
        }
    }
    Ok(keys)
}

/// The keys of the first rows of all `inputs`, of which no more is read.
pub fn first_keys<'i>(
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<BTreeSet<String>, BatchError> {
    let mut keys = BTreeSet::new();
    for input in inputs {
        keys.extend(Source::open(input?)?.keys().iter().cloned());
    }
    Ok(keys)
}

/// What one thread needs to read rows.
struct Looking<'s, S> {
    survey: &'s S,
    columns: Columns<'s>,
    keys: &'s [String],
    wanted: Wanted,
    /// For each key, the field of a CSV that holds it.
    fields: Vec<Option<usize>>,
}

impl<'s, S: Survey> Looking<'s, S> {
    fn new(survey: &'s S, columns: Columns<'s>, keys: &'s [String]) -> Self {
        let field_of = |key: &String| columns.header.iter().rposition(|name| name == key);
        Self {
            survey,
            columns,
            keys,
            wanted: Wanted::new(keys.to_vec(), Vec::new()),
            fields: keys.iter().map(field_of).collect(),
        }
    }

    fn look_at(&self, piece: &mut Piece<S::Found>) {
        let Piece { block, found, failure } = piece;
        let done = match self.columns.format {
            Format::JsonLines => self.json_rows(block.lines(), found),
            Format::Json => self.json_rows(block.elements(), found),
            Format::Csv => self.csv_rows(block, found),
        };
        *failure = done.err();
    }

    fn json_rows<'b>(
        &'b self,
        rows: impl Iterator<Item = RowText<'b>>,
        found: &mut S::Found,
    ) -> Result<(), BatchError> {
        let mut row = JsonRow::default();
        for (number, RowText { line, column, text, .. }) in (1..).zip(rows) {
            match text.and_then(|text| read(text, &self.wanted, &mut row)) {
                Ok(()) => {
                    self.survey.row(SurveyedRow { number, keys: self.keys, keyed: &row.inputs }, found)?;
                }
                Err(bad) => self.bad_row(number, (line, column), &bad, found)?,
            }
        }
        Ok(())
    }

    fn csv_rows(&self, block: &Block, found: &mut S::Found) -> Result<(), BatchError> {
        let mut fields: Vec<FieldSpan> = Vec::new();
        let mut records = block.records();
        let mut number = 0;
        while let Some(record) = records.next(&mut fields) {
            number += 1;
            match unless_ragged(record.text, fields.len(), self.columns.header.len()) {
                Err(bad) => self.bad_row(number, (record.line, 1), &bad, found)?,
                Ok(text) => {
                    let value = |field: usize| field_value(&text[fields[field].clone()]);
                    let keyed: Vec<Option<Value<'_>>> =
                        self.fields.iter().map(|field| field.map(value)).collect();
                    self.survey.row(SurveyedRow { number, keys: self.keys, keyed: &keyed }, found)?;
                }
            }
        }
        Ok(())
    }

    fn bad_row(
        &self,
        number: u64,
        (line, column): (usize, usize),
        bad: &BadRow,
        found: &mut S::Found,
    ) -> Result<(), BatchError> {
        self.survey.bad_row(number, BatchError::bad_row(self.columns.name, line, column, bad), found)
    }
}
