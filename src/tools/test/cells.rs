//! How a snapshot writes a row: what the lead is called, then each column and its result.

use crate::syntax::bare_or_braced;
use crate::value::{
    Clock, Value, read_number, to_boolean, to_date, write_json, write_json_text, write_number,
};

/// Between the parts of a line.
const SEPARATOR: &str = " · ";

/// One row of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowLine {
    /// What the lead is called.
    pub label: String,
    /// The results, as [`write_cell`] writes them, in the order of the columns.
    pub cells: Vec<String>,
}

impl RowLine {
    /// The line of a snapshot.
    #[must_use]
    pub fn to_text(&self, columns: &[String]) -> String {
        let mut line = self.label.clone();
        for (column, cell) in columns.iter().zip(&self.cells) {
            line.push_str(&format!("{SEPARATOR}{} {cell}", bare_or_braced(column)));
        }
        line
    }

    /// Reads a line back, from its end: results never hold the sign between them.
    #[must_use]
    pub fn parse(line: &str, columns: &[String]) -> Option<Self> {
        let mut rest = line;
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns.iter().rev() {
            let mark = format!("{SEPARATOR}{} ", bare_or_braced(column));
            let (before, cell) = rest.rsplit_once(&mark)?;
            cells.push(cell.to_owned());
            rest = before;
        }
        cells.reverse();
        Some(Self { label: rest.to_owned(), cells })
    }
}

/// Appends a result. Text stands without quotes where it can't be taken for anything else.
pub fn write_cell(out: &mut String, value: &Value<'_>, clock: &Clock) {
    match value {
        Value::Blank => out.push_str("blank"),
        Value::Boolean(held) => out.push_str(if *held { "TRUE" } else { "FALSE" }),
        Value::Number(number) => write_number(out, *number),
        Value::Digits(digits) => out.push_str(digits),
        Value::Date(date) => out.push_str(&date.to_string()),
        Value::Error(error) => out.push_str(error.code.as_str()),
        Value::Text(text) if is_plain(text.as_str(), value, clock) => out.push_str(text),
        Value::Text(text) => escaped(out, |json| write_json_text(json, text)),
        Value::List(_) | Value::Record(_) => escaped(out, |json| write_json(json, value)),
    }
}

/// Whether text can stand without quotes.
fn is_plain(text: &str, value: &Value<'_>, clock: &Clock) -> bool {
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(char::is_whitespace)
        && text != "blank"
        && !text
            .contains(|next: char| next == '·' || next.is_control() || crate::diagnostics::is_unseen(next))
        && to_boolean(value).is_err()
        && (!text.starts_with(|first: char| first.is_ascii_alphanumeric()) || read_number(text).is_none())
        && to_date(value, clock).is_err()
}

/// JSON in which nothing is left that would end a cell, or that can't be seen.
fn escaped(out: &mut String, write: impl FnOnce(&mut String)) {
    let mut json = String::new();
    write(&mut json);
    for next in json.chars() {
        if next == '·' || next.is_control() || crate::diagnostics::is_unseen(next) {
            out.push_str(&format!("\\u{:04x}", u32::from(next)));
        } else {
            out.push(next);
        }
    }
}

/// A label that can stand at the beginning of a line.
pub(super) fn safe_label(label: &str) -> String {
    crate::diagnostics::visible(label).replace('·', "•")
}

#[cfg(test)]
mod tests {
    use super::{RowLine, write_cell};
    use crate::value::{Clock, Value};

    #[test]
    fn texts_have_quotes_where_they_need_them() {
        let cell = |text: &'static str| {
            let mut out = String::new();
            write_cell(&mut out, &Value::borrowed(text), &Clock::system());
            out
        };
        assert_eq!([cell("A"), cell("Größe x"), cell("#N/A")], ["A", "Größe x", "\"#N/A\""]);
        assert_eq!([cell("80"), cell("true"), cell("2026-01-31")], ["\"80\"", "\"true\"", "\"2026-01-31\""]);
        assert_eq!([cell(""), cell("blank"), cell("a · b")], ["\"\"", "\"blank\"", "\"a \\u00b7 b\""]);
        assert_eq!(cell("a\u{200b}\nb"), "\"a\\u200b\\nb\"");
    }

    #[test]
    fn lines_are_read_back() {
        let columns = ["ICP Score".to_owned(), "a, b · c".to_owned()];
        let row = RowLine { label: "Ada, x".to_owned(), cells: vec!["80".to_owned(), "A B".to_owned()] };
        assert_eq!(row.to_text(&columns), "Ada, x · ICP Score 80 · {{a, b · c}} A B");
        assert_eq!(RowLine::parse(&row.to_text(&columns), &columns), Some(row));
        assert_eq!(RowLine::parse("Ada", &columns), None);
    }
}
