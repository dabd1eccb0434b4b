//! Rows one after the other as JSON text, whatever format they came in; for work that is slow beside reading.

use super::Input;
use super::failure::BatchError;
use super::source::{Columns, Source};
use super::worker::unless_ragged;
use crate::rows::csv::{FieldSpan, record_as_object};
use crate::rows::{BadRow, Block, Format, JsonRow, RowText, Wanted, read};
use crate::value::write_json_text;

/// One row, or what stands in its place.
#[derive(Debug)]
pub enum TextRow<'b> {
    /// A row: the text of a JSON object.
    Row(&'b str),
    /// What can't be read as a row: its bytes, with their line end, and what is wrong with them.
    Bad {
        /// The bytes.
        bytes: &'b [u8],
        /// What is wrong, and where.
        error: BatchError,
    },
}

/// Gives every row of all `inputs` to `tell`, as if they were one file.
pub fn texts<'i, E: From<BatchError>>(
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
    mut tell: impl FnMut(TextRow<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for input in inputs {
        let mut source = Source::open(input?)?;
        let (columns, mut reading) = source.split();
        let names: Vec<String> = columns.header.iter().map(|name| json_name(name)).collect();
        let mut block = Block::default();
        while reading.next(&mut block)? {
            match columns.format {
                Format::JsonLines => json_rows(columns, block.lines(), &mut tell)?,
                Format::Json => json_rows(columns, block.elements(), &mut tell)?,
                Format::Csv => csv_rows(columns, &names, &block, &mut tell)?,
            }
        }
    }
    Ok(())
}

fn json_name(name: &str) -> String {
    let mut json = String::new();
    write_json_text(&mut json, name);
    json
}

fn json_rows<'b, E>(
    columns: Columns<'_>,
    rows: impl Iterator<Item = RowText<'b>>,
    tell: &mut impl FnMut(TextRow<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let nothing = Wanted::default();
    for RowText { line, column, bytes, text } in rows {
        let checked = text.and_then(|text| {
            let mut row = JsonRow::default();
            read(text, &nothing, &mut row)?;
            Ok(&text[row.object()])
        });
        match checked {
            Ok(text) => tell(TextRow::Row(text))?,
            Err(bad) => tell_bad(columns, (line, column), bytes, &bad, tell)?,
        }
    }
    Ok(())
}

fn csv_rows<E>(
    columns: Columns<'_>,
    names: &[String],
    block: &Block,
    tell: &mut impl FnMut(TextRow<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut fields: Vec<FieldSpan> = Vec::new();
    let mut records = block.records();
    let mut object = String::new();
    while let Some(record) = records.next(&mut fields) {
        match unless_ragged(record.text, fields.len(), columns.header.len()) {
            Ok(text) => {
                object.clear();
                record_as_object(names, text, &fields, &mut object);
                tell(TextRow::Row(&object))?;
            }
            Err(bad) => tell_bad(columns, (record.line, 1), record.bytes, &bad, tell)?,
        }
    }
    Ok(())
}

fn tell_bad<E>(
    columns: Columns<'_>,
    (line, column): (usize, usize),
    bytes: &[u8],
    bad: &BadRow,
    tell: &mut impl FnMut(TextRow<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let error = BatchError::bad_row(columns.name, line, column, bad);
    tell(TextRow::Bad { bytes, error })
}
