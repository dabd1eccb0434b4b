//! What a field holds.

use crate::data::csv::field_text;
use crate::rows::read_value;
use crate::value::{Text, Value, is_long_whole};
use std::borrow::Cow;

/// The value of a field: nothing is Blank, what JSON takes for a number is one, `true`, `false`, `TRUE` and `FALSE`
/// are Booleans, a complete array or object of JSON is a list or record, all else is text. Quotes make no difference.
#[must_use]
pub fn field_value(raw: &str) -> Value<'_> {
    match field_text(raw) {
        Cow::Borrowed(text) => {
            plain_value(text).or_else(|| nested_value(text)).unwrap_or_else(|| Value::borrowed(text))
        }
        Cow::Owned(text) => plain_value(&text)
            .or_else(|| nested_value(&text).map(Value::into_owned))
            .unwrap_or_else(|| Value::Text(Text::from(text))),
    }
}

/// The list or record that a text spells in JSON. Text that only begins like one, such as `[Draft] Acme`, is none.
fn nested_value(text: &str) -> Option<Value<'_>> {
    let inside = text.trim_matches([' ', '\t', '\n', '\r']);
    let is_nested = (inside.starts_with('[') && inside.ends_with(']'))
        || (inside.starts_with('{') && inside.ends_with('}'));
    is_nested.then(|| read_value(text).ok()).flatten()
}

/// The value of a text that does not stand for itself.
fn plain_value(text: &str) -> Option<Value<'static>> {
    match text.as_bytes().first() {
        None => Some(Value::Blank),
        Some(b'-' | b'0'..=b'9') => json_number(text).map(|number| {
            if is_long_whole(text) {
                Value::Digits(Text::from(text.to_owned()))
            } else {
                Value::Number(number)
            }
        }),
        Some(b't' | b'T' | b'f' | b'F') => match text {
            "true" | "TRUE" => Some(Value::Boolean(true)),
            "false" | "FALSE" => Some(Value::Boolean(false)),
            _ => None,
        },
        Some(_) => None,
    }
}

/// The number, if the text is one in JSON and it is finite: `02134`, `1.`, `.5` and `+1` are none.
fn json_number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let behind_whole = match unsigned.strip_prefix('0') {
        Some(rest) => rest,
        None => digits(unsigned)?,
    };
    let behind_fraction = match behind_whole.strip_prefix('.') {
        Some(fraction) => digits(fraction)?,
        None => behind_whole,
    };
    let behind_exponent = match behind_fraction.strip_prefix(['e', 'E']) {
        Some(exponent) => digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))?,
        None => behind_fraction,
    };
    let number = || text.parse::<f64>().ok().filter(|number| number.is_finite());
    behind_exponent.is_empty().then(number).flatten()
}

/// What follows one or more digits.
fn digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|next: char| next.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}
