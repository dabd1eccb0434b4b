//! Which values a builtin returns: their type, and what is known beyond it.

use crate::types::Type;
use std::fmt;

/// Longer lists of texts are not shown whole.
const MOST_LISTED: usize = 30;

/// The values that a builtin returns. Errors can occur besides them.
#[derive(Clone, Copy, Debug)]
pub struct Returns {
    /// Their type.
    pub ty: Type,
    /// What is known beyond the type.
    pub values: Values,
    /// Whether the result can be Blank.
    pub blank: bool,
}

/// What is known of the values that a builtin returns.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// Any value of the type.
    Any,
    /// One of these texts, spelled exactly so.
    Texts(fn() -> &'static [&'static str]),
    /// One of these texts, or another text that the builtin returns unchanged.
    Known(fn() -> &'static [&'static str]),
    /// A number from the first to the second, both included.
    Between(f64, f64),
    /// A whole number from the first to the second, both included.
    Whole(f64, f64),
    /// One of these numbers.
    Numbers(&'static [f64]),
    /// A text or list that the builtin returns unchanged if it is passed to it again.
    Normal,
    /// A part of the text: the builtin never returns a text that it takes a part of.
    Part,
}

impl Returns {
    /// Any value of this type.
    #[must_use]
    pub const fn any(ty: Type) -> Self {
        Self { ty, values: Values::Any, blank: false }
    }

    /// One of the texts of this list.
    #[must_use]
    pub const fn texts(list: fn() -> &'static [&'static str]) -> Self {
        Self { ty: Type::Text, values: Values::Texts(list), blank: false }
    }

    /// One of the texts of this list, or another text that the builtin leaves unchanged.
    #[must_use]
    pub const fn known(list: fn() -> &'static [&'static str]) -> Self {
        Self { ty: Type::Text, values: Values::Known(list), blank: false }
    }

    /// A number of at least `low` and at most `high`.
    #[must_use]
    pub const fn between(low: f64, high: f64) -> Self {
        Self { ty: Type::Number, values: Values::Between(low, high), blank: false }
    }

    /// A whole number of at least `low` and at most `high`.
    #[must_use]
    pub const fn whole(low: f64, high: f64) -> Self {
        Self { ty: Type::Number, values: Values::Whole(low, high), blank: false }
    }

    /// One of the numbers of this list.
    #[must_use]
    pub const fn numbers(list: &'static [f64]) -> Self {
        Self { ty: Type::Number, values: Values::Numbers(list), blank: false }
    }

    /// A text in a form that the builtin leaves unchanged.
    #[must_use]
    pub const fn normal() -> Self {
        Self { ty: Type::Text, values: Values::Normal, blank: false }
    }

    /// A part of the text.
    #[must_use]
    pub const fn part() -> Self {
        Self { ty: Type::Text, values: Values::Part, blank: false }
    }

    /// The same values, or Blank.
    #[must_use]
    pub const fn or_blank(self) -> Self {
        Self { blank: true, ..self }
    }

    /// The texts that formulas compare the result with, where there is a list of them.
    #[must_use]
    pub fn texts_to_compare(&self) -> Option<&'static [&'static str]> {
        match self.values {
            Values::Texts(list) | Values::Known(list) => Some(list()),
            _ => None,
        }
    }
}

impl Returns {
    /// The values in a sentence after `returns`, where more is known than the type.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let blank = if self.blank { ", or Blank" } else { "" };
        let listed = |list: &[&str]| {
            if list.len() <= MOST_LISTED {
                list.join(", ")
            } else {
                format!("{} and {} more", list[..8].join(", "), list.len() - 8)
            }
        };
        let range = |kind: &str, low: f64, high: f64| {
            if high.is_finite() {
                format!("{kind} from {low} to {high}{blank}")
            } else {
                format!("{kind} of at least {low}{blank}")
            }
        };
        match self.values {
            Values::Texts(list) => Some(format!("one of {}{blank}", listed(list()))),
            Values::Known(list) => Some(format!("one of {}, or the text as it is{blank}", listed(list()))),
            Values::Between(low, high) => Some(range("a number", low, high)),
            Values::Whole(low, high) => Some(range("a whole number", low, high)),
            Values::Numbers(list) => {
                let shown: Vec<String> = list.iter().map(ToString::to_string).collect();
                Some(format!("one of {}{blank}", shown.join(", ")))
            }
            Values::Any | Values::Normal | Values::Part => None,
        }
    }
}

/// The name of the type.
impl fmt::Display for Returns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ty.fmt(f)
    }
}
