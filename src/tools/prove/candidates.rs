//! Values to try for the places of the row: those that a set of values suggests, the plainest first.

use super::witness::Witnesses;
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Interval, Intervals, Possible, Search, Words, sample};
use crate::analysis::terms::TermId;
use crate::check::NodeKind;
use crate::value::{Date, Record, Value};

/// More values than this are not tried for one column of the row.
const MOST_CANDIDATES: usize = 40;

impl Witnesses<'_, '_> {
    /// Values that a term can have and that agree with all that is known of terms that read it alone.
    pub(super) fn candidates(&self, term: TermId, facts: &Facts) -> Vec<Value<'static>> {
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
        samples.extend(self.keys_of.get(&term).into_iter().flatten().cloned());
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
        samples.extend(self.keys.iter().cloned());
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
pub(super) fn example_texts(builtin: &crate::builtins::Builtin) -> Vec<String> {
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
