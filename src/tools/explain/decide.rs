//! What a choice came to.

use super::walk::Walk;
use super::{Condition, Reason, points_of, shown};
use crate::check::{Arm, Branch, Case, Node, NodeKind};
use crate::value::{Value, equal, is_empty, to_number};

/// Why a choice came out as it did, and the node that gives the result, if one was chosen.
type Decided<'v> = (Reason<'v>, Option<&'v Node>);

impl<'v> Walk<'_, 'v> {
    /// What a choice came to; nothing for a node that chooses nothing.
    pub(super) fn decided(&mut self, node: &'v Node) -> Option<Decided<'v>> {
        let decided = match &node.kind {
            NodeKind::Choose { branches, otherwise, .. } => self.chosen(branches, otherwise.as_deref()),
            NodeKind::Switch { value, cases, otherwise } => self.switched(value, cases, otherwise.as_deref()),
            NodeKind::Bucket { value, steps, otherwise } => self.sorted(value, steps, otherwise.as_deref()),
            NodeKind::Coalesce(arms) => {
                let (arm, failed) = self.first_filled(arms);
                let held = arm.map(|arm| self.in_words(&arm.node, "is not empty"));
                (
                    Reason { held: held.into_iter().collect(), failed, ..Reason::default() },
                    arm.map(|arm| &arm.node),
                )
            }
            NodeKind::Pick { index, arms } => {
                let number = points_of(&self.eval(index))?;
                let held = vec![self.in_words(index, &format!("is {number}"))];
                let arm = if number >= 1.0 { arms.get(number as usize - 1) } else { None };
                (Reason { held, ..Reason::default() }, arm.map(|arm| &arm.node))
            }
            NodeKind::Rescue { value, fallback, .. } => {
                (self.because_it_is(&value.node, Vec::new()), Some(&fallback.node))
            }
            NodeKind::And(_)
            | NodeKind::Or(_)
            | NodeKind::Not(_)
            | NodeKind::Compare(..)
            | NodeKind::InArms { .. }
            | NodeKind::InList { .. }
            | NodeKind::Each { .. }
            | NodeKind::Call(..) => {
                let value = self.eval(node);
                let Value::Boolean(held) = value else { return None };
                let reason = if held {
                    Reason { held: self.why_held(node), ..Reason::default() }
                } else {
                    Reason { failed: vec![self.why_failed(node)], ..Reason::default() }
                };
                (reason, None)
            }
            _ => return None,
        };
        Some(decided)
    }

    /// IF and IFS.
    fn chosen(&mut self, branches: &'v [Branch], otherwise: Option<&'v Arm>) -> Decided<'v> {
        let (branch, failed) = self.first_branch(branches);
        let Some(branch) = branch else {
            return (Reason { failed, ..Reason::default() }, otherwise.map(|arm| &arm.node));
        };
        if self.asks(&branch.condition).is_none() {
            return (self.because_it_is(&branch.condition, failed), None);
        }
        // `IFS(…, TRUE, x)` is how people write "otherwise".
        let is_constant = matches!(branch.condition.kind, NodeKind::Constant(_));
        let held = if is_constant { Vec::new() } else { self.why_held(&branch.condition) };
        (Reason { held, failed, row: self.table_row(&branch.result), place: None }, Some(&branch.result))
    }

    /// SWITCH.
    fn switched(&mut self, value: &'v Node, cases: &'v [Case], otherwise: Option<&'v Arm>) -> Decided<'v> {
        let switched = self.eval(value);
        if switched.as_error().is_some() {
            return (self.because_it_is(value, Vec::new()), None);
        }
        let mut failed = Vec::new();
        for case in cases {
            let wanted = self.eval(&case.case);
            if wanted.as_error().is_some() {
                return (self.because_it_is(&case.case, failed), None);
            }
            let condition = self.comparison(value, "=", &case.case);
            if equal(&switched, &wanted, self.clock()) {
                return (Reason { held: vec![condition], failed, ..Reason::default() }, Some(&case.result));
            }
            failed.push(condition);
        }
        (Reason { failed, ..Reason::default() }, otherwise.map(|arm| &arm.node))
    }

    /// BUCKET.
    fn sorted(&mut self, value: &'v Node, steps: &'v [Branch], otherwise: Option<&'v Arm>) -> Decided<'v> {
        let sorted = self.eval(value);
        if is_empty(&sorted) {
            let held = vec![self.in_words(value, "is empty")];
            return (Reason { held, ..Reason::default() }, None);
        }
        let Ok(number) = to_number(&sorted) else { return (self.because_it_is(value, Vec::new()), None) };
        let mut failed: Vec<Condition<'v>> = Vec::new();
        for step in steps {
            let threshold = self.eval(&step.condition);
            let condition = self.comparison(value, "<", &step.condition);
            match to_number(&threshold) {
                Err(_) => return (self.because_it_is(&step.condition, failed), None),
                Ok(threshold) if number < threshold => {
                    return (
                        Reason { held: vec![condition], failed, ..Reason::default() },
                        Some(&step.result),
                    );
                }
                Ok(_) => failed.push(condition),
            }
        }
        (Reason { failed, ..Reason::default() }, otherwise.map(|arm| &arm.node))
    }

    /// That a node has the value it has, which is no answer to what was asked: an error, or text where a condition or a
    /// number is wanted.
    fn because_it_is(&mut self, node: &'v Node, failed: Vec<Condition<'v>>) -> Reason<'v> {
        let value = self.eval(node);
        let held = vec![self.in_words(node, &format!("is {}", shown(&value)))];
        Reason { held, failed, ..Reason::default() }
    }
}
