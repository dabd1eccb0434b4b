//! Whether two versions of a rule file give the same results in every row, and where they differ.

use super::joined::{Joined, Shared, join};
use super::regions::Region;
use super::witness::{Witness, Witnesses};
use crate::analysis::facts::Facts;
use crate::analysis::paths::{Pair, Paths};
use crate::analysis::possible::Possible;
use crate::analysis::terms::TermId;
use crate::analysis::values::{Rows, Values};
use crate::check::{ColumnId, NodeKind};
use crate::rules::Rules;
use crate::syntax::ast::Sign;
use crate::syntax::print_number;
use crate::value::{Clock, Value, equal, same_number};

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
        cancel(&mut before, &mut after);
        let pairs = self.paths.pairs(&before, &after, &Facts::default());
        let was_exact = self.paths.was_exact();
        let count = pairs.len();
        let suspects: Vec<&Pair> = pairs.iter().filter(|pair| !self.same(pair)).take(MOST_REGIONS).collect();
        if suspects.is_empty() {
            return Equivalence::Equivalent { method: format!("enumeration of {count} cases") };
        }
        let mut regions = Vec::new();
        for pair in suspects.iter().take(MOST_SEARCHED) {
            regions.extend(self.region(ids, pair));
        }
        if regions.is_empty() {
            let reason = if self.witnesses.work.is_used_up() {
                super::decide::USED_UP.to_owned()
            } else if was_exact {
                format!("no row was found for {} cases in which the results may differ", suspects.len())
            } else {
                "there are too many cases to enumerate".to_owned()
            };
            return Equivalence::Undecided { reason };
        }
        let words = |(region, mut difference): (Region, Difference)| {
            difference.region = region.in_words(&self.joined.rules, self.values);
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

    /// Whether both results are the same value for sure.
    fn same(&self, pair: &Pair) -> bool {
        let clock = self.witnesses.clock;
        match (pair.old.as_exact(), pair.new.as_exact()) {
            (Some(Value::Error(_)), _) | (_, Some(Value::Error(_))) => false,
            (Some(one), Some(two)) => one.ty() == two.ty() && equal(&one, &two, clock),
            _ => {
                let is_error = |values: &Possible| {
                    values.clone().without_errors().is_empty() && values.errors().each().count() == 1
                };
                is_error(&pair.old) && pair.old.flags == pair.new.flags && is_error(&pair.new)
            }
        }
    }

    /// A row of this pair for which the results differ, and its region.
    fn region(&self, ids: [ColumnId; 2], pair: &Pair) -> Option<(Region, Difference)> {
        let result = |witness: &Witness, id: ColumnId| witness.results[id.0 as usize].clone();
        let clock = self.witnesses.clock;
        let differs = |witness: &Witness| {
            let [old, new] = ids.map(|id| result(witness, id));
            match (old.as_error(), new.as_error()) {
                (Some(one), Some(two)) => one.code != two.code,
                (None, None) => old.ty() != new.ty() || !equal(&old, &new, clock),
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
        Some((region, Difference { region: String::new(), change, row: witness.json(), old, new }))
    }
}

/// Takes out the terms that both sums have.
fn cancel(before: &mut Terms, after: &mut Terms) {
    if before.len() < 2 && after.len() < 2 {
        return;
    }
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
