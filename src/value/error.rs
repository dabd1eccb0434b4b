//! Errors as values: what stands in a cell that could not be computed.

use super::{Misfit, Value, json_text};
use crate::types::Type;
use std::fmt;

/// The kinds of error, named as a spreadsheet names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// A division by zero.
    DivisionByZero,
    /// A value of the wrong kind.
    Value,
    /// A number that can't be had.
    Number,
    /// No answer.
    NotAvailable,
}

impl ErrorCode {
    /// `#DIV/0!`, `#VALUE!`, `#NUM!` or `#N/A`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DivisionByZero => "#DIV/0!",
            Self::Value => "#VALUE!",
            Self::Number => "#NUM!",
            Self::NotAvailable => "#N/A",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error, with a message that names the value and the column it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorValue {
    /// Its kind.
    pub code: ErrorCode,
    /// What happened, and to which value.
    pub message: String,
}

impl ErrorValue {
    /// An error of this kind.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// `#VALUE!`
    #[must_use]
    pub fn value(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Value, message)
    }

    /// `#NUM!`
    #[must_use]
    pub fn number(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Number, message)
    }

    /// `#N/A`
    #[must_use]
    pub fn not_available(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotAvailable, message)
    }

    /// The message without the value that it names, so that errors of many rows with one cause are the same.
    #[must_use]
    pub fn cause(&self) -> String {
        let mut cause = String::with_capacity(self.message.len());
        let (mut is_text, mut is_name) = (false, false);
        for next in self.message.chars() {
            match next {
                '"' if !is_name => is_text = !is_text,
                '`' if !is_text => is_name = !is_name,
                _ if is_text => continue,
                '0'..='9' if !is_name => {
                    if !cause.ends_with('#') {
                        cause.push('#');
                    }
                    continue;
                }
                _ => {}
            }
            cause.push(next);
        }
        cause
    }

    /// `#DIV/0!`
    #[must_use]
    pub fn division_by_zero(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::DivisionByZero, message)
    }
}

impl fmt::Display for ErrorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// How many characters of a value a message shows.
const SHOWN: usize = 40;

impl ErrorValue {
    /// A value in a message, with where it came from: ``"many" in column `Employee Count` ``.
    #[must_use]
    pub fn shown(value: &Value<'_>, origin: Option<&str>) -> String {
        let what = match value {
            Value::Text(text) if text.chars().count() > SHOWN => {
                format!("\"{}…\"", text.chars().take(SHOWN).collect::<String>())
            }
            Value::Text(text) => format!("\"{}\"", text.as_str()),
            Value::List(items) => format!("a list of {}", items.len()),
            Value::Record(_) => "a record".to_owned(),
            Value::Blank => "a blank".to_owned(),
            Value::Date(date) => date.to_string(),
            Value::Boolean(_) | Value::Number(_) | Value::Digits(_) | Value::Error(_) => json_text(value),
        };
        origin.map_or_else(|| what.clone(), |origin| format!("{what} in {origin}"))
    }

    /// `#VALUE!`: `value` can't be read as `wanted`, which `place` asks for.
    #[must_use]
    pub fn misfit(
        value: &Value<'_>,
        origin: Option<&str>,
        wanted: Type,
        misfit: Misfit,
        place: Option<&str>,
    ) -> Self {
        let mut message = format!("{} is not {}", Self::shown(value, origin), wanted.with_article());
        if let Some(place) = place {
            message.push_str(&format!(" (for {place})"));
        }
        if let Some(help) = misfit.help(wanted) {
            message.push_str(": ");
            message.push_str(help);
        }
        Self::value(message)
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorValue;

    #[test]
    fn causes_are_the_same_for_all_values() {
        let of = |message: &str| ErrorValue::value(message).cause();
        assert_eq!(of("\"51-200\" in column `Q3` is a range"), of("\"1`0\" in column `Q3` is a range"));
        assert_eq!(of("-12.5 is negative"), of("-7.25 is negative"));
        assert_ne!(of("\"x\" in column `Q3` is not a number"), of("\"x\" in column `Q4` is not a number"));
    }
}
