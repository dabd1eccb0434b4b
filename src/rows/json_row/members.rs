//! The members of a row, each read, kept as it stands, or skipped.

use super::{JsonRow, Place};
use crate::rows::wanted::{Slots, Wanted};
use crate::value::{AnyValue, decode};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Reads the members of an object into `row`. The tolerant reading takes half surrogate pairs and numbers of any size,
/// with all of their digits, where the quick one fails.
pub(super) struct Members<'m, 'r, const TOLERANT: bool> {
    pub(super) text: &'r str,
    pub(super) wanted: &'m Wanted,
    pub(super) row: &'m mut JsonRow<'r>,
}

impl<'r, const TOLERANT: bool> Visitor<'r> for Members<'_, 'r, TOLERANT> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { text, wanted, row } = self;
        while let Some(slots) = next_slots::<A, TOLERANT>(&mut members, wanted)? {
            match slots {
                Slots { input: None, output: None } => {
                    members.next_value::<IgnoredAny>()?;
                }
                Slots { input: Some(input), output: None } if !TOLERANT => {
                    row.set(input, members.next_value_seed(AnyValue::EXACT)?);
                }
                Slots { input, output } => {
                    let value = members.next_value::<&'r RawValue>()?.get();
                    if let Some(input) = input {
                        let name = wanted.inputs().get(input).map_or("", String::as_str);
                        row.set(input, decode::value(value, name));
                    }
                    if let Some(output) = output {
                        row.add_place(place(text, value, output));
                    }
                }
            }
        }
        Ok(())
    }
}

fn next_slots<'r, A: MapAccess<'r>, const TOLERANT: bool>(
    members: &mut A,
    wanted: &Wanted,
) -> Result<Option<Slots>, A::Error> {
    if TOLERANT {
        let key = members.next_key::<&'r RawValue>()?;
        Ok(key.map(|key| wanted.find(&decode::string(key.get()))))
    } else {
        members.next_key_seed(Key(wanted))
    }
}

/// Looks a key up where it stands.
struct Key<'m>(&'m Wanted);

impl<'r> DeserializeSeed<'r> for Key<'_> {
    type Value = Slots;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<Slots, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Slots;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Slots, E> {
        Ok(self.0.find(key))
    }
}

/// Where in `text` a member stands, given its value, which is part of the text.
fn place(text: &str, value: &str, output: usize) -> Place {
    let start = (value.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.get(..start).unwrap_or_default();
    let key = super::trim_end(super::trim_end(before).trim_end_matches(':'));
    let end = start + value.len();
    Place { output, member: key_start(key)..end, value: start..end }
}

/// The byte of the quote that opens the string at the end of `text`.
fn key_start(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = bytes.len().saturating_sub(1);
    while let Some(quote) = memchr::memrchr(b'"', &bytes[..at]) {
        // A quote inside the string has a backslash right before it; the one that opens it never has.
        if quote == 0 || bytes[quote - 1] != b'\\' {
            return quote;
        }
        at = quote;
    }
    0
}

/// Reads the names of all keys.
pub(super) struct Keys;

impl<'r> Visitor<'r> for Keys {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut members: A) -> Result<Vec<String>, A::Error> {
        let mut keys = Vec::new();
        while let Some(key) = members.next_key::<&'r RawValue>()? {
            members.next_value::<IgnoredAny>()?;
            keys.push(decode::string(key.get()).to_string());
        }
        Ok(keys)
    }
}
