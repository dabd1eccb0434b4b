//! The ways through IF, IFS, SWITCH, COALESCE, IFERROR, BUCKET and CHOOSE.

use super::{Later, Paths, Way};
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Possible};
use crate::analysis::terms::TermId;
use crate::analysis::transfer;
use crate::analysis::transfer::ordered_as;
use crate::analysis::values::{different, same};
use crate::check::NodeKind;
use crate::syntax::ast::CompareOp;
use crate::value::Value;

/// Conditions and results in turn, and what follows where no condition is TRUE.
struct Chain<'c> {
    pairs: &'c [TermId],
    otherwise: Option<TermId>,
    missing: Flags,
}

impl Paths<'_, '_> {
    pub(super) fn ways_of_choice(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Way> {
        let term = self.values.terms.get(id);
        let Some(node) = term.node else { return Vec::new() };
        let children = &term.children;
        match &node.kind {
            NodeKind::Choose { branches, otherwise, or_not_available } => {
                let count = branches.len() * 2;
                let missing = if *or_not_available { Flags::NOT_AVAILABLE } else { Flags::BLANK };
                let otherwise = otherwise.as_ref().and_then(|_| children.get(count)).copied();
                self.chain(&Chain { pairs: &children[..count], otherwise, missing }, facts, later)
            }
            NodeKind::Switch { cases, otherwise, .. } => {
                let count = cases.len() * 2;
                let otherwise = otherwise.as_ref().and_then(|_| children.get(count + 1)).copied();
                let chain = Chain { pairs: &children[1..=count], otherwise, missing: Flags::NOT_AVAILABLE };
                self.switch(children[0], &chain, facts, later)
            }
            NodeKind::Rescue { only_not_available, .. } => {
                let rescued = if *only_not_available { Flags::NOT_AVAILABLE } else { Flags::ERRORS };
                self.rescue(children[0], children[1], rescued, facts, later)
            }
            NodeKind::Coalesce(_) => self.coalesce(children, facts, later),
            NodeKind::Bucket { steps, otherwise, .. } => {
                let count = steps.len() * 2;
                let otherwise = otherwise.as_ref().and_then(|_| children.get(count + 1)).copied();
                let chain = Chain { pairs: &children[1..=count], otherwise, missing: Flags::BLANK };
                self.bucket(children[0], &chain, facts, later)
            }
            _ => self.pick(id, children, facts, later),
        }
    }

    fn open(facts: &Facts) -> Vec<Way> {
        vec![Way { values: Possible::none(), facts: facts.clone() }]
    }

    /// The ways where no pair decided.
    fn rest(&self, chain: &Chain<'_>, open: Vec<Way>, later: Later) -> Vec<Way> {
        let missing = Possible::flags(chain.missing);
        let rest = |way: Way| match chain.otherwise {
            Some(otherwise) => self.ways(otherwise, &way.facts, later),
            None => vec![Way { values: missing.clone(), facts: way.facts }],
        };
        open.into_iter().flat_map(rest).collect()
    }

    fn after(&self, chain: &Chain<'_>, from: usize, later: Later) -> Later {
        let rest = later.and(self.variables.read_by_all(&chain.pairs[from..]));
        match chain.otherwise {
            Some(otherwise) => rest.and(self.variables.read_by_all(&[otherwise])),
            None => rest,
        }
    }

    fn chain(&self, chain: &Chain<'_>, facts: &Facts, later: Later) -> Vec<Way> {
        let mut ways = Vec::new();
        let mut settled = 0;
        let mut open = Self::open(facts);
        for index in (0..chain.pairs.len()).step_by(2) {
            let (condition, result) = (chain.pairs[index], chain.pairs[index + 1]);
            let mut next = Vec::new();
            for state in &open {
                for way in self.truths(condition, &state.facts, self.after(chain, index + 1, later)) {
                    match way.values.flags {
                        Flags::TRUE => ways.extend(self.ways(result, &way.facts, later)),
                        Flags::FALSE => next.push(Way { values: Possible::none(), facts: way.facts }),
                        _ => ways.push(way),
                    }
                }
            }
            open = self.merged(next, &[], self.after(chain, index + 2, later), facts);
            self.merge_grown(&mut ways, &mut settled, later, facts);
        }
        ways.extend(self.rest(chain, open, later));
        ways
    }

    /// The facts of all ways through a term, with its value.
    fn valued(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Facts> {
        let inputs = self.values.terms.get(id).inputs;
        let ways = self.ways(id, facts, later);
        let is_constant = |id: TermId| {
            matches!(self.values.terms.get(id).node.map(|node| &node.kind), Some(NodeKind::Constant(_)))
        };
        let known =
            |way: Way| if is_constant(id) { way.facts } else { way.facts.with(id, way.values, inputs) };
        ways.into_iter().map(known).collect()
    }

    fn switch(&self, value: TermId, chain: &Chain<'_>, facts: &Facts, later: Later) -> Vec<Way> {
        let mut ways = Vec::new();
        let mut settled = 0;
        let mut open: Vec<Way> = self
            .valued(value, facts, self.after(chain, 0, later))
            .into_iter()
            .map(|facts| Way { values: Possible::none(), facts })
            .collect();
        for index in (0..chain.pairs.len()).step_by(2) {
            let (case, result) = (chain.pairs[index], chain.pairs[index + 1]);
            let mut next = Vec::new();
            for state in &open {
                for way in self.ways(case, &state.facts, self.after(chain, index + 1, later)) {
                    let matched = self.matched(value, &way);
                    for (outcome, facts) in matched {
                        match outcome {
                            Flags::TRUE => ways.extend(self.ways(result, &facts, later)),
                            Flags::FALSE => next.push(Way { values: Possible::none(), facts }),
                            errors => ways.push(Way { values: Possible::flags(errors), facts }),
                        }
                    }
                }
            }
            open = self.merged(next, &[value], self.after(chain, index + 2, later), facts);
            self.merge_grown(&mut ways, &mut settled, later, facts);
        }
        ways.extend(self.rest(chain, open, later));
        ways
    }

    /// The results of comparing a value with that of a case, each with what is then known.
    fn matched(&self, value: TermId, case: &Way) -> Vec<(Flags, Facts)> {
        let own = self.values.of(value, &case.facts);
        let equal = transfer::equal(&own, &case.values, &self.values.clock);
        let mut results = Vec::new();
        if equal.has(Flags::TRUE)
            && let Some(known) = self.values.record(value, same(&own, &case.values), &case.facts)
        {
            results.push((Flags::TRUE, known));
        }
        let others = different(&own, &case.values).without_errors();
        if equal.has(Flags::FALSE)
            && let Some(known) = self.values.record(value, others, &case.facts)
        {
            results.push((Flags::FALSE, known));
        }
        let errors = equal & Flags::ERRORS;
        if !errors.is_empty() {
            results.push((errors, case.facts.clone()));
        }
        results
    }

    fn rescue(
        &self,
        value: TermId,
        fallback: TermId,
        rescued: Flags,
        facts: &Facts,
        later: Later,
    ) -> Vec<Way> {
        let mut ways = Vec::new();
        for way in self.ways(value, facts, later.and(self.variables.read_by_all(&[fallback]))) {
            if way.values.flags.has(rescued) {
                let failed = way.values.meet(&Possible::flags(rescued));
                let inputs = self.values.terms.get(value).inputs;
                let known = way.facts.with(value, failed, inputs);
                ways.extend(self.ways(fallback, &known, later));
            }
            let kept = way.values.without(rescued);
            if !kept.is_empty() {
                ways.push(Way { values: kept, facts: way.facts });
            }
        }
        ways
    }

    fn coalesce(&self, arms: &[TermId], facts: &Facts, later: Later) -> Vec<Way> {
        let mut ways = Vec::new();
        let mut open = Self::open(facts);
        for (index, arm) in arms.iter().enumerate() {
            let after = later.and(self.variables.read_by_all(&arms[index + 1..]));
            let mut next = Vec::new();
            for state in &open {
                for way in self.ways(*arm, &state.facts, after) {
                    let empty = way.values.meet(&Possible::flags(Flags::EMPTY));
                    let filled = way.values.clone().without(Flags::EMPTY);
                    if let Some(known) = self.values.record(*arm, filled.clone(), &way.facts) {
                        ways.push(Way { values: filled, facts: known });
                    }
                    if let Some(known) = self.values.record(*arm, empty, &way.facts) {
                        next.push(Way { values: Possible::none(), facts: known });
                    }
                }
            }
            open = self.merged(next, &[], after, facts);
        }
        ways.extend(open.into_iter().map(|way| Way { values: Possible::flags(Flags::BLANK), ..way }));
        ways
    }

    fn bucket(&self, value: TermId, chain: &Chain<'_>, facts: &Facts, later: Later) -> Vec<Way> {
        let mut ways = Vec::new();
        let mut settled = 0;
        let mut open = Vec::new();
        for known in self.valued(value, facts, self.after(chain, 0, later)) {
            let sorted = self.values.of(value, &known);
            let filled = sorted.as_ref().clone().without(Flags::EMPTY);
            let errors = transfer::as_number(&filled).errors;
            if sorted.flags.has(Flags::EMPTY) {
                let empty = sorted.meet(&Possible::flags(Flags::EMPTY));
                let facts = self.values.record(value, empty, &known).unwrap_or_else(|| known.clone());
                ways.push(Way { values: Possible::flags(Flags::BLANK), facts });
            }
            if !errors.is_empty() {
                ways.push(Way { values: Possible::flags(errors), facts: known.clone() });
            }
            if let Some(facts) = self.values.record(value, numbers_of(&filled), &known) {
                open.push(Way { values: Possible::none(), facts });
            }
        }
        for index in (0..chain.pairs.len()).step_by(2) {
            let mut next = Vec::new();
            for state in &open {
                for way in self.ways(chain.pairs[index], &state.facts, self.after(chain, index + 1, later)) {
                    let threshold = transfer::as_number(&way.values);
                    if !threshold.errors.is_empty() {
                        ways.push(Way {
                            values: Possible::flags(threshold.errors),
                            facts: way.facts.clone(),
                        });
                    }
                    let threshold = Possible::numbers(threshold.numbers);
                    let own = self.values.of(value, &way.facts);
                    let below = ordered_as(CompareOp::Less, &own, &threshold, true);
                    if let Some(known) = self.values.record(value, below, &way.facts) {
                        ways.extend(self.ways(chain.pairs[index + 1], &known, later));
                    }
                    let above = ordered_as(CompareOp::Less, &own, &threshold, false);
                    if let Some(known) = self.values.record(value, above, &way.facts) {
                        next.push(Way { values: Possible::none(), facts: known });
                    }
                }
            }
            open = self.merged(next, &[value], self.after(chain, index + 2, later), facts);
            self.merge_grown(&mut ways, &mut settled, later, facts);
        }
        ways.extend(self.rest(chain, open, later));
        ways
    }

    fn pick(&self, id: TermId, children: &[TermId], facts: &Facts, later: Later) -> Vec<Way> {
        let mut ways = Vec::new();
        for known in self.valued(children[0], facts, later.and(self.variables.read_by_all(&children[1..]))) {
            if let Some(Value::Number(number)) = self.values.of(children[0], &known).as_exact() {
                let number = number.trunc();
                let arm = if number >= 1.0 { children.get(number as usize) } else { None };
                match arm {
                    Some(arm) => ways.extend(self.ways(*arm, &known, later)),
                    None => ways.push(Way { values: Possible::flags(Flags::VALUE), facts: known }),
                }
            } else {
                self.is_exact.set(false);
                ways.push(Way { values: (*self.values.of(id, &known)).clone(), facts: known });
            }
        }
        ways
    }
}

/// The values that read as a number.
fn numbers_of(values: &Possible) -> Possible {
    let flags = values.flags & Flags::BOOLEANS;
    Possible {
        numbers: values.numbers.clone(),
        number_texts: values.number_texts.clone(),
        ..Possible::flags(flags)
    }
}
