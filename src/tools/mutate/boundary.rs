//! Which values tell a threshold from one beside it, and whether any row has one.

use super::edits::Mutant;
use super::rows::{Rows, borrowed};
use crate::check::Node;
use crate::eval::{Evaluation, Observer};
use crate::rules::Rules;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, Expr};
use crate::tools::test::examples::{self, Example};
use crate::value::{Clock, Value, number_text, to_number};
use std::collections::HashMap;

/// The values between two thresholds: those for which a comparison and its mutant differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    sides: (Span, Span),
    /// Whether the value that is compared stands on the left.
    subject_is_left: bool,
    subject: String,
    low: f64,
    high: f64,
    /// Whether the lowest and the highest of these values are among them.
    closed: (bool, bool),
}

impl Boundary {
    pub(super) fn new(
        op: CompareOp,
        new_op: CompareOp,
        lhs: &Expr,
        rhs: &Expr,
        old: f64,
        new: f64,
        source: &str,
    ) -> Option<Self> {
        // An equation that is turned round differs everywhere.
        if !op.is_ordering() && op != new_op {
            return None;
        }
        let subject_is_left = super::edits::is_literal(rhs);
        let subject = if subject_is_left { lhs } else { rhs };
        let closed = if old == new || !op.is_ordering() {
            (true, true)
        } else {
            // What stands on the right is compared the other way round.
            let at_or_above = matches!(op, CompareOp::GreaterOrEqual | CompareOp::Less);
            if at_or_above == subject_is_left { (true, false) } else { (false, true) }
        };
        Some(Self {
            sides: (lhs.span, rhs.span),
            subject_is_left,
            subject: super::edits::shown(subject.span.of(source)),
            low: old.min(new),
            high: old.max(new),
            closed,
        })
    }

    /// `ICP Score 80`, `ICP Score from 80 to below 81`
    fn describe(&self) -> String {
        let (low, high) = (number_text(self.low), number_text(self.high));
        match (self.low == self.high, self.closed) {
            (true, _) => format!("`{}` {low}", self.subject),
            (_, (true, false)) => format!("`{}` from {low} to below {high}", self.subject),
            (_, (false, true)) => format!("`{}` above {low} and up to {high}", self.subject),
            _ => format!("`{}` {low} or {high}", self.subject),
        }
    }

    fn has(&self, number: f64) -> bool {
        let from = number > self.low || (self.closed.0 && number == self.low);
        let to = number < self.high || (self.closed.1 && number == self.high);
        // Of an equation only the two values themselves count.
        let inside = self.closed != (true, true) || number == self.low || number == self.high;
        from && to && inside
    }
}

/// For each mutant, which rows would notice it, as far as a threshold tells.
pub(super) fn notes(
    rules: &Rules,
    mutants: &[&Mutant],
    rows: &Rows,
    examples: &[&Example],
    clock: &Clock,
) -> Vec<Option<String>> {
    let mut by_place: HashMap<(Span, Span), Vec<usize>> = HashMap::new();
    for (index, mutant) in mutants.iter().enumerate() {
        if let Some(boundary) = &mutant.boundary {
            by_place.entry(boundary.sides).or_default().push(index);
        }
    }
    let mut watch =
        Watch { mutants, by_place, seen: vec![false; mutants.len()], reached: vec![false; mutants.len()] };
    if !watch.by_place.is_empty() {
        let mut evaluation = Evaluation::new(rules.tree(), clock);
        let mut inputs = Vec::new();
        for row in &rows.keyed {
            let keyed: Vec<Value<'_>> = row.iter().map(borrowed).collect();
            rules.inputs_observed(&mut evaluation, &keyed, &mut inputs, &mut watch);
            evaluation.row(&inputs, &mut watch);
        }
        for example in examples {
            // Whether it passes is known; here it is only watched.
            let _ = examples::run(rules, example, clock, &mut watch);
        }
    }
    mutants
        .iter()
        .enumerate()
        .map(|(index, mutant)| {
            let what = mutant.boundary.as_ref()?.describe();
            Some(match (watch.reached[index], watch.seen[index]) {
                (false, _) => "no row gets here".to_owned(),
                (true, false) => format!("no row has {what}"),
                (true, true) => format!("the rows with {what} give the same results either way"),
            })
        })
        .collect()
}

/// Sees whether comparisons get values on their boundary.
struct Watch<'w> {
    mutants: &'w [&'w Mutant],
    by_place: HashMap<(Span, Span), Vec<usize>>,
    seen: Vec<bool>,
    reached: Vec<bool>,
}

impl Observer for Watch<'_> {
    fn compared(&mut self, sides: (&Node, &Node), values: (&Value<'_>, &Value<'_>), _: bool) {
        let Some(indexes) = self.by_place.get(&(sides.0.span, sides.1.span)) else { return };
        for index in indexes {
            let Some(boundary) = &self.mutants[*index].boundary else { continue };
            let subject = if boundary.subject_is_left { values.0 } else { values.1 };
            self.reached[*index] = true;
            if to_number(subject).is_ok_and(|number| boundary.has(number)) {
                self.seen[*index] = true;
            }
        }
    }
}
