//! Numbers between the branches of a chain that none of them covers.

use super::Linter;
use super::wording::{one_line, shown};
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Interval, Intervals, Possible};
use crate::check::{Arm, Branch, Node, NodeKind};
use crate::diagnostics::ValueLint;
use crate::syntax::print_number;
use crate::value::Value;

/// Of more values than this, none is listed as missing.
const MOST_MISSING: usize = 12;

impl<'t> Linter<'_, 't> {
    /// A gap that the conditions of a chain leave, given what is known where all are FALSE.
    pub(super) fn gap(
        &mut self,
        node: &'t Node,
        last: Option<&'t Node>,
        otherwise: Option<&'t Arm>,
        or_not_available: bool,
        rest: &Facts,
    ) {
        // Only the last IF of a nested chain knows what all conditions leave.
        if otherwise.is_some_and(|arm| matches!(arm.node.kind, NodeKind::Choose { .. })) {
            return;
        }
        let Some(subject) = last.and_then(compared_subject) else { return };
        let Some(left) = rest.get(self.values.terms.id(subject)) else { return };
        let all = self.values.of(self.values.terms.id(subject), &Facts::default());
        let mut gaps = inner_gaps(&left.numbers, &all.numbers, otherwise.is_some());
        let has_several = match &node.kind {
            NodeKind::Choose { branches, .. } => branches.len() > 1,
            NodeKind::Switch { cases, .. } => cases.len() > 1,
            _ => false,
        };
        if otherwise.is_none() && or_not_available && has_several && self.is_error_final() {
            gaps.extend(lower_gap(&left.numbers, &all.numbers));
        }
        // `IF(a > 0, "up", IF(a < 0, "down", "unchanged"))` leaves one number to the last result on purpose.
        if gaps.len() < if otherwise.is_some() { 2 } else { 1 } {
            return;
        }
        let name = one_line(self.values.tree.source.text(), subject.span);
        let missing = gaps.iter().map(|gap| in_words(&name, gap)).collect::<Vec<_>>().join(" or ");
        let result = match (otherwise, or_not_available) {
            (Some(_), _) => "these values get the last result",
            (None, true) => "#N/A for these values",
            (None, false) => "Blank for these values",
        };
        let help = if gaps[0].low.is_finite() {
            format!("include the boundary in one of the conditions: `{}`", closing(&name, &gaps[0]))
        } else {
            "add a last result for all other values: `TRUE, …`".to_owned()
        };
        let at = node.span;
        self.findings.push(ValueLint::Gap { missing, at, result: result.to_owned(), help }.into());
    }

    /// Whether an error in the current formula is one in the result: nothing in the rule catches errors.
    fn is_error_final(&self) -> bool {
        let catches = |node: &Node| {
            let mut stack = vec![node];
            while let Some(next) = stack.pop() {
                if super::sees_errors(next) || matches!(next.kind, NodeKind::Rescue { .. }) {
                    return true;
                }
                stack.extend(next.children());
            }
            false
        };
        self.rescued == 0 && !self.values.tree.columns.iter().any(|column| catches(&column.node))
    }

    /// SWITCH without a default, and values from a known list that have no case.
    pub(super) fn switch_gap(&mut self, node: &'t Node, value: &'t Node, rest: &Possible) {
        let Some(listed) = rest.listed(MOST_MISSING).filter(|_| self.is_error_final()) else { return };
        let missing: Vec<String> =
            listed.iter().filter(|value| !matches!(value, Value::Blank)).map(shown).collect();
        if missing.is_empty() {
            return;
        }
        let text = self.values.tree.source.text();
        let missing = format!("{} of `{}`", missing.join(", "), one_line(text, value.span));
        let help = "add a last argument, which is the result for all other values".to_owned();
        let result = "#N/A for these values".to_owned();
        self.findings.push(ValueLint::Gap { missing, at: node.span, result, help }.into());
    }

    /// BUCKET without a last result leaves all numbers from the last threshold on.
    pub(super) fn bucket_gap(
        &mut self,
        node: &'t Node,
        value: &'t Node,
        steps: &'t [Branch],
        has_last: bool,
    ) {
        let Some(last) = steps.last().filter(|_| !has_last) else { return };
        let text = self.values.tree.source.text();
        let threshold = one_line(text, last.condition.span);
        let name = one_line(text, value.span);
        let missing = format!("`{name} >= {threshold}`");
        let written = node.span.of(text);
        let inside = written.trim_end().trim_end_matches(')').trim_end().trim_end_matches(',');
        let short = one_line(inside, crate::span::Span::new(0, inside.len()));
        let help = format!(
            "each result is for numbers below its threshold; add a last result for {threshold} and above: `{short}, \"…\")`"
        );
        let result = format!("Blank for {threshold} and above");
        self.findings.push(ValueLint::Gap { missing, at: node.span, result, help }.into());
    }
}

/// What a comparison with a number, or several of them, compares.
fn compared_subject(condition: &Node) -> Option<&Node> {
    match &condition.kind {
        NodeKind::Compare(op, sides) if op.is_ordering() => {
            let constant = |node: &Node| matches!(node.kind, NodeKind::Constant(_) | NodeKind::Negate(_));
            if constant(&sides.1) { Some(&sides.0) } else { Some(&sides.1).filter(|_| constant(&sides.0)) }
        }
        NodeKind::Call(builtin, args) if builtin.name == "BETWEEN" => args.first(),
        NodeKind::And(arms) => arms.iter().find_map(|arm| compared_subject(&arm.node)),
        _ => None,
    }
}

/// The intervals that have covered numbers on both sides; single numbers only, where a last result covers them.
fn inner_gaps(left: &Intervals, all: &Intervals, has_last: bool) -> Vec<Interval> {
    let is_inside =
        |piece: &Interval| all.pieces().iter().any(|all| all.low < piece.low && piece.high < all.high);
    // Bands such as 1 to 10 and 11 to 50 leave nothing out of a count.
    let has_whole = |piece: &Interval| {
        let piece = Intervals::of(*piece);
        let low = piece.hull().map_or(0.0, |hull| hull.low);
        piece.contains(low.ceil()) || piece.contains(low.floor() + 1.0) || piece.as_point().is_some()
    };
    let is_gap =
        |piece: &&Interval| (piece.low >= piece.high || !has_last) && is_inside(piece) && has_whole(piece);
    let pieces = left.pieces();
    if pieces.len() > 8 {
        return Vec::new();
    }
    pieces.iter().filter(is_gap).copied().collect()
}

/// All numbers below the lowest threshold, if some are above 0. Others may well be impossible, as those above the
/// highest threshold may be.
fn lower_gap(left: &Intervals, all: &Intervals) -> Option<Interval> {
    let lowest = left.pieces().first()?;
    let is_open = all.pieces().first().is_some_and(|first| first.low == f64::NEG_INFINITY);
    let is_usual = lowest.high > 0.0 && lowest.high.is_finite();
    (is_open && lowest.low == f64::NEG_INFINITY && is_usual).then_some(*lowest)
}

fn in_words(name: &str, gap: &Interval) -> String {
    let (low, high) = (print_number(gap.low), print_number(gap.high));
    if gap.low == f64::NEG_INFINITY {
        return format!("`{name} {} {high}`", if gap.high_open { "<" } else { "<=" });
    }
    if gap.low >= gap.high {
        return format!("`{name} = {low}`");
    }
    let lower = if gap.low_open { ">" } else { ">=" };
    let upper = if gap.high_open { "<" } else { "<=" };
    format!("`{name} {lower} {low} AND {name} {upper} {high}`")
}

/// A condition that covers the lower end of a gap.
fn closing(name: &str, gap: &Interval) -> String {
    let low = print_number(gap.low);
    if gap.low_open { format!("{name} > {low}") } else { format!("{name} >= {low}") }
}
