//! The records of CSV and the places of their fields.

use std::borrow::Cow;
use std::ops::Range;

/// The bytes of a field, with its quotes.
pub type FieldSpan = Range<usize>;

/// How a record ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordEnd {
    /// The record is whole.
    Complete {
        /// Its bytes, without blank lines before it and without its line end.
        record: Range<usize>,
        /// The byte behind its line end.
        next: usize,
    },
    /// A quote was opened and the data ends before it is closed.
    Incomplete {
        /// The first byte of the record.
        start: usize,
    },
    /// There is no more record, only blank lines if anything.
    NoMore,
}

/// Finds the next record at or behind the byte `from`, and its fields in terms of `bytes`. The end of the data ends a
/// record unless a quote is open.
pub fn read_record(bytes: &[u8], from: usize, fields: &mut Vec<FieldSpan>) -> RecordEnd {
    fields.clear();
    let start = skip_line_ends(bytes, from);
    if start >= bytes.len() {
        return RecordEnd::NoMore;
    }
    let mut field_start = start;
    loop {
        let Some(end) = field_end(bytes, field_start) else { return RecordEnd::Incomplete { start } };
        fields.push(field_start..end);
        if bytes.get(end) != Some(&b',') {
            return RecordEnd::Complete { record: start..end, next: behind_line_end(bytes, end) };
        }
        field_start = end + 1;
    }
}

/// The end of the field that starts at `start`; `None` when a quote stays open.
fn field_end(bytes: &[u8], start: usize) -> Option<usize> {
    let unquoted_from =
        if bytes.get(start) == Some(&b'"') { closing_quote(bytes, start)? + 1 } else { start };
    let rest = bytes.get(unquoted_from..).unwrap_or_default();
    // Fields are short, and a search set up for each of them would cost more than it saves.
    let near = rest.iter().take(16).position(|byte| is_end(*byte));
    near.or_else(|| {
        let far = rest.get(16..).unwrap_or_default();
        memchr::memchr3(b',', b'\n', b'\r', far).map(|at| at + 16)
    })
    .map_or(Some(bytes.len()), |at| Some(unquoted_from + at))
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b',' | b'\n' | b'\r')
}

/// The quote that closes the one at `open`.
fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

fn skip_line_ends(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

fn behind_line_end(bytes: &[u8], end: usize) -> usize {
    match bytes.get(end..).unwrap_or_default() {
        [b'\r', b'\n', ..] => end + 2,
        [_, ..] => end + 1,
        [] => end,
    }
}

/// The text of a field, without its quotes.
#[must_use]
pub fn field_text(raw: &str) -> Cow<'_, str> {
    let Some(inside) = raw.strip_prefix('"') else { return Cow::Borrowed(raw) };
    match inside.split_once('"') {
        Some((text, "")) => Cow::Borrowed(text),
        Some(_) => Cow::Owned(unquote(inside)),
        None => Cow::Borrowed(inside),
    }
}

/// Takes the doubled quotes for single ones, drops the closing quote, and keeps what follows it.
fn unquote(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((quoted, behind)) = rest.split_once('"') {
        text.push_str(quoted);
        let Some(more) = behind.strip_prefix('"') else { return text + behind };
        text.push('"');
        rest = more;
    }
    text + rest
}
