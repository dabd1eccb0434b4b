//! Comparisons, conditions and branches: evaluated left to right, and only as far as needed.

use super::{Frame, Observer, WarningKind, input_of};
use crate::builtins::CallError;
use crate::check::{Arm, Branch, Case, Node, NodeKind};
use crate::syntax::ast::CompareOp;
use crate::types::Type;
use crate::value::{
    ErrorCode, ErrorValue, Incomparable, Value, equal, is_empty, order, to_boolean, to_date, to_number,
};

impl<'v, O: Observer> Frame<'_, 'v, O> {
    pub(super) fn condition_node(&mut self, node: &'v Node) -> Value<'v> {
        let result = match &node.kind {
            NodeKind::Not(operand) => self.holds(operand).map(|held| Value::Boolean(!held)),
            NodeKind::And(arms) => self.all_arms(arms, false),
            NodeKind::Or(arms) => self.all_arms(arms, true),
            NodeKind::InArms { needle, arms, negated } => self.in_arms(needle, arms, *negated),
            NodeKind::InList { needle_and_list, negated } => self.in_list(needle_and_list, *negated),
            NodeKind::Choose { branches, otherwise, or_not_available } => {
                self.choose(branches, otherwise.as_deref(), *or_not_available)
            }
            NodeKind::Switch { value, cases, otherwise } => self.switch(value, cases, otherwise.as_deref()),
            NodeKind::Rescue { value, fallback, only_not_available } => {
                Ok(self.rescue(value, fallback, *only_not_available))
            }
            NodeKind::Coalesce(arms) => Ok(self.coalesce(arms)),
            NodeKind::Bucket { value, steps, otherwise } => self.bucket(value, steps, otherwise.as_deref()),
            NodeKind::Pick { index, arms } => self.pick(index, arms),
            NodeKind::Each { each, list_and_body, local } => self.each(*each, list_and_body, *local),
            NodeKind::Reduce { list_start_formula, total, item } => {
                self.reduce(list_start_formula, *total, *item)
            }
            _ => Ok(Value::Blank),
        };
        result.unwrap_or_else(|error| Value::Error(error.0))
    }

    pub(super) fn compare(&mut self, op: CompareOp, lhs: &'v Node, rhs: &'v Node) -> Value<'v> {
        let made_left = self.peek(lhs).is_none().then(|| self.eval(lhs));
        let made_right = self.peek(rhs).is_none().then(|| self.eval(rhs));
        let blank = Value::Blank;
        let left = made_left.as_ref().or_else(|| self.peek(lhs)).unwrap_or(&blank);
        let right = made_right.as_ref().or_else(|| self.peek(rhs)).unwrap_or(&blank);
        if let Some(error) = left.as_error().or_else(|| right.as_error()) {
            return Value::Error(error.clone());
        }
        let clock = self.clock();
        let (held, warning) = match op {
            CompareOp::Equal | CompareOp::NotEqual => {
                let is_equal = equal(left, right, clock);
                let is_unread = !is_equal
                    && (self.is_unreadable(lhs, left, right) || self.is_unreadable(rhs, right, left));
                (is_equal == (op == CompareOp::Equal), is_unread.then_some(Incomparable::Unreadable))
            }
            _ => match order(left, right, clock) {
                Ok(ordering) => (op.is_true_of(ordering), None),
                Err(reason) => (false, Some(reason)),
            },
        };
        let subject = warning.map(|reason| if reason.is_due_to_second(left, right) { rhs } else { lhs });
        if O::SEES_COMPARISONS {
            let (left, right) = (left.clone(), right.clone());
            self.observer.compared((lhs, rhs), (&left, &right), held);
        }
        if let (Some(reason), Some(subject)) = (warning, subject) {
            let other = if std::ptr::eq(subject, lhs) { rhs } else { lhs };
            self.warn(WarningKind::from(reason), input_of(subject).or_else(|| input_of(other)));
        }
        Value::Boolean(held)
    }

    /// Whether a value is text although its input is declared as a type as which `other` reads: it differs from `other`
    /// only because it could not be read.
    fn is_unreadable(&self, node: &Node, value: &Value<'v>, other: &Value<'v>) -> bool {
        let (NodeKind::Input(id), Value::Text(_)) = (&node.kind, value) else { return false };
        let reads = match self.checked().input(*id).declared {
            Type::Number => to_number(other).is_ok(),
            Type::Boolean => to_boolean(other).is_ok(),
            Type::Date => to_date(other, self.clock()).is_ok(),
            _ => false,
        };
        reads && !is_empty(value) && !is_empty(other)
    }

    fn warn_unread(&mut self, is_unread: bool, subject: &Node) {
        if is_unread {
            self.warn(WarningKind::UnreadableComparison, input_of(subject));
        }
    }

    /// Whether the condition holds.
    fn holds(&mut self, node: &'v Node) -> Result<bool, CallError> {
        let value = match self.peek(node) {
            Some(Value::Boolean(held)) => return Ok(*held),
            _ => self.eval(node),
        };
        to_boolean(&value).map_err(|misfit| self.misfit(node, &value, Type::Boolean, misfit))
    }

    /// OR (`decisive` TRUE) or AND (FALSE): the first arm with that value decides. A list stands for its items.
    fn all_arms(&mut self, arms: &'v [Arm], decisive: bool) -> Result<Value<'v>, CallError> {
        for arm in arms {
            let value = self.eval(&arm.node);
            let held = match &value {
                Value::List(items) => {
                    let mut decided = !decisive;
                    for item in items.iter().filter(|item| !is_empty(item)) {
                        let held = to_boolean(item)
                            .map_err(|misfit| self.misfit(&arm.node, item, Type::Boolean, misfit))?;
                        if held == decisive {
                            decided = decisive;
                            break;
                        }
                    }
                    decided
                }
                single => to_boolean(single)
                    .map_err(|misfit| self.misfit(&arm.node, single, Type::Boolean, misfit))?,
            };
            self.observer.arm(arm.site, held);
            if held == decisive {
                return Ok(Value::Boolean(decisive));
            }
        }
        self.none_of(arms.first().map(|arm| arm.site));
        Ok(Value::Boolean(!decisive))
    }

    fn in_arms(&mut self, subject: &'v Node, arms: &'v [Arm], negated: bool) -> Result<Value<'v>, CallError> {
        let needle = self.eval(subject);
        if let Value::Error(error) = needle {
            return Err(CallError(error));
        }
        let mut is_unread = false;
        for arm in arms {
            let item = self.eval(&arm.node);
            if let Value::Error(error) = item {
                return Err(CallError(error));
            }
            let held = equal(&needle, &item, self.clock());
            self.observer.arm(arm.site, held);
            if held {
                return Ok(Value::Boolean(!negated));
            }
            is_unread |= self.is_unreadable(subject, &needle, &item);
        }
        self.warn_unread(is_unread, subject);
        self.none_of(arms.first().map(|arm| arm.site));
        Ok(Value::Boolean(negated))
    }

    fn in_list(&mut self, needle_and_list: &'v (Node, Node), negated: bool) -> Result<Value<'v>, CallError> {
        let needle = self.eval(&needle_and_list.0);
        if let NodeKind::Data(id) = needle_and_list.1.kind
            && let Some(data) = self.checked().dataset(id).filter(|data| data.is_list_of_values())
            && needle.as_error().is_none()
        {
            return Ok(Value::Boolean(data.contains(&needle, self.clock()) != negated));
        }
        let list = self.eval(&needle_and_list.1);
        if let Some(error) = needle.as_error().or_else(|| list.as_error()) {
            return Err(CallError(error.clone()));
        }
        let found = match &list {
            Value::List(items) => items.iter().any(|item| equal(&needle, item, self.clock())),
            empty if is_empty(empty) => false,
            single => equal(&needle, single, self.clock()),
        };
        Ok(Value::Boolean(found != negated))
    }

    /// Tells that of the results or arms that begin at `first` none decided.
    pub(super) fn none_of(&mut self, first: Option<crate::check::SiteId>) {
        if let Some(first) = first {
            self.observer.none(first);
        }
    }

    /// The value of an arm that was chosen.
    pub(super) fn chosen(&mut self, site: crate::check::SiteId, node: &'v Node) -> Value<'v> {
        let value = self.eval(node);
        self.observer.branch(site, &value);
        value
    }

    fn choose(
        &mut self,
        branches: &'v [Branch],
        otherwise: Option<&'v Arm>,
        or_not_available: bool,
    ) -> Result<Value<'v>, CallError> {
        for branch in branches {
            if self.holds(&branch.condition)? {
                return Ok(self.chosen(branch.site, &branch.result));
            }
        }
        if otherwise.is_none() {
            self.none_of(branches.first().map(|branch| branch.site));
        }
        match otherwise {
            Some(arm) => Ok(self.chosen(arm.site, &arm.node)),
            None if or_not_available => Err(ErrorValue::not_available("no condition of IFS holds").into()),
            None => Ok(Value::Blank),
        }
    }

    fn switch(
        &mut self,
        subject: &'v Node,
        cases: &'v [Case],
        otherwise: Option<&'v Arm>,
    ) -> Result<Value<'v>, CallError> {
        let origin = self.checked().origin(subject);
        let value = self.eval(subject);
        if let Value::Error(error) = value {
            return Err(CallError(error));
        }
        let mut is_unread = false;
        for case in cases {
            let wanted = self.eval(&case.case);
            if let Value::Error(error) = wanted {
                return Err(CallError(error));
            }
            if equal(&value, &wanted, self.clock()) {
                return Ok(self.chosen(case.site, &case.result));
            }
            is_unread |= self.is_unreadable(subject, &value, &wanted);
        }
        self.warn_unread(is_unread, subject);
        let Some(arm) = otherwise else {
            self.none_of(cases.first().map(|case| case.site));
            let shown = ErrorValue::shown(&value, origin.as_deref());
            return Err(ErrorValue::not_available(format!("no case of SWITCH equals {shown}")).into());
        };
        Ok(self.chosen(arm.site, &arm.node))
    }

    fn rescue(&mut self, value: &'v Arm, fallback: &'v Arm, only_not_available: bool) -> Value<'v> {
        let tried = self.eval(&value.node);
        let is_replaced = tried
            .as_error()
            .is_some_and(|error| !only_not_available || error.code == ErrorCode::NotAvailable);
        if is_replaced {
            return self.chosen(fallback.site, &fallback.node);
        }
        self.observer.branch(value.site, &tried);
        tried
    }

    fn coalesce(&mut self, arms: &'v [Arm]) -> Value<'v> {
        for arm in arms {
            let value = self.eval(&arm.node);
            if !is_empty(&value) {
                self.observer.branch(arm.site, &value);
                return value;
            }
        }
        self.none_of(arms.first().map(|arm| arm.site));
        Value::Blank
    }
}
