//! Finds rows by the values of their key columns, as `=` compares them, and by thresholds.

use super::Column;
use crate::types::Type;
use crate::value::{Clock, Value, decimal_of, equal, fold_case, is_empty, order, to_date, to_exact_number};
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher};

/// Why rows can't be indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Two rows have the same keys.
    Duplicate {
        /// The key, as a formula would show it.
        key: String,
        /// The indexes of the two rows, from 0.
        rows: (usize, usize),
        /// Their lines.
        lines: (u32, u32),
    },
    /// A threshold is not a number or date.
    Threshold {
        /// What is there.
        value: String,
        /// The line of the row.
        line: u32,
    },
}

/// The rows by their keys.
#[derive(Debug, Default)]
pub(super) struct Index {
    keys: Vec<usize>,
    hasher: DefaultHashBuilder,
    /// For each distinct key, its rows: a range of `rows`, or the row itself where there are no thresholds.
    groups: HashTable<Group>,
    /// The rows of each group together, in the order of their thresholds. Empty where there are none.
    rows: Vec<u32>,
    range: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    start: u32,
    length: u32,
}

impl Index {
    pub(super) fn new(
        columns: &[Column],
        lines: &[u32],
        keys: &[usize],
        range: Option<usize>,
        is_unique: bool,
    ) -> Result<Self, KeyError> {
        let clock = Clock::system();
        let mut index = Self {
            keys: keys.to_vec(),
            hasher: DefaultHashBuilder::default(),
            groups: HashTable::new(),
            rows: Vec::new(),
            range,
        };
        if range.is_none() {
            index.add_rows(columns, lines, is_unique, &clock)?;
            return Ok(index);
        }
        let mut hashed: Vec<(u64, u32)> = Vec::with_capacity(lines.len());
        for (row, line) in lines.iter().enumerate() {
            // A row without a key is never looked up.
            let values: Vec<Value<'_>> = keys.iter().map(|key| columns[*key].value(row)).collect();
            if !keys.is_empty() && values.iter().all(is_empty) {
                continue;
            }
            if let Some(range) = range {
                let value = columns[range].value(row);
                if !matches!(value, Value::Number(_) | Value::Date(_)) {
                    let value = crate::value::json_text(&value);
                    return Err(KeyError::Threshold { value, line: *line });
                }
            }
            hashed.push((index.hash(&values), row as u32));
        }
        hashed.sort_by(|one, two| {
            one.0
                .cmp(&two.0)
                .then_with(|| index.compare(columns, one.1 as usize, two.1 as usize, &clock))
                .then(one.1.cmp(&two.1))
        });
        index.group(columns, lines, &hashed, is_unique, &clock)?;
        Ok(index)
    }

    /// Adds rows without thresholds: each is a group of its own.
    fn add_rows(
        &mut self,
        columns: &[Column],
        lines: &[u32],
        is_unique: bool,
        clock: &Clock,
    ) -> Result<(), KeyError> {
        self.groups.reserve(lines.len(), |_| 0);
        let mut own: Vec<Value<'_>> = Vec::with_capacity(self.keys.len());
        for row in 0..lines.len() {
            own.clear();
            own.extend(self.keys.iter().map(|key| columns[*key].value(row)));
            // A row without a key is never looked up.
            if own.iter().all(is_empty) {
                continue;
            }
            let hash = self.hash(&own);
            let (keys, hasher) = (&self.keys, &self.hasher);
            let cells = |group: &Group| {
                let row = group.start as usize;
                keys.iter().map(move |key| columns[*key].value(row))
            };
            let has_keys = |group: &Group| cells(group).zip(&own).all(|(cell, own)| equal(&cell, own, clock));
            let rehash = |group: &Group| hash_of(hasher, cells(group));
            match self.groups.entry(hash, has_keys, rehash) {
                Entry::Occupied(known) if is_unique => {
                    let first = known.get().start;
                    return Err(self.duplicate(columns, lines, first, row as u32));
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => {
                    place.insert(Group { start: row as u32, length: 1 });
                }
            }
        }
        Ok(())
    }

    /// Puts rows with the same keys, which are neighbors, into groups.
    fn group(
        &mut self,
        columns: &[Column],
        lines: &[u32],
        hashed: &[(u64, u32)],
        is_unique: bool,
        clock: &Clock,
    ) -> Result<(), KeyError> {
        let mut from = 0;
        while let Some((hash, _)) = hashed.get(from) {
            let length = hashed[from..].iter().take_while(|(other, _)| other == hash).count();
            // Keys that differ may have the same hash, and keys that are equal need not be neighbors then.
            let mut left: Vec<u32> = hashed[from..from + length].iter().map(|(_, row)| *row).collect();
            while let Some(first) = left.first().copied() {
                let own = self.keys_of(columns, first as usize);
                let (same, others): (Vec<u32>, Vec<u32>) =
                    left.into_iter().partition(|row| self.has_keys(columns, *row as usize, &own, clock));
                if is_unique {
                    self.refuse_duplicates(columns, lines, &same, clock)?;
                }
                let group = Group { start: self.rows.len() as u32, length: same.len() as u32 };
                self.rows.extend(&same);
                let (rows, build, keys) = (&self.rows, &self.hasher, &self.keys);
                let rehash = |group: &Group| {
                    let row = rows[group.start as usize] as usize;
                    hash_of(build, keys.iter().map(|key| columns[*key].value(row)))
                };
                self.groups.insert_unique(*hash, group, rehash);
                left = others;
            }
            from += length;
        }
        Ok(())
    }

    /// Rows of one group differ in their thresholds.
    fn refuse_duplicates(
        &self,
        columns: &[Column],
        lines: &[u32],
        same: &[u32],
        clock: &Clock,
    ) -> Result<(), KeyError> {
        let is_same = |pair: &&[u32]| {
            self.compare(columns, pair[0] as usize, pair[1] as usize, clock) == Ordering::Equal
        };
        let pair = same.windows(2).find(is_same);
        pair.map_or(Ok(()), |pair| Err(self.duplicate(columns, lines, pair[0], pair[1])))
    }

    fn duplicate(&self, columns: &[Column], lines: &[u32], first: u32, second: u32) -> KeyError {
        let rows = (first as usize, second as usize);
        let shown = |column: &usize| crate::value::json_text(&columns[*column].value(rows.0));
        let key: Vec<String> = self.keys.iter().chain(&self.range).map(shown).collect();
        KeyError::Duplicate { key: key.join(", "), rows, lines: (lines[rows.0], lines[rows.1]) }
    }

    /// The row with these values in the key columns, and the greatest threshold that is not above the last of them.
    pub(super) fn find(&self, columns: &[Column], wanted: &[Value<'_>], clock: &Clock) -> Option<usize> {
        let (keys, threshold) = wanted.split_at_checked(self.keys.len())?;
        let group = if self.keys.is_empty() {
            Group { start: 0, length: self.rows.len() as u32 }
        } else if keys.iter().any(is_empty) {
            return None;
        } else if let ([key], [column]) = (keys, &self.keys[..]) {
            // The usual case needs no list of its own.
            let read = [as_type(key, columns[*column].ty(), clock)];
            self.group_of(columns, &read, clock)?
        } else {
            let read: Vec<Value<'_>> = (keys.iter().zip(&self.keys))
                .map(|(key, column)| as_type(key, columns[*column].ty(), clock))
                .collect();
            self.group_of(columns, &read, clock)?
        };
        let Some(range) = self.range else { return Some(group.start as usize) };
        let rows = &self.rows[group.start as usize..(group.start + group.length) as usize];
        let column = &columns[range];
        let value = as_type(threshold.first()?, column.ty(), clock);
        // An empty value is not 0 here, and TRUE is not 1.
        if threshold.first().is_none_or(is_empty) || is_empty(&value) || matches!(value, Value::Boolean(_)) {
            return None;
        }
        let is_reached =
            |row: &u32| order(&column.value(*row as usize), &value, clock).is_ok_and(Ordering::is_le);
        let reached = rows.partition_point(is_reached);
        reached.checked_sub(1).map(|last| rows[last] as usize)
    }

    fn group_of(&self, columns: &[Column], keys: &[Value<'_>], clock: &Clock) -> Option<Group> {
        let first = |group: &Group| match self.range {
            Some(_) => self.rows[group.start as usize],
            None => group.start,
        };
        let has_keys = |group: &Group| self.has_keys(columns, first(group) as usize, keys, clock);
        self.groups.find(self.hash(keys), has_keys).copied()
    }

    fn keys_of<'c>(&self, columns: &'c [Column], row: usize) -> Vec<Value<'c>> {
        self.keys.iter().map(|key| columns[*key].value(row)).collect()
    }

    fn has_keys(&self, columns: &[Column], row: usize, wanted: &[Value<'_>], clock: &Clock) -> bool {
        self.keys.iter().zip(wanted).all(|(key, wanted)| equal(&columns[*key].value(row), wanted, clock))
    }

    /// The order of two rows of one group.
    fn compare(&self, columns: &[Column], one: usize, two: usize, clock: &Clock) -> Ordering {
        let Some(range) = self.range else { return Ordering::Equal };
        let column = &columns[range];
        order(&column.value(one), &column.value(two), clock).unwrap_or(Ordering::Equal)
    }

    fn hash(&self, keys: &[Value<'_>]) -> u64 {
        hash_of(&self.hasher, keys.iter())
    }
}

/// The value as the type of a column, where it reads as one.
fn as_type<'v>(value: &Value<'v>, ty: Type, clock: &Clock) -> Value<'v> {
    let read = match ty {
        Type::Date => to_date(value, clock).ok().map(Value::Date),
        // TRUE is not equal to 1.
        Type::Number if !matches!(value, Value::Boolean(_)) => to_exact_number(value).ok(),
        _ => None,
    };
    read.unwrap_or_else(|| value.clone())
}

/// Keys that are equal for `=` have the same hash.
fn hash_of<'v>(hasher: &DefaultHashBuilder, keys: impl Iterator<Item = impl Borrow<Value<'v>>>) -> u64 {
    let mut state = hasher.build_hasher();
    keys.for_each(|key| hash_value(key.borrow(), &mut state));
    state.finish()
}

/// Texts that differ in letter case alone have the same hash.
fn hash_text(text: &str, state: &mut impl Hasher) {
    const CHUNK: usize = 64;
    if text.is_ascii() {
        let mut lower = [0; CHUNK];
        for chunk in text.as_bytes().chunks(CHUNK) {
            let lower = &mut lower[..chunk.len()];
            lower.copy_from_slice(chunk);
            lower.make_ascii_lowercase();
            state.write(lower);
        }
    } else {
        // A text that is not ASCII can be equal to one that is, so both are hashed in the same pieces.
        fold_case(text).as_bytes().chunks(CHUNK).for_each(|chunk| state.write(chunk));
    }
    state.write_u8(0xff);
}

fn hash_value(value: &Value<'_>, state: &mut impl Hasher) {
    match value {
        Value::Number(number) => (decimal_of(*number) + 0.0).to_bits().hash(state),
        Value::Digits(digits) => digits.as_str().hash(state),
        // A number does not begin with a letter.
        Value::Text(text) if text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) => {
            hash_text(text, state);
        }
        // A text that reads as a number is equal to that number.
        Value::Text(text) => match to_exact_number(value) {
            Ok(number @ (Value::Number(_) | Value::Digits(_))) if !is_empty(value) => {
                hash_value(&number, state);
            }
            _ => hash_text(text, state),
        },
        Value::Boolean(boolean) => hash_text(if *boolean { "true" } else { "false" }, state),
        Value::Date(date) => (date.unix_seconds() as i64).hash(state),
        Value::Blank | Value::Error(_) | Value::List(_) | Value::Record(_) => 0u8.hash(state),
    }
}

#[cfg(test)]
mod tests {
    use crate::data::{ColumnBuilder, Dataset, KeyError, Rows};
    use crate::value::{Clock, Value, equal};

    fn dataset(
        columns: &[(&str, &[Value<'_>])],
        keys: &[usize],
        range: Option<usize>,
    ) -> Result<Dataset, KeyError> {
        let count = columns[0].1.len();
        let columns = columns.iter().map(|(name, values)| {
            let mut column = ColumnBuilder::new(name, 0);
            values.iter().for_each(|value| column.push(value));
            column.finish()
        });
        let rows = Rows { columns: columns.collect(), lines: (2..).take(count).collect() };
        Dataset::new(rows, keys.to_vec(), range)
    }

    fn text(text: &str) -> Value<'_> {
        Value::borrowed(text)
    }

    #[test]
    fn a_row_is_found_by_what_is_equal_to_its_key() {
        let values = [
            text("Acme"),
            text("02134"),
            text("5"),
            text("ÄRGER"),
            Value::Number(7.0),
            Value::Boolean(true),
            text("1e3"),
            text("0.1"),
            text("\u{212a}elvin"),
            text(" Space "),
        ];
        let data = dataset(&[("key", &values)], &[0], None).expect("keys that differ");
        let clock = Clock::system();
        let wanted = [
            text("acme"),
            text("ACME "),
            text("2134"),
            Value::Number(2134.0),
            Value::Number(5.0),
            text("5"),
            text("05"),
            text("ärger"),
            text("7"),
            text("7.0"),
            Value::Number(7.0),
            text("true"),
            text("TRUE"),
            Value::Boolean(true),
            Value::Number(1000.0),
            text("1000"),
            Value::Blank,
            text(""),
            Value::Number(0.1 + 1e-17),
            text("none"),
            text("KELVIN"),
            text("space"),
            text(" SPACE "),
        ];
        for one in &wanted {
            let by_scan = values.iter().position(|value| equal(value, one, &clock));
            assert_eq!(data.find(std::slice::from_ref(one), &clock), by_scan, "{one:?}");
        }
    }

    #[test]
    fn rows_with_the_same_key_are_refused() {
        let twice = dataset(&[("key", &[text("a"), text("b"), text("A")])], &[0], None);
        let error = KeyError::Duplicate { key: "\"a\"".to_owned(), rows: (0, 2), lines: (2, 4) };
        assert_eq!(twice.map(|data| data.len()), Err(error));
        let pairs = [
            ("c", &[text("us"), text("us"), text("de")][..]),
            ("p", &[text("pro"), text("free"), text("pro")][..]),
        ];
        assert!(dataset(&pairs, &[0, 1], None).is_ok());
        // Rows without a key are not looked up.
        assert!(dataset(&[("key", &[text("a"), Value::Blank, Value::Blank])], &[0], None).is_ok());
    }

    #[test]
    fn thresholds_find_the_greatest_that_is_not_above() {
        let low = [50.0, 1.0, 200.0].map(Value::Number);
        let data = dataset(&[("low", &low)], &[], Some(0)).expect("numbers");
        let clock = Clock::system();
        let found = |value: Value<'_>| data.find(&[value], &clock);
        assert_eq!(found(Value::Number(0.5)), None);
        assert_eq!(found(Value::Number(1.0)), Some(1));
        assert_eq!(found(Value::Number(49.9)), Some(1));
        assert_eq!(found(text("50")), Some(0));
        assert_eq!(found(Value::Number(1e9)), Some(2));
        assert_eq!(found(Value::Number(0.1 + 0.7 + 0.2)), Some(1));
        assert_eq!((found(Value::Blank), found(text("many"))), (None, None));
        let from_zero = dataset(&[("low", &[0.0, 10.0].map(Value::Number))], &[], Some(0)).expect("numbers");
        assert_eq!(from_zero.find(&[Value::Blank], &clock), None);
        assert!(matches!(
            dataset(&[("low", &[text("many")])], &[], Some(0)),
            Err(KeyError::Threshold { line: 2, .. })
        ));
    }

    #[test]
    fn thresholds_are_those_of_the_key() {
        let plans = [text("pro"), text("free"), text("Pro"), text("free")];
        let seats = [10.0, 1.0, 1.0, 100.0].map(Value::Number);
        let data = dataset(&[("plan", &plans), ("seats", &seats)], &[0], Some(1)).expect("keys that differ");
        let clock = Clock::system();
        let found =
            |plan: &str, seats: f64| data.find(&[Value::borrowed(plan), Value::Number(seats)], &clock);
        assert_eq!(found("PRO", 5.0), Some(2));
        assert_eq!(found("pro", 10.0), Some(0));
        assert_eq!(found("free", 99.0), Some(1));
        assert_eq!(found("free", 0.0), None);
        assert_eq!(found("other", 5.0), None);
    }
}
