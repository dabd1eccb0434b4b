//! Sameness and order as formulas see them.

use super::coerce::read_boolean;
use super::digits::{equals_number, order_digits, to_exact_number};
use super::{Clock, Date, Value, decimal_of, is_empty, read_number, same_number};
use std::cmp::Ordering;
use unicase::UniCase;

/// Why two values have no order; the comparison is then FALSE and counted as a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Incomparable {
    /// One of them is empty.
    Empty,
    /// A text can't be read as the number or date beside it.
    Unreadable,
    /// A list, a record, or two kinds without a common order.
    Kinds,
}

impl Incomparable {
    /// Whether the second of two values that have no order is the reason, and not the first.
    #[must_use]
    pub fn is_due_to_second(self, one: &Value<'_>, two: &Value<'_>) -> bool {
        let is_reason = |side: &Value<'_>| match self {
            Self::Empty => is_empty(side),
            Self::Unreadable => matches!(side, Value::Text(_)),
            Self::Kinds => matches!(side, Value::List(_) | Value::Record(_)),
        };
        is_reason(two) && !is_reason(one)
    }
}

/// The text with its letter case folded away, for searches that ignore case.
#[must_use]
pub fn fold_case(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { UniCase::unicode(text).to_folded_case() }
}

fn same_text(one: &str, two: &str) -> bool {
    if one.eq_ignore_ascii_case(two) {
        return true;
    }
    !(one.is_ascii() && two.is_ascii()) && UniCase::unicode(one) == UniCase::unicode(two)
}

/// `one = two`: text ignores letter case, numbers agree in 15 digits, text beside a number, Boolean or date is read
/// as one, Blank equals Blank and `""`.
#[must_use]
pub fn equal(one: &Value<'_>, two: &Value<'_>, clock: &Clock) -> bool {
    match (one, two) {
        (Value::Blank, Value::Blank) => true,
        (Value::Blank, Value::Text(text)) | (Value::Text(text), Value::Blank) => text.as_str().is_empty(),
        (Value::Boolean(one), Value::Boolean(two)) => one == two,
        (Value::Number(one), Value::Number(two)) => same_number(*one, *two),
        (Value::Text(one), Value::Text(two)) => same_text(one, two),
        (Value::Date(one), Value::Date(two)) => one.cmp_moment(two) == Ordering::Equal,
        (Value::Number(number), Value::Text(text)) | (Value::Text(text), Value::Number(number)) => {
            read_number(text).is_some_and(|read| same_number(read, *number))
        }
        (Value::Digits(one), Value::Digits(two)) => order_digits(one, two) == Ordering::Equal,
        (Value::Digits(digits), Value::Number(number)) | (Value::Number(number), Value::Digits(digits)) => {
            equals_number(digits, *number)
        }
        (Value::Digits(digits), Value::Text(text)) | (Value::Text(text), Value::Digits(digits)) => {
            match to_exact_number(&Value::Text(text.clone())) {
                Ok(Value::Digits(read)) => order_digits(digits, &read) == Ordering::Equal,
                Ok(Value::Number(read)) => equals_number(digits, read),
                _ => false,
            }
        }
        (Value::Boolean(boolean), Value::Text(text)) | (Value::Text(text), Value::Boolean(boolean)) => {
            read_boolean(text) == Some(*boolean)
        }
        (Value::Date(date), Value::Text(text)) | (Value::Text(text), Value::Date(date)) => {
            Date::read(text, clock).is_some_and(|read| read.cmp_moment(date) == Ordering::Equal)
        }
        (Value::List(one), Value::List(two)) => {
            one.len() == two.len() && one.iter().zip(two.iter()).all(|(one, two)| equal(one, two, clock))
        }
        (Value::Record(one), Value::Record(two)) => {
            let within = |small: &super::Record<'_>, large: &super::Record<'_>| {
                small.members().iter().all(|(name, _)| {
                    let pair = small.get(name).zip(large.get(name));
                    pair.is_some_and(|(one, two)| equal(one, two, clock))
                })
            };
            within(one, two) && within(two, one)
        }
        _ => false,
    }
}

/// The order of two values, or why they have none.
pub fn order(one: &Value<'_>, two: &Value<'_>, clock: &Clock) -> Result<Ordering, Incomparable> {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => Ok(order_numbers(*one, *two)),
        (Value::Digits(one), Value::Digits(two)) => Ok(order_digits(one, two)),
        _ if is_empty(one) || is_empty(two) => Err(Incomparable::Empty),
        (Value::Text(one), Value::Text(two)) => Ok(order_text(one, two)),
        (Value::Date(one), Value::Date(two)) => Ok(one.cmp_moment(two)),
        (Value::Date(date), Value::Text(text)) => {
            Date::read(text, clock).map(|read| date.cmp_moment(&read)).ok_or(Incomparable::Unreadable)
        }
        (Value::Text(text), Value::Date(date)) => {
            Date::read(text, clock).map(|read| read.cmp_moment(date)).ok_or(Incomparable::Unreadable)
        }
        (Value::Boolean(boolean), Value::Text(text)) if read_boolean(text).is_some() => {
            Ok(Some(*boolean).cmp(&read_boolean(text)))
        }
        (Value::Text(text), Value::Boolean(boolean)) if read_boolean(text).is_some() => {
            Ok(read_boolean(text).cmp(&Some(*boolean)))
        }
        _ => Ok(order_numbers(as_number(one)?, as_number(two)?)),
    }
}

fn order_text(one: &str, two: &str) -> Ordering {
    UniCase::unicode(one).cmp(&UniCase::unicode(two))
}

fn order_numbers(one: f64, two: f64) -> Ordering {
    if same_number(one, two) {
        return Ordering::Equal;
    }
    decimal_of(one).total_cmp(&decimal_of(two))
}

fn as_number(value: &Value<'_>) -> Result<f64, Incomparable> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Digits(digits) => digits.parse().map_err(|_| Incomparable::Unreadable),
        Value::Boolean(boolean) => Ok(f64::from(u8::from(*boolean))),
        Value::Text(text) => read_number(text).ok_or(Incomparable::Unreadable),
        _ => Err(Incomparable::Kinds),
    }
}
