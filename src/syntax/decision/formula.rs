//! A decision table written as a formula, of which each piece knows its cell.

use crate::diagnostics::Written;
use crate::span::Span;
use crate::syntax::ast::{
    CompareOp, ConditionColumn, DecisionTable, Literal, LiteralValue, Policy, Test, TestItem,
};
use crate::syntax::format::{bare_or_braced, member_name};
use crate::value::Date;

/// A formula, and its pieces that were written from cells.
#[derive(Debug, Default)]
pub(crate) struct Formula {
    /// The formula.
    pub(crate) text: String,
    /// The pieces, in the order of the text.
    pub(crate) places: Vec<Written>,
}

impl Formula {
    fn push(&mut self, text: &str, place: Span) {
        self.push_inside(text, place, None);
    }

    fn push_inside(&mut self, text: &str, place: Span, inner: Option<Span>) {
        let start = self.text.len();
        self.text.push_str(text);
        self.places.push(Written { range: start..self.text.len(), place, inner });
    }
}

/// Writes a table as a formula: `IFS(condition, {owner: "Ada"}, …, TRUE, {})`, and for `collect` the list of the records
/// of all rows that match. The record for no row is empty, so that its results are Blank.
pub(crate) fn write(table: &DecisionTable, policy: Policy) -> Formula {
    let mut writer = Writer { out: Formula::default(), table };
    let is_list = policy == Policy::Collect;
    writer.out.text.push_str(if is_list { "COMPACT([" } else { "IFS(" });
    for index in 0..table.rows.len() {
        if index > 0 {
            writer.out.text.push_str(",\n");
        }
        writer.row(index, is_list);
    }
    let ends_in_else =
        table.rows.last().is_some_and(|row| row.conditions.iter().all(|test| test.value == Test::Any));
    if !is_list && !ends_in_else {
        writer.out.text.push_str(",\n");
        writer.out.push("TRUE", table.header);
        writer.out.text.push_str(", ");
        writer.out.push("{}", table.header);
    }
    writer.out.text.push_str(if is_list { "])" } else { ")" });
    writer.out
}

struct Writer<'t> {
    out: Formula,
    table: &'t DecisionTable,
}

impl Writer<'_> {
    fn row(&mut self, index: usize, is_list: bool) {
        let row = &self.table.rows[index];
        if is_list {
            self.out.text.push_str("IF(");
        }
        let mut is_first = true;
        for (column, test) in row.conditions.iter().enumerate().filter(|(_, test)| test.value != Test::Any) {
            if !is_first {
                self.out.text.push_str(" AND ");
            }
            is_first = false;
            self.test(column, &test.value, test.span);
        }
        if is_first {
            let cells = row.conditions.first().zip(row.conditions.last());
            self.out.push("TRUE", cells.map_or(row.span, |(first, last)| first.span.to(last.span)));
        }
        self.out.text.push_str(", ");
        self.record(index);
        if is_list {
            self.out.text.push(')');
        }
    }

    /// `{owner: "Ada"}`. A result that is Blank is not written.
    fn record(&mut self, index: usize) {
        let row = &self.table.rows[index];
        let filled: Vec<(&str, &Literal)> = (self.table.results.iter().zip(&row.results))
            .filter_map(|(name, literal)| Some((name.value.as_str(), literal.as_ref()?)))
            .collect();
        if filled.is_empty() {
            return self.out.push("{}", row.span);
        }
        for (at, (name, literal)) in filled.into_iter().enumerate() {
            let before = format!("{}{}: ", if at == 0 { "{" } else { ", " }, member_name(name));
            self.out.text.push_str(&before);
            self.out.push(&literal.to_string(), literal.span);
        }
        self.out.text.push('}');
    }

    fn test(&mut self, column: usize, test: &Test, at: Span) {
        match test {
            Test::Any => {}
            Test::Empty | Test::NotEmpty => {
                self.out.push(if *test == Test::Empty { "ISEMPTY(" } else { "ISNOTEMPTY(" }, at);
                self.operand(column, at);
                self.out.text.push(')');
            }
            Test::NoneOf(literals) if literals.iter().any(is_day) => {
                self.out.text.push_str("NOT(");
                self.choice(column, literals.iter().cloned().map(TestItem::Is), at);
                self.out.text.push(')');
            }
            Test::NoneOf(literals) => self.among(column, literals, at, true),
            Test::AnyOf(items) => {
                let is_value = |item: &TestItem| match item {
                    TestItem::Is(literal) if !is_day(literal) => Some(literal.clone()),
                    _ => None,
                };
                if let Some(literals) = items.iter().map(is_value).collect::<Option<Vec<_>>>() {
                    return self.among(column, &literals, at, false);
                }
                let is_choice = items.len() > 1;
                self.out.text.push_str(if is_choice { "(" } else { "" });
                self.choice(column, items.iter().cloned(), at);
                self.out.text.push_str(if is_choice { ")" } else { "" });
            }
        }
    }

    /// `N < 10 OR (N >= 50 AND N <= 200)`
    fn choice(&mut self, column: usize, items: impl ExactSizeIterator<Item = TestItem>, at: Span) {
        let is_choice = items.len() > 1;
        for (index, item) in items.enumerate() {
            self.out.text.push_str(if index > 0 { " OR " } else { "" });
            let has_brackets = is_choice && bounds(&item).len() > 1;
            self.out.text.push_str(if has_brackets { "(" } else { "" });
            for (index, (op, literal)) in bounds(&item).into_iter().enumerate() {
                self.out.text.push_str(if index > 0 { " AND " } else { "" });
                self.comparison(column, op, &literal, at);
            }
            self.out.text.push_str(if has_brackets { ")" } else { "" });
        }
    }

    /// `Country = "US"`, `Country NOT IN ["US", "CA"]`
    fn among(&mut self, column: usize, literals: &[Literal], at: Span, is_negated: bool) {
        if let [literal] = literals {
            let op = if is_negated { CompareOp::NotEqual } else { CompareOp::Equal };
            return self.comparison(column, op, literal, at);
        }
        self.operand(column, at);
        self.out.text.push_str(if is_negated { " NOT IN [" } else { " IN [" });
        for (index, literal) in literals.iter().enumerate() {
            self.out.text.push_str(if index > 0 { ", " } else { "" });
            self.out.push(&literal.to_string(), literal.span);
        }
        self.out.text.push(']');
    }

    fn comparison(&mut self, column: usize, op: CompareOp, literal: &Literal, at: Span) {
        self.operand(column, at);
        self.out.text.push(' ');
        self.out.push(op.symbol(), at);
        self.out.text.push(' ');
        self.out.push(&literal.to_string(), literal.span);
    }

    /// The formula of a header. A mistake inside of a formula is shown at the header.
    fn operand(&mut self, column: usize, at: Span) {
        let ConditionColumn { header, name } = &self.table.conditions[column];
        if let Some(name) = name {
            return self.out.push(&bare_or_braced(name), at);
        }
        self.out.text.push('(');
        self.out.push_inside(&header.value, at, Some(header.span));
        self.out.text.push(')');
    }
}

fn is_day(literal: &Literal) -> bool {
    matches!(literal.value, LiteralValue::Date(_))
}

/// The comparisons of an item, all of which must be TRUE.
fn bounds(item: &TestItem) -> Vec<(CompareOp, Literal)> {
    match item {
        TestItem::Is(day) if is_day(day) => {
            let end = next_day(day).map(|next| (CompareOp::Less, next));
            [(CompareOp::GreaterOrEqual, day.clone())].into_iter().chain(end).collect()
        }
        TestItem::Is(literal) => vec![(CompareOp::Equal, literal.clone())],
        TestItem::Compare(op, literal) => vec![bound(*op, literal)],
        TestItem::Between { low, high, above, below } => vec![bound(*above, low), bound(*below, high)],
    }
}

/// A comparison with a day includes or excludes all of the day: `<= 2026-01-31` is `< DATE(2026, 2, 1)`.
fn bound(op: CompareOp, literal: &Literal) -> (CompareOp, Literal) {
    let whole_day = match op {
        CompareOp::LessOrEqual => CompareOp::Less,
        CompareOp::Greater => CompareOp::GreaterOrEqual,
        _ => return (op, literal.clone()),
    };
    next_day(literal).map_or_else(|| (op, literal.clone()), |next| (whole_day, next))
}

/// The day after a day. The calendar ends with the year 9999.
fn next_day(literal: &Literal) -> Option<Literal> {
    let LiteralValue::Date(day) = literal.value else { return None };
    let next = Date::from_day_number(day.day_number() + 1).ok()?;
    Some(Literal { value: LiteralValue::Date(next), ..literal.clone() })
}
