//! Places of the row that formulas read, and rows built from values for them.

use crate::analysis::facts::Facts;
use crate::analysis::terms::TermId;
use crate::analysis::values::Values;
use crate::check::{Checked, InputId, NodeKind, Step};
use crate::syntax::ast::PathStep;
use crate::value::{Record, Text, Value};
use std::sync::Arc;

/// A place of the row that formulas read: an input, and fields below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) key: String,
    pub(super) steps: Vec<PathStepKey>,
}

impl Place {
    /// The last name on the way to it.
    pub(super) fn name(&self) -> &str {
        let field = self.steps.iter().rev().find_map(|step| match step {
            PathStepKey::Field(name) => Some(name.as_str()),
            PathStepKey::Index(_) => None,
        });
        field.unwrap_or(&self.key)
    }
}

/// One step below a key of the row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathStepKey {
    Field(String),
    Index(usize),
}

/// The place of a term that is a column of the row, or a field below one.
pub(super) fn place_of(tree: &Checked, values: &Values<'_>, id: TermId) -> Option<Place> {
    let term = values.terms.get(id);
    match &term.node?.kind {
        NodeKind::Input(input) => input_place(tree, *input),
        NodeKind::Access { steps, .. } => {
            let mut place = place_of(tree, values, *term.children.first()?)?;
            let mut indexes = term.children[1..].iter();
            for step in steps {
                place.steps.push(match step {
                    Step::Field(name) => PathStepKey::Field(name.clone()),
                    Step::Index(_) => match values.of(*indexes.next()?, &Facts::default()).as_exact()? {
                        Value::Number(at) if (0.0..100.0).contains(&at) && at.fract() == 0.0 => {
                            PathStepKey::Index(at as usize)
                        }
                        Value::Text(name) => PathStepKey::Field(name.to_string()),
                        _ => return None,
                    },
                });
            }
            Some(place)
        }
        _ => None,
    }
}

/// Where an input is found; nothing if a formula computes it.
fn input_place(tree: &Checked, id: InputId) -> Option<Place> {
    let path = tree.input(id).path()?;
    let step = |step: &PathStep| match step {
        PathStep::Field(name) => PathStepKey::Field(name.clone()),
        PathStep::Index(at) => PathStepKey::Index(*at),
    };
    Some(Place { key: path.key.clone(), steps: path.steps.iter().map(step).collect() })
}

/// `value` put into what is there already, below these steps.
pub(super) fn placed(
    before: &Value<'static>,
    steps: &[PathStepKey],
    value: Value<'static>,
) -> Value<'static> {
    let Some((first, rest)) = steps.split_first() else { return value };
    match first {
        PathStepKey::Field(name) => {
            let mut members: Vec<(Text<'static>, Value<'static>)> = match before {
                Value::Record(record) => record.members().to_vec(),
                _ => Vec::new(),
            };
            match members.iter().position(|(key, _)| key.as_str() == name) {
                Some(at) => members[at].1 = placed(&members[at].1.clone(), rest, value),
                None => members.push((name.clone().into(), placed(&Value::Blank, rest, value))),
            }
            Value::Record(Arc::new(Record::new(members)))
        }
        PathStepKey::Index(at) => {
            let mut items: Vec<Value<'static>> = match before {
                Value::List(items) => items.to_vec(),
                _ => Vec::new(),
            };
            items.resize(items.len().max(at + 1), Value::Blank);
            items[*at] = placed(&items[*at].clone(), rest, value);
            Value::list(items)
        }
    }
}
