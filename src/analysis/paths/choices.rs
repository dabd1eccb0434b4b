//! The paths through IF, IFS, SWITCH, COALESCE, IFERROR, BUCKET and CHOOSE.

use super::variables::VarSet;
use super::{Later, Path, Paths};
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
    /// What is read from each position of the pairs on.
    reads: Vec<VarSet>,
}

impl Paths<'_, '_> {
    pub(super) fn paths_of_choice(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Path> {
        let term = self.values.terms.get(id);
        let Some(node) = term.node else { return Vec::new() };
        let children = &term.children;
        match &node.kind {
            NodeKind::Choose { branches, otherwise, or_not_available } => {
                let count = branches.len() * 2;
                let missing = if *or_not_available { Flags::NOT_AVAILABLE } else { Flags::BLANK };
                let otherwise = otherwise.as_ref().and_then(|_| children.get(count)).copied();
                self.chain(&self.chain_of(&children[..count], otherwise, missing), facts, later)
            }
            NodeKind::Switch { cases, otherwise, .. } => {
                let count = cases.len() * 2;
                let otherwise = otherwise.as_ref().and_then(|_| children.get(count + 1)).copied();
                let chain = self.chain_of(&children[1..=count], otherwise, Flags::NOT_AVAILABLE);
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
                let chain = self.chain_of(&children[1..=count], otherwise, Flags::BLANK);
                self.bucket(children[0], &chain, facts, later)
            }
            _ => self.pick(id, children, facts, later),
        }
    }

    fn open(facts: &Facts) -> Vec<Path> {
        vec![Path { values: Possible::none(), facts: facts.clone() }]
    }

    /// The paths where no pair decided.
    fn rest(&self, chain: &Chain<'_>, open: Vec<Path>, later: Later) -> Vec<Path> {
        let missing = Possible::flags(chain.missing);
        let rest = |path: Path| match chain.otherwise {
            Some(otherwise) => self.paths(otherwise, &path.facts, later),
            None => vec![Path { values: missing.clone(), facts: path.facts }],
        };
        open.into_iter().flat_map(rest).collect()
    }

    fn chain_of<'c>(&self, pairs: &'c [TermId], otherwise: Option<TermId>, missing: Flags) -> Chain<'c> {
        let mut reads = vec![self.variables.read_by_all(otherwise.as_slice())];
        for term in pairs.iter().rev() {
            let later = reads.last().copied().unwrap_or(VarSet::NONE);
            reads.push(later | self.variables.read_by_all(&[*term]));
        }
        reads.reverse();
        Chain { pairs, otherwise, missing, reads }
    }

    fn after(chain: &Chain<'_>, from: usize, later: Later) -> Later {
        chain.reads.get(from).map_or(later, |reads| later.and(*reads))
    }

    fn chain(&self, chain: &Chain<'_>, facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut settled = 0;
        let mut open = Self::open(facts);
        for index in (0..chain.pairs.len()).step_by(2) {
            let (condition, result) = (chain.pairs[index], chain.pairs[index + 1]);
            let mut next = Vec::new();
            for state in &open {
                for path in self.truths(condition, &state.facts, Self::after(chain, index + 1, later)) {
                    match path.values.flags {
                        Flags::TRUE => paths.extend(self.paths(result, &path.facts, later)),
                        Flags::FALSE => next.push(Path { values: Possible::none(), facts: path.facts }),
                        _ => paths.push(path),
                    }
                }
            }
            open = self.merged(next, &[], Self::after(chain, index + 2, later), facts);
            self.merge_grown(&mut paths, &mut settled, later, facts);
        }
        paths.extend(self.rest(chain, open, later));
        paths
    }

    /// The facts of all paths through a term, with its value.
    fn valued(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Facts> {
        let inputs = self.values.terms.get(id).inputs;
        let paths = self.paths(id, facts, later);
        let is_constant = |id: TermId| {
            matches!(self.values.terms.get(id).node.map(|node| &node.kind), Some(NodeKind::Constant(_)))
        };
        let known =
            |path: Path| if is_constant(id) { path.facts } else { path.facts.with(id, path.values, inputs) };
        paths.into_iter().map(known).collect()
    }

    fn switch(&self, value: TermId, chain: &Chain<'_>, facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut settled = 0;
        let mut open: Vec<Path> = self
            .valued(value, facts, Self::after(chain, 0, later))
            .into_iter()
            .map(|facts| Path { values: Possible::none(), facts })
            .collect();
        for index in (0..chain.pairs.len()).step_by(2) {
            let (case, result) = (chain.pairs[index], chain.pairs[index + 1]);
            let mut next = Vec::new();
            for state in &open {
                for path in self.paths(case, &state.facts, Self::after(chain, index + 1, later)) {
                    let matched = self.matched(value, &path);
                    for (outcome, facts) in matched {
                        match outcome {
                            Flags::TRUE => paths.extend(self.paths(result, &facts, later)),
                            Flags::FALSE => next.push(Path { values: Possible::none(), facts }),
                            errors => paths.push(Path { values: Possible::flags(errors), facts }),
                        }
                    }
                }
            }
            open = self.merged(next, &[value], Self::after(chain, index + 2, later), facts);
            self.merge_grown(&mut paths, &mut settled, later, facts);
        }
        paths.extend(self.rest(chain, open, later));
        paths
    }

    /// The results of comparing a value with that of a case, each with what is then known.
    fn matched(&self, value: TermId, case: &Path) -> Vec<(Flags, Facts)> {
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
    ) -> Vec<Path> {
        let mut paths = Vec::new();
        for path in self.paths(value, facts, later.and(self.variables.read_by_all(&[fallback]))) {
            if path.values.flags.has(rescued) {
                let failed = path.values.meet(&Possible::flags(rescued));
                let inputs = self.values.terms.get(value).inputs;
                let known = path.facts.with(value, failed, inputs);
                paths.extend(self.paths(fallback, &known, later));
            }
            let kept = path.values.without(rescued);
            if !kept.is_empty() {
                paths.push(Path { values: kept, facts: path.facts });
            }
        }
        paths
    }

    fn coalesce(&self, arms: &[TermId], facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut open = Self::open(facts);
        for (index, arm) in arms.iter().enumerate() {
            let after = later.and(self.variables.read_by_all(&arms[index + 1..]));
            let mut next = Vec::new();
            for state in &open {
                for path in self.paths(*arm, &state.facts, after) {
                    let empty = path.values.meet(&Possible::flags(Flags::EMPTY));
                    let filled = path.values.clone().without(Flags::EMPTY);
                    if let Some(known) = self.values.record(*arm, filled.clone(), &path.facts) {
                        paths.push(Path { values: filled, facts: known });
                    }
                    if let Some(known) = self.values.record(*arm, empty, &path.facts) {
                        next.push(Path { values: Possible::none(), facts: known });
                    }
                }
            }
            open = self.merged(next, &[], after, facts);
        }
        paths.extend(open.into_iter().map(|path| Path { values: Possible::flags(Flags::BLANK), ..path }));
        paths
    }

    fn bucket(&self, value: TermId, chain: &Chain<'_>, facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut settled = 0;
        let mut open = Vec::new();
        for known in self.valued(value, facts, Self::after(chain, 0, later)) {
            let sorted = self.values.of(value, &known);
            let filled = sorted.as_ref().clone().without(Flags::EMPTY);
            let unsorted = transfer::in_no_bucket(&filled);
            if sorted.flags.has(Flags::EMPTY) {
                let empty = sorted.meet(&Possible::flags(Flags::EMPTY));
                let facts = self.values.record(value, empty, &known).unwrap_or_else(|| known.clone());
                paths.push(Path { values: Possible::flags(Flags::BLANK), facts });
            }
            if !unsorted.is_empty() {
                paths.push(Path { values: Possible::flags(unsorted), facts: known.clone() });
            }
            if let Some(facts) = self.values.record(value, numbers_of(&filled), &known) {
                open.push(Path { values: Possible::none(), facts });
            }
        }
        for index in (0..chain.pairs.len()).step_by(2) {
            let mut next = Vec::new();
            for state in &open {
                for path in self.paths(chain.pairs[index], &state.facts, Self::after(chain, index + 1, later))
                {
                    let threshold = transfer::as_number(&path.values);
                    if !threshold.errors.is_empty() {
                        paths.push(Path {
                            values: Possible::flags(threshold.errors),
                            facts: path.facts.clone(),
                        });
                    }
                    let threshold = Possible::numbers(threshold.numbers);
                    let own = self.values.of(value, &path.facts);
                    let below = ordered_as(CompareOp::Less, &own, &threshold, true);
                    if let Some(known) = self.values.record(value, below, &path.facts) {
                        paths.extend(self.paths(chain.pairs[index + 1], &known, later));
                    }
                    let above = ordered_as(CompareOp::Less, &own, &threshold, false);
                    if let Some(known) = self.values.record(value, above, &path.facts) {
                        next.push(Path { values: Possible::none(), facts: known });
                    }
                }
            }
            open = self.merged(next, &[value], Self::after(chain, index + 2, later), facts);
            self.merge_grown(&mut paths, &mut settled, later, facts);
        }
        paths.extend(self.rest(chain, open, later));
        paths
    }

    fn pick(&self, id: TermId, children: &[TermId], facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        for known in self.valued(children[0], facts, later.and(self.variables.read_by_all(&children[1..]))) {
            if let Some(Value::Number(number)) = self.values.of(children[0], &known).as_exact() {
                let number = number.trunc();
                let arm = if number >= 1.0 { children.get(number as usize) } else { None };
                match arm {
                    Some(arm) => paths.extend(self.paths(*arm, &known, later)),
                    None => paths.push(Path { values: Possible::flags(Flags::VALUE), facts: known }),
                }
            } else {
                self.is_exact.set(false);
                paths.push(Path { values: (*self.values.of(id, &known)).clone(), facts: known });
            }
        }
        paths
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
