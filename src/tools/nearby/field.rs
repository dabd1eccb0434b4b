//! A field of a row that can be changed: a column, or what lies within records in it.

use crate::check::{Checked, InputId};
use crate::syntax::bare_or_braced;
use crate::value::{Record, Text, Value};

/// `Employee Count`, or `company.size`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field<'v> {
    /// The column of the row.
    pub input: InputId,
    /// The names to follow from there; none for the column itself.
    pub path: Vec<&'v str>,
}

impl<'v> Field<'v> {
    /// A whole column.
    pub(super) fn of(input: InputId) -> Self {
        Self { input, path: Vec::new() }
    }

    /// What lies within it under these names.
    pub(super) fn within(&self, names: &[&'v str]) -> Self {
        Self { input: self.input, path: [&self.path, names].concat() }
    }

    /// What formulas call it.
    #[must_use]
    pub fn name(&self, tree: &Checked) -> String {
        let steps = self.path.iter().map(|name| format!(".{}", bare_or_braced(name)));
        tree.input(self.input).name.clone() + &steps.collect::<String>()
    }

    /// Its value; nothing where it would lie within something other than a record.
    pub(super) fn value(&self, inputs: &[Value<'v>]) -> Option<Value<'v>> {
        let mut value = inputs[self.input.0 as usize].clone();
        for name in &self.path {
            value = match value {
                Value::Record(record) => record.get(name).cloned().unwrap_or_default(),
                Value::Blank => Value::Blank,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Gives it another value.
    pub fn set(&self, inputs: &mut [Value<'v>], value: Value<'v>) {
        let slot = &mut inputs[self.input.0 as usize];
        *slot = with(slot, &self.path, value);
    }
}

/// The value with another one at the end of the path.
fn with<'v>(whole: &Value<'v>, path: &[&'v str], value: Value<'v>) -> Value<'v> {
    let Some((first, rest)) = path.split_first() else { return value };
    let mut members = match whole {
        Value::Record(record) => record.members().to_vec(),
        _ => Vec::new(),
    };
    match members.iter_mut().rev().find(|(name, _)| name.as_str() == *first) {
        Some((_, inner)) => *inner = with(inner, rest, value),
        None => members.push((Text::Borrowed(first), with(&Value::Blank, rest, value))),
    }
    Value::Record(Record::new(members).into())
}
