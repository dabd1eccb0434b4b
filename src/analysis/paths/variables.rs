//! What terms read: columns of the row, and terms that occur in several places.

use crate::analysis::facts::Facts;
use crate::analysis::terms::{TermId, Terms};
use crate::check::NodeKind;
use crate::types::Type;
use std::ops::{BitAnd, BitOr};

/// How many variables are told apart.
const MOST: usize = 256;

/// A set of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VarSet([u64; MOST / 64]);

impl VarSet {
    pub(super) const NONE: Self = Self([0; MOST / 64]);

    pub(super) const ALL: Self = Self([u64::MAX; MOST / 64]);

    fn single(index: usize) -> Self {
        let mut set = Self::NONE;
        set.0[index / 64] |= 1 << (index % 64);
        set
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    fn has(self, index: usize) -> bool {
        self.0[index / 64] & (1 << (index % 64)) != 0
    }

    fn indexes(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(word, bits)| {
            let after = |bits: &u64| Some(bits & bits.wrapping_sub(1)).filter(|bits| *bits != 0);
            let lowest = move |bits: u64| word * 64 + bits.trailing_zeros() as usize;
            std::iter::successors(Some(bits).filter(|bits| *bits != 0), after).map(lowest)
        })
    }
}

impl BitOr for VarSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        let mut set = self;
        set.0.iter_mut().zip(other.0).for_each(|(one, two)| *one |= two);
        set
    }
}

impl BitAnd for VarSet {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        let mut set = self;
        set.0.iter_mut().zip(other.0).for_each(|(one, two)| *one &= two);
        set
    }
}

/// The variables of a file: its inputs, and terms that branch and occur in several places.
#[derive(Debug)]
pub(super) struct Variables {
    /// For each term: whether it branches, or has a part that does.
    splits: Vec<bool>,
    /// For each term: whether its result is TRUE or FALSE.
    conditions: Vec<bool>,
    /// For each term: its own variable, if it is a shared term.
    shared: Vec<VarSet>,
    /// For each term: the variables by which other terms read it.
    reads: Vec<VarSet>,
    /// For each shared term by its variable: the term, and what its formula reads.
    inside: Vec<Option<(TermId, VarSet)>>,
    /// The variables of all shared terms.
    shared_all: VarSet,
    too_many: bool,
}

impl Variables {
    pub(super) fn of(terms: &Terms<'_>) -> Self {
        let mut all = Self {
            splits: vec![false; terms.len()],
            conditions: vec![false; terms.len()],
            shared: vec![VarSet::NONE; terms.len()],
            reads: vec![VarSet::NONE; terms.len()],
            inside: Vec::new(),
            shared_all: VarSet::NONE,
            too_many: false,
        };
        // Children come before the terms that they are part of.
        for index in 0..terms.len() {
            all.add(terms, index);
        }
        all
    }

    fn add(&mut self, terms: &Terms<'_>, index: usize) {
        let term = terms.get(TermId(index as u32));
        let inside = self.read_by_all(&term.children);
        let Some(node) = term.node else {
            // An item of a list.
            if term.children.is_empty() {
                self.add_variable(index, None, true);
            } else {
                self.reads[index] = inside;
            }
            return;
        };
        self.conditions[index] = is_condition(&node.kind, node.ty);
        // What happens for each item of a list is not followed.
        let is_closed =
            matches!(node.kind, NodeKind::Each { .. } | NodeKind::Reduce { .. } | NodeKind::Constant(_));
        self.splits[index] = !is_closed
            && (self.conditions[index]
                || node.kind.is_choice()
                || term.children.iter().any(|child| self.splits[child.0 as usize]));
        // The clock is read as columns are.
        let is_input = matches!(node.kind, NodeKind::Input(_))
            || (matches!(node.kind, NodeKind::Call(..)) && term.children.is_empty());
        let is_shared = self.splits[index] && term.uses > 1;
        if !is_input && !is_shared {
            self.reads[index] = inside;
            return;
        }
        self.add_variable(index, is_shared.then_some(inside), is_input);
    }

    /// Gives a term its own variable; `inside` is what a shared term reads.
    fn add_variable(&mut self, index: usize, inside: Option<VarSet>, is_input: bool) {
        let variable = self.inside.len();
        if variable >= MOST {
            // A shared term beyond the bound is evaluated wherever it occurs; an input can't be left out.
            self.too_many |= is_input;
            self.reads[index] = inside.unwrap_or(VarSet::NONE);
            return;
        }
        let is_shared = inside.is_some();
        self.inside.push(inside.map(|inside| (TermId(index as u32), inside)));
        let single = VarSet::single(variable);
        self.reads[index] = single;
        if is_shared {
            self.shared[index] = single;
            self.shared_all = self.shared_all | single;
        }
    }

    /// Whether there are more columns of the row than can be told apart.
    pub(super) fn are_too_many(&self) -> bool {
        self.too_many
    }

    pub(super) fn splits(&self, id: TermId) -> bool {
        self.splits[id.0 as usize]
    }

    pub(super) fn is_condition(&self, id: TermId) -> bool {
        self.conditions[id.0 as usize]
    }

    /// The variable of a shared term.
    pub(super) fn shared(&self, id: TermId) -> VarSet {
        self.shared[id.0 as usize]
    }

    /// The variables that these terms read.
    pub(super) fn read_by_all(&self, terms: &[TermId]) -> VarSet {
        terms.iter().fold(VarSet::NONE, |all, term| all | self.reads[term.0 as usize])
    }

    /// The variables, with what shared terms read whose value is not known yet.
    pub(super) fn expanded(&self, reads: VarSet, evaluating: VarSet, facts: &Facts) -> VarSet {
        let mut all = reads;
        let mut open: Vec<usize> = (reads & self.shared_all).indexes().collect();
        while let Some(variable) = open.pop() {
            let Some((term, inside)) = self.inside.get(variable).copied().flatten() else { continue };
            if evaluating.has(variable) || facts.get(term).is_some() {
                continue;
            }
            open.extend((inside & self.shared_all).indexes().filter(|other| !all.has(*other)));
            all = all | inside;
        }
        all
    }

    /// Whether what is known of a term can matter to something that reads these variables.
    pub(super) fn matters(&self, term: TermId, reads: VarSet) -> bool {
        !(self.reads[term.0 as usize] & reads).is_empty()
    }
}

fn is_condition(kind: &NodeKind, ty: Type) -> bool {
    match kind {
        NodeKind::Compare(..)
        | NodeKind::InArms { .. }
        | NodeKind::InList { .. }
        | NodeKind::Not(_)
        | NodeKind::And(_)
        | NodeKind::Or(_) => true,
        NodeKind::Call(..) => ty == Type::Boolean,
        _ => false,
    }
}
