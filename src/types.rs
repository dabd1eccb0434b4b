//! The types that are known before any row is read.

use std::fmt;

/// What kind of value an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Not known, or several.
    Any,
    /// Nothing there.
    Blank,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A day, with or without a time.
    Date,
    /// Values in order.
    List,
    /// Values under names.
    Record,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Any,
        Self::Blank,
        Self::Boolean,
        Self::Number,
        Self::Text,
        Self::Date,
        Self::List,
        Self::Record,
    ];

    /// The name as it is written in an `input` declaration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "Any",
            Self::Blank => "Blank",
            Self::Boolean => "Boolean",
            Self::Number => "Number",
            Self::Text => "Text",
            Self::Date => "Date",
            Self::List => "List",
            Self::Record => "Record",
        }
    }

    /// The type of this name, in any letter case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.name().eq_ignore_ascii_case(name))
    }

    /// The name in a sentence: `a number`.
    #[must_use]
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Blank => "a blank",
            Self::Boolean => "TRUE or FALSE",
            Self::Number => "a number",
            Self::Text => "text",
            Self::Date => "a date",
            Self::List => "a list",
            Self::Record => "a record",
        }
    }

    /// The type of a value that is one or the other; Blank adds nothing.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Blank, ty) | (ty, Self::Blank) => ty,
            (one, two) if one == two => one,
            _ => Self::Any,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
