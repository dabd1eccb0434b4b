//! A decision table written as a formula, of which each piece knows its cell.

use crate::diagnostics::Written;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, ConditionColumn, DecisionTable, Literal, Policy, Test, TestItem};
use crate::syntax::format::{bare_or_braced, member_name};

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
            Test::NoneOf(literals) => self.among(column, literals.iter(), at, true),
            Test::AnyOf(items) => {
                let literals: Vec<&Literal> = items
                    .iter()
                    .filter_map(|item| if let TestItem::Is(literal) = item { Some(literal) } else { None })
                    .collect();
                if literals.len() == items.len() {
                    return self.among(column, literals.into_iter(), at, false);
                }
                let is_choice = items.len() > 1;
                self.out.text.push_str(if is_choice { "(" } else { "" });
                for (index, item) in items.iter().enumerate() {
                    self.out.text.push_str(if index > 0 { " OR " } else { "" });
                    self.item(column, item, at);
                }
                self.out.text.push_str(if is_choice { ")" } else { "" });
            }
        }
    }

    fn item(&mut self, column: usize, item: &TestItem, at: Span) {
        match item {
            TestItem::Is(literal) => self.comparison(column, CompareOp::Equal, literal, at),
            TestItem::Compare(op, literal) => self.comparison(column, *op, literal, at),
            TestItem::Between { low, high, above, below } => {
                self.comparison(column, *above, low, at);
                self.out.text.push_str(" AND ");
                self.comparison(column, *below, high, at);
            }
        }
    }

    /// `Country = "US"`, `Country NOT IN ["US", "CA"]`
    fn among<'l>(
        &mut self,
        column: usize,
        mut literals: impl ExactSizeIterator<Item = &'l Literal>,
        at: Span,
        is_negated: bool,
    ) {
        if literals.len() == 1 {
            if let Some(literal) = literals.next() {
                let op = if is_negated { CompareOp::NotEqual } else { CompareOp::Equal };
                self.comparison(column, op, literal, at);
            }
            return;
        }
        self.operand(column, at);
        self.out.text.push_str(if is_negated { " NOT IN [" } else { " IN [" });
        for (index, literal) in literals.enumerate() {
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
