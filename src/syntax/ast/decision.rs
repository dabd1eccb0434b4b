//! The tree of a decision table.

use crate::diagnostics::Diagnostic;
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, CompareOp};
use crate::syntax::parse_at;
use crate::value::{Date, Text, Value};
use std::fmt;
use std::sync::Arc;

/// `decision Routing = "routing.csv" unique`
///
/// Two declarations are equal when they read the same, wherever they are.
#[derive(Clone, Debug)]
pub struct DecisionDeclaration {
    /// The name that formulas use.
    pub name: Spanned<String>,
    /// The file, relative to the rule file that declares it.
    pub file: Spanned<String>,
    /// The folder of an imported rule file, relative to that of the rule file that imports it. Otherwise empty.
    pub folder: String,
    /// Which rows decide.
    pub policy: Policy,
    /// The whole declaration.
    pub span: Span,
    /// The rows, once the file is read.
    pub loaded: Option<Arc<DecisionTable>>,
    /// The place of its formula in the source, once the file is read.
    pub formula: Option<Span>,
}

impl DecisionDeclaration {
    /// The path of the file, relative to the rule file that is run.
    #[must_use]
    pub fn path(&self) -> String {
        std::path::Path::new(&self.folder).join(&self.file.value).to_string_lossy().into_owned()
    }

    /// The private column that formulas read, whose formula is at [`Self::formula`] of `source`.
    pub(crate) fn column(&self, source: &str, findings: &mut Vec<Diagnostic>) -> ColumnDefinition {
        let formula = self.formula.and_then(|span| {
            let (formula, found) = parse_at(source, span);
            findings.extend(found);
            formula
        });
        ColumnDefinition { is_private: true, ..ColumnDefinition::public(self.name.clone(), formula) }
    }
}

impl PartialEq for DecisionDeclaration {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.file, self.policy) == (&other.name, &other.file, other.policy)
    }
}

/// Which of the rows that match decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The first.
    First,
    /// `unique`: no two rows match at the same time.
    Unique,
    /// `collect`: all of them, as a list.
    Collect,
}

impl Policy {
    /// The word in a declaration; nothing for the default.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::First => None,
            Self::Unique => Some("unique"),
            Self::Collect => Some("collect"),
        }
    }
}

/// `decision Routing = "routing.csv" unique`
impl fmt::Display for DecisionDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = crate::syntax::bare_or_braced(&self.name.value);
        write!(f, "decision {name} = {}", crate::syntax::print_text(&self.file.value))?;
        self.policy.word().map_or(Ok(()), |word| write!(f, " {word}"))
    }
}

/// The columns and rows of a decision table.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionTable {
    /// The line of the headers.
    pub header: Span,
    /// The columns of conditions, in the order of the file.
    pub conditions: Vec<ConditionColumn>,
    /// The columns of results, in the order of the file.
    pub results: Vec<Spanned<String>>,
    /// The rows, in the order of the file.
    pub rows: Vec<DecisionRow>,
}

/// A column of conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionColumn {
    /// The formula in the header.
    pub header: Spanned<String>,
    /// The name, if the formula is only a name.
    pub name: Option<String>,
}

/// A row of a decision table.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionRow {
    /// The cells of the row.
    pub span: Span,
    /// A condition for each column of conditions.
    pub conditions: Vec<Spanned<Test>>,
    /// A value for each column of results; nothing for Blank.
    pub results: Vec<Option<Literal>>,
}

/// A condition on the value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `-`
    Any,
    /// `ISEMPTY`
    Empty,
    /// `ISNOTEMPTY`
    NotEmpty,
    /// `"US", "CA"`, `< 10, >= 500`
    AnyOf(Vec<TestItem>),
    /// `<> "US", "CA"`
    NoneOf(Vec<Literal>),
}

/// One of the alternatives of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum TestItem {
    /// `"US"`
    Is(Literal),
    /// `>= 100`
    Compare(CompareOp, Literal),
    /// `50..200`, `(50..200]`
    Between {
        /// The lower end.
        low: Literal,
        /// The upper end.
        high: Literal,
        /// `>=`, or `>` where the lower end is excluded.
        above: CompareOp,
        /// `<=`, or `<` where the upper end is excluded.
        below: CompareOp,
    },
}

impl Test {
    /// The literals in it, in the order of the text.
    #[must_use]
    pub fn literals(&self) -> Vec<&Literal> {
        match self {
            Self::Any | Self::Empty | Self::NotEmpty => Vec::new(),
            Self::NoneOf(literals) => literals.iter().collect(),
            Self::AnyOf(items) => items
                .iter()
                .flat_map(|item| match item {
                    TestItem::Is(literal) | TestItem::Compare(_, literal) => vec![literal],
                    TestItem::Between { low, high, .. } => vec![low, high],
                })
                .collect(),
        }
    }
}

/// The cell of a condition.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("-"),
            Self::Empty => f.write_str("ISEMPTY"),
            Self::NotEmpty => f.write_str("ISNOTEMPTY"),
            Self::AnyOf(items) => write_list(f, items),
            Self::NoneOf(literals) => {
                f.write_str("<> ")?;
                write_list(f, literals)
            }
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| write!(f, "{}{item}", if index > 0 { ", " } else { "" }))
}

/// `50..200`
impl fmt::Display for TestItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(literal) => literal.fmt(f),
            Self::Compare(op, literal) => write!(f, "{} {literal}", op.symbol()),
            Self::Between { low, high, above, below } => {
                let open = if *above == CompareOp::Greater { "(" } else { "[" };
                let close = if *below == CompareOp::Less { ")" } else { "]" };
                write!(f, "{open}{low}..{high}{close}")
            }
        }
    }
}

/// A value in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The value.
    pub value: LiteralValue,
    /// Its place in the file.
    pub span: Span,
    /// Whether it is text without quotes.
    pub is_plain: bool,
}

/// The kinds of value in cells.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralValue {
    /// `100`, `12%`
    Number(f64),
    /// A whole number beyond 2^53, with all of its digits
    Digits(String),
    /// `"US"`, `US`
    Text(String),
    /// `TRUE`
    Boolean(bool),
    /// `2026-01-31`
    Date(Date),
}

impl LiteralValue {
    /// The value that a formula compares with.
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Number(number) => Value::Number(*number),
            Self::Digits(digits) => Value::Digits(Text::Borrowed(digits)),
            Self::Text(text) => Value::borrowed(text),
            Self::Boolean(truth) => Value::Boolean(*truth),
            Self::Date(date) => Value::Date(*date),
        }
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Digits(_))
    }
}

/// The literal in a formula.
impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// The value in a formula.
impl fmt::Display for LiteralValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&crate::syntax::print_number(*number)),
            Self::Digits(digits) => f.write_str(digits),
            Self::Text(text) => f.write_str(&crate::syntax::print_text(text)),
            Self::Boolean(truth) => f.write_str(if *truth { "TRUE" } else { "FALSE" }),
            Self::Date(date) => {
                let day = date.civil();
                write!(f, "DATE({}, {}, {})", day.year(), day.month(), day.day())
            }
        }
    }
}
