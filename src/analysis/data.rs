//! Which values the columns of lookup data have.

use super::possible::{Flags, Intervals, Possible, Words};
use crate::check::{Checked, Lookup};
use crate::data::{Column, MOST_DISTINCT};
use crate::types::Type;
use crate::value::{Clock, Value};
use std::rc::Rc;

/// Lookups of more keys than this are described by all values of the column.
const MOST_KEYS: usize = 64;

/// What a lookup of these keys can return: a cell of the column, or the whole row. A key that no row has makes it Blank.
pub(super) fn looked_up(
    tree: &Checked,
    (lookup, column): (&Lookup, Option<usize>),
    keys: &[Rc<Possible>],
    clock: &Clock,
) -> Possible {
    let Some(data) = tree.dataset(lookup.data) else { return Possible::any() };
    if let Some(keys) = combinations(keys) {
        let cell = |keys: &Vec<Value<'static>>| {
            let row = data.find(keys, clock)?;
            let column = column.map(|column| data.columns()[column].value(row));
            Some(column.map_or(Possible::flags(Flags::MEMBERS), |value| Possible::exactly(&value, clock)))
        };
        let blank = || Possible::exactly(&Value::Blank, clock);
        let cells = keys.iter().map(|keys| cell(keys).unwrap_or_else(blank));
        return cells.fold(Possible::none(), |all, cell| all.join(&cell));
    }
    let found = match column.and_then(|column| data.columns().get(column)) {
        Some(column) => values_of(column, clock),
        None => Possible::flags(Flags::MEMBERS),
    };
    found.with(Flags::BLANK)
}

/// All keys that a lookup can have, if they are few.
fn combinations(keys: &[Rc<Possible>]) -> Option<Vec<Vec<Value<'static>>>> {
    let mut all: Vec<Vec<Value<'static>>> = vec![Vec::new()];
    for key in keys {
        let values = in_one_case(key).listed(MOST_KEYS)?;
        let with = |before: &Vec<Value<'static>>| {
            let before = before.clone();
            values.iter().map(move |value| before.iter().cloned().chain([value.clone()]).collect())
        };
        all = all.iter().flat_map(with).collect();
        if all.len() > MOST_KEYS {
            return None;
        }
    }
    Some(all)
}

/// The key without errors, each text of it in one letter case: lookups ignore letter case.
fn in_one_case(key: &Possible) -> Possible {
    let mut key = key.clone().without_errors();
    if let Words::OneOf { any_case, .. } = &mut key.words {
        *any_case = false;
    }
    key
}

/// The values of a column.
fn values_of(column: &Column, clock: &Clock) -> Possible {
    let rows = column.distinct();
    if rows.len() > MOST_DISTINCT {
        return by_type(column);
    }
    let values = rows.iter().map(|row| Possible::exactly(&column.value(*row), clock));
    values.fold(Possible::none(), |all, value| all.join(&value))
}

fn by_type(column: &Column) -> Possible {
    if column.ty() != Type::Number {
        let any = if column.ty() == Type::Any {
            Possible::any().without_errors()
        } else {
            Possible::of_type(column.ty())
        };
        return any.with(Flags::BLANK);
    }
    let Some((low, high)) = column.bounds() else {
        return Possible::of_type(Type::Number).with(Flags::BLANK);
    };
    Possible::numbers(Intervals::between(low, high)).with(Flags::BLANK)
}
