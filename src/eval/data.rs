//! Lookups in data: a row is found without a copy of its keys or texts.

use super::{Frame, Observer, made_list};
use crate::builtins::CallError;
use crate::check::{DataId, Lookup};
use crate::data::{Dataset, MOST_LISTED};
use crate::value::{ErrorValue, Value};

/// A lookup by one key, and the row that it found.
#[derive(Debug)]
pub(super) struct LastLookup<'v> {
    data: DataId,
    key: Value<'v>,
    row: Option<usize>,
}

impl<'v, O: Observer> Frame<'_, 'v, O> {
    /// The row, or the cell of it, that has the keys; Blank if there is none.
    pub(super) fn lookup(&mut self, lookup: &'v Lookup) -> Value<'v> {
        let Some(data) = self.checked().dataset(lookup.data) else { return Value::Blank };
        let base = self.evaluation.arguments.len();
        for key in &lookup.keys {
            let value = self.eval(key);
            if let Value::Error(_) = value {
                self.evaluation.arguments.truncate(base);
                return value;
            }
            self.evaluation.arguments.push(value);
        }
        let row = self.found(lookup.data, data, base);
        self.observer.looked_up(lookup, &self.evaluation.arguments[base..], row);
        self.evaluation.arguments.truncate(base);
        match (row, lookup.column) {
            (None, _) => Value::Blank,
            (Some(row), Some(column)) => {
                data.columns().get(column).map(|column| column.value(row)).unwrap_or_default()
            }
            (Some(row), None) => data.row(row),
        }
    }

    /// The row with the keys that begin at `base` of the arguments.
    fn found(&mut self, id: DataId, data: &Dataset, base: usize) -> Option<usize> {
        let keys = &self.evaluation.arguments[base..];
        let [key @ Value::Text(_)] = keys else { return data.find(keys, self.clock()) };
        if let Some(last) = &self.evaluation.last_lookup
            && last.data == id
            && last.key == *key
        {
            return last.row;
        }
        let row = data.find(keys, self.clock());
        let key = key.clone();
        self.evaluation.last_lookup = Some(LastLookup { data: id, key, row });
        row
    }

    /// Data as a value.
    pub(super) fn whole_data(&self, id: DataId) -> Result<Value<'v>, CallError> {
        let Some(data) = self.checked().dataset(id) else { return made_list(Vec::new()) };
        if data.len() > MOST_LISTED {
            let name = &self.checked().data[id.0 as usize].name.value;
            let message = format!(
                "`{name}` has {} rows, and formulas go through {MOST_LISTED} at most: look rows up by their keys",
                data.len()
            );
            return Err(ErrorValue::value(message).into());
        }
        Ok(data.whole().clone())
    }
}
