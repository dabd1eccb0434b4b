//! YAML as a tree in which every value knows its place in the text.

mod lines;
mod parse;
mod places;
mod told;

pub use parse::parse;
pub(crate) use places::places;

use crate::span::{Span, Spanned};
use crate::table::digits::is_rounded;

/// The text without the mark that some editors write before it.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A value of a YAML file.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands; of a mapping or list from its first to its last value.
    pub span: Span,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `2`, `~70%`, `"quoted"`, `|` and text: what it says, and whether it stands without quotes.
    Scalar {
        /// The text, quotes and escapes undone.
        text: String,
        /// Whether it may be more than text: `true`, `120`, `null`.
        plain: bool,
    },
    /// `[a, b]`, or lines that begin with `-`
    List(Vec<Node>),
    /// `key: value`, in the order of the text; no key stands twice.
    Mapping(Vec<(Spanned<String>, Node)>),
}

/// What a scalar is by the core schema of YAML 1.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'n> {
    /// `null`, `~`, nothing
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A finite number.
    Number(f64),
    /// Anything else.
    Text(&'n str),
}

impl Node {
    /// What the scalar is, or nothing for a list or mapping.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar<'_>> {
        let NodeKind::Scalar { text, plain } = &self.kind else { return None };
        if !plain {
            return Some(Scalar::Text(text));
        }
        Some(match text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
            "true" | "True" | "TRUE" => Scalar::Boolean(true),
            "false" | "False" | "FALSE" => Scalar::Boolean(false),
            // Rounded, an id would be another one.
            text if is_rounded(text) => Scalar::Text(text),
            text => number(text).map_or(Scalar::Text(text), Scalar::Number),
        })
    }

    /// The text of a scalar as written, whatever else it could be read as.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.scalar() == Some(Scalar::Null)
    }

    /// What it is in a sentence: `a list`.
    #[must_use]
    pub fn described(&self) -> String {
        match &self.kind {
            NodeKind::List(_) => "a list".to_owned(),
            NodeKind::Mapping(_) => "a mapping of keys".to_owned(),
            NodeKind::Scalar { .. } => match self.scalar() {
                Some(Scalar::Text(text)) => format!("the text `{}`", clipped(text)),
                Some(Scalar::Number(number)) => format!("the number {number}"),
                Some(Scalar::Boolean(value)) => value.to_string(),
                _ => "nothing".to_owned(),
            },
        }
    }
}

/// A number as JSON and the core schema write one; words such as `inf` are text.
fn number(text: &str) -> Option<f64> {
    let starts =
        text.trim_start_matches(['-', '+']).starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let plain = text.chars().all(|one| one.is_ascii_digit() || matches!(one, '.' | '-' | '+' | 'e' | 'E'));
    text.parse().ok().filter(|number: &f64| starts && plain && number.is_finite())
}

fn clipped(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 40 && line.len() == text.len() {
        return line.to_owned();
    }
    line.chars().take(39).chain(['…']).collect()
}
