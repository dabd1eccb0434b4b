//! Whole numbers that have more digits than a 64-bit floating-point number can express.

use super::{Misfit, Text, Value, read_number, to_number};
use std::cmp::Ordering;

/// From here on, 2^53, not every whole number has a floating-point number of its own.
pub(crate) const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;
/// The digits of the shortest such number.
const FEWEST_DIGITS: usize = 16;

/// Whether the text is a whole number of at least 2^53 in size, written in digits alone, that is not too large to
/// compute with.
#[must_use]
pub fn is_long_whole(text: &str) -> bool {
    // Nearly all numbers are shorter.
    if text.len() < FEWEST_DIGITS {
        return false;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<f64>().is_ok_and(|number| number.is_finite() && number.abs() >= FIRST_INEXACT)
}

/// Reads a value as a number whose digits are all kept.
pub fn to_exact_number<'v>(value: &Value<'v>) -> Result<Value<'v>, Misfit> {
    match value {
        Value::Digits(_) => Ok(value.clone()),
        Value::Text(text) if is_long_whole(text.trim()) => Ok(Value::Digits(trimmed(text))),
        Value::Text(text) => to_number(value).map(|number| with_digits_of(text, number)),
        _ => to_number(value).map(Value::number),
    }
}

/// The number that a text spells, with the digits of the text where it is a whole number of 2^53 or more, whatever signs
/// stand between them: `9,007,199,254,740,993`.
#[must_use]
pub fn with_digits_of(text: &str, number: f64) -> Value<'static> {
    if number.abs() < FIRST_INEXACT {
        return Value::number(number);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    // A fraction, an exponent, per cent or a scale such as `k` would make another number of the digits alone.
    if digits.parse() != Ok(number.abs()) {
        return Value::number(number);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    Value::Digits(format!("{sign}{digits}").into())
}

/// Whether a value has digits that computing with it as a number would lose.
#[must_use]
pub fn has_more_digits(value: &Value<'_>) -> bool {
    match value {
        Value::Digits(_) => true,
        Value::Text(text) if text.len() >= FEWEST_DIGITS => {
            read_number(text).is_some_and(|number| matches!(with_digits_of(text, number), Value::Digits(_)))
        }
        _ => false,
    }
}

/// The same number with the other sign.
#[must_use]
pub(crate) fn negated_digits<'v>(digits: &Text<'v>) -> Text<'v> {
    match digits.strip_prefix('-') {
        Some(rest) => digits.slice(digits.len() - rest.len()..digits.len()),
        None => format!("-{}", digits.as_str()).into(),
    }
}

/// The order of two whole numbers by all of their digits.
#[must_use]
pub(crate) fn order_digits(one: &str, two: &str) -> Ordering {
    let split = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        (digits.len() < text.len(), digits.trim_start_matches('0').to_owned())
    };
    let ((one_negative, one), (two_negative, two)) = (split(one), split(two));
    let by_size = one.len().cmp(&two.len()).then_with(|| one.cmp(&two));
    match (one_negative, two_negative) {
        (false, false) => by_size,
        (true, true) => by_size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Whether a whole number equals another number. Below 2^53 a number has all of its digits, so none is equal.
#[must_use]
pub(super) fn equals_number(digits: &str, number: f64) -> bool {
    number.abs() >= FIRST_INEXACT && digits.parse::<f64>().is_ok_and(|read| super::same_number(read, number))
}

fn trimmed<'v>(text: &Text<'v>) -> Text<'v> {
    let start = text.len() - text.trim_start().len();
    text.slice(start..start + text.trim().len())
}

#[cfg(test)]
mod tests {
    use super::{is_long_whole, negated_digits, order_digits, with_digits_of};
    use crate::value::{Text, Value};
    use std::cmp::Ordering;

    #[test]
    fn whole_numbers_from_2_to_the_53_on_keep_their_digits() {
        for text in ["9007199254740992", "-9007199254740993", "123456789012345678901234567890"] {
            assert!(is_long_whole(text), "{text}");
        }
        let too_large = "9".repeat(400);
        for text in [
            "9007199254740991",
            "0000000000000005",
            "09007199254740993",
            "9007199254740993.5",
            "9e20",
            "",
            "-",
            &too_large,
        ] {
            assert!(!is_long_whole(text), "{text}");
        }
    }

    #[test]
    fn digits_are_taken_from_a_text_that_spells_them_all() {
        let digits = |text: &str, number: f64| match with_digits_of(text, number) {
            Value::Digits(digits) => digits.to_string(),
            other => format!("{other:?}"),
        };
        let large = 9_007_199_254_740_992.0;
        assert_eq!(digits("9,007,199,254,740,993", large), "9007199254740993");
        assert_eq!(digits("($0009007199254740993)", -large), "-9007199254740993");
        assert_eq!(digits("900719925474099300%", large), "Number(9007199254740992.0)");
        assert_eq!(digits("9007199254740993.5", large), "Number(9007199254740992.0)");
        assert_eq!(digits("1e20", 1e20), "Number(1e20)");
        assert_eq!(digits("12", 12.0), "Number(12.0)");
    }

    #[test]
    fn digits_are_ordered_and_negated() {
        let (small, large) = ("9007199254740992", "9007199254740993");
        assert_eq!(order_digits(small, large), Ordering::Less);
        assert_eq!(order_digits("-9007199254740992", "-9007199254740993"), Ordering::Greater);
        assert_eq!(order_digits("-9007199254740993", small), Ordering::Less);
        assert_eq!(order_digits("10000000000000000", large), Ordering::Greater);
        assert_eq!(order_digits("09007199254740993", large), Ordering::Equal);
        assert_eq!(negated_digits(&Text::Borrowed("-9007199254740993")).as_str(), large);
    }
}
