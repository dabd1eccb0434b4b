//! The cells of one column, close together in memory.

use crate::types::Type;
use crate::value::{Text, Value};
use std::sync::OnceLock;

/// A column of lookup data.
#[derive(Debug)]
pub struct Column {
    name: String,
    cells: Cells,
    ty: Type,
    /// The first row with each value, once the analysis needs it.
    distinct: OnceLock<Vec<usize>>,
    /// The least and the greatest number, once the analysis needs them.
    bounds: OnceLock<Option<(f64, f64)>>,
}

/// More distinct values of a column than this are not listed.
pub const MOST_DISTINCT: usize = 64;

#[derive(Debug)]
enum Cells {
    /// A number for each row; NaN is Blank.
    Numbers(Vec<f64>),
    /// All texts one after the other, and where each ends. An empty text is Blank.
    Texts { text: String, ends: Vec<u32> },
    /// Anything else.
    Values(Vec<Value<'static>>),
}

impl Column {
    /// The name; empty for a list of values.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of all values that are not Blank; Any where they are of several.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// The cell of a row, borrowing its text; Blank beyond the last row.
    #[must_use]
    pub fn value(&self, row: usize) -> Value<'_> {
        match &self.cells {
            Cells::Numbers(numbers) => match numbers.get(row) {
                Some(number) if !number.is_nan() => Value::Number(*number),
                _ => Value::Blank,
            },
            Cells::Texts { text, ends } => {
                let start = row.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                let end = ends.get(row).copied().unwrap_or(start);
                match text.get(start as usize..end as usize) {
                    Some(text) if !text.is_empty() => Value::Text(Text::Borrowed(text)),
                    _ => Value::Blank,
                }
            }
            Cells::Values(values) => values.get(row).cloned().unwrap_or_default(),
        }
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first row with each value. One more than [`MOST_DISTINCT`] are returned if there are more.
    #[must_use]
    pub fn distinct(&self) -> &[usize] {
        self.distinct.get_or_init(|| {
            let mut seen: Vec<Value<'_>> = Vec::new();
            let mut rows = Vec::new();
            for row in 0..self.len() {
                let value = self.value(row);
                if !seen.contains(&value) {
                    seen.push(value);
                    rows.push(row);
                }
                if rows.len() > MOST_DISTINCT {
                    break;
                }
            }
            rows
        })
    }

    /// The least and the greatest number; nothing if a value is neither a number nor Blank.
    #[must_use]
    pub fn bounds(&self) -> Option<(f64, f64)> {
        *self.bounds.get_or_init(|| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for row in 0..self.len() {
                match self.value(row) {
                    Value::Number(number) => (low, high) = (low.min(number), high.max(number)),
                    Value::Blank => {}
                    _ => return None,
                }
            }
            Some((low, high))
        })
    }

    fn new(name: String, cells: Cells, ty: Type) -> Self {
        Self { name, cells, ty, distinct: OnceLock::new(), bounds: OnceLock::new() }
    }
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts { ends, .. } => ends.len(),
            Self::Values(values) => values.len(),
        }
    }
}

/// A column that grows row by row, in the form that its values so far allow.
#[derive(Debug)]
pub struct ColumnBuilder {
    name: String,
    cells: Cells,
    ty: Type,
}

impl ColumnBuilder {
    /// A column that is Blank in `rows` rows.
    #[must_use]
    pub fn new(name: &str, rows: usize) -> Self {
        Self { name: name.to_owned(), cells: Cells::Numbers(vec![f64::NAN; rows]), ty: Type::Blank }
    }

    /// Adds the cell of the next row. An empty text is Blank.
    pub fn push(&mut self, value: &Value<'_>) {
        let value = if matches!(value, Value::Text(text) if text.is_empty()) { &Value::Blank } else { value };
        self.ty = self.ty.or(value.ty());
        match (&mut self.cells, value) {
            (Cells::Numbers(numbers), Value::Number(number)) => return numbers.push(*number),
            (Cells::Numbers(numbers), Value::Blank) => return numbers.push(f64::NAN),
            (Cells::Texts { text, ends }, Value::Text(next))
                if text.len() + next.len() < u32::MAX as usize =>
            {
                text.push_str(next);
                ends.push(text.len() as u32);
                return;
            }
            (Cells::Texts { text, ends }, Value::Blank) => return ends.push(text.len() as u32),
            _ => {}
        }
        self.widen(value);
        if let Cells::Values(values) = &mut self.cells {
            values.push(value.clone().into_owned());
        } else {
            self.push(value);
        }
    }

    /// More rows for a column.
    #[must_use]
    pub fn of(column: Column) -> Self {
        let ty = if column.ty == Type::Any && matches!(column.cells, Cells::Numbers(_)) {
            Type::Blank
        } else {
            column.ty
        };
        Self { name: column.name, cells: column.cells, ty }
    }

    /// The number of rows so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no rows yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a form that has room for one more kind of value.
    fn widen(&mut self, value: &Value<'_>) {
        let all_blank =
            matches!(&self.cells, Cells::Numbers(numbers) if numbers.iter().all(|number| number.is_nan()));
        let is_text = matches!(value, Value::Text(_));
        if all_blank && is_text {
            self.cells = Cells::Texts { text: String::new(), ends: vec![0; self.len()] };
            return;
        }
        if matches!(self.cells, Cells::Values(_)) {
            return;
        }
        let cells = std::mem::replace(&mut self.cells, Cells::Values(Vec::new()));
        let column = Column::new(String::new(), cells, Type::Any);
        self.cells = Cells::Values((0..column.len()).map(|row| column.value(row).into_owned()).collect());
    }

    /// The column.
    #[must_use]
    pub fn finish(self) -> Column {
        let ty = if self.ty == Type::Blank { Type::Any } else { self.ty };
        Column::new(self.name, self.cells, ty)
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnBuilder;
    use crate::types::Type;
    use crate::value::Value;

    #[test]
    fn cells_are_what_was_put_in() {
        let all: Vec<Value<'_>> = vec![
            Value::Blank,
            Value::Number(5.0),
            Value::borrowed("a"),
            Value::borrowed(""),
            Value::Boolean(true),
            Value::borrowed("é"),
        ];
        // Every choice of values, in every order of up to four of them.
        for code in 0..all.len().pow(4) {
            let picked: Vec<&Value<'_>> =
                (0..4).map(|place| &all[code / all.len().pow(place) % all.len()]).collect();
            let mut column = ColumnBuilder::new("c", 1);
            picked.iter().for_each(|value| column.push(value));
            let column = column.finish();
            assert_eq!(column.value(0), Value::Blank);
            for (row, value) in picked.iter().enumerate() {
                let wanted = if **value == Value::borrowed("") { Value::Blank } else { (*value).clone() };
                assert_eq!(column.value(row + 1), wanted, "{picked:?}");
            }
            assert_eq!((column.len(), column.value(5)), (5, Value::Blank));
        }
    }

    #[test]
    fn a_column_has_the_type_that_its_values_share() {
        let ty = |values: &[Value<'_>]| {
            let mut column = ColumnBuilder::new("c", 0);
            values.iter().for_each(|value| column.push(value));
            column.finish().ty()
        };
        assert_eq!(ty(&[Value::Blank, Value::Number(1.0)]), Type::Number);
        assert_eq!(ty(&[Value::borrowed("a"), Value::Blank]), Type::Text);
        assert_eq!(ty(&[Value::borrowed("a"), Value::Number(1.0)]), Type::Any);
        assert_eq!(ty(&[]), Type::Any);
    }
}
