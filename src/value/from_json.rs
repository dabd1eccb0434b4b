//! JSON values as cell values, borrowing texts that have no escapes.

use super::digits::FIRST_INEXACT;
use super::{Record, Text, Value};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Reads a value of any kind.
pub(crate) struct AnyValue;

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
        while let Some(item) = items.next_element_seed(AnyValue)? {
            list.push(item);
        }
        Ok(Value::list(list))
    }

    fn visit_map<A: MapAccess<'r>>(self, mut members: A) -> Result<Value<'r>, A::Error> {
        let mut record = Vec::new();
        while let Some(name) = members.next_key::<Name<'r>>()? {
            record.push((name.0, members.next_value_seed(AnyValue)?));
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
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = AnyValue.deserialize(&mut deserializer)?;
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
