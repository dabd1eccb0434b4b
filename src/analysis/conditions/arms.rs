//! The arms of AND and OR.

use super::Linter;
use super::wording;
use crate::analysis::facts::Facts;
use crate::analysis::possible::Flags;
use crate::check::{Arm, Node, NodeKind};
use crate::diagnostics::ValueLint;

impl<'t> Linter<'_, 't> {
    /// The arms of AND (`all`) or OR, each where the earlier ones did not decide.
    pub(super) fn arms(&mut self, arms: &'t [Arm], all: bool, facts: &Facts) {
        let mut here = facts.clone();
        // What the arms by themselves make known, wherever they are.
        let mut among = Facts::default();
        for (index, arm) in arms.iter().enumerate() {
            let found = self.walk(&arm.node, &here);
            let id = self.values.terms.id(&arm.node);
            let earlier = &arms[..index];
            let is_repeated = self.repeated_arm(arm, earlier);
            if !found && !is_repeated {
                let truth = self.values.arm_truth(id, &among);
                match (all, truth.has(Flags::TRUE), truth.has(Flags::FALSE)) {
                    (true, false, true) => self.contradiction(arm, earlier),
                    (false, true, false) => self.tautology(arm, earlier),
                    (false, false, true) => self.redundant(arm, earlier),
                    _ => self.ordered_arms(arm, earlier, all),
                }
            }
            let (Some(next), Some(alone)) =
                (self.values.assume(id, all, &here), self.values.assume(id, all, &among))
            else {
                // No row comes past this arm.
                arms[index + 1..].iter().for_each(|arm| self.visit(&arm.node, facts));
                return;
            };
            (here, among) = (next, alone);
        }
    }

    fn repeated_arm(&mut self, arm: &'t Arm, earlier: &'t [Arm]) -> bool {
        let id = self.values.terms.id(&arm.node);
        let Some(first) = earlier.iter().find(|other| self.values.terms.id(&other.node) == id) else {
            return false;
        };
        let help = "remove one of them, or change the one that was copied".to_owned();
        let [first, second] = [first.node.span, arm.node.span];
        self.findings.push(ValueLint::DuplicateCondition { what: "condition", first, second, help }.into());
        true
    }

    /// The earlier arm that alone settles this one, or the last one where only several together do.
    fn settling(&self, arm: &'t Arm, earlier: &'t [Arm], all: bool) -> Option<&'t Node> {
        let id = self.values.terms.id(&arm.node);
        let settles = |other: &&'t Arm| {
            let other = self.values.terms.id(&other.node);
            let known = self.values.assume(other, all, &Facts::default());
            known.is_some_and(|known| self.values.arm_truth(id, &known) & Flags::BOOLEANS != Flags::BOOLEANS)
        };
        earlier.iter().find(settles).or(earlier.last()).map(|arm| &arm.node)
    }

    fn contradiction(&mut self, arm: &'t Arm, earlier: &'t [Arm]) {
        let Some(first) = self.settling(arm, earlier, true) else { return };
        if !self.is_certain(arm, earlier) {
            let why = "FALSE for every text or number for which the condition before it is TRUE".to_owned();
            self.findings.push(
                ValueLint::ConstantCondition { result: "FALSE", at: arm.node.span, why, help: None }.into(),
            );
            return;
        }
        let help = Some(wording::instead_of_contradiction(self.values, first, &arm.node));
        self.findings
            .push(ValueLint::Contradiction { first: first.span, second: arm.node.span, help }.into());
    }

    /// Whether an arm contradicts those before it in every row, whatever kinds of value it has.
    fn is_certain(&self, arm: &'t Arm, earlier: &'t [Arm]) -> bool {
        let id = |arm: &Arm| self.any.terms.id(&arm.node);
        let facts =
            earlier.iter().try_fold(Facts::default(), |facts, arm| self.any.assume(id(arm), true, &facts));
        facts.is_none_or(|facts| !self.any.arm_truth(id(arm), &facts).has(Flags::TRUE))
    }

    fn tautology(&mut self, arm: &'t Arm, earlier: &'t [Arm]) {
        let Some(first) = self.settling(arm, earlier, false) else { return };
        let text = self.values.tree.source.text();
        let [one, two] = [first, &arm.node].map(|node| wording::one_line(text, node.span));
        let why = format!("if `{one}` is FALSE, `{two}` is TRUE");
        let help = Some(wording::instead_of_tautology(self.values, first, &arm.node));
        self.findings.push(
            ValueLint::ConstantCondition { result: "TRUE", at: first.span.to(arm.node.span), why, help }
                .into(),
        );
    }

    /// Two thresholds for the same number: an OR that every number passes, or an AND of which one implies the other.
    fn ordered_arms(&mut self, arm: &'t Arm, earlier: &'t [Arm], all: bool) {
        let Some(subject) = threshold_subject(&arm.node) else { return };
        let own = self.values.terms.id(subject);
        let is_same = |other: &&'t Arm| {
            threshold_subject(&other.node).is_some_and(|other| self.values.terms.id(other) == own)
        };
        let Some(other) = earlier.iter().find(is_same) else { return };
        if all {
            self.implied(arm, other);
        } else {
            self.exhaustive(subject, arm, other);
        }
    }

    /// `Score >= 50 OR Score < 80`: FALSE only for an empty score.
    fn exhaustive(&mut self, subject: &'t Node, arm: &'t Arm, other: &'t Arm) {
        let [one, two] = [other, arm].map(|arm| self.values.terms.id(&arm.node));
        let neither = self
            .values
            .assume(one, false, &Facts::default())
            .and_then(|known| self.values.assume(two, false, &known));
        let id = self.values.terms.id(subject);
        let rest = neither.map(|known| self.values.of(id, &known));
        let before = self.values.of(id, &Facts::default());
        let is_covered = rest.is_none_or(|rest| {
            (!before.numbers.is_empty() && rest.numbers.is_empty())
                || (before.numbers.is_empty() && !before.dates.is_empty() && rest.dates.is_empty())
        });
        if !is_covered {
            return;
        }
        let text = self.values.tree.source.text();
        let why = format!(
            "FALSE only if `{}` is empty or can't be compared",
            wording::one_line(text, subject.span)
        );
        let help = Some(wording::instead_of_tautology(self.values, &other.node, &arm.node));
        let at = other.node.span.to(arm.node.span);
        self.findings.push(ValueLint::ConstantCondition { result: "TRUE for numbers", at, why, help }.into());
    }

    /// `Page Views > 10 AND Page Views > 50`
    fn implied(&mut self, arm: &'t Arm, other: &'t Arm) {
        let always = |one: &Node, two: &Node| {
            let [one, two] = [one, two].map(|node| self.values.terms.id(node));
            let known = self.values.assume(one, true, &Facts::default());
            known.is_some_and(|known| self.values.truth(two, &known) == Flags::TRUE)
        };
        let pair = if always(&arm.node, &other.node) {
            (arm, other)
        } else if always(&other.node, &arm.node) {
            (other, arm)
        } else {
            return;
        };
        let written = wording::one_line(self.values.tree.source.text(), pair.1.node.span);
        let help = Some(format!("remove `{written}`, or write OR if either condition is enough"));
        let (first, second) = (pair.0.node.span, pair.1.node.span);
        self.findings.push(ValueLint::RedundantCondition { first, second, help }.into());
    }

    /// An arm of OR that adds nothing. Needles are often listed with their longer forms, which does no harm.
    fn redundant(&mut self, arm: &'t Arm, earlier: &'t [Arm]) {
        if matches!(arm.node.kind, NodeKind::Call(..)) {
            return;
        }
        let Some(first) = self.settling(arm, earlier, false) else { return };
        let help = Some(wording::instead_of_redundant(self.values, &arm.node));
        self.findings
            .push(ValueLint::RedundantCondition { first: first.span, second: arm.node.span, help }.into());
    }
}

/// What an ordering comparison compares with a constant.
fn threshold_subject(node: &Node) -> Option<&Node> {
    let NodeKind::Compare(op, sides) = &node.kind else { return None };
    let constant = |node: &Node| matches!(node.kind, NodeKind::Constant(_) | NodeKind::Negate(_));
    match (constant(&sides.0), constant(&sides.1)) {
        (false, true) => Some(&sides.0),
        (true, false) => Some(&sides.1),
        _ => None,
    }
    .filter(|_| op.is_ordering())
}
