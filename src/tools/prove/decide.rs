//! Whether a property is true: shown for all paths through its formula, or refuted by a row.

use super::slope::Slope;
use super::witness::Witness;
use super::{Case, Claim, Decision, Property, Prover, Status};
use crate::analysis::facts::Facts;
use crate::analysis::paths::Path;
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
/// More paths than this are not searched for a counterexample.
const MOST_PATHS: usize = 60;

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
        let violates = |witness: &Witness| {
            to_boolean(&witness.results[formula.0 as usize]).is_ok_and(|truth| truth != wanted)
        };
        let is_suspect =
            |path: &Path| crate::analysis::values::truth_of(&path.values).has(Flags::of(!wanted));
        self.search(formula, &is_suspect, &violates)
    }

    /// Whether the results of a column keep to a range. Blank and errors are no results.
    fn decide_range(&self, column: ColumnId, contract: Contract) -> (Status, String) {
        let is_inside = |number: f64| {
            (contract.low..=contract.high).contains(&number)
                || same_number(number, contract.low)
                || same_number(number, contract.high)
        };
        let violates = |witness: &Witness| match &witness.results[column.0 as usize] {
            Value::Number(number) => !is_inside(*number),
            Value::Blank | Value::Error(_) => false,
            _ => true,
        };
        let is_suspect = |path: &Path| {
            let numbers = &path.values.numbers;
            let others = path.values.clone().without(Flags::ERRORS | Flags::BLANK)
                != Possible::numbers(numbers.clone());
            others || numbers.hull().is_some_and(|hull| !is_inside(hull.low) || !is_inside(hull.high))
        };
        self.search(column, &is_suspect, &violates)
    }

    /// Searches the paths that may violate a property for a row that does.
    fn search(
        &self,
        formula: ColumnId,
        is_suspect: &dyn Fn(&Path) -> bool,
        violates: &dyn Fn(&Witness) -> bool,
    ) -> (Status, String) {
        let term = self.values.terms.column(formula);
        let paths = self.paths.of(term, &Facts::default());
        let was_exact = self.paths.was_exact();
        let suspects: Vec<&Path> = paths.iter().filter(|path| is_suspect(path)).collect();
        let is_decided = |path: &Path| !path.values.clone().without_errors().is_empty();
        if suspects.is_empty() && !paths.iter().any(is_decided) {
            return (Status::Undecided, "the condition is an error in every row".to_owned());
        }
        if suspects.is_empty() {
            let method = if was_exact {
                format!("enumeration of {}", Count(paths.len(), "case"))
            } else {
                "intervals".to_owned()
            };
            return (Status::Proved, method);
        }
        let mut best = self.smallest(formula, suspects.iter().copied(), violates);
        if best.is_none() {
            let apart = self.paths.apart(term, &Facts::default());
            let _ = self.paths.was_exact();
            best = self.smallest(formula, apart.iter().filter(|path| is_suspect(path)), violates);
        }
        let found = best.map(|row| (row, "found by enumeration"));
        let found = found.or_else(|| Some((self.at_random(term, violates)?, "found by random testing")));
        match found {
            Some((row, method)) => {
                let row = self.reduced(row, violates);
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

    /// The smallest row that violates a property, of those found for these paths.
    fn smallest<'w>(
        &self,
        formula: ColumnId,
        paths: impl Iterator<Item = &'w Path>,
        violates: &dyn Fn(&Witness) -> bool,
    ) -> Option<Witness> {
        let mut best: Option<Witness> = None;
        for path in paths.take(MOST_PATHS) {
            for facts in self.narrowed(formula, path) {
                let found = self.witnesses.find(&facts, violates);
                best = found.into_iter().chain(best).min_by_key(Witness::size);
            }
        }
        best
    }

    /// The facts of a path, with the ends of its results pushed outwards one by one.
    fn narrowed(&self, formula: ColumnId, path: &Path) -> Vec<Facts> {
        let mut all = Vec::new();
        let term = self.values.terms.column(formula);
        for piece in path.values.numbers.pieces() {
            for end in [piece.low, piece.high] {
                let far = if end.is_finite() { end } else { end.signum() * 1e4 };
                let side = if end < 0.0 || end == piece.low {
                    Intervals::up_to(far, false)
                } else {
                    Intervals::from(far, false)
                };
                let values = Possible::numbers(path.values.numbers.meet(&side));
                all.extend(self.values.assume_values(term, &values, &path.facts));
            }
        }
        all.push(path.facts.clone());
        all.push(self.with_all_inputs(formula, &path.facts));
        all
    }

    /// A row of candidates that violates a property.
    fn at_random(&self, term: TermId, violates: &dyn Fn(&Witness) -> bool) -> Option<Witness> {
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
            Some(witness).filter(|witness| violates(witness))
        })
    }

    /// The row without the members that it does not need in order to violate a property.
    pub(super) fn reduced(&self, witness: Witness, violates: &dyn Fn(&Witness) -> bool) -> Witness {
        let mut best = witness;
        let mut at = 0;
        while at < best.row.members().len() {
            let mut members = best.row.members().to_vec();
            members.remove(at);
            let smaller = self.witnesses.evaluated(crate::value::Record::new(members));
            if violates(&smaller) { best = smaller } else { at += 1 }
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
