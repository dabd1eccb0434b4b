//! Distinct numbers and texts with their counts, up to a limit of bytes.

use crate::value::Value;
use std::collections::HashMap;

/// Distinct values that are kept for one place, whatever their length.
const MOST_VALUES: usize = 10_000;
/// Bytes that a kept value costs beside those of its text, about.
const COST: usize = 32;

/// Distinct numbers and texts with their counts.
#[derive(Debug, Default)]
pub struct Values {
    texts: HashMap<Box<str>, u64>,
    /// By the bits of the number.
    numbers: HashMap<u64, u64>,
    bytes: usize,
    /// Texts and numbers that were not kept because there were too many.
    others: u64,
    empty_texts: u64,
}

impl Values {
    pub(super) fn add_text(&mut self, text: &str, count: u64, limit: usize) {
        if text.chars().all(char::is_whitespace) {
            self.empty_texts += count;
        }
        if let Some(known) = self.texts.get_mut(text) {
            *known += count;
        } else if self.has_room(text.len(), limit) {
            self.bytes += text.len() + COST;
            self.texts.insert(text.into(), count);
        } else {
            self.others += count;
        }
    }

    pub(super) fn add_number(&mut self, number: f64, count: u64, limit: usize) {
        // Zero and minus zero are one number.
        let bits = (number + 0.0).to_bits();
        if let Some(known) = self.numbers.get_mut(&bits) {
            *known += count;
        } else if self.has_room(0, limit) {
            self.bytes += COST;
            self.numbers.insert(bits, count);
        } else {
            self.others += count;
        }
    }

    pub(super) fn merge(&mut self, block: &Self, limit: usize) {
        let empty = self.empty_texts + block.empty_texts;
        block.texts.iter().for_each(|(text, count)| self.add_text(text, *count, limit));
        block.numbers.iter().for_each(|(bits, count)| self.add_number(f64::from_bits(*bits), *count, limit));
        self.others += block.others;
        self.empty_texts = empty;
    }

    fn has_room(&self, more: usize, limit: usize) -> bool {
        self.distinct() < MOST_VALUES && self.bytes + more + COST <= limit
    }

    /// Whether every value was kept.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.others == 0
    }

    /// Distinct values that were kept.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.texts.len() + self.numbers.len()
    }

    /// Texts without a visible character.
    #[must_use]
    pub fn empty_texts(&self) -> u64 {
        self.empty_texts
    }

    /// The texts and their counts, in no order.
    pub fn texts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.texts.iter().map(|(text, count)| (&**text, *count))
    }

    /// The numbers and their counts, in no order.
    pub fn numbers(&self) -> impl Iterator<Item = (f64, u64)> {
        self.numbers.iter().map(|(bits, count)| (f64::from_bits(*bits), *count))
    }

    /// All kept values, the most frequent first, then in the order of their spelling.
    #[must_use]
    pub fn ranked(&self) -> Vec<(Value<'_>, u64)> {
        let texts = self.texts().map(|(text, count)| (Value::borrowed(text), count));
        let mut all: Vec<(Value<'_>, u64)> = texts.collect();
        all.extend(self.numbers().map(|(number, count)| (Value::Number(number), count)));
        let spelling = |value: &Value<'_>| match value {
            Value::Text(text) => (f64::NEG_INFINITY, text.as_str().to_owned()),
            Value::Number(number) => (*number, String::new()),
            _ => (0.0, String::new()),
        };
        all.sort_by_cached_key(|(value, count)| {
            let (number, text) = spelling(value);
            (std::cmp::Reverse(*count), OrderedNumber(number), text)
        });
        all
    }
}

/// A number in total order.
struct OrderedNumber(f64);

impl Ord for OrderedNumber {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for OrderedNumber {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for OrderedNumber {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for OrderedNumber {}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn values_beyond_the_limit_are_counted_but_not_kept() {
        let mut values = Values::default();
        for text in ["a", "b", "a", " "] {
            values.add_text(text, 1, 100);
        }
        assert!(values.is_complete() && values.distinct() == 3 && values.empty_texts() == 1);
        values.add_text("d", 1, 100);
        values.add_text("a", 1, 100);
        assert!(!values.is_complete());
        let mut all = Values::default();
        all.add_text("a", 2, 100);
        all.merge(&values, 100);
        let a = all.texts().find(|(text, _)| *text == "a").map(|(_, count)| count);
        assert_eq!((a, all.empty_texts()), (Some(5), 1));
    }
}
