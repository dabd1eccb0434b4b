//! The branches of IF, IFS, SWITCH, COALESCE and IFERROR.

use super::{Decided, Linter, wording};
use crate::analysis::facts::Facts;
use crate::analysis::possible::Flags;
use crate::analysis::transfer;
use crate::check::{Arm, Branch, Case, Node, NodeKind};
use crate::diagnostics::ValueLint;
use crate::span::Span;
use crate::value::Value;

/// Of more conditions than this, the one that excludes a branch is not looked for.
const MOST_CAUSES: usize = 200;

impl<'t> Linter<'_, 't> {
    pub(super) fn choose(
        &mut self,
        node: &'t Node,
        branches: &'t [Branch],
        otherwise: Option<&'t Arm>,
        or_not_available: bool,
        facts: &Facts,
    ) {
        self.same_results(branches, otherwise, or_not_available);
        let before = self.findings.len();
        let rest =
            self.chain(branches.iter().map(|branch| (&branch.condition, &branch.result)), otherwise, facts);
        if let Some(rest) = rest.filter(|_| self.findings.len() == before) {
            let last = branches.last().map(|branch| &branch.condition);
            self.gap(node, last, otherwise, or_not_available, &rest);
        }
    }

    /// The results of SWITCH or BUCKET, if all of them are the same.
    pub(super) fn equal_results(
        &mut self,
        mut results: impl Iterator<Item = &'t Node> + Clone,
        otherwise: Option<&'t Arm>,
    ) {
        let Some(last) = otherwise.map(|arm| &arm.node) else { return };
        let id = self.values.terms.id(last);
        let is_off = matches!(&last.kind, NodeKind::Constant(Value::Number(number)) if *number == 0.0);
        if !is_off && results.clone().count() > 0 && results.all(|result| self.values.terms.id(result) == id)
        {
            let help = wording::instead_of_same_results(self.values, last.span);
            self.findings.push(ValueLint::SameResults { at: last.span, help }.into());
        }
    }

    fn same_results(&mut self, branches: &'t [Branch], otherwise: Option<&'t Arm>, or_not_available: bool) {
        let id = |node: &Node| self.values.terms.id(node);
        let Some(first) = branches.first().map(|branch| id(&branch.result)) else { return };
        let rest = branches[1..].iter().map(|branch| &branch.result).chain(otherwise.map(|arm| &arm.node));
        let is_complete = otherwise.is_some() || or_not_available && branches.len() > 1;
        // Points of 0 are often a weight that is switched off.
        let is_off =
            matches!(&branches[0].result.kind, NodeKind::Constant(Value::Number(number)) if *number == 0.0);
        if is_complete && !is_off && rest.clone().all(|result| id(result) == first) {
            let at = branches[0].result.span;
            let help = wording::instead_of_same_results(self.values, at);
            self.findings.push(ValueLint::SameResults { at, help }.into());
        }
    }

    /// Conditions that are tried in turn. Returns what is known where all are FALSE, if that can be.
    fn chain(
        &mut self,
        pairs: impl Iterator<Item = (&'t Node, &'t Node)>,
        otherwise: Option<&'t Arm>,
        facts: &Facts,
    ) -> Option<Facts> {
        let outer = self.enclosing.len();
        let rest = self.tried_in_turn(pairs, otherwise, facts);
        self.enclosing.truncate(outer);
        rest
    }

    fn tried_in_turn(
        &mut self,
        pairs: impl Iterator<Item = (&'t Node, &'t Node)>,
        otherwise: Option<&'t Arm>,
        facts: &Facts,
    ) -> Option<Facts> {
        let mut here = facts.clone();
        let mut pairs = pairs.peekable();
        while let Some((condition, result)) = pairs.next() {
            let found = self.walk(condition, &here);
            let id = self.values.terms.id(condition);
            let truth = self.values.truth(id, &here);
            let then = if truth.has(Flags::TRUE) { self.values.assume(id, true, &here) } else { None };
            match then {
                Some(known) => {
                    self.enclosing.push(Decided { node: condition, id, is_true: true });
                    self.visit(result, &known);
                    self.enclosing.pop();
                }
                None if found => {}
                None => self.never_reached(condition),
            }
            let next = if truth.has(Flags::FALSE) { self.values.assume(id, false, &here) } else { None };
            let Some(known) = next else {
                let next = pairs.peek().map(|(condition, _)| condition.span);
                let rest = next.or(otherwise.map(|arm| arm.node.span));
                // `IFERROR(IF(SEARCH("vp", Title) > 0, 1, 0), 0)`: the error is the other case.
                let is_error_meant = self.rescued > 0 && truth.has(Flags::ERRORS);
                if let Some(rest) = rest.filter(|_| !found && !is_error_meant) {
                    self.shadowed_rest(condition, rest, next.is_some());
                }
                return None;
            };
            self.enclosing.push(Decided { node: condition, id, is_true: false });
            here = known;
        }
        if let Some(arm) = otherwise {
            self.visit(&arm.node, &here);
        }
        Some(here)
    }

    /// A branch whose condition is never TRUE where it is evaluated.
    fn never_reached(&mut self, condition: &'t Node) {
        let id = self.values.terms.id(condition);
        let is_same = |other: &&Decided<'_>| !other.is_true && other.id == id;
        if let Some(first) = self.enclosing.iter().find(is_same) {
            let help = "remove one of them, or change the one that was copied".to_owned();
            let [first, second] = [first.node.span, condition.span];
            self.findings
                .push(ValueLint::DuplicateCondition { what: "condition", first, second, help }.into());
            return;
        }
        if !self.values.truth(id, &Facts::default()).has(Flags::TRUE) {
            self.constant_choice(condition);
            return;
        }
        let excludes = |other: &&Decided<'_>| {
            let known = self.values.assume(other.id, other.is_true, &Facts::default());
            known.is_some_and(|known| !self.values.truth(id, &known).has(Flags::TRUE))
        };
        let cause = self.enclosing.iter().take(MOST_CAUSES).find(excludes).copied();
        let (why, help) = wording::why_unreachable(self.values, condition, cause);
        let (at, cause) = (condition.span, cause.map(|cause| cause.node.span));
        self.findings
            .push(ValueLint::UnreachableBranch { what: "branch", at, cause, why, help: Some(help) }.into());
    }

    /// What follows a condition that is always TRUE: further conditions, or only the last result.
    fn shadowed_rest(&mut self, condition: &'t Node, rest: Span, has_conditions: bool) {
        let is_constant =
            !self.values.truth(self.values.terms.id(condition), &Facts::default()).has(Flags::FALSE);
        if is_constant && !(super::is_written_truth(condition) && has_conditions) {
            self.constant_choice(condition);
            return;
        }
        let (why, help) = if is_constant {
            ("always TRUE", "move `TRUE` and its result to the end")
        } else {
            ("always TRUE here", "remove what follows it, or change one of the conditions")
        };
        let (why, help, cause) = (why.to_owned(), Some(help.to_owned()), Some(condition.span));
        self.findings
            .push(ValueLint::UnreachableBranch { what: "branch", at: rest, cause, why, help }.into());
    }

    /// A condition that is constant, but no comparison or call: a name that stands for TRUE or FALSE.
    fn constant_choice(&mut self, condition: &'t Node) {
        let truth = self.values.truth(self.values.terms.id(condition), &Facts::default());
        let result = if truth.has(Flags::TRUE) { "TRUE" } else { "FALSE" };
        let (why, help) = wording::why_constant(self.values, condition, truth.has(Flags::TRUE));
        self.findings.push(ValueLint::ConstantCondition { result, at: condition.span, why, help }.into());
    }

    pub(super) fn switch(
        &mut self,
        node: &'t Node,
        value: &'t Node,
        cases: &'t [Case],
        otherwise: Option<&'t Arm>,
        facts: &Facts,
    ) {
        self.visit(value, facts);
        self.equal_results(cases.iter().map(|case| &case.result), otherwise);
        // SWITCH(TRUE, condition, result, …) is a chain of conditions.
        if matches!(value.kind, NodeKind::Constant(Value::Boolean(true))) {
            let before = self.findings.len();
            let rest = self.chain(cases.iter().map(|case| (&case.case, &case.result)), otherwise, facts);
            if let Some(rest) = rest.filter(|_| self.findings.len() == before) {
                self.gap(node, cases.last().map(|case| &case.case), otherwise, true, &rest);
            }
            return;
        }
        let id = self.values.terms.id(value);
        let mut rest = self.values.of(id, facts).as_ref().clone().without_errors();
        for (index, case) in cases.iter().enumerate() {
            self.visit(&case.case, facts);
            self.unlisted(value, &case.case);
            let wanted = self.values.of(self.values.terms.id(&case.case), facts);
            let equal = transfer::equal(&rest, &wanted, &self.values.clock);
            if !equal.has(Flags::TRUE) {
                self.unmatched_case(value, case, &cases[..index], facts);
            }
            let same = crate::analysis::values::same(&rest, &wanted);
            let known = self.values.record(id, same, facts).unwrap_or_else(|| facts.clone());
            self.visit(&case.result, &known);
            rest = crate::analysis::values::different(&rest, &wanted);
        }
        match otherwise {
            Some(arm) => {
                let known = self.values.record(id, rest, facts).unwrap_or_else(|| facts.clone());
                self.visit(&arm.node, &known);
            }
            None => self.switch_gap(node, value, &rest),
        }
    }

    /// A case that the value never equals: an earlier one has the same value, or the value can't be that.
    fn unmatched_case(&mut self, value: &'t Node, case: &'t Case, earlier: &'t [Case], facts: &Facts) {
        let of = |node: &Node| self.values.of(self.values.terms.id(node), facts);
        let wanted = of(&case.case);
        let is_same =
            |other: &&Case| transfer::equal(&of(&other.case), &wanted, &self.values.clock) == Flags::TRUE;
        if let Some(first) = earlier.iter().find(is_same) {
            let help = "remove one of them, or change the one that was copied".to_owned();
            let [first, second] = [first.case.span, case.case.span];
            self.findings.push(ValueLint::DuplicateCondition { what: "case", first, second, help }.into());
        } else {
            self.never_equal(value, &case.case);
        }
    }

    pub(super) fn coalesce(&mut self, arms: &'t [Arm], facts: &Facts) {
        self.repeated("value", &arms.iter().map(|arm| &arm.node).collect::<Vec<_>>(), false);
        for (index, arm) in arms.iter().enumerate() {
            self.visit(&arm.node, facts);
            let values = self.values.of(self.values.terms.id(&arm.node), facts);
            let is_filled = !values.flags.has(Flags::EMPTY | Flags::ERRORS) && !values.is_empty();
            if let Some(next) = arms.get(index + 1).filter(|_| is_filled) {
                let why = "never empty".to_owned();
                let help = Some(wording::without_unreached_value(self.values, arms, index));
                let (at, cause) = (next.node.span, Some(arm.node.span));
                self.findings
                    .push(ValueLint::UnreachableBranch { what: "value", at, cause, why, help }.into());
                return;
            }
        }
    }

    pub(super) fn rescue(&mut self, node: &'t Node, value: &'t Arm, fallback: &'t Arm, facts: &Facts) {
        self.rescued += 1;
        self.visit(&value.node, facts);
        self.rescued -= 1;
        self.visit(&fallback.node, facts);
        let values = self.any.of(self.any.terms.id(&value.node), &Facts::default());
        if values.is_empty() || values.flags.has(Flags::ERRORS) {
            return;
        }
        let help = wording::instead_of_rescue(self.values, node, &value.node, &fallback.node);
        let [value, fallback] = [value.node.span, fallback.node.span];
        self.findings.push(ValueLint::NeverAnError { value, fallback, help }.into());
    }
}
