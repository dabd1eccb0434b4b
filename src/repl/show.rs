//! How values look in a session.

use super::session::Manner;
use super::table::{cut, wrapped};
use crate::diagnostics::visible;
use crate::types::Type;
use crate::value::{Value, json_text};

/// A longer value is cut on a terminal, in characters.
const LONGEST: usize = 2_000;
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const RESET: &str = "\x1b[0m";

/// The value as a person reads it: JSON, but a date bare, Blank by its name, and an error with its message.
pub(super) fn value_text(value: &Value<'_>) -> String {
    match value {
        Value::Blank => "Blank".to_owned(),
        Value::Date(date) => date.to_string(),
        Value::Error(error) => visible(&error.to_string()).into_owned(),
        _ => json_text(value),
    }
}

/// The value in a table, without line ends and what would steer a terminal.
pub(super) fn cell(value: &Value<'_>) -> String {
    let text = match value {
        Value::Error(error) => error.code.to_string(),
        _ => value_text(value),
    };
    cut(&visible(&text), 60)
}

/// The line that answers a formula: its value, and on a terminal its type.
pub(super) fn result_line(value: &Value<'_>, manner: &Manner) -> String {
    let text = value_text(value);
    if !manner.talkative {
        return text + "\n";
    }
    let count = text.chars().count();
    let text = if count > LONGEST {
        let start: String = text.chars().take(LONGEST).collect();
        format!("{start}… ({count} characters)")
    } else {
        text
    };
    let text = visible(&text);
    let (red, dim, reset) = if manner.look.color { (RED, DIM, RESET) } else { ("", "", "") };
    match value {
        Value::Error(_) => format!("{red}{}{reset}\n", wrapped(&text, manner.width, 2).trim_end()),
        Value::Blank => format!("{text}\n"),
        _ => format!("{text}{dim} : {}{reset}\n", value.ty()),
    }
}

/// The type that a check tells, and where it tells none, that of the value at hand.
pub(super) fn type_line(ty: Type, value: Option<&Value<'_>>) -> String {
    match value.filter(|value| ty == Type::Any && value.as_error().is_none()) {
        Some(value) => format!("{ty} (here {})\n", value.ty()),
        None => format!("{ty}\n"),
    }
}
