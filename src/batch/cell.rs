//! One cell on its way from one format to another, spelled as it came.

use crate::rows::csv::{field_text, field_value, write_field};
use crate::value::{Value, write_json_text};
use std::borrow::Cow;

/// A cell as it stands in its row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'c> {
    /// JSON text.
    Json(&'c str),
    /// A field of CSV, with its quotes.
    Csv(&'c str),
    /// A result that is rendered already.
    Rendered(&'c str),
    /// Nothing.
    Missing,
}

impl Cell<'_> {
    /// Appends the cell as JSON, on one line.
    pub(super) fn write_json(self, out: &mut Vec<u8>) {
        match self {
            Self::Json(raw) => write_on_one_line(raw, out),
            Self::Rendered(json) => out.extend_from_slice(json.as_bytes()),
            Self::Missing => out.extend_from_slice(b"null"),
            Self::Csv(raw) => match field_value(raw) {
                Value::Blank => out.extend_from_slice(b"null"),
                Value::Boolean(held) => out.extend_from_slice(if held { b"true" } else { b"false" }),
                Value::Number(_) | Value::Digits(_) => out.extend_from_slice(field_text(raw).as_bytes()),
                Value::List(_) | Value::Record(_) => write_on_one_line(&field_text(raw), out),
                _ => {
                    let mut text = String::new();
                    write_json_text(&mut text, &field_text(raw));
                    out.extend_from_slice(text.as_bytes());
                }
            },
        }
    }

    /// Appends the cell as a field of CSV.
    pub(super) fn write_csv(self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(raw) => out.extend_from_slice(raw.as_bytes()),
            Self::Rendered(text) => write_field(text, out),
            Self::Missing => {}
            Self::Json(raw) => write_field(&plain(raw), out),
        }
    }
}

/// Appends JSON text on one line: bare line ends are only between its tokens.
fn write_on_one_line(json: &str, out: &mut Vec<u8>) {
    out.extend(json.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
}

/// What a JSON value says in a CSV field: text without quotes, nothing for null, all else as it stands.
fn plain(raw: &str) -> Cow<'_, str> {
    if raw == "null" {
        return Cow::Borrowed("");
    }
    if raw.starts_with('"') {
        return crate::rows::text_of_json(raw);
    }
    Cow::Borrowed(raw)
}
