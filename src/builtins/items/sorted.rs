//! The order of a list's items, and when two of them are the same.

use crate::value::{FIRST_INEXACT, Value, decimal_of, fold_case, is_empty, json_text, order_digits};
use std::cmp::Ordering;

/// What an item is sorted by: its kind, and within the kind its number or its text. Of a number that floating point does
/// not keep, the text is its digits.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::builtins) struct SortKey {
    kind: u8,
    number: f64,
    text: String,
}

impl SortKey {
    pub(in crate::builtins) fn of(item: &Value<'_>) -> Self {
        let (kind, number, text) = match item {
            empty if is_empty(empty) => (u8::MAX, 0.0, String::new()),
            // Zero has a sign, but only one place.
            Value::Number(number) if number.abs() < FIRST_INEXACT => {
                (0, decimal_of(*number) + 0.0, String::new())
            }
            Value::Number(number) => (0, *number, format!("{number:.0}")),
            Value::Digits(digits) => (0, digits.parse().unwrap_or(0.0), digits.to_string()),
            Value::Date(date) => (1, 0.0, date.civil().to_string()),
            Value::Text(text) => (2, 0.0, fold_case(text)),
            Value::Boolean(boolean) => (3, f64::from(u8::from(*boolean)), String::new()),
            other => (4, 0.0, json_text(other)),
        };
        Self { kind, number, text }
    }

    /// Whether it is that of an empty item, which is last in any order.
    pub(in crate::builtins) fn is_empty(&self) -> bool {
        self.kind == u8::MAX
    }

    pub(in crate::builtins) fn order(&self, other: &Self, descending: bool) -> Ordering {
        let order = (self.kind.cmp(&other.kind))
            .then_with(|| self.number.total_cmp(&other.number))
            .then_with(|| match self.kind {
                0 => order_digits(&self.text, &other.text),
                _ => self.text.cmp(&other.text),
            });
        let is_last = self.is_empty() || other.is_empty();
        if descending && !is_last { order.reverse() } else { order }
    }
}

/// The items in order; those that are equal stay as they stand.
pub(super) fn sorted<'v>(items: &[Value<'v>], descending: bool) -> Vec<Value<'v>> {
    let mut keyed: Vec<_> = items.iter().map(|item| (SortKey::of(item), item)).collect();
    keyed.sort_by(|(one, _), (two, _)| one.order(two, descending));
    keyed.into_iter().map(|(_, item)| item.clone()).collect()
}

/// A text that two items share where they are of one kind and equal.
pub(in crate::builtins) fn key(item: &Value<'_>) -> String {
    match item {
        Value::Blank => "t".to_owned(),
        Value::Text(text) => format!("t{}", fold_case(text)),
        Value::Number(number) => format!("n{}", decimal_of(*number) + 0.0),
        Value::Digits(digits) => format!("n{}", digits.as_str()),
        Value::Boolean(boolean) => format!("b{boolean}"),
        Value::Date(date) => format!("d{}", date.civil()),
        Value::Error(error) => format!("e{error}"),
        Value::List(_) | Value::Record(_) => format!("j{}", fold_case(&json_text(item))),
    }
}
