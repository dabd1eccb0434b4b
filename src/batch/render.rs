//! Results as they are written.

use super::OnError;
use crate::rows::Format;
use crate::value::{Value, json_text, write_json, write_json_text, write_number};

/// The results of one row as text, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub text: String,
    pub ends: Vec<usize>,
}

impl Rendered {
    /// The text of the result of this index.
    pub(super) fn get(&self, result: usize) -> &str {
        let start = result.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(result).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    /// Renders values of a row as JSON, or as the texts of CSV fields.
    pub(super) fn fill<'v>(
        &mut self,
        values: impl Iterator<Item = &'v Value<'v>>,
        format: Format,
        on_error: OnError,
    ) {
        self.text.clear();
        self.ends.clear();
        for value in values {
            match format {
                Format::Csv => write_plain(&mut self.text, value, on_error),
                Format::Json | Format::JsonLines => write_value(&mut self.text, value, on_error),
            }
            self.ends.push(self.text.len());
        }
    }
}

fn write_value(out: &mut String, value: &Value<'_>, on_error: OnError) {
    match value {
        Value::Error(error) if on_error == OnError::Keep => {
            out.push_str("{\"error\": ");
            write_json_text(out, error.code.as_str());
            out.push_str(", \"message\": ");
            write_json_text(out, &error.message);
            out.push('}');
        }
        value => write_json(out, value),
    }
}

/// The text of a CSV field, without quotes.
fn write_plain(out: &mut String, value: &Value<'_>, on_error: OnError) {
    match value {
        Value::Error(error) if on_error == OnError::Keep => out.push_str(error.code.as_str()),
        Value::Blank | Value::Error(_) => {}
        Value::Text(text) | Value::Digits(text) => out.push_str(text),
        Value::Number(number) => write_number(out, *number),
        Value::Date(date) => out.push_str(&date.to_string()),
        Value::Boolean(_) | Value::List(_) | Value::Record(_) => out.push_str(&json_text(value)),
    }
}
