//! A file of rows, with what has to be known of it before the first row: the names of its columns.

use super::Input;
use super::failure::BatchError;
use crate::rows::csv::{FieldSpan, Records, field_text};
use crate::rows::{Block, Blocks, Format, RowText, read_keys};
use std::collections::{BTreeSet, HashSet};
use std::io::Read;

/// From how many rows the names of all keys are remembered.
const KEYS_FROM: usize = 200;

/// A file whose first block has been read.
pub(super) struct Source<'i> {
    name: String,
    format: Format,
    header: Vec<String>,
    keys: BTreeSet<String>,
    had_bom: bool,
    has_crlf: bool,
    first: Option<Block>,
    blocks: Blocks<Box<dyn Read + 'i>>,
}

impl<'i> Source<'i> {
    /// Opens the file and reads the names of its columns: a CSV's header, or the keys of the first JSON row.
    pub(super) fn open(input: Input<'i>) -> Result<Self, BatchError> {
        let Input { name, format, reader } = input;
        let mut blocks = Blocks::new(reader, format);
        let mut first = Block::default();
        let any = blocks.read_block(&mut first).map_err(|error| BatchError::read(&name, error))?;
        let first_line = first.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let has_crlf = format == Format::Csv && first_line.ends_with(b"\r");
        let keys_of_rows: Vec<Vec<String>> = match format {
            Format::Csv => vec![take_header(&name, &mut first)?],
            Format::JsonLines => keys_of(first.lines()),
            Format::Json => keys_of(first.elements()),
        };
        let header = keys_of_rows.first().cloned().unwrap_or_default();
        let keys = keys_of_rows.into_iter().flatten().collect();
        let had_bom = blocks.had_bom();
        Ok(Self { name, format, header, keys, had_bom, has_crlf, first: any.then_some(first), blocks })
    }

    /// Whether there is nothing in it, not even a header.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// The names of the columns, as far as they are known.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The columns that the header of a CSV names more than once, each once.
    pub(super) fn repeated_columns(&self) -> Vec<String> {
        let is_csv = self.format == Format::Csv;
        let mut seen = HashSet::new();
        let mut repeated: Vec<String> = Vec::new();
        for name in self.header.iter().filter(|_| is_csv) {
            if !seen.insert(name) && !repeated.contains(name) {
                repeated.push(name.clone());
            }
        }
        repeated
    }

    /// Whether the lines of a CSV end with CR and LF.
    pub(super) fn has_crlf(&self) -> bool {
        self.has_crlf
    }

    /// All columns of the first rows, for suggestions.
    pub(super) fn keys(&self) -> &BTreeSet<String> {
        &self.keys
    }

    pub(super) fn had_bom(&self) -> bool {
        self.had_bom
    }

    /// The blocks, apart from what is known of the file, so that both can be used at once.
    pub(super) fn split(&mut self) -> (Columns<'_>, Reading<'_, 'i>) {
        let columns = Columns { name: &self.name, format: self.format, header: &self.header };
        (columns, Reading { name: &self.name, first: &mut self.first, blocks: &mut self.blocks })
    }
}

/// What is known of a file.
#[derive(Clone, Copy)]
pub(super) struct Columns<'s> {
    pub name: &'s str,
    pub format: Format,
    pub header: &'s [String],
}

/// The blocks of a file.
pub(super) struct Reading<'s, 'i> {
    name: &'s str,
    first: &'s mut Option<Block>,
    blocks: &'s mut Blocks<Box<dyn Read + 'i>>,
}

impl Reading<'_, '_> {
    /// Reads the next block; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, BatchError> {
        if let Some(first) = self.first.take() {
            *block = first;
            return Ok(true);
        }
        self.blocks.read_block(block).map_err(|error| BatchError::read(self.name, error))
    }
}

/// The keys of the first rows that can be read.
fn keys_of<'b>(rows: impl Iterator<Item = RowText<'b>>) -> Vec<Vec<String>> {
    rows.take(KEYS_FROM).filter_map(|row| read_keys(row.text.ok()?).ok()).collect()
}

/// Takes the header off the first block of a CSV.
fn take_header(name: &str, block: &mut Block) -> Result<Vec<String>, BatchError> {
    let mut fields: Vec<FieldSpan> = Vec::new();
    let mut records = Records::new(&block.bytes, block.first_line);
    let Some(record) = records.next(&mut fields) else { return Ok(Vec::new()) };
    let text = record.text.map_err(|bad| BatchError::bad_row(name, record.line, 1, &bad))?;
    let header = fields.iter().map(|field| field_text(&text[field.clone()]).into_owned()).collect();
    let start = record.bytes.as_ptr() as usize - block.bytes.as_ptr() as usize;
    let end = start + record.bytes.len();
    block.first_line += block.bytes[..end].iter().filter(|byte| **byte == b'\n').count();
    block.bytes.drain(..end);
    Ok(header)
}
