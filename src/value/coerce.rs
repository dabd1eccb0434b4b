//! How a value of one kind is read where another kind is wanted.

use super::{Clock, Date, Text, Value, number_text, read_number, reads_as_range};
use crate::types::Type;

/// Why a value can't be read as the kind that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is of another kind.
    Kind,
    /// It is a range of numbers, such as `51-200`.
    Range,
    /// It is text where a condition is wanted.
    TextAsCondition,
}

impl Misfit {
    /// What to do instead, if anything can be said.
    #[must_use]
    pub fn help(self, wanted: Type) -> Option<&'static str> {
        match self {
            Self::Range => Some("it is a range; RANGEMIN, RANGEMID or RANGEMAX read one number from it"),
            Self::TextAsCondition => Some("did you mean ISNOTEMPTY(…)?"),
            Self::Kind if wanted == Type::Date => Some("dates are written as 2026-01-31"),
            Self::Kind => None,
        }
    }
}

/// Whether there is nothing in it: Blank, text without a visible character, `[]` or `{}`.
#[must_use]
pub fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Blank => true,
        Value::Text(text) => text.chars().all(char::is_whitespace),
        Value::List(items) => items.is_empty(),
        Value::Record(record) => record.members().is_empty(),
        Value::Boolean(_) | Value::Number(_) | Value::Digits(_) | Value::Date(_) | Value::Error(_) => false,
    }
}

/// Reads a value as a number: TRUE is 1, empty is 0, text is read as VALUE reads it.
pub fn to_number(value: &Value<'_>) -> Result<f64, Misfit> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Digits(digits) => digits.parse().map_err(|_| Misfit::Kind),
        Value::Boolean(boolean) => Ok(f64::from(u8::from(*boolean))),
        Value::Text(text) => match read_number(text) {
            Some(number) => Ok(number),
            None if is_empty(value) => Ok(0.0),
            None if reads_as_range(text) => Err(Misfit::Range),
            None => Err(Misfit::Kind),
        },
        _ if is_empty(value) => Ok(0.0),
        _ => Err(Misfit::Kind),
    }
}

/// Reads a value as a condition: empty is FALSE, a number is TRUE unless 0, text only as `true` or `false`.
pub fn to_boolean(value: &Value<'_>) -> Result<bool, Misfit> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        Value::Number(number) => Ok(*number != 0.0),
        Value::Digits(_) => Ok(true),
        _ if is_empty(value) => Ok(false),
        Value::Text(text) => read_boolean(text).ok_or(Misfit::TextAsCondition),
        _ => Err(Misfit::Kind),
    }
}

/// `true` or `false` in any letter case.
pub(crate) fn read_boolean(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// `true`, `yes`, `y`, `1` and their opposites, in any letter case: what spreadsheets and forms write for TRUE and FALSE.
pub(crate) fn read_boolean_word(text: &str) -> Option<bool> {
    let text = text.trim();
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_one_of(["yes", "y", "1"]) {
        Some(true)
    } else if is_one_of(["no", "n", "0"]) {
        Some(false)
    } else {
        read_boolean(text)
    }
}

/// Reads a value as text: Blank is `""`, numbers take their shortest form, dates are ISO 8601.
pub fn to_text<'v>(value: &Value<'v>) -> Result<Text<'v>, Misfit> {
    match value {
        Value::Blank => Ok(Text::Borrowed("")),
        Value::Boolean(true) => Ok(Text::Borrowed("TRUE")),
        Value::Boolean(false) => Ok(Text::Borrowed("FALSE")),
        Value::Number(number) => Ok(number_text(*number).into()),
        Value::Text(text) | Value::Digits(text) => Ok(text.clone()),
        Value::Date(date) => Ok(date.to_string().into()),
        Value::List(_) | Value::Record(_) | Value::Error(_) => Err(Misfit::Kind),
    }
}

/// Reads a value as a date: ISO 8601 text is one.
pub fn to_date(value: &Value<'_>, clock: &Clock) -> Result<Date, Misfit> {
    match value {
        Value::Date(date) => Ok(*date),
        Value::Text(text) => Date::read(text, clock).ok_or(Misfit::Kind),
        _ => Err(Misfit::Kind),
    }
}
