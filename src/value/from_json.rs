//! JSON values as cell values, borrowing texts that have no escapes.

use super::digits::FIRST_INEXACT;
use super::{Record, Text, Value, decode};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Reads a value of any kind.
#[derive(Clone, Copy)]
pub(crate) struct AnyValue {
    /// Whether a number fails whose digits are lost before it is seen here: one beyond 64 bits.
    is_exact: bool,
}

impl AnyValue {
    /// Fails for a number that may have more digits than it is given with; [`super::decode`] reads these.
    pub(crate) const EXACT: Self = Self { is_exact: true };
    /// Takes the nearest number there is.
    const NEAREST: Self = Self { is_exact: false };
}

/// From here on, 2^63, not every whole number comes with all of its digits.
const FIRST_NEAREST: f64 = 9_223_372_036_854_775_808.0;

impl<'r> DeserializeSeed<'r> for AnyValue {
    type Value = Value<'r>;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<Value<'r>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'r> Visitor<'r> for AnyValue {
    type Value = Value<'r>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'r>, E> {
        Ok(Value::Blank)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value<'r>, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value<'r>, E> {
        Ok(whole(value as f64, || value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value<'r>, E> {
        Ok(whole(value as f64, || value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value<'r>, E> {
        if self.is_exact && value.abs() >= FIRST_NEAREST {
            return Err(E::custom("a number beyond 64 bits"));
        }
        Ok(Value::number(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'r str) -> Result<Value<'r>, E> {
        Ok(Value::borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'r>, E> {
        Ok(Value::text(text))
    }

    fn visit_seq<A: SeqAccess<'r>>(self, mut items: A) -> Result<Value<'r>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::list(list))
    }

    fn visit_map<A: MapAccess<'r>>(self, mut members: A) -> Result<Value<'r>, A::Error> {
        let mut record = Vec::new();
        while let Some(name) = members.next_key::<Name<'r>>()? {
            record.push((name.0, members.next_value_seed(self)?));
        }
        Ok(Value::Record(Record::new(record).into()))
    }
}

/// A whole number, with its digits where a floating-point number does not have all of them.
fn whole<'r>(number: f64, digits: impl FnOnce() -> String) -> Value<'r> {
    if number.abs() < FIRST_INEXACT { Value::Number(number) } else { Value::Digits(digits().into()) }
}

/// Reads any JSON value; texts without escapes are borrowed from it. Nesting is limited at 128 levels.
pub(crate) fn read_json(json: &str) -> Result<Value<'_>, serde_json::Error> {
    read_with(AnyValue::EXACT, json).or_else(|_| {
        // What fails in the same way here is no JSON.
        read_with(AnyValue::NEAREST, json)?;
        Ok(decode::value(json, ""))
    })
}

fn read_with(reader: AnyValue, json: &str) -> Result<Value<'_>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = reader.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

impl<'r> Record<'r> {
    /// Reads a JSON object; texts without escapes are borrowed from it. Nesting is limited at 128 levels.
    pub fn from_json(json: &'r str) -> Result<Self, serde_json::Error> {
        match read_json(json)? {
            Value::Record(record) => Ok(Record { members: record.members.clone() }),
            _ => Err(Error::custom("a row is a JSON object")),
        }
    }
}

/// The key of a member.
struct Name<'r>(Text<'r>);

impl<'r> Deserialize<'r> for Name<'r> {
    fn deserialize<D: Deserializer<'r>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'r> Visitor<'r> for NameVisitor {
    type Value = Name<'r>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'r str) -> Result<Name<'r>, E> {
        Ok(Name(Text::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Name<'r>, E> {
        Ok(Name(Text::Shared(text.into())))
    }
}
