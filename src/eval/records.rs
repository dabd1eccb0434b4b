//! Records that are written out.

use super::{Frame, Observer, within_bounds};
use crate::builtins::CallError;
use crate::check::{Member, Node};
use crate::value::{ErrorValue, Record, Text, Value, is_empty};
use std::collections::HashMap;
use std::sync::Arc;

impl<'v, O: Observer> Frame<'_, 'v, O> {
    /// The record of these items, or the first error among them.
    pub(super) fn record(&mut self, items: &'v [Member]) -> Result<Value<'v>, CallError> {
        let mut members = Members::default();
        let has_spread = items.iter().any(|item| item.name.is_none());
        for item in items {
            let value = self.eval(&item.node);
            if let Value::Error(error) = value {
                return Err(CallError(error));
            }
            match &item.name {
                // The checker refuses a name that is written twice.
                Some(name) if !has_spread => members.list.push((Text::Borrowed(name), value)),
                Some(name) => members.set(Text::Borrowed(name), value),
                None => self.spread(&item.node, &value, &mut members)?,
            }
        }
        within_bounds(Value::Record(Arc::new(Record::new(members.list))), "record")
    }

    /// Adds the members of a record; an empty value has none.
    fn spread(&self, node: &Node, value: &Value<'v>, members: &mut Members<'v>) -> Result<(), CallError> {
        match value {
            Value::Record(other) => {
                other.members().iter().for_each(|(name, value)| members.set(name.clone(), value.clone()));
            }
            empty if is_empty(empty) => {}
            _ => {
                let shown = ErrorValue::shown(value, self.checked().origin(node).as_deref());
                return Err(ErrorValue::value(format!("{shown} is not a record, which `...` needs")).into());
            }
        }
        Ok(())
    }
}

/// The members so far. A later one takes the place of an earlier one of the same name.
#[derive(Default)]
struct Members<'v> {
    list: Vec<(Text<'v>, Value<'v>)>,
    places: HashMap<Text<'v>, usize>,
}

impl<'v> Members<'v> {
    fn set(&mut self, name: Text<'v>, value: Value<'v>) {
        let place = *self.places.entry(name.clone()).or_insert(self.list.len());
        match self.list.get_mut(place) {
            Some(member) => member.1 = value,
            None => self.list.push((name, value)),
        }
    }
}
