//! The kinds of value of which there are few.

use crate::value::{ErrorCode, ErrorValue, Record, Value};
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

/// A set of the kinds of value of which there are few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u16);

impl Flags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Blank.
    pub const BLANK: Self = Self(1);
    /// The text `""`.
    pub const NO_TEXT: Self = Self(1 << 1);
    /// Text of white space alone.
    pub const SPACE: Self = Self(1 << 2);
    /// TRUE.
    pub const TRUE: Self = Self(1 << 3);
    /// FALSE.
    pub const FALSE: Self = Self(1 << 4);
    /// Text that reads as TRUE.
    pub const TRUE_TEXT: Self = Self(1 << 5);
    /// Text that reads as FALSE.
    pub const FALSE_TEXT: Self = Self(1 << 6);
    /// `[]`
    pub const NO_ITEMS: Self = Self(1 << 7);
    /// A list with items.
    pub const ITEMS: Self = Self(1 << 8);
    /// `{}`
    pub const NO_MEMBERS: Self = Self(1 << 9);
    /// A record with members.
    pub const MEMBERS: Self = Self(1 << 10);
    /// #DIV/0!
    pub const DIVISION: Self = Self(1 << 11);
    /// #VALUE!
    pub const VALUE: Self = Self(1 << 12);
    /// #NUM!
    pub const NUMBER: Self = Self(1 << 13);
    /// #N/A
    pub const NOT_AVAILABLE: Self = Self(1 << 14);

    /// Every error.
    pub const ERRORS: Self = Self(0b1111 << 11);
    /// Every empty value.
    pub const EMPTY: Self =
        Self(Self::BLANK.0 | Self::NO_TEXT.0 | Self::SPACE.0 | Self::NO_ITEMS.0 | Self::NO_MEMBERS.0);
    /// TRUE and FALSE.
    pub const BOOLEANS: Self = Self(Self::TRUE.0 | Self::FALSE.0);
    /// Texts that read as a Boolean.
    pub const BOOLEAN_TEXTS: Self = Self(Self::TRUE_TEXT.0 | Self::FALSE_TEXT.0);
    /// Every list and record.
    pub const COLLECTIONS: Self =
        Self(Self::NO_ITEMS.0 | Self::ITEMS.0 | Self::NO_MEMBERS.0 | Self::MEMBERS.0);
    /// Everything but errors.
    pub const VALUES: Self = Self((1 << 11) - 1);

    /// Whether one of `other` is in it.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// `self` if `condition` holds, else nothing.
    #[must_use]
    pub fn when(self, condition: bool) -> Self {
        if condition { self } else { Self::NONE }
    }

    /// Each flag by itself.
    pub fn each(self) -> impl Iterator<Item = Self> {
        (0..15).map(|bit| Self(1 << bit)).filter(move |flag| self.has(*flag))
    }

    /// TRUE or FALSE.
    #[must_use]
    pub fn of(truth: bool) -> Self {
        if truth { Self::TRUE } else { Self::FALSE }
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Flags {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Flags {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0 & 0x7fff)
    }
}

/// A value's flag, where it has one.
pub(super) fn flag_of(value: &Value<'_>) -> Flags {
    match value {
        Value::Blank => Flags::BLANK,
        Value::Boolean(truth) => Flags::of(*truth),
        Value::List(items) if items.is_empty() => Flags::NO_ITEMS,
        Value::List(_) => Flags::ITEMS,
        Value::Record(record) if record.members().is_empty() => Flags::NO_MEMBERS,
        Value::Record(_) => Flags::MEMBERS,
        Value::Error(error) => error_flag(error.code),
        Value::Number(_) | Value::Digits(_) | Value::Text(_) | Value::Date(_) => Flags::NONE,
    }
}

/// The flag of an error.
#[must_use]
pub fn error_flag(code: ErrorCode) -> Flags {
    match code {
        ErrorCode::DivisionByZero => Flags::DIVISION,
        ErrorCode::Value => Flags::VALUE,
        ErrorCode::Number => Flags::NUMBER,
        ErrorCode::NotAvailable => Flags::NOT_AVAILABLE,
    }
}

/// A value with this flag, which stands for all of its kind.
#[must_use]
pub fn sample(flag: Flags) -> Value<'static> {
    let error = |code: ErrorCode| Value::Error(Arc::new(ErrorValue { code, message: String::new() }));
    match flag {
        Flags::NO_TEXT => Value::borrowed(""),
        Flags::SPACE => Value::borrowed(" "),
        Flags::TRUE => Value::Boolean(true),
        Flags::FALSE => Value::Boolean(false),
        Flags::TRUE_TEXT => Value::borrowed("true"),
        Flags::FALSE_TEXT => Value::borrowed("false"),
        Flags::NO_ITEMS => Value::list(Vec::new()),
        Flags::ITEMS => Value::list(vec![Value::borrowed("item")]),
        Flags::NO_MEMBERS => Value::Record(Arc::default()),
        Flags::MEMBERS => {
            let members = vec![("key".into(), Value::borrowed("member"))];
            Value::Record(Arc::new(Record::new(members)))
        }
        Flags::DIVISION => error(ErrorCode::DivisionByZero),
        Flags::VALUE => error(ErrorCode::Value),
        Flags::NUMBER => error(ErrorCode::Number),
        Flags::NOT_AVAILABLE => error(ErrorCode::NotAvailable),
        _ => Value::Blank,
    }
}
