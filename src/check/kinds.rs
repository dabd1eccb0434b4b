//! The kinds of value that a column could hold, as its uses tell them apart.

use crate::types::Type;
use crate::value::{Clock, Date, Value, read_number};

/// One kind of value. Text is three kinds, since a number or a date often comes as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// Text that reads as a number.
    NumberText,
    /// Text that reads as neither a number nor a date.
    Words,
    /// TRUE or FALSE.
    Boolean,
    /// A date, or text that reads as one.
    Date,
    /// A list.
    List,
    /// A record.
    Record,
}

const ALL: [Kind; 7] =
    [Kind::Number, Kind::NumberText, Kind::Words, Kind::Boolean, Kind::Date, Kind::List, Kind::Record];

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindSet(u8);

impl KindSet {
    /// Any value.
    pub const ANY: Self = Self(0x7f);

    /// The set of these kinds.
    #[must_use]
    pub fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |set, kind| set | 1 << *kind as u8))
    }

    /// What can be read as a value of this type.
    #[must_use]
    pub fn readable_as(ty: Type) -> Self {
        match ty {
            Type::Any | Type::Blank => Self::ANY,
            Type::Number => Self::of(&[Kind::Number, Kind::NumberText, Kind::Boolean]),
            Type::Boolean => Self::of(&[Kind::Boolean, Kind::Number]),
            Type::Text => Self::of(&[Kind::Number, Kind::NumberText, Kind::Words, Kind::Boolean, Kind::Date]),
            Type::Date => Self::of(&[Kind::Date]),
            Type::List => Self::of(&[Kind::List]),
            Type::Record => Self::of(&[Kind::Record]),
        }
    }

    /// What a column is that is declared to be of this type.
    #[must_use]
    pub fn declared(ty: Type) -> Self {
        match ty {
            Type::Any | Type::Blank => Self::ANY,
            Type::Number => Self::of(&[Kind::Number]),
            Type::Boolean => Self::of(&[Kind::Boolean]),
            Type::Text => Self::of(&[Kind::Words]),
            Type::Date => Self::of(&[Kind::Date]),
            Type::List => Self::of(&[Kind::List]),
            Type::Record => Self::of(&[Kind::Record]),
        }
    }

    /// The kinds in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The kinds in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether no kind is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `kind` is in it.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// The kind of a value; nothing for empty values, which fit everywhere.
    #[must_use]
    pub fn kind_of(value: &Value<'_>, clock: &Clock) -> Option<Kind> {
        match value {
            _ if crate::value::is_empty(value) => None,
            Value::Number(_) | Value::Digits(_) => Some(Kind::Number),
            Value::Boolean(_) => Some(Kind::Boolean),
            Value::Date(_) => Some(Kind::Date),
            Value::List(_) => Some(Kind::List),
            Value::Record(_) => Some(Kind::Record),
            Value::Text(text) if read_number(text).is_some() => Some(Kind::NumberText),
            Value::Text(text) if Date::read(text, clock).is_some() => Some(Kind::Date),
            Value::Text(_) => Some(Kind::Words),
            Value::Blank | Value::Error(_) => None,
        }
    }

    /// The set in a sentence: `a number`, `text or a list`.
    #[must_use]
    pub fn described(self) -> &'static str {
        let has = |kind| self.has(kind);
        match self {
            Self::ANY => "any value",
            _ if has(Kind::Words) && has(Kind::Number) => "a single value",
            _ if has(Kind::Words) && has(Kind::List) => "text or a list",
            _ if has(Kind::Words) => "text",
            _ if has(Kind::Number) && has(Kind::Date) => "a number or a date",
            _ if has(Kind::NumberText) => "a number",
            _ if has(Kind::Boolean) && has(Kind::Number) => "a condition",
            _ if has(Kind::List) && has(Kind::Record) => "a list or a record",
            _ if has(Kind::Number) => "a number",
            _ if has(Kind::Boolean) => "TRUE or FALSE",
            _ if has(Kind::Date) => "a date",
            _ if has(Kind::List) => "a list",
            _ => "a record",
        }
    }
}

impl Kind {
    /// The kind in a sentence.
    #[must_use]
    pub fn described(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::NumberText => "a number as text",
            Self::Words => "text",
            Self::Boolean => "TRUE or FALSE",
            Self::Date => "a date",
            Self::List => "a list",
            Self::Record => "a record",
        }
    }

    /// All kinds.
    #[must_use]
    pub fn all() -> [Self; 7] {
        ALL
    }
}
