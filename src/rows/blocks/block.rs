//! What a file is read as, and the blocks that come of it.

use crate::rows::array::Element;
use crate::rows::csv::Records;
use crate::rows::row_text::{Elements, Lines};
use std::path::Path;
use thiserror::Error;

/// How the rows of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// An array of JSON objects, or one object.
    Json,
    /// Records of fields between commas; the first one names the columns.
    Csv,
}

impl Format {
    /// The format that a file's ending tells.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// Whole rows that stand together in a file. Use it again for the next block, it keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The rows.
    pub bytes: Vec<u8>,
    /// The line of the file on which the first byte stands, from 1.
    pub first_line: usize,
    /// Where the rows of a JSON array stand in `bytes`; other formats leave it empty.
    pub elements: Vec<Element>,
}

impl Block {
    /// The rows of a block of JSON lines.
    #[must_use]
    pub fn lines(&self) -> Lines<'_> {
        Lines::new(&self.bytes, self.first_line)
    }

    /// The rows of a block of a JSON array.
    #[must_use]
    pub fn elements(&self) -> Elements<'_> {
        Elements::new(&self.bytes, &self.elements)
    }

    /// The records of a block of CSV.
    #[must_use]
    pub fn records(&self) -> Records<'_> {
        Records::new(&self.bytes, self.first_line)
    }
}

/// A row that is larger than memory should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the row that begins on line {line} is larger than {limit} bytes")]
pub struct RowTooLarge {
    /// The line of the file, from 1.
    pub line: usize,
    /// The largest size of a row in bytes.
    pub limit: usize,
}
