//! Whether two versions of a rule file give the same results in every row, and where they differ.

use super::joined::{Joined, Shared, join};
use super::regions::Region;
use super::witness::{Witness, Witnesses};
use crate::analysis::facts::Facts;
use crate::analysis::paths::{Pair, Paths};
use crate::analysis::possible::Possible;
use crate::analysis::terms::TermId;
use crate::analysis::values::{Rows, Values, numbers_of};
use crate::check::{ColumnId, NodeKind};
use crate::diagnostics::Count;
use crate::rules::Rules;
use crate::syntax::ast::Sign;
use crate::syntax::print_number;
use crate::value::{Clock, Value, json_text, same_number};

/// Sums of whole numbers up to this are exact, however many of them a formula has.
const MOST_EXACT: f64 = 1e9;
/// More regions than this are not kept.
const MOST_REGIONS: usize = 400;
/// More regions than this are not searched for rows.
const MOST_SEARCHED: usize = 120;

/// Two versions of a column.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The name of the column.
    pub column: String,
    /// What was found.
    pub outcome: Equivalence,
    /// The columns that it reads and that differ, if its own formula is the same in both versions.
    pub follows: Vec<String>,
}

/// Whether two versions of a column are equivalent.
#[derive(Clone, Debug)]
pub enum Equivalence {
    /// They give the same result in every row.
    Equivalent {
        /// How that was found.
        method: String,
    },
    /// They differ for these rows.
    Different {
        /// Where, the smallest rows first.
        regions: Vec<Difference>,
    },
    /// Neither could be shown.
    Undecided {
        /// What prevents a decision.
        reason: String,
    },
}

/// Rows for which two versions differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Which rows, in words: `Employee Count above 1000`.
    pub region: String,
    /// Whether no row of the region was found that changes in another way, or not at all.
    pub is_whole: bool,
    /// How much larger the new number is, where both are numbers and the difference is the same in all rows.
    pub change: Option<f64>,
    /// A row.
    pub row: String,
    /// The old result of this row.
    pub old: Value<'static>,
    /// The new result of this row.
    pub new: Value<'static>,
}

/// Compares two versions over all rows, column by column.
#[must_use]
pub fn compare(old: &Rules, new: &Rules, clock: &Clock) -> Option<Vec<Comparison>> {
    let joined = join(old, new)?;
    Some(joined.rules.on_own_stack(|| {
        let values = Values::new(joined.rules.tree(), Rows::Any);
        let comparer = Comparer {
            joined: &joined,
            values: &values,
            paths: Paths::new(&values),
            witnesses: Witnesses::new(&joined.rules, &values, clock),
        };
        let mut comparisons: Vec<Comparison> =
            joined.columns.iter().map(|one| comparer.column(one)).collect();
        let differing: Vec<String> = comparisons
            .iter()
            .filter(|one| matches!(one.outcome, Equivalence::Different { .. }))
            .map(|one| one.column.clone())
            .collect();
        for (comparison, shared) in comparisons.iter_mut().zip(&joined.columns) {
            let reads = shared.unchanged.iter().flatten();
            comparison.follows = reads.filter(|name| differing.contains(name)).cloned().collect();
        }
        comparisons
    }))
}

struct Comparer<'c> {
    joined: &'c Joined,
    values: &'c Values<'c>,
    paths: Paths<'c, 'c>,
    witnesses: Witnesses<'c, 'c>,
}

/// Terms of a sum, with their signs.
type Terms = Vec<(Sign, TermId)>;

impl Comparer<'_> {
    fn column(&self, shared: &Shared) -> Comparison {
        let ids = [ColumnId(shared.old as u32), ColumnId(shared.new as u32)];
        Comparison { column: shared.name.clone(), outcome: self.outcome(ids), follows: Vec::new() }
    }

    fn outcome(&self, ids: [ColumnId; 2]) -> Equivalence {
        let [old, new] = ids.map(|id| self.values.terms.column(id));
        self.witnesses.work.focus(&ids);
        if old == new {
            return Equivalence::Equivalent { method: "the same formula".to_owned() };
        }
        let (mut before, mut after) = (self.addends(old), self.addends(new));
        if before.len() > 1 && after.len() > 1 {
            if self.are_exact(&before) && self.are_exact(&after) {
                cancel(&mut before, &mut after);
            } else {
                cancel_start(&mut before, &mut after);
            }
        }
        let pairs = self.paths.pairs(&before, &after, &Facts::default());
        let was_exact = self.paths.was_exact();
        let count = pairs.len();
        let suspects: Vec<&Pair> = pairs.iter().filter(|pair| !is_same(pair)).take(MOST_REGIONS).collect();
        if suspects.is_empty() {
            return Equivalence::Equivalent { method: format!("enumeration of {}", Count(count, "case")) };
        }
        let mut regions = Vec::new();
        for pair in suspects.iter().take(MOST_SEARCHED) {
            regions.extend(self.region(ids, pair));
        }
        if regions.is_empty() {
            let reason = if self.witnesses.work.is_used_up() {
                super::decide::USED_UP.to_owned()
            } else if was_exact {
                format!("{} may differ, but no row that differs was found", Count(suspects.len(), "case"))
            } else {
                "there are too many cases to enumerate".to_owned()
            };
            return Equivalence::Undecided { reason };
        }
        let words = |(region, mut difference): (Region, Difference)| {
            difference.region = region.in_words(difference.is_whole, &self.joined.rules, self.values);
            difference
        };
        let mut regions: Vec<Difference> = self.merged(regions).into_iter().map(words).collect();
        regions.sort_by_key(|region| (region.row.len(), region.region.len()));
        Equivalence::Different { regions }
    }

    /// Regions with the same change that differ in one column of the row alone become one.
    fn merged(&self, mut regions: Vec<(Region, Difference)>) -> Vec<(Region, Difference)> {
        let is_same = |one: &Difference, two: &Difference| match (one.change, two.change) {
            (Some(one), Some(two)) => same_number(one, two),
            (None, None) => one.old == two.old && one.new == two.new,
            _ => false,
        };
        let mut at = 0;
        while at < regions.len() {
            let joined = (at + 1..regions.len()).find_map(|other| {
                let same = is_same(&regions[at].1, &regions[other].1);
                let both = regions[at].0.joined(&regions[other].0, self.values).filter(|_| same)?;
                Some((other, both))
            });
            let equal = (at + 1..regions.len()).find(|other| {
                regions[at].0 == regions[*other].0 && is_same(&regions[at].1, &regions[*other].1)
            });
            match (equal, joined) {
                (Some(other), _) => drop(regions.remove(other)),
                (None, Some((other, both))) => {
                    let (_, removed) = regions.remove(other);
                    regions[at].1.is_whole &= removed.is_whole;
                    if removed.row.len() < regions[at].1.row.len() {
                        regions[at].1 = removed;
                    }
                    regions[at].0 = both;
                    at = 0;
                }
                (None, None) => at += 1,
            }
        }
        regions
    }

    /// The terms that a formula adds up; itself, if it is no sum.
    fn addends(&self, id: TermId) -> Terms {
        let term = self.values.terms.get(id);
        match term.node.map(|node| &node.kind) {
            Some(NodeKind::Sum(addends)) => {
                addends.iter().zip(&term.children).map(|(addend, child)| (addend.sign, *child)).collect()
            }
            _ => vec![(Sign::Plus, id)],
        }
    }

    /// Whether these terms are whole numbers whose sums are never rounded, in whichever order they are added up.
    fn are_exact(&self, terms: &Terms) -> bool {
        let is_exact = |number: &f64| number.fract() == 0.0 && number.abs() <= MOST_EXACT;
        terms.iter().all(|(_, term)| {
            let values = self.values.of(*term, &Facts::default());
            let points = numbers_of(&values).points();
            points.is_some_and(|points| points.iter().all(is_exact))
        })
    }

    /// A row of this pair for which the results differ, and its region.
    fn region(&self, ids: [ColumnId; 2], pair: &Pair) -> Option<(Region, Difference)> {
        let result = |witness: &Witness, id: ColumnId| witness.results[id.0 as usize].clone();
        let differs = |witness: &Witness| {
            let [old, new] = ids.map(|id| result(witness, id));
            match (old.as_error(), new.as_error()) {
                (Some(one), Some(two)) => one.code != two.code,
                (None, None) => !identical(&old, &new),
                _ => true,
            }
        };
        let witness = self.witnesses.find(&pair.facts, &differs)?;
        let [old, new] = ids.map(|id| result(&witness, id));
        let number = |values: &Possible| match values.as_exact() {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        let change = number(&pair.old).zip(number(&pair.new)).map(|(old, new)| new - old);
        let region = Region::of(self.values, &pair.facts);
        let is_stated = |witness: &Witness| {
            let [before, after] = ids.map(|id| result(witness, id));
            match (change, &before, &after) {
                (Some(change), Value::Number(before), Value::Number(after)) => {
                    same_number(after - before, change)
                }
                (None, ..) => identical(&before, &old) && identical(&after, &new),
                _ => false,
            }
        };
        let inputs = ids.map(|id| self.values.terms.get(self.values.terms.column(id)).inputs);
        let rows = region.facts(inputs[0] | inputs[1], self.values);
        let other = self.witnesses.find(&rows, &|other| !is_stated(other));
        let is_whole = other.is_none() && !self.witnesses.work.is_used_up();
        let row = witness.json();
        Some((region, Difference { region: String::new(), is_whole, change, row, old, new }))
    }
}

/// Whether both results are the same value for sure.
fn is_same(pair: &Pair) -> bool {
    match (pair.old.as_exact(), pair.new.as_exact()) {
        (Some(Value::Error(_)), _) | (_, Some(Value::Error(_))) => false,
        (Some(one), Some(two)) => identical(&one, &two),
        _ => {
            let is_error = |values: &Possible| {
                values.clone().without_errors().is_empty() && values.errors().each().count() == 1
            };
            is_error(&pair.old) && pair.old.flags == pair.new.flags && is_error(&pair.new)
        }
    }
}

/// Whether two values are the same in type and spelling; formulas also count others as equal.
pub(super) fn identical(one: &Value<'_>, two: &Value<'_>) -> bool {
    one.ty() == two.ty() && json_text(one) == json_text(two)
}

/// Takes out the first terms that both sums share if one term at most is left of each. What is added up in another order
/// can be rounded in another way.
fn cancel_start(before: &mut Terms, after: &mut Terms) {
    let shared = before.iter().zip(&*after).take_while(|(one, two)| one == two).count();
    if before.len().max(after.len()) <= shared + 1 {
        before.drain(..shared);
        after.drain(..shared);
    }
}

/// Takes out the terms that both sums have, whose order does not matter.
fn cancel(before: &mut Terms, after: &mut Terms) {
    before.retain(|term| match after.iter().position(|other| other == term) {
        Some(at) => {
            after.remove(at);
            false
        }
        None => true,
    });
}

impl Difference {
    /// The change with its sign, or the results before and after.
    #[must_use]
    pub fn change_in_words(&self) -> String {
        match self.change {
            Some(change) if change >= 0.0 => format!("+{}", print_number(change)),
            Some(change) => print_number(change),
            None => format!("{} → {}", super::decide::shown(&self.old), super::decide::shown(&self.new)),
        }
    }
}
