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
                    _ => {}
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
