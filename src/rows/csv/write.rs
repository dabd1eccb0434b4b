//! Records as they are written.

use super::field::field_value;
use crate::data::csv::{FieldSpan, field_text};
use crate::value::{Value, write_json_text};

/// Appends a field, with quotes only where it needs them.
///
/// An empty field gets none, though a record with nothing else would then be a blank line; [`write_record`] and
/// [`splice_record`] see to that.
pub fn write_field(text: &str, out: &mut Vec<u8>) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let needs_quotes = text.bytes().any(special) || text.trim_matches([' ', '\t']).len() < text.len();
    if !needs_quotes {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// Appends a record of these fields, without a line end.
pub fn write_record(fields: &[&str], out: &mut Vec<u8>) {
    if fields == [""] {
        out.extend_from_slice(b"\"\"");
        return;
    }
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_field(field, out);
    }
}

/// Appends `record` with some of its `fields` replaced and others appended, without a line end. All other bytes stay
/// as they are. `replaced` gives field indexes, in rising order, with their new texts; those the record does not have
/// are left out.
pub fn splice_record(
    record: &str,
    fields: &[FieldSpan],
    replaced: &[(usize, &str)],
    appended: &[&str],
    out: &mut Vec<u8>,
) {
    let start = out.len();
    let mut kept = 0;
    for (index, text) in replaced {
        let Some(field) = fields.get(*index) else { continue };
        out.extend_from_slice(record.as_bytes().get(kept..field.start).unwrap_or_default());
        write_field(text, out);
        kept = field.end;
    }
    out.extend_from_slice(record.as_bytes().get(kept..).unwrap_or_default());
    for text in appended {
        out.push(b',');
        write_field(text, out);
    }
    if out.len() == start {
        out.extend_from_slice(b"\"\"");
    }
}

/// Appends `record` as a JSON object under the names of its columns, which are JSON strings with their quotes.
///
/// Numbers are spelled as they were, Blank and missing fields are null; fields that have no name are left out.
pub fn record_as_object(names: &[String], record: &str, fields: &[FieldSpan], out: &mut String) {
    out.push('{');
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(name);
        out.push(':');
        let raw = fields.get(index).and_then(|field| record.get(field.clone())).unwrap_or_default();
        match field_value(raw) {
            Value::Boolean(true) => out.push_str("true"),
            Value::Boolean(false) => out.push_str("false"),
            Value::Number(_) | Value::Digits(_) => out.push_str(&field_text(raw)),
            Value::List(_) | Value::Record(_) => out.push_str(&field_text(raw).replace(['\n', '\r'], " ")),
            Value::Text(text) => write_json_text(out, &text),
            _ => out.push_str("null"),
        }
    }
    out.push('}');
}
