//! How far the next tier is: the smallest changes of single fields of a row that give a column another value. Each is
//! found by trying, and was evaluated.

mod candidates;
mod compared;
mod field;
mod order;

use crate::check::ColumnId;
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::tools::walk::nodes;
use crate::value::{Clock, Date, Value, to_date, to_number};
use candidates::Candidates;
pub use field::Field;
pub use order::{Direction, Outcome};

/// More values than this are not tried for one field.
pub const MOST_TRIED: usize = 400;
/// So many nodes of formulas are evaluated at most: it is a second's work, and nobody waits minutes for a hint.
const MOST_WORK: usize = 200_000_000;
/// So many rows are tried however long the rules are.
const LEAST_TRIALS: usize = 200;
/// Halvings of the way to a number that is closer.
const MOST_HALVINGS: usize = 60;

/// A value of one field that gives the goal another value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'v> {
    /// The field.
    pub field: Field<'v>,
    /// The value that it has.
    pub from: Value<'v>,
    /// The value that makes the difference.
    pub to: Value<'v>,
    /// Further values that make the same difference.
    pub or: Vec<Value<'v>>,
    /// What the columns become.
    pub results: Vec<Value<'v>>,
}

/// What single changes make of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearby<'v> {
    /// The column.
    pub goal: ColumnId,
    /// The number that it is decided by, where it reads one.
    pub score: Option<ColumnId>,
    /// The other values it can take, the nearest first, with the changes that lead to each.
    pub outcomes: Vec<Outcome<'v>>,
    /// What was not tried.
    pub left_out: LeftOut,
    /// The numbers that it reads where it is decided by several, and their values in the row.
    several: Vec<(ColumnId, Value<'v>)>,
}

impl<'v> Nearby<'v> {
    /// The score after a change; where the goal reads several numbers, those that the change moves.
    #[must_use]
    pub fn scores_after<'c>(&self, change: &'c Change<'v>) -> Vec<(ColumnId, &'c Value<'v>)> {
        let after = |id: ColumnId| (id, &change.results[id.0 as usize]);
        let moved = self.several.iter().map(|(id, before)| (after(*id), before));
        let moved = moved.filter(|((_, after), before)| after != before).map(|(after, _)| after);
        self.score.map(after).into_iter().chain(moved).collect()
    }
}

/// What a search leaves out where rules are very long or compare a field with very many values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many fields the column reads.
    pub of_fields: usize,
    /// Those of them that were not tried, the last in the order of the text.
    pub fields: usize,
    /// Those of which not all values were tried that they are compared with.
    pub cut_fields: usize,
}

/// Tries changes of each field that `goal` reads, for the row with these inputs.
#[must_use]
pub fn nearby<'v>(rules: &'v Rules, clock: &'v Clock, inputs: &[Value<'v>], goal: ColumnId) -> Nearby<'v> {
    let mut trial = Trial::new(rules, clock, inputs, goal);
    let mut changes = Vec::new();
    let candidates = candidates::candidates(rules, clock, inputs, goal);
    let mut left_out = LeftOut { of_fields: candidates.len(), ..LeftOut::default() };
    for (field, candidates) in candidates {
        if trial.trials_left == 0 {
            left_out.fields += 1;
            continue;
        }
        left_out.cut_fields += usize::from(candidates.is_cut);
        changes.extend(trial.changes_of(&field, candidates));
    }
    let score = order::score_of(rules, goal, &trial.before);
    let several = match score {
        Some(_) => Vec::new(),
        None => order::numbers_read(rules, goal, &trial.before)
            .into_iter()
            .map(|id| (id, trial.before[id.0 as usize].clone()))
            .collect(),
    };
    let outcomes = order::by_outcome(changes, goal, score, &trial.before);
    Nearby { goal, score, outcomes, left_out, several }
}

/// The row with one field changed, again and again.
struct Trial<'t, 'v> {
    evaluation: Evaluation<'v>,
    inputs: Vec<Value<'v>>,
    original: &'t [Value<'v>],
    before: Vec<Value<'v>>,
    goal: usize,
    /// How many rows may still be tried.
    trials_left: usize,
}

impl<'t, 'v> Trial<'t, 'v> {
    fn new(rules: &'v Rules, clock: &'v Clock, original: &'t [Value<'v>], goal: ColumnId) -> Self {
        let mut evaluation = Evaluation::new(rules.tree(), clock);
        let before = evaluation.row(original, &mut ()).to_vec();
        let trials_left = (MOST_WORK / nodes(rules.tree()).count().max(1)).max(LEAST_TRIALS);
        Self { evaluation, inputs: original.to_vec(), original, before, goal: goal.0 as usize, trials_left }
    }

    /// The columns of the row with another value for `field`, if the goal is another one then.
    fn results(&mut self, field: &Field<'v>, value: &Value<'v>) -> Option<Vec<Value<'v>>> {
        self.trials_left = self.trials_left.checked_sub(1)?;
        let slot = field.input.0 as usize;
        field.set(&mut self.inputs, value.clone());
        let results = self.evaluation.row(&self.inputs, &mut ());
        let moved =
            !matches!(results[self.goal], Value::Error(_)) && results[self.goal] != self.before[self.goal];
        let results = moved.then(|| results.to_vec());
        self.inputs[slot] = self.original[slot].clone();
        results
    }

    /// For each value that the goal can be given by `field` alone, the smallest change that does.
    fn changes_of(&mut self, field: &Field<'v>, candidates: Candidates<'v>) -> Vec<Change<'v>> {
        let Candidates { values, fractions, fillers, .. } = candidates;
        let from = field.value(self.original).unwrap_or_default();
        let mut changes: Vec<Change<'v>> = Vec::new();
        self.try_values(field, &from, values, &mut changes);
        if !changes.iter().any(|change| matches!(change.to, Value::Number(_))) {
            self.try_values(field, &from, fractions, &mut changes);
        }
        for to in fillers {
            let Some(results) = self.results(field, &to) else { continue };
            let goal = self.goal;
            // A text that only passes through the formula says nothing that another does not.
            let passes = changes.iter().any(|change| change.results[goal] == results[goal])
                || (!changes.is_empty() && tells(&results[goal], &to));
            if !passes {
                changes.push(Change {
                    field: field.clone(),
                    from: from.clone(),
                    to,
                    or: Vec::new(),
                    results,
                });
            }
        }
        if matches!(self.before[self.goal], Value::Number(_)) {
            order::nearest_each_way(&mut changes, &self.before[self.goal], self.goal);
        }
        for change in &mut changes {
            self.shorten(change);
            // Of numbers and days the closest says it all; of texts there is no closest.
            if matches!(change.to, Value::Number(_) | Value::Date(_)) {
                change.or.clear();
            }
        }
        changes
    }

    /// Adds a change for each value that the goal can be given by these, with the closest of those that do.
    fn try_values(
        &mut self,
        field: &Field<'v>,
        from: &Value<'v>,
        values: Vec<Value<'v>>,
        changes: &mut Vec<Change<'v>>,
    ) {
        for to in values {
            let Some(results) = self.results(field, &to) else { continue };
            let goal = self.goal;
            match changes.iter_mut().find(|change| change.results[goal] == results[goal]) {
                None => changes.push(Change {
                    field: field.clone(),
                    from: from.clone(),
                    to,
                    or: Vec::new(),
                    results,
                }),
                Some(change) if is_closer(from, &to, &change.to) => {
                    let before = std::mem::replace(&mut change.to, to);
                    change.or.push(before);
                    change.results = results;
                }
                Some(change) => change.or.push(to),
            }
        }
    }

    /// Halves the way of a change from number to number, or from day to day, as long as the goal stays what the change
    /// made of it.
    fn shorten(&mut self, change: &mut Change<'v>) {
        let Some((mut near, mut far)) = self.ends(change) else { return };
        let is_day = matches!(change.to, Value::Date(_));
        let whole = is_day || (near.fract() == 0.0 && far.fract() == 0.0);
        for _ in 0..MOST_HALVINGS {
            let middle = f64::midpoint(near, far);
            let middle = if whole { middle.round() } else { round_to_fit(middle, near, far) };
            if middle == near || middle == far {
                break;
            }
            let to = if is_day { day(middle) } else { Value::Number(middle) };
            let goal = self.goal;
            let tried = self.results(&change.field, &to);
            match tried.filter(|results| results[goal] == change.results[goal]) {
                Some(results) => {
                    far = middle;
                    change.results = results;
                    change.to = to;
                }
                None => near = middle,
            }
        }
    }

    /// Where a change begins and ends on the line of numbers, if it has both.
    fn ends(&self, change: &Change<'v>) -> Option<(f64, f64)> {
        match (&change.from, &change.to) {
            (Value::Number(from), Value::Number(to)) => Some((*from, *to)),
            (from, Value::Date(to)) => {
                let from = to_date(from, self.evaluation.clock()).ok()?;
                Some((from.day_number() as f64, to.day_number() as f64))
            }
            _ => None,
        }
    }
}

/// Whether a text holds another, in whatever case.
fn tells(value: &Value<'_>, part: &Value<'_>) -> bool {
    match (value, part) {
        (Value::Text(text), Value::Text(part)) => {
            text.as_str().to_lowercase().contains(&part.as_str().to_lowercase())
        }
        _ => false,
    }
}

/// The day of this number.
fn day<'v>(number: f64) -> Value<'v> {
    Date::from_day_number(number as i64).map_or(Value::Blank, Value::Date)
}

/// The number with the fewest decimals that lies between two others.
fn round_to_fit(number: f64, one: f64, two: f64) -> f64 {
    let (low, high) = (one.min(two), one.max(two));
    let rounded = (0..9).map(|places| crate::value::round_half_away(number, places));
    rounded.into_iter().find(|rounded| low < *rounded && *rounded < high).unwrap_or(one)
}

/// Whether `one` is a smaller change than `other`. Only of numbers that can be said.
fn is_closer(from: &Value<'_>, one: &Value<'_>, other: &Value<'_>) -> bool {
    let (Value::Number(one), Value::Number(other)) = (one, other) else { return false };
    let from = to_number(from).unwrap_or(0.0);
    (one - from).abs() < (other - from).abs()
}
