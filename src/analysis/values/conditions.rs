//! The results of conditions, and of choices between branches.

use super::Values;
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Possible};
use crate::analysis::terms::TermId;
use crate::analysis::transfer;
use crate::check::NodeKind;
use crate::syntax::ast::CompareOp;
use crate::value::Value;

impl Values<'_> {
    /// The results of a condition.
    pub(super) fn condition(&self, id: TermId, facts: &Facts) -> Flags {
        let term = self.terms.get(id);
        let Some(node) = term.node else { return Flags::BOOLEANS };
        match &node.kind {
            NodeKind::Compare(op, _) => self.comparison(id, *op, facts),
            NodeKind::InArms { negated, .. } => {
                let found = self.found_among(term.children[0], &term.children[1..], facts);
                if *negated { transfer::inverted(found) } else { found }
            }
            NodeKind::InList { negated, .. } => {
                let found = self.found_in_list(term.children[0], term.children[1], facts);
                if *negated { transfer::inverted(found) } else { found }
            }
            NodeKind::Not(_) => transfer::inverted(self.truth(term.children[0], facts)),
            NodeKind::And(_) => self.all_arms(&term.children, false, facts),
            NodeKind::Or(_) => self.all_arms(&term.children, true, facts),
            _ => Flags::BOOLEANS,
        }
    }

    fn comparison(&self, id: TermId, op: CompareOp, facts: &Facts) -> Flags {
        let term = self.terms.get(id);
        let (left, right) = (self.of(term.children[0], facts), self.of(term.children[1], facts));
        let results = transfer::compared(op, &left, &right, &self.clock);
        // A term that can only be one value equals itself; an unknown one may still be an error.
        if term.children[0] == term.children[1] && matches!(op, CompareOp::Equal | CompareOp::NotEqual) {
            let is_same = Flags::of(op == CompareOp::Equal);
            return is_same | (results & Flags::ERRORS);
        }
        // Nothing is above or below itself.
        if term.children[0] == term.children[1] && matches!(op, CompareOp::Less | CompareOp::Greater) {
            return Flags::FALSE | (results & Flags::ERRORS);
        }
        let Some(difference) = self.difference(id) else { return results };
        let known = self.of(difference.term, facts);
        let constant = Possible::exactly(&Value::Number(difference.constant), &self.clock);
        let op = if difference.negated { op.mirrored() } else { op };
        let by_difference = transfer::ordered(op, &known, &constant, &self.clock);
        (results & by_difference) | (results & Flags::ERRORS)
    }

    /// The results of `needle IN [arms]`.
    fn found_among(&self, needle: TermId, arms: &[TermId], facts: &Facts) -> Flags {
        let mut rest = (*self.of(needle, facts)).clone();
        let mut results = rest.errors();
        for arm in arms {
            let item = self.of(*arm, facts);
            let equal = transfer::equal(&rest, &item, &self.clock);
            results = results | (equal & (Flags::ERRORS | Flags::TRUE));
            if !equal.has(Flags::FALSE) {
                return results;
            }
            rest = super::assume::different(&rest, &item);
        }
        results | Flags::FALSE.when(!rest.without_errors().is_empty())
    }

    fn found_in_list(&self, needle: TermId, list: TermId, facts: &Facts) -> Flags {
        let (needle, list) = (self.of(needle, facts), self.of(list, facts));
        let errors = needle.errors() | list.errors();
        if list.clone().as_ref().clone().without_errors().is_always_empty() {
            return Flags::FALSE | errors;
        }
        match list.as_exact() {
            Some(Value::List(items)) => {
                let items = items.iter().map(|item| Possible::exactly(item, &self.clock));
                let found =
                    items.fold(Flags::NONE, |all, item| all | transfer::equal(&needle, &item, &self.clock));
                // Some item equals it, or none does.
                (found & Flags::TRUE) | Flags::FALSE | errors
            }
            Some(single) => {
                transfer::equal(&needle, &Possible::exactly(&single, &self.clock), &self.clock) | errors
            }
            None => Flags::BOOLEANS | errors,
        }
    }

    /// AND, or OR if `decisive` is TRUE: the first arm with that result decides.
    fn all_arms(&self, arms: &[TermId], decisive: bool, facts: &Facts) -> Flags {
        let mut results = Flags::NONE;
        let mut facts = facts.clone();
        for arm in arms {
            let truth = self.arm_truth(*arm, &facts);
            results = results | (truth & Flags::ERRORS) | (truth & Flags::of(decisive));
            if !truth.has(Flags::of(!decisive)) {
                return results;
            }
            match self.assume(*arm, !decisive, &facts) {
                Some(known) => facts = known,
                None => return results | Flags::of(decisive),
            }
        }
        results | Flags::of(!decisive)
    }

    /// The results of an arm of AND or OR, where a list stands for its items.
    pub(in crate::analysis) fn arm_truth(&self, arm: TermId, facts: &Facts) -> Flags {
        let values = self.of(arm, facts);
        let of_items = Flags::BOOLEANS.when(values.flags.has(Flags::ITEMS | Flags::NO_ITEMS));
        transfer::truth(&values) | of_items
    }

    /// The values of a choice between branches.
    pub(super) fn choice(&self, id: TermId, facts: &Facts) -> Possible {
        let term = self.terms.get(id);
        let Some(node) = term.node else { return Possible::any() };
        let children = &term.children;
        match &node.kind {
            NodeKind::Choose { branches, otherwise, or_not_available } => {
                let missing = if *or_not_available { Flags::NOT_AVAILABLE } else { Flags::BLANK };
                let otherwise = otherwise.as_ref().and_then(|_| children.get(branches.len() * 2)).copied();
                self.chosen(&children[..branches.len() * 2], otherwise, missing, facts)
            }
            NodeKind::Switch { cases, otherwise, .. } => {
                let otherwise = otherwise.as_ref().and_then(|_| children.get(cases.len() * 2 + 1)).copied();
                self.switched(children[0], &children[1..=cases.len() * 2], otherwise, facts)
            }
            NodeKind::Rescue { only_not_available, .. } => {
                let tried = self.of(children[0], facts);
                let rescued = if *only_not_available { Flags::NOT_AVAILABLE } else { Flags::ERRORS };
                if !tried.flags.has(rescued) {
                    return (*tried).clone();
                }
                tried.as_ref().clone().without(rescued).join(&self.of(children[1], facts))
            }
            NodeKind::Coalesce(_) => self.coalesced(children, facts),
            NodeKind::Bucket { steps, otherwise, .. } => {
                let otherwise = otherwise.as_ref().and_then(|_| children.get(steps.len() * 2 + 1)).copied();
                self.bucket(children[0], &children[1..=steps.len() * 2], otherwise, facts)
            }
            _ => {
                let all =
                    children[1..].iter().fold(Possible::none(), |all, arm| all.join(&self.of(*arm, facts)));
                all.with(Flags::VALUE | transfer::as_number(&self.of(children[0], facts)).errors)
            }
        }
    }

    /// IF and IFS.
    fn chosen(&self, pairs: &[TermId], otherwise: Option<TermId>, missing: Flags, facts: &Facts) -> Possible {
        let mut all = Possible::none();
        let mut facts = facts.clone();
        for pair in pairs.chunks_exact(2) {
            let truth = self.truth(pair[0], &facts);
            all = all.with(truth & Flags::ERRORS);
            if truth.has(Flags::TRUE)
                && let Some(known) = self.assume(pair[0], true, &facts)
            {
                all = all.join(&self.of(pair[1], &known));
            }
            let next = if truth.has(Flags::FALSE) { self.assume(pair[0], false, &facts) } else { None };
            let Some(known) = next else { return all };
            facts = known;
        }
        match otherwise {
            Some(otherwise) => all.join(&self.of(otherwise, &facts)),
            None => all.with(missing),
        }
    }

    fn switched(
        &self,
        value: TermId,
        pairs: &[TermId],
        otherwise: Option<TermId>,
        facts: &Facts,
    ) -> Possible {
        let mut rest = (*self.of(value, facts)).clone();
        let mut all = Possible::flags(rest.errors());
        rest = rest.without_errors();
        let mut facts = facts.clone();
        for pair in pairs.chunks_exact(2) {
            let case = self.of(pair[0], &facts);
            let equal = transfer::equal(&rest, &case, &self.clock);
            all = all.with(equal & Flags::ERRORS);
            if equal.has(Flags::TRUE) {
                let same = super::assume::same(&rest, &case);
                let known = self.record(value, same, &facts).unwrap_or_else(|| facts.clone());
                all = all.join(&self.of(pair[1], &known));
            }
            if !equal.has(Flags::FALSE) {
                return all;
            }
            rest = super::assume::different(&rest, &case);
            match self.record(value, rest.clone(), &facts) {
                Some(known) => facts = known,
                None => return all,
            }
        }
        match otherwise {
            Some(otherwise) => all.join(&self.of(otherwise, &facts)),
            None => all.with(Flags::NOT_AVAILABLE),
        }
    }

    fn coalesced(&self, arms: &[TermId], facts: &Facts) -> Possible {
        let mut all = Possible::none();
        for arm in arms {
            let values = self.of(*arm, facts);
            all = all.join(&values.as_ref().clone().without(Flags::EMPTY));
            if !values.flags.has(Flags::EMPTY) {
                return all;
            }
        }
        all.with(Flags::BLANK)
    }

    /// BUCKET: an empty value has no bucket.
    fn bucket(&self, value: TermId, steps: &[TermId], otherwise: Option<TermId>, facts: &Facts) -> Possible {
        let sorted = self.of(value, facts);
        let filled = sorted.as_ref().clone().without(Flags::EMPTY);
        let unsorted = transfer::in_no_bucket(&filled);
        let mut all = Possible::flags(unsorted | Flags::BLANK.when(sorted.flags.has(Flags::EMPTY)));
        let mut facts = facts.clone();
        let mut rest = filled;
        for step in steps.chunks_exact(2) {
            let threshold = transfer::as_number(&self.of(step[0], &facts));
            all = all.with(threshold.errors);
            let threshold = Possible::numbers(threshold.numbers);
            let below = transfer::ordered_as(CompareOp::Less, &rest, &threshold, true);
            if let Some(known) = self.record(value, below, &facts) {
                all = all.join(&self.of(step[1], &known));
            }
            rest = transfer::ordered_as(CompareOp::Less, &rest, &threshold, false);
            match self.record(value, rest.clone(), &facts) {
                Some(known) => facts = known,
                None => return all,
            }
        }
        match otherwise {
            Some(otherwise) if !rest.is_empty() => all.join(&self.of(otherwise, &facts)),
            None if !rest.is_empty() => all.with(Flags::BLANK),
            _ => all,
        }
    }
}
