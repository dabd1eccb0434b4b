//! Lookup data that a rule file contains: `data Points = {"Software": 30}`, `data Rivals = ["a.com", "b.com"]`.

use super::data_table::{DataTable, Mixed};
use crate::data::Dataset;
use crate::diagnostics::{DataError, Source};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{DataDeclaration, Expr, ExprKind, RecordItem, Sign};
use crate::syntax::bare_or_braced;
use crate::value::{Record, Text, Value, with_digits_of};
use std::sync::Arc;

/// The column of the keys, and that of the values where these are not records.
const COLUMNS: [&str; 2] = ["key", "value"];

/// The rows that a declaration contains, indexed.
pub(super) fn dataset(
    declaration: &DataDeclaration,
    values: &Expr,
    source: &Source,
) -> Result<Dataset, Box<DataError>> {
    let reader = Reader { declaration, source, table: DataTable::default(), keys: Vec::new(), counted: None };
    match &values.kind {
        ExprKind::Record(items) => reader.keyed(items, values.span),
        ExprKind::List(items) => reader.listed(items),
        _ => Err(reader.not_constant(values.span).into()),
    }
}

struct Reader<'a> {
    declaration: &'a DataDeclaration,
    source: &'a Source,
    table: DataTable,
    /// Where the keys are that rows were read for.
    keys: Vec<Span>,
    /// The offset of the row read last, and its line.
    counted: Option<(usize, usize)>,
}

impl Reader<'_> {
    /// `{"Software": 30}`, `{"US": {owner: "Ada"}}`
    fn keyed(mut self, items: &[RecordItem], at: Span) -> Result<Dataset, Box<DataError>> {
        let has_members = |item: &RecordItem| matches!(item.value().kind, ExprKind::Record(_));
        let of_records = items.first().is_some_and(has_members);
        self.table.column(COLUMNS[0]);
        if !of_records {
            self.table.column(COLUMNS[1]);
        }
        for item in items {
            let RecordItem::Member { name, value } = item else {
                return Err(self.not_constant(item.value().span).into());
            };
            if of_records != has_members(item) {
                let wanted = if of_records {
                    "a record, as the first value is"
                } else {
                    "a value that is not a record, as the first one is"
                };
                return Err(invalid(wanted, value.span).into());
            }
            refuse_own_key(value)?;
            let line = self.line(name.span);
            self.table.push(COLUMNS[0], &Value::borrowed(&name.value));
            match self.constant(value)? {
                Value::Record(record) => self.table.members(&record),
                value => self.table.push(COLUMNS[1], &value),
            }
            self.table.end_row(line);
            self.keys.push(name.span);
        }
        let key = Spanned::new(COLUMNS[0].to_owned(), at);
        let indexed = self.table.finish(self.declaration, &[key]);
        let data = indexed.map_err(|error| error.report(self.declaration, &self.keys))?;
        let answer = data.column(COLUMNS[1]).filter(|_| !of_records);
        Ok(data.answering(answer))
    }

    /// `["a.com", "b.com"]`, `[{low: 0, label: "S"}]`
    fn listed(mut self, items: &[Expr]) -> Result<Dataset, Box<DataError>> {
        if items.is_empty() {
            self.table.column("");
        }
        for item in items {
            let value = self.constant(item)?;
            let line = self.line(item.span);
            self.table.add(&value, line).map_err(|mixed| {
                let wanted = match mixed {
                    Mixed::Record => "a value that is not a record, as those before it are",
                    Mixed::Value => "a record, as those before it are",
                };
                invalid(wanted, item.span)
            })?;
            self.keys.push(item.span);
        }
        let indexed = self.table.finish(self.declaration, &self.declaration.keys);
        indexed.map_err(|error| error.report(self.declaration, &self.keys).into())
    }

    /// The value of an expression that reads and computes nothing.
    fn constant(&self, expr: &Expr) -> Result<Value<'static>, Box<DataError>> {
        match &expr.kind {
            ExprKind::Number(number) => Ok(with_digits_of(expr.span.of(self.source.text()), *number)),
            ExprKind::Text(text) => Ok(Value::text(text.as_str())),
            ExprKind::Boolean(boolean) => Ok(Value::Boolean(*boolean)),
            ExprKind::Sign { op, operand } => match (self.constant(operand)?, op) {
                (Value::Number(number), Sign::Minus) => Ok(Value::Number(-number)),
                (Value::Number(number), Sign::Plus) => Ok(Value::Number(number)),
                _ => Err(self.not_constant(expr.span).into()),
            },
            ExprKind::Percent(operand) => match self.constant(operand)? {
                Value::Number(number) => Ok(Value::Number(number / 100.0)),
                _ => Err(self.not_constant(expr.span).into()),
            },
            ExprKind::List(items) => {
                Ok(Value::list(items.iter().map(|item| self.constant(item)).collect::<Result<_, _>>()?))
            }
            ExprKind::Record(items) => {
                let member = |item: &RecordItem| self.member(item);
                let members = items.iter().map(member).collect::<Result<_, _>>()?;
                Ok(Value::Record(Arc::new(Record::new(members))))
            }
            _ => Err(self.not_constant(expr.span).into()),
        }
    }

    fn member(&self, item: &RecordItem) -> Result<(Text<'static>, Value<'static>), Box<DataError>> {
        match item {
            RecordItem::Member { name, value } => Ok((Text::from(name.value.clone()), self.constant(value)?)),
            RecordItem::Spread(other) => Err(self.not_constant(other.span).into()),
        }
    }

    /// The line of a place; places are asked for in the order of the text, so that each byte is counted once.
    fn line(&mut self, at: Span) -> usize {
        let start = at.start as usize;
        let line = match self.counted {
            Some((before, line)) => {
                let between = self.source.text().get(before..start).unwrap_or_default();
                line + between.bytes().filter(|byte| *byte == b'\n').count()
            }
            None => self.source.position(start).line,
        };
        self.counted = Some((start, line));
        line
    }

    fn not_constant(&self, at: Span) -> DataError {
        let name = bare_or_braced(&self.declaration.name.value);
        let written = self.declaration.source.span.of(self.source.text());
        let opens = written.starts_with('{');
        let values = match written.contains('\n') {
            true if opens => "{…}".to_owned(),
            true => "[…]".to_owned(),
            false => written.to_owned(),
        };
        DataError::InlineData { name, values, at }
    }
}

fn invalid(wanted: &'static str, at: Span) -> DataError {
    DataError::InvalidData { wanted, at }
}

/// A member of this name would hide the key.
fn refuse_own_key(value: &Expr) -> Result<(), Box<DataError>> {
    let ExprKind::Record(items) = &value.kind else { return Ok(()) };
    let names = items.iter().filter_map(|item| match item {
        RecordItem::Member { name, .. } => Some(name),
        RecordItem::Spread(_) => None,
    });
    match names.into_iter().find(|name| name.value == COLUMNS[0]) {
        Some(name) => Err(invalid("another name, since `key` is the column of the keys", name.span).into()),
        None => Ok(()),
    }
}
