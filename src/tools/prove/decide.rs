//! Whether a property is true: shown for all ways through its formula, or refuted by a row.

use super::slope::Slope;
use super::witness::Witness;
use super::{Case, Claim, Decision, Property, Prover, Status};
use crate::analysis::facts::Facts;
use crate::analysis::paths::Way;
use crate::analysis::possible::{Flags, Intervals, Possible};
use crate::analysis::terms::TermId;
use crate::check::ColumnId;
use crate::diagnostics::Count;
use crate::syntax::ast::Contract;
use crate::syntax::print_number;
use crate::value::{Value, json_text, same_number, to_boolean};

/// Rows at random that an undecided property is tried on.
const RANDOM_ROWS: usize = 3_000;
/// Why nothing is decided once all work that one file may take is done.
pub(super) const USED_UP: &str = "the file takes more work than is spent on it";
/// More ways than this are not searched for a counterexample.
const MOST_WAYS: usize = 60;

impl Prover<'_, '_> {
    /// Decides a property.
    pub(super) fn decide(&self, property: &Property) -> Decision {
        self.witnesses.work.focus(&[match property.claim {
            Claim::Always(formula) | Claim::Never(formula) => formula,
            Claim::Range(_) | Claim::Rising(_) | Claim::Falling(_) => property.column,
        }]);
        let (status, method) = match &property.claim {
            Claim::Always(formula) => self.decide_truth(*formula, true),
            Claim::Never(formula) => self.decide_truth(*formula, false),
            Claim::Range(contract) => self.decide_range(property.column, *contract),
            Claim::Rising(input) => self.decide_slope(property.column, input, Slope::Rising),
            Claim::Falling(input) => self.decide_slope(property.column, input, Slope::Falling),
        };
        let column = self.column_name(property.column).to_owned();
        Decision { property: property.clone(), column, status, method }
    }

    /// Whether a formula is always TRUE, or never TRUE. An error is neither.
    fn decide_truth(&self, formula: ColumnId, wanted: bool) -> (Status, String) {
        let is_against = |witness: &Witness| {
            to_boolean(&witness.results[formula.0 as usize]).is_ok_and(|truth| truth != wanted)
        };
        let is_suspect = |way: &Way| crate::analysis::values::truth_of(&way.values).has(Flags::of(!wanted));
        self.search(formula, &is_suspect, &is_against)
    }

    /// Whether the results of a column keep to a range. Blank and errors are no results.
    fn decide_range(&self, column: ColumnId, contract: Contract) -> (Status, String) {
        let is_inside = |number: f64| {
            (contract.low..=contract.high).contains(&number)
                || same_number(number, contract.low)
                || same_number(number, contract.high)
        };
        let is_against = |witness: &Witness| match &witness.results[column.0 as usize] {
            Value::Number(number) => !is_inside(*number),
            Value::Blank | Value::Error(_) => false,
            _ => true,
        };
        let is_suspect = |way: &Way| {
            let numbers = &way.values.numbers;
            let others = way.values.clone().without(Flags::ERRORS | Flags::BLANK)
                != Possible::numbers(numbers.clone());
            others || numbers.hull().is_some_and(|hull| !is_inside(hull.low) || !is_inside(hull.high))
        };
        self.search(column, &is_suspect, &is_against)
    }

    /// Searches the ways that may be against a property for a row that is.
    fn search(
        &self,
        formula: ColumnId,
        is_suspect: &dyn Fn(&Way) -> bool,
        is_against: &dyn Fn(&Witness) -> bool,
    ) -> (Status, String) {
        let term = self.values.terms.column(formula);
        let ways = self.paths.of(term, &Facts::default());
        let was_exact = self.paths.was_exact();
        let suspects: Vec<&Way> = ways.iter().filter(|way| is_suspect(way)).collect();
        let is_decided = |way: &Way| !way.values.clone().without_errors().is_empty();
        if suspects.is_empty() && !ways.iter().any(is_decided) {
            return (Status::Undecided, "the condition is an error in every row".to_owned());
        }
        if suspects.is_empty() {
            let method = if was_exact {
                format!("enumeration of {}", Count(ways.len(), "case"))
            } else {
                "intervals".to_owned()
            };
            return (Status::Proved, method);
        }
        let mut best = self.smallest(formula, suspects.iter().copied(), is_against);
        if best.is_none() {
            let apart = self.paths.apart(term, &Facts::default());
            let _ = self.paths.was_exact();
            best = self.smallest(formula, apart.iter().filter(|way| is_suspect(way)), is_against);
        }
        let found = best.map(|row| (row, "found by enumeration"));
        let found = found.or_else(|| Some((self.at_random(term, is_against)?, "found by random testing")));
        match found {
            Some((row, method)) => {
                let row = self.reduced(row, is_against);
                let result = shown(&row.results[formula.0 as usize]);
                (Status::Refuted { case: Case { row, result }, before: None }, method.to_owned())
            }
            None if self.witnesses.work.is_used_up() => (Status::Undecided, USED_UP.to_owned()),
            None if was_exact => {
                let cases = Count(suspects.len(), "case");
                (Status::Undecided, format!("{cases} may violate it, but no row that violates it was found"))
            }
            None => (Status::Undecided, "there are too many cases to enumerate".to_owned()),
        }
    }

    /// The smallest row that is against a property, of those found for these ways.
    fn smallest<'w>(
        &self,
        formula: ColumnId,
        ways: impl Iterator<Item = &'w Way>,
        is_against: &dyn Fn(&Witness) -> bool,
    ) -> Option<Witness> {
        let mut best: Option<Witness> = None;
        for way in ways.take(MOST_WAYS) {
            for facts in self.narrowed(formula, way) {
                let found = self.witnesses.find(&facts, is_against);
                best = found.into_iter().chain(best).min_by_key(Witness::size);
            }
        }
        best
    }

    /// The facts of a way, with the ends of its results pushed outwards one by one.
    fn narrowed(&self, formula: ColumnId, way: &Way) -> Vec<Facts> {
        let mut all = Vec::new();
        let term = self.values.terms.column(formula);
        for piece in way.values.numbers.pieces() {
            for end in [piece.low, piece.high] {
                let far = if end.is_finite() { end } else { end.signum() * 1e4 };
                let side = if end < 0.0 || end == piece.low {
                    Intervals::up_to(far, false)
                } else {
                    Intervals::from(far, false)
                };
                let values = Possible::numbers(way.values.numbers.meet(&side));
                all.extend(self.values.assume_values(term, &values, &way.facts));
            }
        }
        all.push(way.facts.clone());
        all.push(self.with_all_inputs(formula, &way.facts));
        all
    }

    /// A row of candidates that is against a property.
    fn at_random(&self, term: TermId, is_against: &dyn Fn(&Witness) -> bool) -> Option<Witness> {
        let pools = self.witnesses.pools(term);
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut pick = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % bound as u64) as usize
        };
        let rows = (0..RANDOM_ROWS).take_while(|_| !self.witnesses.work.is_used_up());
        rows.into_iter().find_map(|_| {
            let witness = self.witnesses.evaluated(self.witnesses.pooled_row(&pools, &mut pick));
            Some(witness).filter(|witness| is_against(witness))
        })
    }

    /// The row without the members that are not needed for it to be against a property.
    pub(super) fn reduced(&self, witness: Witness, is_against: &dyn Fn(&Witness) -> bool) -> Witness {
        let mut best = witness;
        let mut at = 0;
        while at < best.row.members().len() {
            let mut members = best.row.members().to_vec();
            members.remove(at);
            let smaller = self.witnesses.evaluated(crate::value::Record::new(members));
            if is_against(&smaller) { best = smaller } else { at += 1 }
        }
        best
    }

    fn decide_slope(&self, column: ColumnId, input: &str, wanted: Slope) -> (Status, String) {
        match self.slope(column, input) {
            Some(Slope::Constant) => (Status::Proved, format!("`{input}` makes no difference")),
            Some(found) if found == wanted => {
                (Status::Proved, "comparison of neighboring intervals".to_owned())
            }
            _ => self.refute_slope(column, input, wanted),
        }
    }
}

/// A value in a sentence.
pub(super) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Number(number) => print_number(*number),
        Value::Blank => "Blank".to_owned(),
        Value::Boolean(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Error(error) => error.code.to_string(),
        other => json_text(other),
    }
}
