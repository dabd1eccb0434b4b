//! Which values tell a threshold from one beside it, and whether any row has one.

use super::edits::Mutant;
use super::rows::{Rows, borrowed};
use crate::check::{ColumnId, Node, NodeKind};
use crate::eval::{Evaluation, Observer};
use crate::rules::Rules;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, Expr};
use crate::tools::reads::all_read;
use crate::tools::test::examples::{self, Example, Tested};
use crate::tools::walk::{nodes, within};
use crate::value::{Clock, Value, number_text, to_number};
use std::collections::{HashMap, HashSet};

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

    /// Whether all of these values are on this side of a bound.
    pub(super) fn is_always(&self, op: CompareOp, bound: f64) -> bool {
        match op {
            CompareOp::Less => self.high < bound || (self.high == bound && !self.closed.1),
            CompareOp::LessOrEqual => self.high <= bound,
            CompareOp::Greater => self.low > bound || (self.low == bound && !self.closed.0),
            CompareOp::GreaterOrEqual => self.low >= bound,
            CompareOp::Equal => self.low == bound && self.high == bound,
            CompareOp::NotEqual => self.high < bound || self.low > bound,
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
            let Tested::Column { column, row } = &example.tested else {
                // Whether it passes is known; here it is only watched.
                let _ = examples::run(rules, example, clock, &mut watch);
                continue;
            };
            // What it does not test can't be noticed by it.
            let (keyed, mut given) = examples::keyed_and_given(rules, *column, row);
            let read = all_read(rules.tree(), *column);
            for (id, given) in (0..).map(ColumnId).zip(&mut given) {
                if id != *column && !read.contains(&id) {
                    *given = Some(Value::Blank);
                }
            }
            rules.inputs_observed(&mut evaluation, &keyed, &mut inputs, &mut watch);
            evaluation.row_given(&inputs, &given, &mut watch);
        }
    }
    let open = |index: &usize| watch.reached[*index] && !watch.seen[*index];
    let open: Vec<usize> = (0..mutants.len()).filter(open).collect();
    let missing = missing(rules, mutants, &open, rows, examples, clock);
    mutants
        .iter()
        .enumerate()
        .map(|(index, mutant)| {
            let what = mutant.boundary.as_ref()?.describe();
            Some(match (watch.reached[index], watch.seen[index]) {
                (false, _) => "no row gets here".to_owned(),
                (true, false) if missing.contains(&index) => format!("no row has {what}"),
                (true, false) => format!("no row with {what} gets here"),
                (true, true) => format!("the rows with {what} give the same results either way"),
            })
        })
        .collect()
}

/// Those of the mutants in `open` on whose boundary no row and no example is, whether it gets to the comparison or not.
fn missing(
    rules: &Rules,
    mutants: &[&Mutant],
    open: &[usize],
    rows: &Rows,
    examples: &[&Example],
    clock: &Clock,
) -> HashSet<usize> {
    let mut subjects: Vec<(usize, &Boundary, &Node)> = Vec::new();
    for index in open {
        let Some(boundary) = &mutants[*index].boundary else { continue };
        subjects.extend(subject_of(rules, boundary).map(|subject| (*index, boundary, subject)));
    }
    let evaluation = Evaluation::new(rules.tree(), clock);
    let mut search = Search { rules, clock, evaluation, inputs: Vec::new(), left: subjects };
    for row in &rows.keyed {
        let keyed: Vec<Value<'_>> = row.iter().map(borrowed).collect();
        search.row(&keyed, &[]);
    }
    for example in examples {
        if let Tested::Column { column, row } = &example.tested {
            let (keyed, given) = examples::keyed_and_given(rules, *column, row);
            search.row(&keyed, &given);
        }
    }
    search.left.into_iter().map(|(index, ..)| index).collect()
}

/// Boundaries that no row was on so far.
struct Search<'s> {
    rules: &'s Rules,
    clock: &'s Clock,
    evaluation: Evaluation<'s>,
    inputs: Vec<Value<'s>>,
    left: Vec<(usize, &'s Boundary, &'s Node)>,
}

impl<'s> Search<'s> {
    /// Leaves out those that a row is on.
    fn row(&mut self, keyed: &[Value<'s>], given: &[Option<Value<'s>>]) {
        if self.left.is_empty() {
            return;
        }
        self.rules.inputs(keyed, self.clock, &mut self.inputs);
        self.evaluation.row_given(&self.inputs, given, &mut ());
        let Self { evaluation, inputs, left, .. } = self;
        left.retain(|(_, boundary, subject)| {
            let value = evaluation.node(subject, ColumnId(0), inputs);
            !to_number(&value).is_ok_and(|number| boundary.has(number))
        });
    }
}

/// What a comparison compares with a threshold, if that can be computed for any row: it reads no `LET` name.
fn subject_of<'r>(rules: &'r Rules, boundary: &Boundary) -> Option<&'r Node> {
    nodes(rules.tree()).find_map(|node| {
        let NodeKind::Compare(_, sides) = &node.kind else { return None };
        let is_it = (sides.0.span, sides.1.span) == boundary.sides;
        let subject = if boundary.subject_is_left { &sides.0 } else { &sides.1 };
        let is_open = || within(subject).any(|node| matches!(node.kind, NodeKind::Local(_)));
        (is_it && !is_open()).then_some(subject)
    })
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
