//! The values that the columns of a decision table tell apart, and which of them each row matches.
//!
//! Each dimension has one value for every way in which values can match its cells: the literals, a value between each two
//! numbers or dates that are neighbors, and one value of each other kind. Whether a value matches a cell is decided by the
//! comparisons of formulas.

use super::Set;
use crate::analysis::possible::Possible;
use crate::syntax::ast::{CompareOp, DecisionTable, Literal, LiteralValue, Test, TestItem};
use crate::value::{Clock, Date, Text, Value, equal, is_empty, json_text, order, same_number};
use std::collections::HashMap;
use std::ops::Range;

/// What is known of the values of a column or input.
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
    values: Vec<Value<'static>>,
    /// The values that rows usually have, those to be shown first at the beginning.
    usual: Vec<usize>,
}

/// The values of all headers, and the rows.
pub(super) struct Space {
    dimensions: Vec<Dimension>,
    /// For each row and dimension, the values that match.
    rows: Vec<Vec<Set>>,
    /// For each row and dimension, whether all values match.
    any: Vec<Vec<bool>>,
}

impl Space {
    /// The space of a table; `known` returns what is known of the values of a name.
    pub(super) fn new(table: &DecisionTable, known: impl Fn(&str) -> Option<Known>) -> Self {
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
        };
        for (header, columns) in columns_of {
            let known = table.conditions[columns[0]].name.as_deref().and_then(&known);
            let tests: Vec<Vec<&Test>> = (table.rows.iter())
                .map(|row| columns.iter().map(|column| &row.conditions[*column].value).collect())
                .collect();
            let dimension = Dimension::new(header, &tests, known, &clock);
            let mut matched: HashMap<String, Set> = HashMap::new();
            for (row, tests) in tests.iter().enumerate() {
                let is_any = tests.iter().all(|test| **test == Test::Any);
                let set = matched.entry(tests.iter().map(|test| test.to_string()).collect());
                let set = set.or_insert_with(|| dimension.matched(tests, &clock)).clone();
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
            let value = dimension.values.get(*value).map_or_else(|| "null".to_owned(), json_text);
            format!("{name}:{value}")
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

impl Dimension {
    fn new(header: String, tests: &[Vec<&Test>], known: Option<Known>, clock: &Clock) -> Self {
        let literals: Vec<&Literal> = tests.iter().flatten().flat_map(|test| test.literals()).collect();
        let (numbers, is_whole) = numbers(&literals, known.as_ref().is_none_or(|known| known.is_whole));
        let dates = dates(&literals);
        let texts = texts(&literals);
        let truths = literals.iter().any(|literal| matches!(literal.value, LiteralValue::Boolean(_)));
        let has_no_literals = numbers.is_empty() && dates.is_empty() && texts.is_empty() && !truths;
        let lowest = literals.iter().filter_map(|literal| number_of(literal)).fold(0.0, f64::min);
        let is_usual_number = |number: f64| number >= lowest && (!is_whole || number.fract() == 0.0);
        let mut values: Vec<(Value<'static>, bool)> = Vec::new();
        values.extend(numbers.iter().map(|number| (Value::Number(*number), is_usual_number(*number))));
        values.extend(dates.iter().map(|day| (Value::Date(*day), true)));
        let has_texts = !texts.is_empty();
        let other = other_text(&texts);
        values.extend(texts.into_iter().map(|text| (text_value(text), true)));
        values.extend([true, false].map(|truth| (Value::Boolean(truth), truths)));
        if numbers.is_empty() {
            values.push((Value::Number(1.0), false));
        }
        values.push((text_value(other), has_texts || has_no_literals));
        values.push((Value::Blank, true));
        let may_be = |value: &Value<'_>, possible: &Possible| {
            !Possible::exactly(value, clock).meet(possible).is_empty()
        };
        if let Some(known) = &known {
            values.retain(|(value, _)| may_be(value, &known.any));
        }
        let is_expected = |value: &Value<'_>| known.as_ref().is_none_or(|known| may_be(value, &known.expected));
        let usual = values.iter().enumerate().filter(|(_, (value, is_usual))| *is_usual && is_expected(value));
        let usual = usual.map(|(index, _)| index).collect();
        Self { header, values: values.into_iter().map(|(value, _)| value).collect(), usual }
    }

    /// The values that match all of these tests.
    fn matched(&self, tests: &[&Test], clock: &Clock) -> Set {
        let mut set = Set::default();
        for range in self.alike(tests) {
            if tests.iter().all(|test| is_match(test, &self.values[range.start], clock)) {
                range.for_each(|value| set.insert(value));
            }
        }
        set
    }

    /// Ranges of values of which tests match all or none: of numbers, which are in rising order, those between the
    /// literals of the tests.
    fn alike(&self, tests: &[&Test]) -> Vec<Range<usize>> {
        let literals: Vec<&Literal> = tests.iter().flat_map(|test| test.literals()).collect();
        let written: Option<Vec<f64>> = literals.iter().map(|literal| number_of(literal)).collect();
        let is_number = |value: &Value<'_>| matches!(value, Value::Number(_));
        let numbers = self.values.iter().take_while(|value| is_number(value)).count();
        let Some(written) = written else { return (0..self.values.len()).map(|value| value..value + 1).collect() };
        let mut starts: Vec<usize> = (numbers..=self.values.len()).chain([0]).collect();
        for number in written {
            let is_below = |value: &Value<'_>| matches!(value, Value::Number(other) if *other < number && !same_number(*other, number));
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

fn value_of(literal: &Literal) -> Value<'_> {
    match &literal.value {
        LiteralValue::Number(number) => Value::Number(*number),
        LiteralValue::Text(text) => Value::borrowed(text),
        LiteralValue::Boolean(truth) => Value::Boolean(*truth),
        LiteralValue::Date(date) => Value::Date(*date),
    }
}

fn is_match(test: &Test, value: &Value<'_>, clock: &Clock) -> bool {
    match test {
        Test::Any => true,
        Test::Empty => is_empty(value),
        Test::NotEmpty => !is_empty(value),
        Test::NoneOf(literals) => !literals.iter().any(|literal| equal(value, &value_of(literal), clock)),
        Test::AnyOf(items) => items.iter().any(|item| match item {
            TestItem::Is(literal) => equal(value, &value_of(literal), clock),
            TestItem::Compare(op, literal) => compares(*op, value, literal, clock),
            TestItem::Between { low, high, above, below } => {
                compares(*above, value, low, clock) && compares(*below, value, high, clock)
            }
        }),
    }
}

fn compares(op: CompareOp, value: &Value<'_>, literal: &Literal, clock: &Clock) -> bool {
    order(value, &value_of(literal), clock).is_ok_and(|found| op.is_true_of(found))
}

fn number_of(literal: &Literal) -> Option<f64> {
    if let LiteralValue::Number(number) = literal.value { Some(number) } else { None }
}

/// The numbers of the literals in rising order with a number between neighbors, below the first and above the last; and
/// whether only whole numbers are usual.
fn numbers(literals: &[&Literal], may_be_whole: bool) -> (Vec<f64>, bool) {
    let mut written: Vec<f64> = literals.iter().filter_map(|literal| number_of(literal)).collect();
    written.sort_by(f64::total_cmp);
    written.dedup_by(|one, two| same_number(*one, *two));
    let is_whole = may_be_whole && written.iter().all(|number| number.fract() == 0.0);
    let (Some(first), Some(last)) = (written.first(), written.last()) else { return (written, is_whole) };
    let mut all = vec![first.floor() - 1.0];
    let last = *last;
    for (index, number) in written.iter().enumerate() {
        all.push(*number);
        let Some(next) = written.get(index + 1) else { continue };
        let whole = number.floor() + 1.0;
        all.push(if whole < *next { whole } else { f64::midpoint(*number, *next) });
    }
    all.push(last.floor() + 1.0);
    (all, is_whole)
}

/// The days of the literals in rising order with a day between neighbors, before the first and after the last.
fn dates(literals: &[&Literal]) -> Vec<Date> {
    let day = |literal: &&Literal| if let LiteralValue::Date(date) = literal.value { Some(date.day_number()) } else { None };
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

    fn around(written: &[f64], may_be_whole: bool) -> (Vec<f64>, bool) {
        let literal = |number: &f64| Literal { value: LiteralValue::Number(*number), span: Span::default(), is_plain: false };
        let literals: Vec<Literal> = written.iter().map(literal).collect();
        numbers(&literals.iter().collect::<Vec<_>>(), may_be_whole)
    }

    #[test]
    fn numbers_have_a_number_between_them() {
        assert_eq!(around(&[100.0, 50.0], true), (vec![49.0, 50.0, 51.0, 100.0, 101.0], true));
        assert_eq!(around(&[49.0, 50.0], true), (vec![48.0, 49.0, 49.5, 50.0, 51.0], true));
        assert_eq!(around(&[0.5], true), (vec![-1.0, 0.5, 1.0], false));
        assert_eq!(around(&[], true), (vec![], true));
    }
}
