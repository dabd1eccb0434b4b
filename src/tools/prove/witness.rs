//! Rows that show what the analysis found: built from what is known of a way, and evaluated.

use super::work::Work;
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Interval, Intervals, Possible, Search, Words, sample};
use crate::analysis::terms::TermId;
use crate::analysis::values::Values;
use crate::check::{Checked, InputId, NodeKind, Step};
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::syntax::ast::PathStep;
use crate::value::{Clock, Date, Record, Text, Value, json_text};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// More values than this are not tried for one column of the row.
const MOST_CANDIDATES: usize = 40;
/// More rows than this are not tried for one way.
const MOST_ROWS: usize = 600;

/// A place of the row that formulas read: an input, and fields below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    key: String,
    steps: Vec<PathStepKey>,
}

impl Place {
    /// The last name on the way to it.
    fn name(&self) -> &str {
        let field = self.steps.iter().rev().find_map(|step| match step {
            PathStepKey::Field(name) => Some(name.as_str()),
            PathStepKey::Index(_) => None,
        });
        field.unwrap_or(&self.key)
    }
}

/// A text that a column of this name could have.
fn plain_text(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["email", "e-mail"]) {
        Some("ada@example.com")
    } else if has(&["phone", "mobile"]) {
        Some("+1 415 555 0101")
    } else if has(&["website", "domain", "url"]) {
        Some("example.com")
    } else {
        None
    }
}

/// One step below a key of the row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PathStepKey {
    Field(String),
    Index(usize),
}

/// Finds rows for ways through a rule file.
pub(super) struct Witnesses<'w, 't> {
    pub(super) rules: &'t Rules,
    pub(super) values: &'w Values<'t>,
    pub(super) clock: &'w Clock,
    /// Texts that the rule or its functions know.
    texts: Vec<String>,
    /// Terms that are columns of the row, or fields of them, with their places.
    places: BTreeMap<TermId, Place>,
    /// What may still be done for the file.
    pub(super) work: Work,
}

/// A row and what the evaluator makes of it.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The row.
    pub row: Record<'static>,
    /// The results by the ids of columns: of the column that the row was searched for, and of those that it reads.
    pub results: Vec<Value<'static>>,
}

impl Witness {
    /// The row as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json_text(&Value::Record(Arc::new(self.row.clone())))
    }

    /// How large the row is: its keys, then its characters.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.row.members().len(), self.json().len())
    }
}

impl<'w, 't> Witnesses<'w, 't> {
    pub(super) fn new(rules: &'t Rules, values: &'w Values<'t>, clock: &'w Clock) -> Self {
        let tree = rules.tree();
        let mut places = BTreeMap::new();
        let mut texts = Vec::new();
        for index in 0..values.terms.len() {
            let id = TermId(index as u32);
            let Some(node) = values.terms.get(id).node else { continue };
            places.extend(place_of(tree, values, id).map(|place| (id, place)));
            match &node.kind {
                NodeKind::Constant(Value::Text(text)) => texts.push(text.to_string()),
                NodeKind::Call(builtin, _) => texts.extend(example_texts(builtin)),
                _ => {}
            }
        }
        texts.sort();
        texts.dedup();
        texts.truncate(400);
        Self { rules, values, clock, texts, places, work: Work::new(tree) }
    }

    /// A row that takes this way and for which `accepts` is true of its results; the smallest of those found first.
    pub(super) fn find(&self, facts: &Facts, accepts: &dyn Fn(&Witness) -> bool) -> Option<Witness> {
        let mut subjects: Vec<(TermId, Vec<Value<'static>>)> = Vec::new();
        let (known, inputs) = self.involved(facts);
        let is_involved =
            |term: &TermId| known.contains(term) || inputs & self.values.terms.get(*term).inputs != 0;
        for term in self.places.keys().filter(|term| is_involved(term)) {
            if self.work.is_used_up() {
                return None;
            }
            let candidates = self.candidates(*term, facts);
            if candidates.is_empty() {
                return None;
            }
            subjects.push((*term, candidates));
        }
        // A record is made of its fields, unless something is known of it as a whole.
        let parents: Vec<TermId> = subjects.iter().map(|(term, _)| *term).collect();
        subjects.retain(|(term, _)| !parents.iter().any(|other| self.is_inside(*other, *term)));
        self.try_rows(&subjects, accepts)
    }

    /// Whether the place of one term is below that of another.
    fn is_inside(&self, one: TermId, other: TermId) -> bool {
        let (one, other) = (&self.places[&one], &self.places[&other]);
        one.key == other.key && one.steps.len() > other.steps.len() && one.steps.starts_with(&other.steps)
    }

    /// The places that something is known of, and the inputs of all other terms that something is known of.
    fn involved(&self, facts: &Facts) -> (HashSet<TermId>, u128) {
        let (places, others): (Vec<TermId>, Vec<TermId>) =
            facts.iter().map(|(term, _)| term).partition(|term| self.places.contains_key(term));
        let inputs = others.iter().fold(0, |all, term| all | self.values.terms.get(*term).inputs);
        (places.into_iter().collect(), inputs)
    }

    /// Tries combinations of candidates, first of all the first of each.
    fn try_rows(
        &self,
        subjects: &[(TermId, Vec<Value<'static>>)],
        accepts: &dyn Fn(&Witness) -> bool,
    ) -> Option<Witness> {
        let mut choice = vec![0; subjects.len()];
        for attempt in 0..MOST_ROWS {
            let row = self.row(subjects.iter().zip(&choice).map(|((term, list), at)| (*term, &list[*at])));
            let witness = self.evaluated(row);
            if accepts(&witness) {
                return Some(witness);
            }
            if self.work.is_used_up() || !next_choice(&mut choice, subjects, attempt) {
                return None;
            }
        }
        None
    }

    /// Evaluates a row.
    pub(super) fn evaluated(&self, row: Record<'static>) -> Witness {
        let focus = self.work.row(row.members().len());
        let keyed: Vec<Value<'_>> =
            self.rules.keys().iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        self.rules.inputs(&keyed, self.clock, &mut inputs);
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let results = evaluation.row_given(&inputs, &focus.given, &mut ());
        let results = results.iter().cloned().map(Value::into_owned).collect();
        Witness { row, results }
    }

    fn row<'v>(&self, values: impl Iterator<Item = (TermId, &'v Value<'static>)>) -> Record<'static> {
        let mut members: Vec<(Text<'static>, Value<'static>)> = Vec::new();
        for (term, value) in values.filter(|(_, value)| !matches!(value, Value::Blank)) {
            let place = &self.places[&term];
            let at = members.iter().position(|(key, _)| key.as_str() == place.key);
            let before = at.map_or(Value::Blank, |at| members[at].1.clone());
            let after = placed(&before, &place.steps, value.clone());
            match at {
                Some(at) => members[at].1 = after,
                None => members.push((place.key.clone().into(), after)),
            }
        }
        Record::new(members)
    }

    /// Values that a term can have and that agree with all that is known of terms that read it alone.
    fn candidates(&self, term: TermId, facts: &Facts) -> Vec<Value<'static>> {
        let possible = self.values.of(term, facts);
        let inputs = self.values.terms.get(term).inputs;
        let constraints: Vec<(TermId, &Possible)> = facts
            .iter()
            .filter(|(known, _)| *known != term && self.values.terms.get(*known).inputs == inputs)
            .filter(|(known, _)| !self.places.contains_key(known))
            .map(|(known, values)| (known, &**values))
            .collect();
        let mut kept = Vec::new();
        for value in self.samples(&possible, facts, term) {
            self.work.spend(1 + constraints.len());
            let agrees = || {
                let exact = Possible::exactly(&value, self.clock);
                let known = Facts::default().with(term, exact, inputs);
                constraints
                    .iter()
                    .all(|(other, wanted)| !self.values.of(*other, &known).meet(wanted).is_empty())
            };
            if possible.contains(&value, self.clock) && !kept.contains(&value) && agrees() {
                kept.push(value);
            }
            if kept.len() >= MOST_CANDIDATES {
                break;
            }
        }
        kept
    }

    /// Values of a set, the plainest first.
    fn samples(&self, possible: &Possible, facts: &Facts, term: TermId) -> Vec<Value<'static>> {
        let mut samples = Vec::new();
        samples.extend(possible.as_exact().filter(|value| value.as_error().is_none()));
        if possible.flags.has(Flags::BLANK) {
            samples.push(Value::Blank);
        }
        // A column of which little is known is most often text.
        let all = self.values.of(term, &Facts::default());
        if possible.numbers == all.numbers && !possible.words.is_empty() {
            let name = self.places.get(&term).map_or("", |place| place.name());
            samples.extend(plain_text(name).map(Value::borrowed));
        }
        samples.extend(numbers_of(&possible.numbers).into_iter().map(Value::Number));
        samples.extend(possible.flags.each().filter(|flag| Flags::BOOLEANS.has(*flag)).map(sample));
        samples.extend(texts_of(&possible.words).into_iter().map(Value::text));
        samples.extend(self.dates(possible, facts, term));
        if !possible.words.is_empty() {
            samples.extend(self.texts.iter().map(|text| Value::text(text.as_str())));
        }
        samples.extend(possible.flags.each().filter(|flag| !Flags::ERRORS.has(*flag)).map(sample));
        let spelled = |number: f64| Value::text(crate::value::number_text(number));
        samples.extend(numbers_of(&possible.number_texts).into_iter().map(spelled));
        samples
    }

    /// Days around the ends of a set of dates, and around today as far as differences from it are known.
    fn dates(&self, possible: &Possible, facts: &Facts, term: TermId) -> Vec<Value<'static>> {
        if possible.dates.is_empty() && possible.date_texts.is_empty() {
            return Vec::new();
        }
        let mut days: Vec<f64> = Vec::new();
        let today = crate::analysis::possible::moment(&self.clock.today()) / 86_400.0;
        for (other, values) in facts.iter() {
            if self.values.terms.get(other).children.contains(&term) {
                for number in numbers_of(&values.numbers) {
                    days.extend([today + number, today - number]);
                }
            }
        }
        for seconds in numbers_of(&possible.dates).into_iter().chain(numbers_of(&possible.date_texts)) {
            days.push((seconds / 86_400.0).floor());
            days.push((seconds / 86_400.0).ceil());
        }
        days.extend(
            [0.0, -1.0, 1.0, -7.0, -30.0, -31.0, -90.0, -91.0, -366.0, 31.0, 366.0].map(|far| today + far),
        );
        let date = |days: f64| {
            let span = jiff::Span::new().try_days(days.round() as i64).ok()?;
            let day = jiff::civil::date(1970, 1, 1).checked_add(span).ok()?;
            (0..=9999).contains(&day.year()).then(|| Value::text(Date::day(day).to_string()))
        };
        days.into_iter().filter_map(date).collect()
    }

    /// Candidates for every place of the row that a term reads, whatever is known, for rows at random.
    pub(super) fn pools(&self, of: TermId) -> Vec<(TermId, Vec<Value<'static>>)> {
        let mut pools = Vec::new();
        let read = self.values.terms.get(of).inputs;
        for term in self.places.keys() {
            if self.values.terms.get(*term).inputs & read == 0 {
                continue;
            }
            if self.places.keys().any(|other| self.is_inside(*other, *term)) {
                continue;
            }
            let mut pool = self.candidates(*term, &Facts::default());
            for index in 0..self.values.terms.len() {
                let other = self.values.terms.get(TermId(index as u32));
                let reads = other.inputs & self.values.terms.get(*term).inputs != 0;
                if let Some(NodeKind::Compare(..) | NodeKind::InArms { .. } | NodeKind::Bucket { .. }) =
                    other.node.map(|node| &node.kind).filter(|_| reads)
                {
                    pool.extend(
                        other
                            .children
                            .iter()
                            .filter_map(|child| self.values.of(*child, &Facts::default()).as_exact()),
                    );
                }
            }
            pool.retain(|value| value.as_error().is_none() && !matches!(value, Value::Date(_)));
            pools.push((*term, pool));
        }
        pools
    }

    /// A row with one candidate for each place.
    pub(super) fn pooled_row(
        &self,
        pools: &[(TermId, Vec<Value<'static>>)],
        mut pick: impl FnMut(usize) -> usize,
    ) -> Record<'static> {
        let chosen: Vec<(TermId, &Value<'static>)> = pools
            .iter()
            .filter(|(_, pool)| !pool.is_empty())
            .map(|(term, pool)| (*term, &pool[pick(pool.len())]))
            .collect();
        self.row(chosen.into_iter())
    }
}

/// Counts through the combinations; the places that have few candidates turn slowest.
fn next_choice(choice: &mut [usize], subjects: &[(TermId, Vec<Value<'static>>)], attempt: usize) -> bool {
    // First one place at a time, since mostly a single value is at fault.
    let singles: usize = subjects.iter().map(|(_, list)| list.len() - 1).sum();
    if attempt < singles {
        let mut rest = attempt;
        choice.fill(0);
        for (at, (_, list)) in subjects.iter().enumerate() {
            if rest < list.len() - 1 {
                choice[at] = rest + 1;
                return true;
            }
            rest -= list.len() - 1;
        }
    }
    if attempt == singles {
        choice.fill(0);
    }
    for (at, (_, list)) in choice.iter_mut().zip(subjects) {
        *at += 1;
        if *at < list.len() {
            return true;
        }
        *at = 0;
    }
    false
}

/// The place of a term that is a column of the row, or a field below one.
fn place_of(tree: &Checked, values: &Values<'_>, id: TermId) -> Option<Place> {
    let term = values.terms.get(id);
    match &term.node?.kind {
        NodeKind::Input(input) => Some(input_place(tree, *input)),
        NodeKind::Access { steps, .. } => {
            let mut place = place_of(tree, values, *term.children.first()?)?;
            let mut indexes = term.children[1..].iter();
            for step in steps {
                place.steps.push(match step {
                    Step::Field(name) => PathStepKey::Field(name.clone()),
                    Step::Index(_) => match values.of(*indexes.next()?, &Facts::default()).as_exact()? {
                        Value::Number(at) if (0.0..100.0).contains(&at) && at.fract() == 0.0 => {
                            PathStepKey::Index(at as usize)
                        }
                        Value::Text(name) => PathStepKey::Field(name.to_string()),
                        _ => return None,
                    },
                });
            }
            Some(place)
        }
        _ => None,
    }
}

fn input_place(tree: &Checked, id: InputId) -> Place {
    let path = &tree.input(id).path;
    let step = |step: &PathStep| match step {
        PathStep::Field(name) => PathStepKey::Field(name.clone()),
        PathStep::Index(at) => PathStepKey::Index(*at),
    };
    Place { key: path.key.clone(), steps: path.steps.iter().map(step).collect() }
}

/// `value` put into what is there already, below these steps.
fn placed(before: &Value<'static>, steps: &[PathStepKey], value: Value<'static>) -> Value<'static> {
    let Some((first, rest)) = steps.split_first() else { return value };
    match first {
        PathStepKey::Field(name) => {
            let mut members: Vec<(Text<'static>, Value<'static>)> = match before {
                Value::Record(record) => record.members().to_vec(),
                _ => Vec::new(),
            };
            match members.iter().position(|(key, _)| key.as_str() == name) {
                Some(at) => members[at].1 = placed(&members[at].1.clone(), rest, value),
                None => members.push((name.clone().into(), placed(&Value::Blank, rest, value))),
            }
            Value::Record(Arc::new(Record::new(members)))
        }
        PathStepKey::Index(at) => {
            let mut items: Vec<Value<'static>> = match before {
                Value::List(items) => items.to_vec(),
                _ => Vec::new(),
            };
            items.resize(items.len().max(at + 1), Value::Blank);
            items[*at] = placed(&items[*at].clone(), rest, value);
            Value::list(items)
        }
    }
}

/// A few numbers of a set: near its ends, whole where possible.
fn numbers_of(set: &Intervals) -> Vec<f64> {
    let mut numbers = Vec::new();
    for piece in set.pieces() {
        numbers.extend(within(piece));
    }
    // The plainest first: whole, near 0, not negative.
    let rank = |number: &f64| (number.fract() != 0.0, *number < 0.0, number.abs());
    numbers.sort_by(|one, two| rank(one).partial_cmp(&rank(two)).unwrap_or(std::cmp::Ordering::Equal));
    numbers.dedup();
    numbers
}

fn within(piece: &Interval) -> Vec<f64> {
    let (low, high) = (piece.low, piece.high);
    let mut numbers = vec![0.0, 1.0, -1.0, 100.0, -100.0, 1e6, -1e6];
    for end in [low, high].into_iter().filter(|end| end.is_finite()) {
        let step = (end.abs() * 1e-3).clamp(1e-3, 1.0);
        numbers.extend([
            end,
            end.floor() + 1.0,
            end.ceil() - 1.0,
            end + step,
            end - step,
            end * 2.0,
            end * 10.0,
        ]);
    }
    if low.is_finite() && high.is_finite() {
        numbers.extend([low.midpoint(high), low.midpoint(high).round()]);
    }
    let set = Intervals::of(*piece);
    numbers.retain(|number| set.contains(*number));
    numbers
}

/// Texts of a set: those that it lists, or one made of the needles that it must contain.
fn texts_of(words: &Words) -> Vec<String> {
    match words {
        Words::None => Vec::new(),
        Words::OneOf { texts, .. } => texts.iter().map(ToString::to_string).collect(),
        Words::Any(facts) => {
            let of = |search: Search| facts.has.iter().filter(move |needle| needle.search == search);
            let longest =
                |search: Search| of(search).map(|needle| &*needle.text).max_by_key(|text| text.len());
            let start = longest(Search::StartsWith).unwrap_or_default();
            let end = longest(Search::EndsWith).unwrap_or_default();
            let middle: Vec<&str> = facts
                .has
                .iter()
                .filter(|needle| !matches!(needle.search, Search::StartsWith | Search::EndsWith))
                .map(|needle| &*needle.text)
                .collect();
            let joined = |with: &str| {
                let parts = [start].into_iter().chain(middle.iter().copied()).chain([end]);
                parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(with)
            };
            let mut texts = vec![joined(" "), joined(""), joined(", ")];
            let cased: Vec<String> =
                texts.iter().flat_map(|text| [text.to_lowercase(), text.to_uppercase()]).collect();
            texts.extend(cased);
            texts.extend(["x", "X", "other", "Other 1"].map(ToOwned::to_owned));
            texts
        }
    }
}

/// The texts in the examples of a builtin, which show values that it knows.
fn example_texts(builtin: &crate::builtins::Builtin) -> Vec<String> {
    let mut texts = Vec::new();
    for example in builtin.examples {
        for written in [example.formula, example.result] {
            texts.extend(written.split('"').skip(1).step_by(2).map(ToOwned::to_owned));
        }
    }
    texts.extend(
        builtin.returns.texts_to_compare().into_iter().flatten().take(40).map(|text| (*text).to_owned()),
    );
    texts
}
