//! The rows of a block of JSON as text, each checked on its own where the block as a whole is not UTF-8.

use super::array::Element;
use super::bad_row::BadRow;
use std::ops::Range;

/// One row of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowText<'b> {
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// The character of that line with which it begins, from 1.
    pub column: usize,
    /// Its bytes, with its line end if it is a line.
    pub bytes: &'b [u8],
    /// Its text, without a line end; a `\r` before the `\n` belongs to it and is white space in JSON.
    pub text: Result<&'b str, BadRow>,
}

/// The text in `range` of `bytes`, given the text of all of `bytes` if it is one.
pub(super) fn checked_text<'b>(
    bytes: &'b [u8],
    text: Option<&'b str>,
    range: Range<usize>,
) -> Result<&'b str, BadRow> {
    if let Some(part) = text.and_then(|text| text.get(range.clone())) {
        return Ok(part);
    }
    let bytes = bytes.get(range).unwrap_or_default();
    std::str::from_utf8(bytes).map_err(|error| BadRow::not_utf8(bytes, error))
}

/// The lines of a block of JSON lines. Lines of nothing but white space are counted and skipped.
#[derive(Clone, Debug)]
pub struct Lines<'b> {
    bytes: &'b [u8],
    /// The whole block, if all of it is UTF-8.
    text: Option<&'b str>,
    at: usize,
    line: usize,
}

impl<'b> Lines<'b> {
    /// The lines of `bytes`, whose first byte stands on line `first_line` of the file.
    #[must_use]
    pub fn new(bytes: &'b [u8], first_line: usize) -> Self {
        Self { bytes, text: simdutf8::basic::from_utf8(bytes).ok(), at: 0, line: first_line }
    }
}

impl<'b> Iterator for Lines<'b> {
    type Item = RowText<'b>;

    fn next(&mut self) -> Option<RowText<'b>> {
        loop {
            let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let newline = memchr::memchr(b'\n', rest);
            let start = self.at;
            let end = start + newline.unwrap_or(rest.len());
            let next = end + usize::from(newline.is_some());
            let line = self.line;
            self.at = next;
            self.line += 1;
            if !self.bytes[start..end].iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
                let text = checked_text(self.bytes, self.text, start..end);
                return Some(RowText { line, column: 1, bytes: &self.bytes[start..next], text });
            }
        }
    }
}

/// The elements of a block of a JSON array.
#[derive(Clone, Debug)]
pub struct Elements<'b> {
    bytes: &'b [u8],
    text: Option<&'b str>,
    rest: std::slice::Iter<'b, Element>,
}

impl<'b> Elements<'b> {
    /// The `elements` of `bytes`.
    #[must_use]
    pub fn new(bytes: &'b [u8], elements: &'b [Element]) -> Self {
        Self { bytes, text: simdutf8::basic::from_utf8(bytes).ok(), rest: elements.iter() }
    }
}

impl<'b> Iterator for Elements<'b> {
    type Item = RowText<'b>;

    fn next(&mut self) -> Option<RowText<'b>> {
        let element = self.rest.next()?;
        Some(RowText {
            line: element.line,
            column: element.column,
            bytes: self.bytes.get(element.range.clone()).unwrap_or_default(),
            text: checked_text(self.bytes, self.text, element.range.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn blank_lines_are_counted_and_skipped() {
        let lines: Vec<_> =
            Lines::new(b"a\r\n\n \t\r\nb\n\nc", 10).map(|row| (row.line, row.text, row.bytes)).collect();
        assert_eq!(lines, [(10, Ok("a\r"), &b"a\r\n"[..]), (13, Ok("b"), b"b\n"), (15, Ok("c"), b"c")]);
        assert_eq!(Lines::new(b"", 1).count(), 0);
        assert_eq!(Lines::new(b"\n\n", 1).count(), 0);
    }

    #[test]
    fn only_the_line_that_is_not_utf8_is_bad() {
        let rows: Vec<_> =
            Lines::new(b"one\n\xc3\xa9\xff!\nthree \xf0\x9f\n", 1).map(|row| row.text).collect();
        assert_eq!(rows[0], Ok("one"));
        let bad = rows[1].clone().expect_err("not UTF-8");
        assert_eq!((bad.column, bad.problem.as_str()), (2, "not valid UTF-8"));
        assert_eq!(rows[2].clone().expect_err("cut off").column, 7);
    }
}
