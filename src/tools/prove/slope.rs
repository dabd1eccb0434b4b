//! Whether the results of a column rise or fall with a column of the row.

use super::decide::shown;
use super::properties::key_named;
use super::witness::Witness;
use super::{Case, Prover, Status};
use crate::analysis::facts::Facts;
use crate::analysis::paths::Path;
use crate::analysis::possible::{Flags, Interval, Intervals, Possible};
use crate::analysis::terms::TermId;
use crate::analysis::values::numbers_of;
use crate::check::{ColumnId, Node, NodeKind};
use crate::syntax::ast::{Factor, Sign};
use crate::value::{Record, Value};

/// More pairs of paths than this are not compared, of those whose results and intervals allow a change.
const MOST_PAIRS: usize = 60_000;

/// How results follow an input. Both `Rising` and `Falling` include results that stay the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slope {
    /// They never differ.
    Constant,
    /// They never fall where the input rises.
    Rising,
    /// They never rise where the input rises.
    Falling,
}

impl Slope {
    fn inverted(self) -> Self {
        match self {
            Self::Constant => Self::Constant,
            Self::Rising => Self::Falling,
            Self::Falling => Self::Rising,
        }
    }

    /// The slope of a sum of both.
    fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Constant, slope) | (slope, Self::Constant) => Some(slope),
            (one, two) if one == two => Some(one),
            _ => None,
        }
    }
}

impl Prover<'_, '_> {
    /// How the numbers of a column follow a number in the row; nothing where that is not known.
    pub(super) fn slope(&self, column: ColumnId, input: &str) -> Option<Slope> {
        let subject = self.input_term(input)?;
        let term = self.values.terms.column(column);
        if self.values.terms.get(term).inputs & self.values.terms.get(subject).inputs == 0 {
            return None;
        }
        let results = self.values.of(term, &Facts::default()).as_ref().clone();
        let results = results.without(Flags::ERRORS | Flags::BLANK);
        if results != Possible::numbers(results.numbers.clone()) {
            return None;
        }
        let numbers = Possible::numbers(Intervals::all());
        let facts = self.values.assume_values(subject, &numbers, &Facts::default())?;
        self.slope_of(term, subject, &facts)
    }

    fn input_term(&self, input: &str) -> Option<TermId> {
        self.values.terms.input(key_named(self.claimed.rules.tree(), input)?)
    }

    fn slope_of(&self, id: TermId, subject: TermId, facts: &Facts) -> Option<Slope> {
        if id == subject {
            return Some(Slope::Rising);
        }
        let term = self.values.terms.get(id);
        if term.inputs & self.values.terms.get(subject).inputs == 0 {
            return Some(Slope::Constant);
        }
        let of = |child: TermId| self.slope_of(child, subject, facts);
        let node = term.node?;
        match &node.kind {
            NodeKind::Sum(addends) => {
                let mut slope = Slope::Constant;
                for (addend, child) in addends.iter().zip(&term.children) {
                    let own = of(*child)?;
                    slope = slope.and(if addend.sign == Sign::Minus { own.inverted() } else { own })?;
                }
                Some(slope)
            }
            NodeKind::AsNumber(_) | NodeKind::Percent(_) => of(term.children[0]),
            NodeKind::Negate(_) => Some(of(term.children[0])?.inverted()),
            NodeKind::Product(factors) => self.slope_of_product(&term.children, factors, subject, facts),
            NodeKind::Call(builtin, _) if matches!(builtin.name, "MIN" | "MAX" | "CLAMP" | "SUM") => {
                term.children.iter().try_fold(Slope::Constant, |slope, child| slope.and(of(*child)?))
            }
            NodeKind::Call(builtin, _)
                if matches!(builtin.name, "ROUND" | "ROUNDUP" | "ROUNDDOWN" | "INT" | "TRUNC") =>
            {
                let rest = term.children[1..].iter().all(|child| of(*child) == Some(Slope::Constant));
                if rest { of(term.children[0]) } else { None }
            }
            _ => self.slope_of_paths(id, node, subject, facts),
        }
    }

    /// A product with one factor that follows the subject, and others whose sign is known.
    fn slope_of_product(
        &self,
        children: &[TermId],
        factors: &[(Factor, Node)],
        subject: TermId,
        facts: &Facts,
    ) -> Option<Slope> {
        let mut slope = Slope::Constant;
        let mut is_negative = false;
        for ((factor, _), child) in factors.iter().zip(children) {
            match self.slope_of(*child, subject, facts)? {
                Slope::Constant => {
                    let hull = numbers_of(&self.values.of(*child, facts)).hull()?;
                    if hull.low < 0.0 && hull.high > 0.0 {
                        return None;
                    }
                    is_negative ^= hull.low < 0.0;
                }
                own if slope == Slope::Constant && *factor == Factor::Times => slope = own,
                _ => return None,
            }
        }
        Some(if is_negative { slope.inverted() } else { slope })
    }

    /// Compares the results of all paths that differ in the subject alone.
    fn slope_of_paths(&self, id: TermId, node: &Node, subject: TermId, facts: &Facts) -> Option<Slope> {
        let is_choice =
            matches!(node.kind, NodeKind::Choose { .. } | NodeKind::Bucket { .. } | NodeKind::Switch { .. });
        if !is_choice {
            return None;
        }
        let paths = self.paths.apart(id, facts);
        if !self.paths.was_exact() {
            return None;
        }
        let levels: Vec<Option<Interval>> =
            paths.iter().map(|path| self.values.of(subject, &path.facts).numbers.hull()).collect();
        let mut pairs = 0;
        let (mut rises, mut falls) = (true, true);
        for (one, lower) in paths.iter().zip(&levels) {
            let own = one.values.numbers.hull();
            let is_number =
                one.values.clone().without_errors() == Possible::numbers(one.values.numbers.clone());
            if !is_number && super::columns::has_values(&one.values) {
                return None;
            }
            let Some(own) = own else { continue };
            if own.low < own.high {
                return None;
            }
            for (two, higher) in paths.iter().zip(&levels) {
                let Some(other) = two.values.numbers.hull() else { continue };
                let is_violation = (rises && own.high > other.low) || (falls && own.low < other.high);
                let is_above = lower.zip(*higher).is_some_and(|(lower, higher)| lower.low < higher.high);
                if !is_violation || !is_above {
                    continue;
                }
                pairs += 1;
                if pairs > MOST_PAIRS {
                    return None;
                }
                if !can_follow(subject, one, two, self) {
                    continue;
                }
                rises &= own.high <= other.low;
                falls &= own.low >= other.high;
            }
        }
        match (rises, falls) {
            (true, true) => Some(Slope::Constant),
            (true, false) => Some(Slope::Rising),
            (false, true) => Some(Slope::Falling),
            (false, false) => None,
        }
    }

    /// Two rows that differ in the input alone and whose results go the other way.
    pub(super) fn refute_slope(&self, column: ColumnId, input: &str, wanted: Slope) -> (Status, String) {
        let undecided =
            || (Status::Undecided, format!("the effect of `{input}` on the result could not be determined"));
        let Some(subject) = self.input_term(input) else { return undecided() };
        let term = self.values.terms.column(column);
        let numbers = Possible::numbers(Intervals::all());
        let Some(facts) = self.values.assume_values(subject, &numbers, &Facts::default()) else {
            return undecided();
        };
        let paths = self.paths.of(term, &facts);
        let _ = self.paths.was_exact();
        let result = |witness: &Witness| match witness.results[column.0 as usize] {
            Value::Number(number) => Some(number),
            _ => None,
        };
        let tree = self.claimed.rules.tree();
        let key = key_named(tree, input).and_then(|id| tree.input(id).own_key());
        let Some(key) = key.map(ToOwned::to_owned) else {
            return undecided();
        };
        let mut rows: Vec<Witness> = Vec::new();
        for path in paths.iter().take(200) {
            rows.extend(
                self.witnesses.find(&self.with_all_inputs(column, &path.facts), &|one| result(one).is_some()),
            );
        }
        if self.witnesses.work.is_used_up() {
            return (Status::Undecided, super::decide::USED_UP.to_owned());
        }
        let mut levels: Vec<f64> = rows.iter().filter_map(|row| number_at(&row.row, &key)).collect();
        levels.extend([0.0, 1.0, 10.0, 100.0, 1e4, 1e6]);
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let mut best: Option<(Witness, Witness)> = None;
        for row in rows.iter().take(100) {
            let mut before: Option<(Witness, f64)> = None;
            for level in levels.iter().take_while(|_| !self.witnesses.work.is_used_up()) {
                let changed = self.witnesses.evaluated(with_number(&row.row, &key, *level));
                let Some(now) = result(&changed) else { continue };
                if let Some((lower, past)) = &before {
                    let against = if wanted == Slope::Rising { now < *past } else { now > *past };
                    let is_smaller = best.as_ref().is_none_or(|(one, _)| lower.size() < one.size());
                    if against && is_smaller {
                        best = Some((lower.clone(), changed.clone()));
                    }
                }
                before = Some((changed, now));
            }
        }
        let Some((lower, higher)) = best else { return undecided() };
        let case = |row: Witness| Case { result: shown(&row.results[column.0 as usize]), row };
        (Status::Refuted { case: case(higher), before: Some(case(lower)) }, "two rows".to_owned())
    }
}

/// Whether the second path can hold for a row that differs from one of the first in the subject alone.
fn can_follow(subject: TermId, one: &Path, two: &Path, prover: &Prover<'_, '_>) -> bool {
    let subject_inputs = prover.values.terms.get(subject).inputs;
    one.facts.iter().all(|(term, values)| {
        let reads_subject = prover.values.terms.get(term).inputs & subject_inputs != 0;
        reads_subject || two.facts.get(term).is_none_or(|other| !values.meet(other).is_empty())
    })
}

fn number_at(row: &Record<'static>, key: &str) -> Option<f64> {
    match row.get(key) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    }
}

/// The row with this number under a key.
fn with_number(row: &Record<'static>, key: &str, number: f64) -> Record<'static> {
    let mut members: Vec<_> =
        row.members().iter().filter(|(name, _)| name.as_str() != key).cloned().collect();
    members.push((key.to_owned().into(), Value::Number(number)));
    Record::new(members)
}
