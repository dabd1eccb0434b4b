//! What a cell can hold, and the rules by which one kind of value is read as another.

mod coerce;
mod compare;
mod date;
pub(crate) mod decode;
mod digits;
mod error;
mod from_json;
mod json;
mod number;
mod text;

pub(crate) use coerce::read_boolean_word;
pub use coerce::{Misfit, is_empty, to_boolean, to_date, to_number, to_text};
pub use compare::{Incomparable, equal, fold_case, order};
pub use date::{Clock, ClockError, Date};
pub use decode::text_of_json;
pub(crate) use digits::{FIRST_INEXACT, negated_digits, order_digits};
pub use digits::{has_more_digits, is_long_whole, to_exact_number, with_digits_of};
pub use error::{ErrorCode, ErrorValue};
pub(crate) use from_json::{AnyValue, read_json};
pub use json::{json_text, write_json, write_json_text};
pub use number::{
    decimal_of, finite, number_text, read_number, reads_as_range, round_half_away, same_number, write_number,
};
pub(crate) use number::{round_digits, shown_fraction};
pub use text::Text;

use crate::types::Type;
use std::sync::Arc;

/// A value, borrowing its text from the row or the rule it came from where it can.
#[derive(Clone, Debug, Default)]
pub enum Value<'v> {
    /// JSON null, a missing key, an empty CSV field.
    #[default]
    Blank,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// A finite number.
    Number(f64),
    /// A whole number beyond 2^53, with all of its digits.
    Digits(Text<'v>),
    /// Text.
    Text(Text<'v>),
    /// A day, with or without a time.
    Date(Date),
    /// Values in order.
    List(Arc<[Value<'v>]>),
    /// Values under names.
    Record(Arc<Record<'v>>),
    /// What could not be computed, and why.
    Error(Arc<ErrorValue>),
}

impl<'v> Value<'v> {
    /// A text that lives as long as the row or rule.
    #[must_use]
    pub fn borrowed(text: &'v str) -> Self {
        Self::Text(Text::Borrowed(text))
    }

    /// A text of its own.
    #[must_use]
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(Text::Shared(text.into()))
    }

    /// A list of `items`.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(items.into())
    }

    /// The number, or `#NUM!` where it is not finite.
    #[must_use]
    pub fn number(number: f64) -> Self {
        finite(number).map_or_else(Self::from, Self::Number)
    }

    /// The error inside, if it is one.
    #[must_use]
    pub fn as_error(&self) -> Option<&Arc<ErrorValue>> {
        match self {
            Self::Error(error) => Some(error),
            _ => None,
        }
    }

    /// What kind of value it is; an error can stand for any.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Blank => Type::Blank,
            Self::Boolean(_) => Type::Boolean,
            Self::Number(_) | Self::Digits(_) => Type::Number,
            Self::Text(_) => Type::Text,
            Self::Date(_) => Type::Date,
            Self::List(_) => Type::List,
            Self::Record(_) => Type::Record,
            Self::Error(_) => Type::Any,
        }
    }

    /// The same value, owning all its text.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Blank => Value::Blank,
            Self::Boolean(value) => Value::Boolean(value),
            Self::Number(value) => Value::Number(value),
            Self::Digits(digits) => Value::Digits(digits.into_owned()),
            Self::Text(text) => Value::Text(text.into_owned()),
            Self::Date(date) => Value::Date(date),
            Self::List(items) => Value::List(items.iter().cloned().map(Value::into_owned).collect()),
            Self::Record(record) => Value::Record(Arc::new(Record {
                members: record
                    .members
                    .iter()
                    .map(|(name, value)| (name.clone().into_owned(), value.clone().into_owned()))
                    .collect(),
            })),
            Self::Error(error) => Value::Error(error),
        }
    }
}

/// Two values are the same when they are of one kind and hold the same; `=` in formulas is [`equal`].
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Self::Blank, Value::Blank) => true,
            (Self::Boolean(one), Value::Boolean(two)) => one == two,
            (Self::Number(one), Value::Number(two)) => one == two,
            (Self::Digits(one), Value::Digits(two)) | (Self::Text(one), Value::Text(two)) => {
                one.as_str() == two.as_str()
            }
            (Self::Date(one), Value::Date(two)) => one == two,
            (Self::List(one), Value::List(two)) => one[..] == two[..],
            (Self::Record(one), Value::Record(two)) => one.members == two.members,
            (Self::Error(one), Value::Error(two)) => one == two,
            _ => false,
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::number(value)
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::text(value)
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(value: &'v str) -> Self {
        Self::borrowed(value)
    }
}

impl<'v> From<Text<'v>> for Value<'v> {
    fn from(value: Text<'v>) -> Self {
        Self::Text(value)
    }
}

impl From<Date> for Value<'_> {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<ErrorValue> for Value<'_> {
    fn from(error: ErrorValue) -> Self {
        Self::Error(Arc::new(error))
    }
}

/// Values under names, in the order of the row. Of a name that stands twice, the last counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record<'v> {
    members: Vec<(Text<'v>, Value<'v>)>,
}

impl<'v> Record<'v> {
    /// A record of these members.
    #[must_use]
    pub fn new(members: Vec<(Text<'v>, Value<'v>)>) -> Self {
        Self { members }
    }

    /// The value under `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'v>> {
        self.members.iter().rev().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
    }

    /// All members.
    #[must_use]
    pub fn members(&self) -> &[(Text<'v>, Value<'v>)] {
        &self.members
    }
}
