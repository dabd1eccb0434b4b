//! The bands of head-counts.

use crate::builtins::{Call, CallError};
use crate::value::{Value, read_number};

/// The bands, each with the most people in it.
const BANDS: [(f64, &str); 8] = [
    (10.0, "1-10"),
    (50.0, "11-50"),
    (200.0, "51-200"),
    (500.0, "201-500"),
    (1000.0, "501-1000"),
    (5000.0, "1001-5000"),
    (10000.0, "5001-10000"),
    (f64::INFINITY, "10001+"),
];

/// The names of the bands.
pub(super) const NAMES: [&str; 8] =
    ["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"];

pub(super) fn band<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let value = call.value(0);
    let people = match value {
        Value::Text(text) => read(text),
        Value::Number(_) | Value::Digits(_) => Some(call.number(0)?),
        _ => None,
    };
    match people {
        Some(0.0) => Ok(Value::Blank),
        Some(people) if people > 0.0 => {
            let band = BANDS.iter().find(|(most, _)| people.ceil() <= *most);
            Ok(band.map_or(Value::Blank, |(_, band)| (*band).into()))
        }
        _ => call.unread(0, "must be a head-count"),
    }
}

/// A number, the middle of a range, or just above the beginning of an open one.
fn read(text: &str) -> Option<f64> {
    let text = text.trim();
    // LinkedIn's words for a company of one.
    if ["self-employed", "self employed", "myself only"].iter().any(|one| text.eq_ignore_ascii_case(one)) {
        return Some(1.0);
    }
    let (low, rest) = number(text)?;
    let rest = rest.trim_start();
    if let Some(unit) = rest.strip_prefix('+') {
        return is_unit(unit).then_some(low + 1.0);
    }
    let dash = ["-", "–", "—", "to "].iter().find_map(|dash| rest.strip_prefix(dash));
    let Some(high) = dash else { return is_unit(rest).then_some(low) };
    let (high, unit) = number(high.trim_start())?;
    (is_unit(unit) && high >= low).then_some(low.midpoint(high))
}

/// The number that the text begins with, `1,001` or `5K`, and the rest.
fn number(text: &str) -> Option<(f64, &str)> {
    let end =
        text.find(|next: char| !next.is_ascii_digit() && !matches!(next, ',' | '.')).unwrap_or(text.len());
    let number = read_number(&text[..end])?;
    let rest = &text[end..];
    match rest.strip_prefix(['k', 'K']).filter(|rest| !rest.starts_with(char::is_alphabetic)) {
        Some(rest) => Some((number * 1000.0, rest)),
        None => Some((number, rest)),
    }
}

/// `employees`, `people` or nothing.
fn is_unit(text: &str) -> bool {
    text.chars().all(|next| next.is_alphabetic() || next.is_whitespace())
}
