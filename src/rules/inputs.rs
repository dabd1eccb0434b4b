//! The values of inputs: found in the row or computed from it, and read as their declared types.

use super::Rules;
use crate::check::{Input, InputFrom, InputId};
use crate::eval::{Evaluation, Observer};
use crate::syntax::ast::PathStep;
use crate::types::Type;
use crate::value::{
    Clock, ErrorValue, Value, is_empty, read_boolean_word, read_json, to_boolean, to_date, to_exact_number,
    to_text,
};

impl Rules {
    /// The values of all inputs, from those of [`Self::keys`] in a row: paths are followed, formulas computed, and a
    /// value is read as the type that its input is declared with, where it can be.
    pub fn inputs<'v>(&self, keyed: &[Value<'v>], clock: &Clock, inputs: &mut Vec<Value<'v>>) {
        self.inputs_at_places(keyed, clock, inputs);
        if self.computes_inputs {
            self.compute_inputs(&mut Evaluation::new(&self.checked, clock), inputs, &mut ());
        }
    }

    /// The same, with the warnings of the formulas counted in the row that `evaluation` computes next.
    pub fn inputs_in<'e, 'v: 'e>(
        &self,
        evaluation: &mut Evaluation<'e>,
        keyed: &[Value<'v>],
        inputs: &mut Vec<Value<'v>>,
    ) {
        self.inputs_observed(evaluation, keyed, inputs, &mut ());
    }

    /// The same, seen by `observer`.
    pub fn inputs_observed<'e, 'v: 'e, O: Observer>(
        &self,
        evaluation: &mut Evaluation<'e>,
        keyed: &[Value<'v>],
        inputs: &mut Vec<Value<'v>>,
        observer: &mut O,
    ) {
        self.inputs_at_places(keyed, evaluation.clock(), inputs);
        if self.computes_inputs {
            self.compute_inputs(evaluation, inputs, observer);
        }
    }

    /// For each input, whether the row has what its path leads to, given the values of [`Self::keys`]. An input without
    /// steps is always reached: its key is looked up elsewhere.
    pub(crate) fn reached(&self, keyed: &[Value<'_>]) -> impl Iterator<Item = bool> {
        self.checked.inputs.iter().zip(&self.key_of_input).map(|(input, key)| {
            let (InputFrom::Path(path), Some(key)) = (&input.from, key) else { return true };
            let mut value = keyed.get(*key).unwrap_or(&Value::Blank);
            path.steps.iter().all(|step| {
                let inner = match (step, value) {
                    (PathStep::Field(name), Value::Record(record)) => record.get(name),
                    (PathStep::Index(index), Value::List(items)) => items.get(*index),
                    _ => None,
                };
                inner.map(|inner| value = inner).is_some()
            })
        })
    }

    /// A value of the row as the input reads it.
    #[must_use]
    pub(crate) fn read_input<'v>(&self, input: InputId, value: Value<'v>, clock: &Clock) -> Value<'v> {
        self.read(self.checked.input(input), value, clock)
    }

    /// Inputs with a formula are Blank for now.
    fn inputs_at_places<'v>(&self, keyed: &[Value<'v>], clock: &Clock, inputs: &mut Vec<Value<'v>>) {
        inputs.clear();
        for (input, key) in self.checked.inputs.iter().zip(&self.key_of_input) {
            let (InputFrom::Path(path), Some(key)) = (&input.from, key) else {
                inputs.push(Value::Blank);
                continue;
            };
            let value = keyed.get(*key).unwrap_or(&Value::Blank);
            let value = if path.steps.is_empty() { value.clone() } else { reach(value, &path.steps) };
            inputs.push(self.read(input, value, clock));
        }
    }

    /// Formulas read keys of the row alone, so their order does not matter.
    fn compute_inputs<'e, 'v: 'e, O: Observer>(
        &self,
        evaluation: &mut Evaluation<'e>,
        inputs: &mut [Value<'v>],
        observer: &mut O,
    ) {
        evaluation.begin_row();
        let tree = evaluation.tree();
        for (id, input) in (0..).map(InputId).zip(&tree.inputs) {
            if let InputFrom::Formula(formula) = &input.from {
                let id_of_formula = tree.formula_of_input(id);
                let value = evaluation.node_observed(formula, id_of_formula, inputs, observer).into_owned();
                inputs[id.0 as usize] = self.read(input, value, evaluation.clock());
            }
        }
    }

    /// The value that an input has where this one is found or computed.
    fn read<'v>(&self, input: &Input, value: Value<'v>, clock: &Clock) -> Value<'v> {
        if self.checked.is_blank(&value) {
            return Value::Blank;
        }
        match input.declared {
            Type::Any => value,
            Type::List | Type::Record => nested(value, input),
            _ => read_as(value, input, clock),
        }
    }
}

/// Follows a declared path; what isn't there is Blank.
pub(crate) fn reach<'v>(value: &Value<'v>, steps: &[PathStep]) -> Value<'v> {
    let mut value = value.clone();
    for step in steps {
        value = match (step, &value) {
            (PathStep::Field(name), Value::Record(record)) => record.get(name).cloned().unwrap_or_default(),
            (PathStep::Index(index), Value::List(items)) => items.get(*index).cloned().unwrap_or_default(),
            (_, Value::Error(_)) => value,
            _ => Value::Blank,
        };
    }
    value
}

/// The value as its declared type, or as it is where it does not read as one; Blank stays Blank.
fn read_as<'v>(value: Value<'v>, input: &Input, clock: &Clock) -> Value<'v> {
    if is_empty(&value) {
        return value;
    }
    let read = match (input.declared, &value) {
        (Type::Number, _) => to_exact_number(&value).ok(),
        (Type::Boolean, Value::Text(text)) => read_boolean_word(text).map(Value::Boolean),
        (Type::Boolean, _) => to_boolean(&value).ok().map(Value::Boolean),
        (Type::Text, _) => to_text(&value).ok().map(Value::Text),
        (Type::Date, Value::Text(text)) if input.format.is_some() => {
            input.format.as_ref().and_then(|format| format.read(text, clock)).map(Value::Date)
        }
        (Type::Date, _) => to_date(&value, clock).ok().map(Value::Date),
        (Type::Any | Type::Blank | Type::List | Type::Record, _) => None,
    };
    read.unwrap_or(value)
}

/// The list or record that an input is declared as: the value itself, or what its text spells in JSON. Any other value
/// is an error, since functions of lists would take it as one item.
fn nested<'v>(value: Value<'v>, input: &Input) -> Value<'v> {
    let ty = input.declared;
    if crate::value::is_empty(&value) || value.ty() == ty || value.as_error().is_some() {
        return value;
    }
    if let Value::Text(text) = &value
        && let Some(spelled) = read_json(text.as_str()).ok().filter(|spelled| spelled.ty() == ty)
    {
        return spelled.into_owned();
    }
    let origin = format!("column `{}`", input.name);
    let kind = if ty == Type::List { "list" } else { "record" };
    let help = format!("`input {}: {}` takes a {kind}, or text that is one in JSON", input.name, ty.name());
    ErrorValue::value(format!("{} is not a {kind}: {help}", ErrorValue::shown(&value, Some(&origin)))).into()
}
