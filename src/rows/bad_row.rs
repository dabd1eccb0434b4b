//! Rows that can't be read, and where in them the trouble is.

use super::json_row::MAX_DEPTH;
use thiserror::Error;

/// A row that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem} (line {line}, column {column} of the row)")]
pub struct BadRow {
    /// The line within the row, from 1; only rows that span lines have others.
    pub line: usize,
    /// The character within that line, from 1.
    pub column: usize,
    /// What is wrong, in lower case and without a full stop.
    pub problem: String,
}

impl BadRow {
    /// A problem with the character that begins at byte `at` of the row.
    #[must_use]
    pub fn at(row: &[u8], at: usize, problem: impl Into<String>) -> Self {
        let before = &row[..at.min(row.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        Self { line, column: 1 + count_characters(&before[line_start..]), problem: problem.into() }
    }

    /// A row whose bytes are not UTF-8 text.
    pub(super) fn not_utf8(row: &[u8], error: std::str::Utf8Error) -> Self {
        Self::at(row, error.valid_up_to(), "not valid UTF-8")
    }

    /// A row whose lists and records stand too deep in each other at byte `at`.
    pub(super) fn too_deep(row: &str, at: usize) -> Self {
        Self::at(row.as_bytes(), at, format!("nested more than {MAX_DEPTH} levels deep"))
    }

    /// A row that is no JSON.
    pub(super) fn not_json(row: &str, error: &serde_json::Error) -> Self {
        let bytes = row.as_bytes();
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        let mut at = named_byte(bytes, error);
        if reason.starts_with("control character") {
            // The parser names this byte or the one before it.
            let rest = bytes.get(at..).unwrap_or_default();
            at += rest.iter().position(|byte| *byte < b' ').unwrap_or(0);
        }
        Self::at(bytes, at, format!("not valid JSON: {}", in_plain_words(reason)))
    }
}

/// The byte that the JSON parser complains about; it counts lines, and bytes in them, from 1.
fn named_byte(row: &[u8], error: &serde_json::Error) -> usize {
    let lines_before = error.line().saturating_sub(2);
    let line_start = match error.line() {
        0 | 1 => 0,
        _ => memchr::memchr_iter(b'\n', row).nth(lines_before).map_or(row.len(), |newline| newline + 1),
    };
    (line_start + error.column()).saturating_sub(1)
}

/// How many characters begin in `bytes`, which need not be valid text.
pub(super) fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// What the JSON parser says, without its own terms.
fn in_plain_words(reason: &str) -> &str {
    match reason {
        "EOF while parsing a list" => "it ends inside a list",
        "EOF while parsing an object" => "it ends inside an object",
        "EOF while parsing a string" => "it ends inside a text",
        "EOF while parsing a value" => "it ends where a value is expected",
        "expected ident" => "expected `true`, `false` or `null`",
        "expected value" => "expected a value",
        "invalid escape" => "unknown escape in a text",
        "invalid number" => "malformed number",
        "key must be a string" => "a key must stand in double quotes",
        "trailing comma" => "a comma with nothing behind it",
        "trailing characters" => "text behind the closing `}`",
        reason if reason.starts_with("control character") => "a control character inside a text",
        reason => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::BadRow;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let row = "é\nüö!x".as_bytes();
        let bad = BadRow::at(row, 7, "odd");
        assert_eq!((bad.line, bad.column), (2, 3));
        assert_eq!(bad.to_string(), "odd (line 2, column 3 of the row)");
        assert_eq!(BadRow::at(row, 0, "odd").column, 1);
        assert_eq!(BadRow::at(row, 99, "odd").line, 2);
    }
}
