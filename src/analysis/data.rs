//! Which values the columns of lookup data have.

use super::possible::{Flags, Intervals, Possible};
use crate::check::{Checked, Lookup};
use crate::data::{Column, Dataset};
use crate::types::Type;
use crate::value::{Clock, Value};

/// Columns with more distinct values than this are described by their type and range alone.
const MOST_VALUES: usize = 64;

/// What a lookup can return. A key that no row has makes it Blank.
pub(super) fn looked_up(tree: &Checked, lookup: &Lookup, clock: &Clock) -> Possible {
    let Some(data) = tree.dataset(lookup.data) else { return Possible::any() };
    let found = match lookup.column.and_then(|column| data.columns().get(column)) {
        Some(column) => values_of(data, column, clock),
        None => Possible::flags(Flags::MEMBERS),
    };
    found.with(Flags::BLANK)
}

/// The values of a column.
fn values_of(data: &Dataset, column: &Column, clock: &Clock) -> Possible {
    let mut seen: Vec<Value<'_>> = Vec::new();
    for row in 0..data.len() {
        let value = column.value(row);
        if !seen.contains(&value) {
            seen.push(value);
        }
        if seen.len() > MOST_VALUES {
            return by_type(data, column);
        }
    }
    seen.iter().fold(Possible::none(), |all, value| all.join(&Possible::exactly(value, clock)))
}

fn by_type(data: &Dataset, column: &Column) -> Possible {
    if column.ty() != Type::Number {
        let any = if column.ty() == Type::Any {
            Possible::any().without_errors()
        } else {
            Possible::of_type(column.ty())
        };
        return any.with(Flags::BLANK);
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for row in 0..data.len() {
        match column.value(row) {
            Value::Number(number) => (low, high) = (low.min(number), high.max(number)),
            Value::Blank => {}
            _ => return Possible::of_type(Type::Number).with(Flags::BLANK),
        }
    }
    Possible::numbers(Intervals::between(low, high)).with(Flags::BLANK)
}
