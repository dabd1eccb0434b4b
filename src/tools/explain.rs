//! Why a row got the values it has: points and what they come from, and the conditions that decided.

mod aggregate;
mod decide;
mod members;
mod reason;
mod walk;

pub use walk::MOST_PARTS;

pub use super::words::{one_line, shown};

use crate::check::ColumnId;
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::span::Span;
use crate::value::{Clock, Value, is_empty, to_number};

/// Why one value is what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<'v> {
    /// What it is called: a `LET` name, a column, or the text of its formula on one line.
    pub label: String,
    /// Whether the label is a name, rather than a piece of formula.
    pub is_named: bool,
    /// Where its formula stands.
    pub span: Span,
    /// Its value.
    pub value: Value<'v>,
    /// What it adds to the number at the top, where that is a number. The points of [`Self::parts`] add up to it.
    pub points: Option<f64>,
    /// The choices that led to the value, the outermost first.
    pub because: Vec<Reason<'v>>,
    /// What a sum is made of.
    pub parts: Vec<Part<'v>>,
    /// Whether it is a sum that was not split, since there were too many terms by then.
    pub is_unsplit: bool,
    /// The formula of the function that it is the result of.
    pub place: Option<Place>,
    /// Of a value that was neither chosen nor added up: its formula, and what that reads.
    pub from: Option<Condition<'v>>,
    /// The first condition that its formula asks, wherever that stands.
    pub(crate) asks: Option<Span>,
}

/// A choice between results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reason<'v> {
    /// What held, and so decided, or could not be answered. Empty where nothing did and the result is that of
    /// "otherwise".
    pub held: Vec<Condition<'v>>,
    /// What was asked before and did not hold.
    pub failed: Vec<Condition<'v>>,
    /// The row of the decision table that decided.
    pub row: Option<FoundRow>,
    /// The place of what decided, in a function.
    pub place: Option<Place>,
}

/// A place in a function of the rule file or of an imported file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The imported file; none for the rule file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: usize,
}

/// `shared.clay:4`, `line 4`
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}:{}", self.line),
            None => write!(f, "line {}", self.line),
        }
    }
}

/// A condition or formula, and what it saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition<'v> {
    /// Its text, on one line.
    pub text: String,
    /// Whether the text is a formula rather than a description of a value, such as `Email is not empty`.
    pub is_formula: bool,
    /// Where it stands.
    pub span: Span,
    /// The columns and names it reads, with their values.
    pub saw: Vec<Seen<'v>>,
    /// The rows of lookup data that it reads.
    pub rows: Vec<FoundRow>,
    /// Its place, in a function.
    pub place: Option<Place>,
}

/// A lookup in data, and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRow {
    /// The name of the data.
    pub data: String,
    /// The file that contains its rows: its own, or the rule file.
    pub file: String,
    /// What messages call the data.
    pub label: String,
    /// The line of the row that was found, from 1; none if no row has the keys.
    pub line: Option<u32>,
}

/// `accounts.csv:2`, `no row of accounts.csv`
impl std::fmt::Display for FoundRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => write!(f, "no row of {}", self.label),
        }
    }
}

/// A name and the value it had.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen<'v> {
    /// The column or `LET` name.
    pub name: String,
    /// Its value.
    pub value: Value<'v>,
}

impl Reason<'_> {
    /// Whether no condition held.
    #[must_use]
    pub fn is_otherwise(&self) -> bool {
        self.held.is_empty()
    }

    /// The names that were asked for in vain: what failed, because they were empty.
    #[must_use]
    pub fn empty_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for seen in self.failed.iter().flat_map(|condition| &condition.saw) {
            if is_empty(&seen.value) && !names.contains(&seen.name.as_str()) {
                names.push(&seen.name);
            }
        }
        names
    }
}

impl Part<'_> {
    /// The empty columns for which this value is that of "otherwise"; none where something held.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let last =
            self.because.iter().find(|reason| reason.is_otherwise() && !reason.empty_names().is_empty());
        last.map(Reason::empty_names).unwrap_or_default()
    }

    /// The points that come from "otherwise" because a column was empty, and those columns.
    #[must_use]
    pub fn points_by_default(&self) -> (f64, Vec<&str>) {
        let missing = self.missing();
        let points = self.points.unwrap_or(0.0);
        if !missing.is_empty() {
            return if points == 0.0 { (0.0, Vec::new()) } else { (points, missing) };
        }
        let mut total: (f64, Vec<&str>) = (0.0, Vec::new());
        for (points, names) in self.parts.iter().map(Part::points_by_default) {
            total.0 += points;
            let new: Vec<&str> = names.into_iter().filter(|name| !total.1.contains(name)).collect();
            total.1.extend(new);
        }
        total
    }

    /// How many sums in it were not split.
    #[must_use]
    pub fn unsplit(&self) -> usize {
        usize::from(self.is_unsplit) + self.parts.iter().map(Part::unsplit).sum::<usize>()
    }

    /// The smallest parts: those that are not made of others.
    pub fn leaves(&self) -> Vec<&Self> {
        if self.parts.is_empty() {
            return vec![self];
        }
        self.parts.iter().flat_map(Part::leaves).collect()
    }
}

/// Explains each of `columns` for the row whose inputs these are. The rules' columns are computed first.
#[must_use]
pub fn explain<'v>(
    rules: &'v Rules,
    clock: &'v Clock,
    inputs: &[Value<'v>],
    columns: &[ColumnId],
) -> Vec<Part<'v>> {
    let mut evaluation = Evaluation::new(rules.tree(), clock);
    evaluation.row(inputs, &mut ());
    let one = |column: &ColumnId| walk::Walk::new(rules, &mut evaluation, inputs).column(*column);
    columns.iter().map(one).collect()
}

/// What one term of a column's outermost sum adds to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contribution {
    /// The term's name; of a term without one, nothing.
    pub name: Option<String>,
    /// Where its formula stands.
    pub span: Span,
    /// The first condition that its formula asks.
    pub asks: Option<Span>,
    /// What it adds.
    pub points: f64,
}

/// Splits the outermost sum of a column of the row that `evaluation` computed last. Much faster than [`explain`].
pub(crate) fn contributions<'v>(
    rules: &'v Rules,
    evaluation: &mut Evaluation<'v>,
    inputs: &[Value<'v>],
    column: ColumnId,
) -> Vec<Contribution> {
    let whole = walk::Walk::new(rules, evaluation, inputs).only_points().column(column);
    let one = |part: Part<'_>| Contribution {
        name: (part.is_named || !part.label.is_empty()).then_some(part.label),
        span: part.span,
        asks: part.asks,
        points: part.points.unwrap_or(0.0),
    };
    whole.parts.into_iter().map(one).collect()
}

/// The number that a value counts as within a sum, where it counts as one.
fn points_of(value: &Value<'_>) -> Option<f64> {
    to_number(value).ok().filter(|_| !matches!(value, Value::Boolean(_)))
}
