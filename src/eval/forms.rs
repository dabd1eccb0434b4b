//! Buckets, choices by number, and bodies that are evaluated for each item of a list.

use super::{Frame, Observer, WarningKind, input_of, made_list};
use crate::builtins::{CallError, Each};
use crate::check::{Arm, Branch, LocalId, Node};
use crate::types::Type;
use crate::value::{ErrorValue, Value, is_empty, order, to_boolean, to_number};

impl<'v, O: Observer> Frame<'_, 'v, O> {
    /// The result of the first threshold that the value is below; Blank for an empty value and for text that is no number.
    pub(super) fn bucket(
        &mut self,
        value: &'v Node,
        steps: &'v [Branch],
        otherwise: Option<&'v Arm>,
    ) -> Result<Value<'v>, CallError> {
        let sorted = self.eval(value);
        if let Value::Error(error) = sorted {
            return Err(CallError(error));
        }
        let first = steps.first().map(|step| step.site);
        if is_empty(&sorted) {
            self.warn(WarningKind::EmptyComparison, input_of(value));
            self.none_of(first);
            return Ok(Value::Blank);
        }
        if matches!(sorted, Value::Text(_)) && to_number(&sorted).is_err() {
            self.warn(WarningKind::UnreadableComparison, input_of(value));
            self.none_of(first);
            return Ok(Value::Blank);
        }
        let number = Value::Number(self.as_number(value, &sorted)?);
        for step in steps {
            let threshold = Value::Number(self.number(&step.condition)?);
            if order(&number, &threshold, self.clock()).is_ok_and(std::cmp::Ordering::is_lt) {
                return Ok(self.chosen(step.site, &step.result));
            }
        }
        let Some(arm) = otherwise else {
            self.none_of(first);
            return Ok(Value::Blank);
        };
        Ok(self.chosen(arm.site, &arm.node))
    }

    pub(super) fn pick(&mut self, index: &'v Node, arms: &'v [Arm]) -> Result<Value<'v>, CallError> {
        let number = self.number(index)?.trunc();
        let arm = if number >= 1.0 { arms.get(number as usize - 1) } else { None };
        let Some(arm) = arm else {
            let message = format!("CHOOSE has {} values, and {number} is asked for", arms.len());
            return Err(ErrorValue::value(message).into());
        };
        Ok(self.chosen(arm.site, &arm.node))
    }

    pub(super) fn each(
        &mut self,
        each: Each,
        list_and_body: &'v (Node, Node),
        local: LocalId,
    ) -> Result<Value<'v>, CallError> {
        let (list, body) = (self.eval(&list_and_body.0), &list_and_body.1);
        let items = match &list {
            Value::Error(error) => return Err(CallError(error.clone())),
            Value::List(items) => &items[..],
            empty if is_empty(empty) => &[],
            single => std::slice::from_ref(single),
        };
        let mut kept = Vec::new();
        let mut count = 0;
        for item in items {
            self.bind(local, item.clone());
            let value = self.eval(body);
            match (each, value.as_error()) {
                (Each::Map, _) => kept.push(value),
                (Each::Keyed, Some(error)) => return Err(CallError(error.clone())),
                (Each::Keyed, None) => kept.push(Value::list(vec![value, item.clone()])),
                _ => {
                    if let Some(decided) = self.tested(each, (body, &value), item, &mut kept, &mut count)? {
                        return Ok(decided);
                    }
                }
            }
        }
        Ok(match each {
            Each::Any => Value::Boolean(false),
            Each::All => Value::Boolean(true),
            Each::CountIf => Value::Number(f64::from(count)),
            Each::Filter | Each::Map => return made_list(kept),
            // The pairs are no value of a formula: what is made of them has the items of the list.
            Each::Keyed => Value::list(kept),
        })
    }

    /// What a condition makes of one item: the result, where that is decided.
    fn tested(
        &mut self,
        each: Each,
        (body, value): (&'v Node, &Value<'v>),
        item: &Value<'v>,
        kept: &mut Vec<Value<'v>>,
        count: &mut u32,
    ) -> Result<Option<Value<'v>>, CallError> {
        let held = to_boolean(value).map_err(|misfit| self.misfit(body, value, Type::Boolean, misfit))?;
        match (each, held) {
            (Each::Any, true) => return Ok(Some(Value::Boolean(true))),
            (Each::All, false) => return Ok(Some(Value::Boolean(false))),
            (Each::Filter, true) => kept.push(item.clone()),
            (Each::CountIf, true) => *count += 1,
            _ => {}
        }
        Ok(None)
    }

    /// REDUCE: an error of the formula is the result.
    pub(super) fn reduce(
        &mut self,
        [list, start, formula]: &'v [Node; 3],
        total: LocalId,
        item: LocalId,
    ) -> Result<Value<'v>, CallError> {
        let list = self.eval(list);
        let mut so_far = self.eval(start);
        let items = match &list {
            Value::Error(error) => return Err(CallError(error.clone())),
            Value::List(items) => &items[..],
            empty if is_empty(empty) => &[],
            single => std::slice::from_ref(single),
        };
        for one in items {
            if let Value::Error(error) = so_far {
                return Err(CallError(error));
            }
            self.bind(total, so_far);
            self.bind(item, one.clone());
            so_far = self.eval(formula);
        }
        Ok(so_far)
    }
}
