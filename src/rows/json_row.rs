//! One row that is a JSON object: the values of its wanted columns, and where the written ones stand.

mod depth;
mod members;
#[cfg(test)]
mod tests;

use super::bad_row::BadRow;
use super::wanted::Wanted;
use crate::value::{Value, decode, read_json};
use serde::Deserializer as _;
use serde::de::Visitor;
use serde_json::Deserializer;
use serde_json::value::RawValue;
use std::ops::Range;

pub use depth::MAX_DEPTH;

/// What was read from a row; use it again for the next row, it keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct JsonRow<'r> {
    /// The value of each wanted input: `None` where the key is missing, Blank where it is null. Of a key that stands
    /// several times the last counts.
    pub inputs: Vec<Option<Value<'r>>>,
    /// Where the row already has columns that will be written, in the order of the row.
    places: Vec<Place>,
    /// For each output the index of its last place.
    last_places: Vec<Option<usize>>,
    /// The object, from `{` to behind `}`, in bytes.
    object: Range<usize>,
    /// The end of the last member's value; of an empty object the byte behind `{`.
    members_end: usize,
}

/// A member of the row whose key is an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its place in [`Wanted::outputs`].
    pub output: usize,
    /// The bytes of key and value.
    pub member: Range<usize>,
    /// The bytes of the value.
    pub value: Range<usize>,
}

impl<'r> JsonRow<'r> {
    /// Where the row already has columns that will be written, in the order of the row.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The one that counts of the places of an output.
    #[must_use]
    pub fn last_place(&self, output: usize) -> Option<&Place> {
        self.last_places.get(output).copied().flatten().and_then(|index| self.places.get(index))
    }

    /// The bytes of the object, without white space around it.
    #[must_use]
    pub fn object(&self) -> Range<usize> {
        self.object.clone()
    }

    /// The byte behind the last member's value; of an empty object the byte behind `{`.
    #[must_use]
    pub fn members_end(&self) -> usize {
        self.members_end
    }

    /// Whether the object has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members_end == self.object.start + 1
    }

    fn clear(&mut self, wanted: &Wanted) {
        self.inputs.clear();
        self.inputs.resize(wanted.inputs().len(), None);
        self.places.clear();
        self.last_places.clear();
        self.last_places.resize(wanted.outputs().len(), None);
    }

    fn set(&mut self, input: usize, value: Value<'r>) {
        if let Some(slot) = self.inputs.get_mut(input) {
            *slot = Some(value);
        }
    }

    fn add_place(&mut self, place: Place) {
        if let Some(last) = self.last_places.get_mut(place.output) {
            *last = Some(self.places.len());
        }
        self.places.push(place);
    }

    /// Finds the ends of the object in a text that has been read as one.
    fn outline(&mut self, text: &str) {
        let start = text.len() - trim_start(text).len();
        let end = trim_end(text).len();
        let inside = text.get(..end.saturating_sub(1)).unwrap_or_default();
        self.object = start..end;
        self.members_end = trim_end(inside).len();
    }
}

/// Reads one row into `row`, which holds nothing of use after an error. White space around the object is fine.
///
/// The row must be strict JSON, with three exceptions: half of a surrogate pair (`\ud800`) reads as U+FFFD, a number
/// outside the range of an `f64` reads as `#NUM!`, and lists and records may stand [`MAX_DEPTH`] levels deep.
pub fn read<'r>(text: &'r str, wanted: &Wanted, row: &mut JsonRow<'r>) -> Result<(), BadRow> {
    check_start(text)?;
    depth::check(text)?;
    row.clear(wanted);
    if parse(text, members::Members::<false> { text, wanted, row }).is_err() {
        row.clear(wanted);
        parse(text, members::Members::<true> { text, wanted, row })
            .map_err(|error| BadRow::not_json(text, &error))?;
    }
    row.outline(text);
    Ok(())
}

/// Reads a JSON value of any kind, with the exceptions that [`read`] makes for a row.
pub fn read_value(text: &str) -> Result<Value<'_>, BadRow> {
    depth::check(text)?;
    read_json(text).or_else(|_| {
        let checked = serde_json::from_str::<&RawValue>(text);
        checked.map(|value| decode::value(value.get(), "")).map_err(|error| BadRow::not_json(text, &error))
    })
}

/// The names of all keys of a row, in its order; one that stands twice comes twice.
pub fn read_keys(text: &str) -> Result<Vec<String>, BadRow> {
    check_start(text)?;
    depth::check(text)?;
    parse(text, members::Keys).map_err(|error| BadRow::not_json(text, &error))
}

fn parse<'r, V: Visitor<'r>>(text: &'r str, visitor: V) -> Result<V::Value, serde_json::Error> {
    let mut deserializer = Deserializer::from_str(text);
    let value = deserializer.deserialize_map(visitor)?;
    deserializer.end()?;
    Ok(value)
}

/// Whether the text begins as an object does.
fn check_start(text: &str) -> Result<(), BadRow> {
    let row = trim_start(text);
    let what = match row.as_bytes().first() {
        Some(b'{') => return Ok(()),
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'-' | b'0'..=b'9') => "a number",
        Some(b't' | b'f') if ["true", "false"].contains(&trim_end(row)) => "a boolean",
        Some(b'n') if trim_end(row) == "null" => "null",
        Some(_) => "other text",
        None => "nothing",
    };
    Err(BadRow::at(text.as_bytes(), text.len() - row.len(), format!("not a JSON object but {what}")))
}

/// What JSON takes for white space.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

pub(super) fn trim_start(text: &str) -> &str {
    text.trim_start_matches(WHITE_SPACE)
}

pub(super) fn trim_end(text: &str) -> &str {
    text.trim_end_matches(WHITE_SPACE)
}
