//! Inputs: the columns of the row that formulas read, and what is computed from them first.

use super::kinds::KindSet;
use super::tree::{Checked, Node};
use crate::builtins::DateFormat;
use crate::span::Span;
use crate::syntax::ast::InputPath;
use crate::types::Type;
use crate::value::{Value, fold_case};

/// A column of the row, or what a declared formula makes of columns of the row.
#[derive(Debug)]
pub struct Input {
    /// What formulas call it.
    pub name: String,
    /// Where its value comes from.
    pub from: InputFrom,
    /// How its dates are spelled in the row.
    pub format: Option<DateFormat>,
    /// Whether it is a key that only the formulas of other inputs read, so that no column can name it.
    pub is_raw: bool,
    /// Its declared type; Any where it was not declared.
    pub declared: Type,
    /// Where it is declared or first used.
    pub span: Span,
    /// The kinds of value that its uses leave.
    pub kinds: KindSet,
}

/// Where the value of an [`Input`] comes from.
#[derive(Debug)]
pub enum InputFrom {
    /// A place of the row.
    Path(InputPath),
    /// A formula, which reads raw inputs alone.
    Formula(Node),
}

impl Input {
    /// Its place in the row; nothing for a formula.
    #[must_use]
    pub fn path(&self) -> Option<&InputPath> {
        match &self.from {
            InputFrom::Path(path) => Some(path),
            InputFrom::Formula(_) => None,
        }
    }

    /// The key of the row under which its value is found as it is.
    #[must_use]
    pub fn own_key(&self) -> Option<&str> {
        self.path().filter(|path| path.steps.is_empty()).map(|path| path.key.as_str())
    }

    /// Its formula, if it has one.
    #[must_use]
    pub fn formula(&self) -> Option<&Node> {
        match &self.from {
            InputFrom::Path(_) => None,
            InputFrom::Formula(node) => Some(node),
        }
    }
}

/// The index of an [`Input`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InputId(pub u32);

impl Checked {
    /// Whether inputs read this value as Blank.
    #[must_use]
    pub fn is_blank(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Text(text) if !self.blanks.is_empty() => self.blanks.contains(&folded(text)),
            _ => false,
        }
    }
}

/// A text as it is compared with those of `blank`: letter case and blanks around it do not matter.
pub(super) fn folded(text: &str) -> String {
    fold_case(text.trim())
}
