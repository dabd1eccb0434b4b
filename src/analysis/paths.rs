//! The paths through a formula: each result that it can have, and what is then known of the row.
//!
//! Conditions split a path in two. Paths that agree in their result, and in all that is still to be evaluated, become
//! one, so that the terms of a sum combine by their values and not by their paths.

mod choices;
mod merge;
mod variables;

use super::facts::Facts;
use super::possible::{Flags, Possible};
use super::terms::{TermId, with_stack};
use super::transfer;
use super::values::Values;
use crate::check::NodeKind;
use crate::syntax::ast::Sign;
use std::cell::Cell;
use variables::{VarSet, Variables};

/// More paths than this are not kept apart.
const MOST_PATHS: usize = 4_000;
/// More steps than this are not made for one file.
const MOST_STEPS: usize = 250_000;
/// Looking at this many facts to merge paths counts as one step.
const FACTS_PER_STEP: usize = 32;

/// One path through a formula.
#[derive(Clone, Debug)]
pub struct Path {
    /// The results at its end.
    pub values: Possible,
    /// What is known of the row.
    pub facts: Facts,
}

/// The results of two formulas for the same rows.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The results of the first.
    pub old: Possible,
    /// The results of the second.
    pub new: Possible,
    /// What is known of the rows.
    pub facts: Facts,
}

/// The paths through the formulas of a file.
#[derive(Debug)]
pub struct Paths<'p, 't> {
    /// The values of terms.
    pub values: &'p Values<'t>,
    variables: Variables,
    steps: Cell<usize>,
    is_exact: Cell<bool>,
}

/// What is evaluated after a term: the variables that it reads.
#[derive(Clone, Copy, Debug)]
struct Later {
    reads: VarSet,
    /// Shared terms that are being evaluated, and whose value is known afterwards.
    evaluating: VarSet,
}

impl Later {
    fn and(self, reads: VarSet) -> Self {
        Self { reads: self.reads | reads, ..self }
    }
}

impl<'p, 't> Paths<'p, 't> {
    /// Prepares the search for paths.
    #[must_use]
    pub fn new(values: &'p Values<'t>) -> Self {
        let variables = Variables::of(&values.terms);
        let is_exact = Cell::new(!variables.are_too_many());
        Self { values, variables, steps: Cell::new(0), is_exact }
    }

    /// Whether nothing was joined since the last call because there were too many.
    #[must_use]
    pub fn was_exact(&self) -> bool {
        self.is_exact.replace(!self.variables.are_too_many()) && !self.values.is_exhausted()
    }

    /// How many steps were made.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps.get()
    }

    /// All paths through a term where these facts are known.
    #[must_use]
    pub fn of(&self, id: TermId, facts: &Facts) -> Vec<Path> {
        let later = Later { reads: VarSet::NONE, evaluating: VarSet::NONE };
        self.paths(id, facts, later)
    }

    /// All paths through a term, where paths with the same result stay apart if anything else is known of the row.
    #[must_use]
    pub fn apart(&self, id: TermId, facts: &Facts) -> Vec<Path> {
        self.paths(id, facts, Later { reads: VarSet::ALL, evaluating: VarSet::NONE })
    }

    /// The results of two sums over the same rows, for all that they tell apart.
    #[must_use]
    pub fn pairs(&self, old: &[(Sign, TermId)], new: &[(Sign, TermId)], facts: &Facts) -> Vec<Pair> {
        let terms = |sum: &[(Sign, TermId)]| sum.iter().map(|(_, term)| *term).collect::<Vec<_>>();
        let reads = self.variables.read_by_all(&terms(new));
        let later = Later { reads, evaluating: VarSet::NONE };
        let last = Later { reads: VarSet::NONE, evaluating: VarSet::NONE };
        let mut pairs = Vec::new();
        for before in self.signed_sum(old, facts, later) {
            for after in self.signed_sum(new, &before.facts, last) {
                pairs.push(Pair { old: before.values.clone(), new: after.values, facts: after.facts });
            }
        }
        pairs
    }

    /// The paths through terms that are added up; 0 if there is none.
    fn signed_sum(&self, sum: &[(Sign, TermId)], facts: &Facts, later: Later) -> Vec<Path> {
        let terms: Vec<TermId> = sum.iter().map(|(_, term)| *term).collect();
        let zero = || Possible::numbers(super::possible::Intervals::point(0.0));
        match sum {
            [] => vec![Path { values: zero(), facts: facts.clone() }],
            [(Sign::Plus, _), ..] => {
                let signs: Vec<Sign> = sum.iter().map(|(sign, _)| *sign).collect();
                self.sum(&terms, &signs, facts, later)
            }
            [(Sign::Minus, _), ..] => {
                let inverted: Vec<Sign> = sum
                    .iter()
                    .map(|(sign, _)| if *sign == Sign::Minus { Sign::Plus } else { Sign::Minus })
                    .collect();
                let mut paths = self.sum(&terms, &inverted, facts, later);
                paths.iter_mut().for_each(|path| path.values = transfer::negated(&path.values));
                paths
            }
        }
    }

    fn paths(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Path> {
        let single = |values: Possible| vec![Path { values, facts: facts.clone() }];
        if let Some(known) = facts.get(id) {
            return single((**known).clone());
        }
        if !self.variables.splits(id) {
            return single((*self.values.of(id, facts)).clone());
        }
        let steps = self.steps.get();
        self.steps.set(steps + 1);
        if steps >= MOST_STEPS || self.variables.are_too_many() {
            self.is_exact.set(false);
            return single((*self.values.of(id, facts)).clone());
        }
        let shared = self.variables.shared(id);
        let within = Later { evaluating: later.evaluating | shared, ..later };
        let paths = with_stack(|| self.paths_of_kind(id, facts, within));
        let mut paths = self.merged(paths, &[], within, facts);
        if !(later.reads & shared).is_empty() {
            let inputs = self.values.terms.get(id).inputs;
            for path in &mut paths {
                path.facts = path.facts.with(id, path.values.clone(), inputs);
            }
        }
        paths
    }

    fn paths_of_kind(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Path> {
        let term = self.values.terms.get(id);
        let Some(node) = term.node else { return Vec::new() };
        match &node.kind {
            NodeKind::And(_) => self.all_arms(&term.children, false, facts, later),
            NodeKind::Or(_) => self.all_arms(&term.children, true, facts, later),
            NodeKind::Not(_) => {
                let mut paths = self.truths(term.children[0], facts, later);
                for path in &mut paths {
                    path.values = Possible::flags(transfer::inverted(path.values.flags));
                }
                paths
            }
            kind if kind.is_choice() => self.paths_of_choice(id, facts, later),
            NodeKind::Sum(addends) => {
                let signs: Vec<Sign> = addends.iter().map(|addend| addend.sign).collect();
                self.sum(&term.children, &signs, facts, later)
            }
            _ => {
                let mut paths = Vec::new();
                for known in self.with_children(&term.children, facts, later) {
                    let values = (*self.values.of(id, &known)).clone();
                    if self.variables.is_condition(id) {
                        paths.extend(self.split(id, &values, &known));
                    } else {
                        paths.push(Path { values, facts: known });
                    }
                }
                paths
            }
        }
    }

    /// The facts of all paths through the children, with their values.
    fn with_children(&self, children: &[TermId], facts: &Facts, later: Later) -> Vec<Facts> {
        let mut states = vec![Path { values: Possible::none(), facts: facts.clone() }];
        // Children without branches are evaluated last of all, wherever they are.
        let plain: Vec<TermId> =
            children.iter().copied().filter(|child| !self.variables.splits(*child)).collect();
        let later = later.and(self.variables.read_by_all(&plain));
        for (index, child) in children.iter().enumerate() {
            if !self.variables.splits(*child) {
                continue;
            }
            let after = later.and(self.variables.read_by_all(&children[index + 1..]));
            let mut next = Vec::new();
            for state in &states {
                for path in self.paths(*child, &state.facts, after) {
                    let inputs = self.values.terms.get(*child).inputs;
                    let facts = path.facts.with(*child, path.values, inputs);
                    next.push(Path { values: Possible::none(), facts });
                }
            }
            states = self.merged(next, &children[..=index], after, facts);
        }
        states.into_iter().map(|state| state.facts).collect()
    }

    /// The terms of a sum one after the other; sums so far that are equal become one path.
    fn sum(&self, addends: &[TermId], signs: &[Sign], facts: &Facts, later: Later) -> Vec<Path> {
        let mut states: Vec<Path> = Vec::new();
        for (index, addend) in addends.iter().enumerate() {
            let after = later.and(self.variables.read_by_all(&addends[index + 1..]));
            if index == 0 {
                states = self.paths(*addend, facts, after);
                continue;
            }
            let mut next = Vec::new();
            for state in &states {
                for path in self.paths(*addend, &state.facts, after) {
                    let values = transfer::plus(&state.values, &path.values, signs[index] == Sign::Minus);
                    next.push(Path { values, facts: path.facts });
                }
            }
            states = self.merged(next, &[], after, facts);
        }
        states
    }

    /// A condition as TRUE, as FALSE, and as its errors.
    fn split(&self, id: TermId, values: &Possible, facts: &Facts) -> Vec<Path> {
        let truth = transfer::truth(values);
        let errors = truth & Flags::ERRORS;
        let mut paths = Vec::new();
        for result in [true, false] {
            if truth.has(Flags::of(result))
                && let Some(known) = self.values.assume(id, result, facts)
            {
                paths.push(Path { values: Possible::flags(Flags::of(result)), facts: known });
            }
        }
        if !errors.is_empty() {
            paths.push(Path { values: Possible::flags(errors), facts: facts.clone() });
        }
        paths
    }

    /// The paths through a term that is used as a condition: TRUE, FALSE or errors.
    fn truths(&self, id: TermId, facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        for path in self.paths(id, facts, later) {
            let truth = transfer::truth(&path.values);
            if truth.each().count() == 1 {
                paths.push(Path { values: Possible::flags(truth), ..path });
            } else {
                let inputs = self.values.terms.get(id).inputs;
                let is_known = path.facts.get(id).is_some() || !self.variables.splits(id);
                let known =
                    if is_known { path.facts } else { path.facts.with(id, path.values.clone(), inputs) };
                paths.extend(self.split(id, &path.values, &known));
            }
        }
        paths
    }

    /// AND, or OR if `decisive` is TRUE.
    fn all_arms(&self, arms: &[TermId], decisive: bool, facts: &Facts, later: Later) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut settled = 0;
        let mut open = vec![Path { values: Possible::none(), facts: facts.clone() }];
        for (index, arm) in arms.iter().enumerate() {
            let after = later.and(self.variables.read_by_all(&arms[index + 1..]));
            let mut next = Vec::new();
            for state in &open {
                for path in self.arm(*arm, &state.facts, after) {
                    if path.values == Possible::flags(Flags::of(!decisive)) {
                        next.push(Path { values: Possible::none(), facts: path.facts });
                    } else {
                        paths.push(path);
                    }
                }
            }
            self.merge_grown(&mut paths, &mut settled, later, facts);
            open = self.merged(next, &[], after, facts);
        }
        paths.extend(
            open.into_iter().map(|path| Path { values: Possible::flags(Flags::of(!decisive)), ..path }),
        );
        paths
    }

    /// An arm of AND or OR; a list stands for its items, of which nothing is known.
    fn arm(&self, arm: TermId, facts: &Facts, later: Later) -> Vec<Path> {
        let values = self.values.of(arm, facts);
        let mut paths = self.truths(arm, facts, later);
        if values.flags.has(Flags::ITEMS | Flags::NO_ITEMS) {
            let inputs = self.values.terms.get(arm).inputs;
            let lists = values.meet(&Possible::flags(Flags::ITEMS | Flags::NO_ITEMS));
            let known = facts.with(arm, lists, inputs);
            for flag in [Flags::TRUE, Flags::FALSE, Flags::VALUE] {
                paths.push(Path { values: Possible::flags(flag), facts: known.clone() });
            }
        }
        paths
    }

    /// Merges paths collected so far once they are twice as many as the last time, of which `settled` were left.
    fn merge_grown(&self, paths: &mut Vec<Path>, settled: &mut usize, later: Later, before: &Facts) {
        if paths.len() > 2 * *settled + 16 {
            *paths = self.merged(std::mem::take(paths), &[], later, before);
            *settled = paths.len();
        }
    }

    /// Paths that agree in all that matters afterwards as one; `needed` are terms whose values still do.
    fn merged(&self, paths: Vec<Path>, needed: &[TermId], later: Later, before: &Facts) -> Vec<Path> {
        let paths = if paths.len() > 1 && self.steps.get() < MOST_STEPS {
            let compared = Cell::new(0);
            let kept = merge::merge(
                paths,
                |facts| self.variables.expanded(later.reads, later.evaluating, facts),
                |term, reads| {
                    compared.set(compared.get() + 1);
                    needed.contains(&term) || self.variables.matters(term, reads)
                },
            );
            self.steps.set(self.steps.get() + compared.get() / FACTS_PER_STEP);
            kept
        } else {
            paths
        };
        // Beyond the last step, one path is all that is followed.
        if paths.len() <= if self.steps.get() < MOST_STEPS { MOST_PATHS } else { 1 } {
            return paths;
        }
        self.is_exact.set(false);
        let values = paths.iter().fold(Possible::none(), |all, path| all.join(&path.values));
        vec![Path { values, facts: before.clone() }]
    }
}
