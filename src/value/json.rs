//! Values as JSON text.

use super::{Value, write_number};

/// Appends the value as JSON; dates are ISO 8601 texts, errors are null.
pub fn write_json(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Blank | Value::Error(_) => out.push_str("null"),
        Value::Boolean(true) => out.push_str("true"),
        Value::Boolean(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, *number),
        Value::Digits(digits) => out.push_str(digits),
        Value::Text(text) => write_json_text(out, text),
        Value::Date(date) => write_json_text(out, &date.to_string()),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(out, item);
            }
            out.push(']');
        }
        Value::Record(record) => {
            out.push('{');
            for (index, (name, member)) in record.members().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json_text(out, name);
                out.push(':');
                write_json(out, member);
            }
            out.push('}');
        }
    }
}

/// Appends `text` as a JSON string; only what JSON requires is escaped.
pub fn write_json_text(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

/// The value as JSON.
#[must_use]
pub fn json_text(value: &Value<'_>) -> String {
    let mut out = String::new();
    write_json(&mut out, value);
    out
}
