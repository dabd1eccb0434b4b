//! A score over a whole file: its distribution, and what its components have to do with the tiers.

use super::explain::{contributions, one_line};
use super::words::group_name;
use crate::batch::{BatchError, Input, Numbers, Survey, SurveyedRow, Threads, processors, survey};
use crate::check::ColumnId;
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::span::Span;
use crate::value::{Clock, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// More tiers than this are counted together.
const MOST_TIERS: usize = 12;
/// What those are called.
pub const OTHER_TIERS: &str = "other";

/// What is known of a score over all rows.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Rows read.
    pub rows: u64,
    /// The numbers that the score took.
    pub scores: Numbers,
    /// How many rows gave each tier.
    pub tiers: BTreeMap<String, u64>,
    /// The terms of the score's sum, in the order of the first row that has them.
    pub components: Vec<Component>,
}

/// One term of a score.
#[derive(Clone, Debug, Default)]
pub struct Component {
    /// Its name, or its formula.
    pub label: String,
    span: Span,
    /// Over all rows that have it.
    pub points: Spread,
    /// Over those of each tier.
    pub by_tier: BTreeMap<String, Spread>,
}

/// Count, mean and spread of points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// How many rows.
    pub count: u64,
    /// The smallest.
    pub lowest: f64,
    /// The largest.
    pub highest: f64,
    sum: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, points: f64) {
        self.merge(&Self {
            count: 1,
            lowest: points,
            highest: points,
            sum: points,
            squares: points * points,
        });
    }

    fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.lowest = if self.count == 0 { other.lowest } else { self.lowest.min(other.lowest) };
        self.highest = if self.count == 0 { other.highest } else { self.highest.max(other.highest) };
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// The mean; 0 where there is none.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum / self.count as f64 }
    }

    /// The sum of the squared distances from the mean.
    fn variation(&self) -> f64 {
        (self.squares - self.sum * self.mean()).max(0.0)
    }
}

impl Component {
    /// Whether it is the same in every row.
    #[must_use]
    pub fn never_varies(&self) -> bool {
        self.points.lowest == self.points.highest
    }

    /// Which share of its variation, from 0 to 1, is that between the tiers: 1 where it alone tells them apart, 0
    /// where it is the same in all of them.
    #[must_use]
    pub fn separation(&self) -> f64 {
        let whole = self.points.variation();
        if whole <= 1e-9 {
            return 0.0;
        }
        let within: f64 = self.by_tier.values().map(Spread::variation).sum();
        (1.0 - within / whole).clamp(0.0, 1.0)
    }
}

/// Goes over all `inputs` and profiles the column `score`, with `tier` to tell rows apart by.
pub fn profile<'i>(
    rules: &Rules,
    clock: &Clock,
    score: ColumnId,
    tier: Option<ColumnId>,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Profile, BatchError> {
    let profiling = Profiling { rules, clock, score, tier };
    let mut profile = Profile::default();
    survey(&profiling, Threads { count: processors(), deep: rules.is_deep() }, inputs, &mut profile)?;
    Ok(profile)
}

struct Profiling<'p> {
    rules: &'p Rules,
    clock: &'p Clock,
    score: ColumnId,
    tier: Option<ColumnId>,
}

impl Survey for Profiling<'_> {
    type Found = Profile;

    fn keys(&self) -> &[String] {
        self.rules.keys()
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Profile) -> Result<(), BatchError> {
        found.rows += 1;
        let keyed: Vec<Value<'b>> = row.keyed.iter().map(|value| value.clone().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        self.rules.inputs(&keyed, self.clock, &mut inputs);
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let values = evaluation.row(&inputs, &mut ());
        let tier = self.tier.map(|tier| group_name(&values[tier.0 as usize]));
        let Value::Number(score) = values[self.score.0 as usize] else { return Ok(()) };
        found.scores.add(score);
        if let Some(tier) = &tier {
            *found.tiers.entry(tier.clone()).or_default() += 1;
        }
        for part in contributions(self.rules, &mut evaluation, &inputs, self.score) {
            let component = found.component(self.rules, part.name.as_deref(), part.span);
            component.points.add(part.points);
            if let Some(tier) = &tier {
                component.by_tier.entry(tier.clone()).or_default().add(part.points);
            }
        }
        Ok(())
    }

    fn gather(&self, all: &mut Profile, block: &mut Profile) -> ControlFlow<()> {
        all.add(std::mem::take(block));
        ControlFlow::Continue(())
    }
}

impl Profile {
    fn component(&mut self, rules: &Rules, name: Option<&str>, span: Span) -> &mut Component {
        let same =
            |component: &Component| component.span == span && name.is_none_or(|name| component.label == name);
        let known = self.components.iter().position(same);
        let index = known.unwrap_or_else(|| {
            let label = name.map_or_else(|| one_line(rules.tree().source.text(), span), ToOwned::to_owned);
            self.components.push(Component { label, span, ..Component::default() });
            self.components.len() - 1
        });
        &mut self.components[index]
    }

    fn add(&mut self, mut block: Self) {
        self.rows += block.rows;
        self.scores.merge(&mut block.scores);
        for (tier, count) in block.tiers {
            *self.tiers.entry(tier).or_default() += count;
        }
        for component in block.components {
            let same =
                |known: &&mut Component| known.span == component.span && known.label == component.label;
            match self.components.iter_mut().find(same) {
                None => self.components.push(component),
                Some(known) => {
                    known.points.merge(&component.points);
                    for (tier, spread) in component.by_tier {
                        known.by_tier.entry(tier).or_default().merge(&spread);
                    }
                }
            }
        }
        self.fold_tiers();
    }

    /// Counts the tiers beyond a dozen together: a column of names is no tier.
    fn fold_tiers(&mut self) {
        if self.tiers.len() <= MOST_TIERS {
            return;
        }
        let mut ranked: Vec<(u64, String)> =
            self.tiers.iter().map(|(tier, count)| (*count, tier.clone())).collect();
        ranked.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        for (count, tier) in ranked.split_off(MOST_TIERS - 1) {
            self.tiers.remove(&tier);
            *self.tiers.entry(OTHER_TIERS.to_owned()).or_default() += count;
            for component in &mut self.components {
                if let Some(spread) = component.by_tier.remove(&tier) {
                    component.by_tier.entry(OTHER_TIERS.to_owned()).or_default().merge(&spread);
                }
            }
        }
    }
}
