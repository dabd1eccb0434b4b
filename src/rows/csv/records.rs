//! The records of a block, one by one.

use crate::data::csv::{FieldSpan, RecordEnd, read_record};
use crate::rows::bad_row::BadRow;
use crate::rows::row_text::checked_text;

/// The records of a block of CSV.
#[derive(Clone, Debug)]
pub struct Records<'b> {
    bytes: &'b [u8],
    /// The whole block, if all of it is UTF-8.
    text: Option<&'b str>,
    at: usize,
    /// The line that the byte `at` belongs to.
    line: usize,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'b> {
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// Its bytes with its line end.
    pub bytes: &'b [u8],
    /// The record without its line end; its fields are given in bytes of this text.
    pub text: Result<&'b str, BadRow>,
}

impl<'b> Records<'b> {
    /// The records of `bytes`, whose first byte stands on line `first_line` of the file.
    #[must_use]
    pub fn new(bytes: &'b [u8], first_line: usize) -> Self {
        Self { bytes, text: simdutf8::basic::from_utf8(bytes).ok(), at: 0, line: first_line }
    }

    /// The next record and its fields. A quote that is never closed makes all that follows it one bad record.
    pub fn next(&mut self, fields: &mut Vec<FieldSpan>) -> Option<Record<'b>> {
        let (start, end, next) = match read_record(self.bytes, self.at, fields) {
            RecordEnd::Complete { record, next } => (record.start, Some(record.end), next),
            RecordEnd::Incomplete { start } => (start, None, self.bytes.len()),
            RecordEnd::NoMore => return None,
        };
        for field in fields {
            *field = field.start - start..field.end - start;
        }
        let line = self.line + count_lines(&self.bytes[self.at..start]);
        self.line = line + count_lines(&self.bytes[start..next]);
        self.at = next;
        let text = match end {
            Some(end) => checked_text(self.bytes, self.text, start..end),
            None => Err(unclosed(&self.bytes[start..])),
        };
        Some(Record { line, bytes: &self.bytes[start..next], text })
    }
}

fn unclosed(record: &[u8]) -> BadRow {
    let mut fields = Vec::new();
    // The field with the open quote is the one behind those that were found.
    read_record(record, 0, &mut fields);
    let quote = fields.last().map_or(0, |field| field.end + 1);
    BadRow::at(record, quote, "a quote is opened and never closed")
}

fn count_lines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}
