//! Sums, products and powers; sums know dates.

use super::{Frame, Observer};
use crate::builtins::CallError;
use crate::check::{Addend, Node, NodeKind};
use crate::syntax::ast::{Factor, Sign};
use crate::types::Type;
use crate::value::{Date, ErrorValue, Misfit, Value, negated_digits, to_date, to_number};

impl<'v, O: Observer> Frame<'_, 'v, O> {
    pub(super) fn arithmetic(&mut self, node: &'v Node) -> Result<Value<'v>, CallError> {
        match &node.kind {
            NodeKind::Negate(operand) | NodeKind::AsNumber(operand)
                if let Some(Value::Digits(digits)) = self.peek(operand) =>
            {
                // A sign is no arithmetic: all digits stay.
                let is_negated = matches!(node.kind, NodeKind::Negate(_));
                Ok(Value::Digits(if is_negated { negated_digits(digits) } else { digits.clone() }))
            }
            NodeKind::Negate(operand) => Ok(Value::number(-self.number(operand)?)),
            NodeKind::Percent(operand) => Ok(Value::number(self.number(operand)? / 100.0)),
            NodeKind::AsNumber(operand) => Ok(Value::number(self.number(operand)?)),
            NodeKind::Sum(addends) => self.sum(addends),
            NodeKind::Product(factors) => self.product(factors),
            NodeKind::Power(operands) => self.power(operands),
            _ => Ok(Value::Blank),
        }
    }

    fn sum(&mut self, addends: &'v [Addend]) -> Result<Value<'v>, CallError> {
        let mut sum = Value::Number(0.0);
        for (index, addend) in addends.iter().enumerate() {
            let value = self.eval(&addend.node);
            self.observer.addend(addend.site, &value);
            sum = match (&sum, &value) {
                // The first is kept as it is: text is read as a number or a date by what it stands beside.
                _ if index == 0 => value,
                (Value::Number(left), Value::Number(right)) if addend.sign == Sign::Minus => {
                    Value::Number(left - right)
                }
                (Value::Number(left), Value::Number(right)) => Value::Number(left + right),
                _ => self.plus(&sum, &addends[0].node, addend.sign, &value, &addend.node)?,
            };
        }
        match sum {
            Value::Number(number) => Ok(Value::number(number)),
            other => Ok(other),
        }
    }

    /// `left + right` or `left - right`, either of which may be a date or text that reads as one.
    fn plus(
        &mut self,
        left: &Value<'v>,
        left_node: &Node,
        sign: Sign,
        right: &Value<'v>,
        right_node: &Node,
    ) -> Result<Value<'v>, CallError> {
        if let Some(error) = left.as_error().or_else(|| right.as_error()) {
            return Err(CallError(error.clone()));
        }
        let minus = sign == Sign::Minus;
        match (self.as_date(left), self.as_date(right)) {
            (Some(left), Some(right)) if minus => Ok(Value::number(left.days_since(&right))),
            (Some(_), Some(_)) => {
                Err(ErrorValue::value("two dates can't be added; a date and a number of days can").into())
            }
            (Some(date), None) => {
                // What stands beside a date and is no number was probably meant as a date.
                let days = to_number(right).map_err(|misfit| {
                    let is_other_text = misfit == Misfit::Kind && matches!(right, Value::Text(_));
                    self.misfit(
                        right_node,
                        right,
                        if is_other_text { Type::Date } else { Type::Number },
                        misfit,
                    )
                })?;
                Ok(date.plus_days(if minus { -days } else { days }, self.clock())?.into())
            }
            (None, Some(date)) if !minus => {
                Ok(date.plus_days(self.as_number(left_node, left)?, self.clock())?.into())
            }
            (None, Some(_)) => Err(self.misfit(left_node, left, Type::Date, Misfit::Kind)),
            (None, None) => {
                for (node, value) in [(left_node, left), (right_node, right)] {
                    if node.ty == Type::Date && matches!(value, Value::Text(_)) && to_number(value).is_err() {
                        return Err(self.misfit(node, value, Type::Date, Misfit::Kind));
                    }
                }
                let (left, right) = (self.as_number(left_node, left)?, self.as_number(right_node, right)?);
                Ok(Value::number(if minus { left - right } else { left + right }))
            }
        }
    }

    /// A date, or a text that reads as one; no such text reads as a number.
    fn as_date(&self, value: &Value<'v>) -> Option<Date> {
        matches!(value, Value::Date(_) | Value::Text(_)).then(|| to_date(value, self.clock()).ok())?
    }

    fn product(&mut self, factors: &'v [(Factor, Node)]) -> Result<Value<'v>, CallError> {
        let mut product = 1.0;
        for (factor, node) in factors {
            let value = self.eval(node);
            let number = self.as_number(node, &value)?;
            match factor {
                Factor::Times => product *= number,
                Factor::Divide if number == 0.0 => {
                    let shown = ErrorValue::shown(&value, self.checked().origin(node).as_deref());
                    return Err(ErrorValue::division_by_zero(format!("division by {shown}")).into());
                }
                Factor::Divide => product /= number,
            }
        }
        Ok(Value::number(product))
    }

    fn power(&mut self, operands: &'v [Node]) -> Result<Value<'v>, CallError> {
        let mut result: Option<f64> = None;
        for node in operands {
            let exponent = self.number(node)?;
            result = Some(match result {
                None => exponent,
                Some(base) if base == 0.0 && exponent == 0.0 => {
                    return Err(ErrorValue::number("0 to the power of 0 has no value").into());
                }
                Some(base) if base == 0.0 && exponent < 0.0 => {
                    return Err(ErrorValue::division_by_zero("0 to a negative power divides by zero").into());
                }
                Some(base) => base.powf(exponent),
            });
        }
        Ok(Value::number(result.unwrap_or(0.0)))
    }
}
