//! The values that the columns of a decision table tell apart, and which of them each row matches.
//!
//! Each dimension has one value for every way in which values can match its cells: the literals, a value between each two
//! numbers or dates that are neighbors, and one value of each other kind. Whether a value matches a cell is decided by the
//! comparisons of formulas.

use super::Set;
use crate::analysis::possible::{Flags, Interval, Intervals, Possible};
use crate::analysis::values::same;
use crate::syntax::ast::{CompareOp, ConditionColumn, DecisionTable, Literal, LiteralValue, Test, TestItem};
use crate::value::{
    Clock, Date, Text, Value, equal, is_empty, json_text, order, order_digits, with_digits_of,
};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

/// What is known of the values of a header.
pub(super) struct Known {
    /// The values that formulas expect.
    pub(super) expected: Possible,
    /// All values that rows can have.
    pub(super) any: Possible,
    /// Whether numbers are taken for whole where all numbers of the column are.
    pub(super) is_whole: bool,
}

/// The values of one header.
struct Dimension {
    header: String,
    /// The first column of conditions that has it.
    column: usize,
    values: Vec<Candidate>,
    /// The values that formulas expect.
    expected: Set,
    /// The values that rows usually have, those to be shown first at the beginning.
    usual: Vec<usize>,
}

/// Values that are known to be few are at most so many.
const MOST_LISTED: usize = 64;

/// One value of those that match the same tests.
struct Candidate {
    value: Value<'static>,
    /// For a number that no cell has: the range of numbers that match the same tests.
    around: Option<(f64, f64)>,
    /// Whether it represents all texts that no cell has.
    is_other: bool,
    /// Whether rows usually have such values.
    is_usual: bool,
}

impl Candidate {
    fn exact(value: Value<'static>, is_usual: bool) -> Self {
        Self { value, around: None, is_other: false, is_usual }
    }

    /// Those of some values that match the same tests; nothing where it is not known which do.
    fn among(&self, possible: &Possible, clock: &Clock) -> Option<Possible> {
        let numbers = |numbers: Intervals| {
            possible.meet(&Possible { number_texts: numbers.clone(), ..Possible::numbers(numbers) })
        };
        match (&self.value, self.around) {
            (_, Some((low, high))) => {
                Some(numbers(Intervals::of(Interval { low, high, low_open: true, high_open: true })))
            }
            (Value::Blank, None) => Some(possible.meet(&Possible::flags(Flags::EMPTY))),
            (Value::Text(_), None) if self.is_other => None,
            (Value::Date(_), None) => None,
            (value, None) => Some(same(possible, &Possible::exactly(value, clock))),
        }
    }

    /// Whether a value that matches the same tests may be in a set. Other spellings of a text match as well.
    fn is_in(&self, possible: &Possible) -> bool {
        let numbers = |low, high| {
            let between = Intervals::between(low, high);
            let sets = [&possible.numbers, &possible.number_texts];
            sets.iter().any(|set| !set.meet(&between).is_empty())
        };
        match (&self.value, self.around) {
            (_, Some((low, high))) => numbers(low, high),
            (Value::Number(_) | Value::Digits(_), None) => numbers(size(&self.value), size(&self.value)),
            (Value::Text(_), None) => possible.has_filled_text() || possible.flags.has(Flags::COLLECTIONS),
            (Value::Date(_), None) => !possible.dates.is_empty() || !possible.date_texts.is_empty(),
            (Value::Blank, None) => possible.flags.has(Flags::EMPTY),
            (Value::Boolean(truth), None) => {
                let flags =
                    if *truth { [Flags::TRUE, Flags::TRUE_TEXT] } else { [Flags::FALSE, Flags::FALSE_TEXT] };
                flags.into_iter().any(|flag| possible.flags.has(flag))
            }
            _ => true,
        }
    }

    /// Whether a value that matches the same tests is one that formulas expect.
    fn is_expected(&self, expected: &Possible, clock: &Clock) -> bool {
        let Value::Text(text) = &self.value else { return self.is_in(expected) };
        let spellings =
            [text.as_str().to_owned(), text.as_str().to_lowercase(), text.as_str().to_uppercase()];
        let is_in = |text: String| !Possible::exactly(&text_value(text), clock).meet(expected).is_empty();
        spellings.into_iter().any(is_in)
    }
}

/// The values of all headers, and the rows.
pub(super) struct Space {
    dimensions: Vec<Dimension>,
    /// For each row and dimension, the values that match.
    rows: Vec<Vec<Set>>,
    /// For each row and dimension, whether all values match.
    any: Vec<Vec<bool>>,
    clock: Clock,
}

impl Space {
    /// The space of a table; `known` returns what is known of the values of a header.
    pub(super) fn new(table: &DecisionTable, known: impl Fn(&ConditionColumn) -> Option<Known>) -> Self {
        let clock = Clock::system();
        let mut columns_of: Vec<(String, Vec<usize>)> = Vec::new();
        for (index, column) in table.conditions.iter().enumerate() {
            let header = column.name.clone().unwrap_or_else(|| column.header.value.clone());
            match columns_of.iter_mut().find(|(other, _)| *other == header) {
                Some((_, columns)) => columns.push(index),
                None => columns_of.push((header, vec![index])),
            }
        }
        let mut space = Self {
            dimensions: Vec::new(),
            rows: vec![Vec::new(); table.rows.len()],
            any: vec![Vec::new(); table.rows.len()],
            clock,
        };
        for (header, columns) in columns_of {
            let known = known(&table.conditions[columns[0]]);
            let tests: Vec<Vec<&Test>> = (table.rows.iter())
                .map(|row| columns.iter().map(|column| &row.conditions[*column].value).collect())
                .collect();
            let dimension = Dimension::new(header, columns[0], &tests, known.as_ref(), &space.clock);
            let mut matched: HashMap<String, Set> = HashMap::new();
            for (row, tests) in tests.iter().enumerate() {
                let is_any = tests.iter().all(|test| **test == Test::Any);
                let set = matched.entry(tests.iter().map(ToString::to_string).collect());
                let set = set.or_insert_with(|| dimension.matched(tests, &space.clock)).clone();
                space.rows[row].push(set);
                space.any[row].push(is_any);
            }
            space.dimensions.push(dimension);
        }
        space
    }

    /// The values that a row matches, for each dimension.
    pub(super) fn row(&self, row: usize) -> &[Set] {
        &self.rows[row]
    }

    /// For each dimension, the values that a row matches, as far as formulas expect them. A row without conditions may be
    /// there for all others.
    pub(super) fn expected(&self, row: usize) -> Vec<Vec<usize>> {
        let is_rest = self.any[row].iter().all(|is_any| *is_any);
        let sets = self.rows[row].iter().zip(&self.dimensions);
        sets.map(|(set, dimension)| {
            set.members().filter(|value| is_rest || dimension.expected.has(*value)).collect()
        })
        .collect()
    }

    /// Whether a row matches all values of a dimension.
    pub(super) fn is_any(&self, row: usize, dimension: usize) -> bool {
        self.any[row][dimension]
    }

    /// Whether two rows match the same values.
    pub(super) fn overlap(&self, one: usize, two: usize) -> bool {
        self.rows[one].iter().zip(&self.rows[two]).all(|(one, two)| one.meets(two))
    }

    /// Whether a row matches all that another row matches.
    pub(super) fn contains(&self, outer: usize, inner: usize) -> bool {
        self.rows[outer].iter().zip(&self.rows[inner]).all(|(outer, inner)| outer.contains(inner))
    }

    /// For each dimension, the column of conditions that has its header, and the values that match both rows.
    pub(super) fn shared(&self, one: usize, two: usize) -> Vec<(usize, Vec<usize>)> {
        let sets = self.rows[one].iter().zip(&self.rows[two]).zip(&self.dimensions);
        sets.map(|((one, two), dimension)| {
            (dimension.column, one.members().filter(|value| two.has(*value)).collect())
        })
        .collect()
    }

    /// For each dimension, the column of conditions that has its header, and the value of a combination.
    pub(super) fn single(&self, point: &[usize]) -> Vec<(usize, Vec<usize>)> {
        self.dimensions.iter().zip(point).map(|(dimension, value)| (dimension.column, vec![*value])).collect()
    }

    /// Those of some values of a header that match as one of `values` does; nothing where it is not known which do.
    pub(super) fn among(&self, dimension: usize, values: &[usize], possible: &Possible) -> Option<Possible> {
        let candidates = &self.dimensions[dimension].values;
        let among = |value: &usize| candidates.get(*value)?.among(possible, &self.clock);
        let all: Option<Vec<Possible>> = values.iter().map(among).collect();
        Some(all?.iter().fold(Possible::none(), |all, one| all.join(one)))
    }

    /// Values that two rows match.
    pub(super) fn common(&self, one: usize, two: usize) -> Vec<usize> {
        let sets = self.rows[one].iter().zip(&self.rows[two]);
        let first = |(dimension, (one, two)): (&Dimension, (&Set, &Set))| {
            let is_common = |value: &usize| one.has(*value) && two.has(*value);
            let usual = dimension.usual.iter().copied().find(is_common);
            usual.or_else(|| one.members().find(is_common)).unwrap_or(0)
        };
        self.dimensions.iter().zip(sets).map(first).collect()
    }

    /// For each dimension, the values that rows usually have.
    pub(super) fn usual(&self) -> Vec<Vec<usize>> {
        self.dimensions.iter().map(|dimension| dimension.usual.clone()).collect()
    }

    /// A row with these values, as JSON.
    pub(super) fn shown(&self, point: &[usize]) -> String {
        let members = self.dimensions.iter().zip(point).map(|(dimension, value)| {
            let name = json_text(&Value::borrowed(&dimension.header));
            let value =
                dimension.values.get(*value).map_or_else(|| "null".to_owned(), |one| json_text(&one.value));
            format!("{name}:{value}")
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

impl Dimension {
    fn new(
        header: String,
        column: usize,
        tests: &[Vec<&Test>],
        known: Option<&Known>,
        clock: &Clock,
    ) -> Self {
        let candidates = Self::listed(known).unwrap_or_else(|| Self::candidates(tests, known, clock));
        let is_possible = |one: &Candidate| known.is_none_or(|known| one.is_in(&known.any));
        let candidates: Vec<Candidate> = candidates.into_iter().filter(is_possible).collect();
        let is_expected = |one: &Candidate| known.is_none_or(|known| one.is_expected(&known.expected, clock));
        let of = |indexes: &dyn Fn(&Candidate) -> bool| -> Vec<usize> {
            candidates.iter().enumerate().filter(|(_, one)| indexes(one)).map(|(index, _)| index).collect()
        };
        let expected = of(&is_expected).into_iter().collect();
        let usual = of(&|one| one.is_usual && is_expected(one));
        Self { header, column, expected, usual, values: candidates }
    }

    /// The values, where they are known to be few.
    fn listed(known: Option<&Known>) -> Option<Vec<Candidate>> {
        let values = known?.any.clone().without_errors().listed(MOST_LISTED)?;
        Some(values.into_iter().map(|value| Candidate::exact(value, true)).collect())
    }

    /// A value for each way in which values can match the tests. Numbers come first, in rising order.
    fn candidates(tests: &[Vec<&Test>], known: Option<&Known>, clock: &Clock) -> Vec<Candidate> {
        let literals: Vec<&Literal> = tests.iter().flatten().flat_map(|test| test.literals()).collect();
        let (days, words) = (dates(&literals), texts(&literals));
        let mut candidates = numbers(&literals, known.is_none_or(|known| known.is_whole), clock);
        let has_truths = literals.iter().any(|literal| matches!(literal.value, LiteralValue::Boolean(_)));
        let has_literals = !candidates.is_empty() || !days.is_empty() || !words.is_empty() || has_truths;
        if candidates.is_empty() {
            let around = Some((f64::NEG_INFINITY, f64::INFINITY));
            candidates.push(Candidate {
                value: Value::Number(1.0),
                around,
                is_other: false,
                is_usual: false,
            });
        }
        candidates.extend(days.into_iter().map(|day| Candidate::exact(Value::Date(day), true)));
        let (has_texts, other) = (!words.is_empty(), other_text(&words));
        candidates.extend(words.into_iter().map(|text| Candidate::exact(text_value(text), true)));
        candidates.extend([true, false].map(|truth| Candidate::exact(Value::Boolean(truth), has_truths)));
        let other = Candidate::exact(text_value(other), has_texts || !has_literals);
        candidates.push(Candidate { is_other: true, ..other });
        candidates.push(Candidate::exact(Value::Blank, true));
        candidates
    }

    /// The values that match all of these tests.
    fn matched(&self, tests: &[&Test], clock: &Clock) -> Set {
        let mut set = Set::default();
        for range in self.alike(tests, clock) {
            if tests.iter().all(|test| is_match(test, &self.values[range.start].value, clock)) {
                range.for_each(|value| set.insert(value));
            }
        }
        set
    }

    /// Ranges of values of which tests match all or none: of numbers, which are in rising order, those between the
    /// literals of the tests.
    fn alike(&self, tests: &[&Test], clock: &Clock) -> Vec<Range<usize>> {
        let literals: Vec<&Literal> = tests.iter().flat_map(|test| test.literals()).collect();
        if literals.iter().any(|literal| !literal.value.is_number()) {
            return (0..self.values.len()).map(|value| value..value + 1).collect();
        }
        let is_number = |one: &&Candidate| matches!(one.value, Value::Number(_) | Value::Digits(_));
        let numbers = self.values.iter().take_while(is_number).count();
        let mut starts: Vec<usize> = (numbers..=self.values.len()).chain([0]).collect();
        for literal in literals {
            let is_below =
                |one: &Candidate| order(&one.value, &literal.value.value(), clock).is_ok_and(Ordering::is_lt);
            let at = self.values[..numbers].partition_point(is_below);
            starts.extend([at, (at + 1).min(numbers)]);
        }
        starts.sort_unstable();
        starts.dedup();
        starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }
}

fn text_value(text: String) -> Value<'static> {
    Value::Text(Text::from(text))
}

fn is_match(test: &Test, value: &Value<'_>, clock: &Clock) -> bool {
    match test {
        Test::Any => true,
        Test::Empty => is_empty(value),
        Test::NotEmpty => !is_empty(value),
        Test::NoneOf(literals) => !literals.iter().any(|literal| is_equal(value, literal, clock)),
        Test::AnyOf(items) => items.iter().any(|item| match item {
            TestItem::Is(literal) => is_equal(value, literal, clock),
            TestItem::Compare(op, literal) => compares(*op, value, literal, clock),
            TestItem::Between { low, high, above, below } => {
                compares(*above, value, low, clock) && compares(*below, value, high, clock)
            }
        }),
    }
}

fn is_equal(value: &Value<'_>, literal: &Literal, clock: &Clock) -> bool {
    equal(&seen_by(literal, value, clock), &literal.value.value(), clock)
}

fn compares(op: CompareOp, value: &Value<'_>, literal: &Literal, clock: &Clock) -> bool {
    order(&seen_by(literal, value, clock), &literal.value.value(), clock)
        .is_ok_and(|found| op.is_true_of(found))
}

/// What a literal is compared with: of a time, only the day where the literal is a day.
fn seen_by<'v>(literal: &Literal, value: &Value<'v>, clock: &Clock) -> Value<'v> {
    let day = match (&literal.value, value) {
        (LiteralValue::Date(_), Value::Date(date)) => Some(*date),
        (LiteralValue::Date(_), Value::Text(text)) => Date::read(text, clock),
        _ => None,
    };
    day.map_or_else(|| value.clone(), |day| Value::Date(day.without_time()))
}

/// The numbers of the literals in rising order with a number between neighbors, below the first and above the last.
fn numbers(literals: &[&Literal], may_be_whole: bool, clock: &Clock) -> Vec<Candidate> {
    let is_number = |literal: &&&Literal| literal.value.is_number();
    let mut written: Vec<Value<'_>> =
        literals.iter().filter(is_number).map(|literal| literal.value.value()).collect();
    written.sort_by(|one, two| {
        let by_digits = || order(one, two, clock).unwrap_or(Ordering::Equal);
        size(one).total_cmp(&size(two)).then_with(by_digits)
    });
    written.dedup_by(|one, two| equal(one, two, clock));
    let (Some(first), Some(last)) = (written.first(), written.last()) else { return Vec::new() };
    let is_whole = may_be_whole && written.iter().all(|number| size(number).fract() == 0.0);
    // Numbers below 0 are usual only where a cell has one.
    let lowest = size(first).min(0.0);
    let is_usual = |value: &Value<'_>| size(value) >= lowest && (!is_whole || size(value).fract() == 0.0);
    let between = |value: Value<'static>, low: f64, high: f64| {
        let is_usual = is_usual(&value);
        // Numbers of many digits can lie between two that are the same for the analysis.
        let around = Some((low, high)).filter(|(low, high)| low < high);
        Candidate { value, around, is_other: false, is_usual }
    };
    let mut all: Vec<Candidate> = Vec::new();
    all.extend(whole_beside(first, -1).map(|below| between(below, f64::NEG_INFINITY, size(first))));
    for (index, number) in written.iter().enumerate() {
        all.push(Candidate::exact(number.clone().into_owned(), is_usual(number)));
        let Some(next) = written.get(index + 1) else { continue };
        all.extend(inside(number, next).map(|inside| between(inside, size(number), size(next))));
    }
    all.extend(whole_beside(last, 1).map(|above| between(above, size(last), f64::INFINITY)));
    all
}

fn size(value: &Value<'_>) -> f64 {
    match value {
        Value::Digits(digits) => digits.parse().unwrap_or(f64::MAX),
        Value::Number(number) => *number,
        _ => f64::NAN,
    }
}

/// The next whole number above a number, or below it. Of one of very many digits none is known.
fn whole_beside(number: &Value<'_>, step: i8) -> Option<Value<'static>> {
    match number {
        Value::Digits(digits) => {
            let whole = digits.parse::<i128>().ok()?.checked_add(step.into())?;
            Some(with_digits_of(&whole.to_string(), whole as f64))
        }
        _ => Some(Value::Number(size(number).floor() + f64::from(step))),
    }
}

/// A number between two numbers, a whole one if there is one.
fn inside(low: &Value<'_>, high: &Value<'_>) -> Option<Value<'static>> {
    let whole = whole_beside(low, 1)?;
    let is_below = match (&whole, high) {
        (Value::Digits(whole), Value::Digits(high)) => order_digits(whole, high).is_lt(),
        _ => size(&whole) < size(high),
    };
    let is_of_digits = [low, high].iter().any(|end| matches!(end, Value::Digits(_)));
    // Whole numbers of so many digits have no other number between them.
    let midpoint = || (!is_of_digits).then(|| Value::Number(f64::midpoint(size(low), size(high))));
    if is_below { Some(whole) } else { midpoint() }
}

/// The days of the literals in rising order with a day between neighbors, before the first and after the last.
fn dates(literals: &[&Literal]) -> Vec<Date> {
    let day = |literal: &&Literal| {
        if let LiteralValue::Date(date) = literal.value { Some(date.day_number()) } else { None }
    };
    let mut written: Vec<i64> = literals.iter().filter_map(day).collect();
    written.sort_unstable();
    written.dedup();
    let (Some(first), Some(last)) = (written.first(), written.last()) else { return Vec::new() };
    let mut all = vec![first - 1, last + 1];
    all.extend(written.windows(2).filter(|pair| pair[0] + 1 < pair[1]).map(|pair| pair[0] + 1));
    all.extend(&written);
    all.sort_unstable();
    all.into_iter().filter_map(|day| Date::from_day_number(day).ok()).collect()
}

/// The texts of the literals, each once, in the order of the file.
fn texts(literals: &[&Literal]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let texts = literals.iter().filter_map(|literal| match &literal.value {
        LiteralValue::Text(text) if seen.insert(crate::value::fold_case(text)) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// A text that none of the cells contains.
fn other_text(texts: &[String]) -> String {
    let mut other = "other".to_owned();
    while texts.iter().any(|text| text.eq_ignore_ascii_case(&other)) {
        other.push('*');
    }
    other
}

#[cfg(test)]
mod tests {
    use super::numbers;
    use crate::span::Span;
    use crate::syntax::ast::{Literal, LiteralValue};
    use crate::value::{Clock, json_text};

    /// The numbers around those that cells have; those that are not usual in parentheses.
    fn around(written: &[f64], may_be_whole: bool) -> String {
        let literal = |number: &f64| Literal {
            value: LiteralValue::Number(*number),
            span: Span::default(),
            is_plain: false,
        };
        let literals: Vec<Literal> = written.iter().map(literal).collect();
        let found = numbers(&literals.iter().collect::<Vec<_>>(), may_be_whole, &Clock::system());
        let shown = |one: &super::Candidate| {
            let number = json_text(&one.value);
            if one.is_usual { number } else { format!("({number})") }
        };
        found.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_have_a_number_between_them() {
        assert_eq!(around(&[100.0, 50.0], true), "49 50 51 100 101");
        assert_eq!(around(&[49.0, 50.0], true), "48 49 (49.5) 50 51");
        assert_eq!(around(&[49.0, 50.0], false), "48 49 49.5 50 51");
        assert_eq!(around(&[0.5], true), "(-1) 0.5 1");
        assert_eq!(around(&[-5.0, 0.0], true), "(-6) -5 -4 0 1");
        assert_eq!(around(&[], true), "");
    }
}
