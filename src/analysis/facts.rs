//! What is known of terms at one place of a rule: the conditions that led there.

use super::possible::Possible;
use super::terms::TermId;
use std::rc::Rc;

/// How many bits of a term's index choose the slot at each level, and how many levels there are. Nothing is recorded of
/// terms whose index has more bits.
const BITS: u32 = 4;
const LEVELS: u32 = 6;
const WIDTH: usize = 1 << BITS;

/// The values of one term, with their digest.
#[derive(Clone, Debug)]
pub struct Known {
    /// The values.
    pub values: Rc<Possible>,
    /// A number that is the same for equal sets.
    pub digest: u64,
}

impl Known {
    fn new(values: Possible) -> Self {
        let digest = values.digest();
        Self { values: Rc::new(values), digest }
    }
}

/// The values that terms can still have: a tree by the bits of the term's index. A copy shares all that it has in common
/// with its original.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    known: Rc<Slots>,
    /// The inputs of all terms that something is known of.
    inputs: u128,
}

type Slots = [Slot; WIDTH];

#[derive(Clone, Debug, Default)]
enum Slot {
    #[default]
    Empty,
    Inner(Rc<Slots>),
    Known(TermId, Known),
}

impl Facts {
    /// What is known of a term.
    #[must_use]
    pub fn get(&self, term: TermId) -> Option<&Rc<Possible>> {
        let mut slots = &self.known;
        for level in (0..LEVELS).rev() {
            match &slots[index(term, level)] {
                Slot::Inner(inner) => slots = inner,
                Slot::Known(id, known) => return Some(&known.values).filter(|_| *id == term),
                Slot::Empty => return None,
            }
        }
        None
    }

    /// Whether nothing is known of any term that reads one of these inputs.
    #[must_use]
    pub fn are_silent_on(&self, inputs: u128) -> bool {
        self.inputs & inputs == 0
    }

    /// The same facts and one more; `inputs` are those that the term reads.
    #[must_use]
    pub fn with(&self, term: TermId, values: Possible, inputs: u128) -> Self {
        let mut known = Rc::clone(&self.known);
        if term.0 >> (BITS * LEVELS) == 0 {
            insert(&mut known, LEVELS - 1, term, Known::new(values));
        }
        Self { known, inputs: self.inputs | inputs }
    }

    /// The same facts but one.
    #[must_use]
    pub fn without(&self, term: TermId) -> Self {
        let mut known = Rc::clone(&self.known);
        remove(&mut known, LEVELS - 1, term);
        Self { known, inputs: self.inputs }
    }

    /// What is known in every one of these alternatives; nothing if there is no alternative.
    #[must_use]
    pub fn known_in_all(alternatives: &[Self]) -> Option<Self> {
        let inputs = alternatives.first()?.inputs;
        let all: Vec<&Rc<Slots>> = alternatives.iter().map(|one| &one.known).collect();
        Some(Self { known: in_all(&all), inputs })
    }

    /// All of them, by term.
    pub fn iter(&self) -> impl Iterator<Item = (TermId, &Rc<Possible>)> {
        self.entries().map(|(term, known)| (term, &known.values))
    }

    /// All of them, with their digests.
    pub fn entries(&self) -> impl Iterator<Item = (TermId, &Known)> {
        let mut all = Vec::new();
        collect(&self.known, &mut all);
        all.into_iter()
    }
}

fn index(term: TermId, level: u32) -> usize {
    (term.0 >> (level * BITS)) as usize % WIDTH
}

fn insert(slots: &mut Rc<Slots>, level: u32, term: TermId, known: Known) {
    let slot = &mut Rc::make_mut(slots)[index(term, level)];
    match slot {
        _ if level == 0 => *slot = Slot::Known(term, known),
        Slot::Inner(inner) => insert(inner, level - 1, term, known),
        _ => {
            let mut inner = Rc::default();
            insert(&mut inner, level - 1, term, known);
            *slot = Slot::Inner(inner);
        }
    }
}

fn remove(slots: &mut Rc<Slots>, level: u32, term: TermId) {
    match &mut Rc::make_mut(slots)[index(term, level)] {
        Slot::Inner(inner) => remove(inner, level - 1, term),
        slot => *slot = Slot::Empty,
    }
}

/// What is known in all of these; what they share is not looked at.
fn in_all(all: &[&Rc<Slots>]) -> Rc<Slots> {
    let (first, rest) = (all[0], &all[1..]);
    if rest.iter().all(|other| Rc::ptr_eq(first, other)) {
        return Rc::clone(first);
    }
    Rc::new(std::array::from_fn(|at| slot_in_all(&all.iter().map(|slots| &slots[at]).collect::<Vec<_>>())))
}

fn slot_in_all(all: &[&Slot]) -> Slot {
    match all[0] {
        Slot::Empty => Slot::Empty,
        Slot::Inner(_) => {
            let inner: Option<Vec<&Rc<Slots>>> = all
                .iter()
                .map(|slot| match slot {
                    Slot::Inner(inner) => Some(inner),
                    _ => None,
                })
                .collect();
            inner.map_or(Slot::Empty, |inner| Slot::Inner(in_all(&inner)))
        }
        Slot::Known(term, known) => {
            let mut joined = known.clone();
            for slot in &all[1..] {
                match slot {
                    Slot::Known(_, other) if Rc::ptr_eq(&joined.values, &other.values) => {}
                    Slot::Known(_, other) => joined = Known::new(joined.values.join(&other.values)),
                    _ => return Slot::Empty,
                }
            }
            Slot::Known(*term, joined)
        }
    }
}

/// Adds what is known below these slots, by term.
fn collect<'f>(slots: &'f Slots, all: &mut Vec<(TermId, &'f Known)>) {
    for slot in slots {
        match slot {
            Slot::Empty => {}
            Slot::Inner(inner) => collect(inner, all),
            Slot::Known(term, known) => all.push((*term, known)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Facts;
    use crate::analysis::possible::{Flags, Possible};
    use crate::analysis::terms::TermId;

    fn facts(known: &[(u32, Flags)]) -> Facts {
        known.iter().fold(Facts::default(), |facts, (term, flags)| {
            facts.with(TermId(*term), Possible::flags(*flags), 1)
        })
    }

    fn flags(facts: &Facts, term: u32) -> Option<Flags> {
        facts.get(TermId(term)).map(|values| values.flags)
    }

    #[test]
    fn the_last_fact_about_a_term_counts() {
        let before = facts(&[(0, Flags::TRUE), (17, Flags::FALSE), (70_000, Flags::BLANK)]);
        let after = before.with(TermId(17), Possible::flags(Flags::SPACE), 2);
        assert_eq!(
            [0, 17, 70_000].map(|term| flags(&after, term)),
            [Flags::TRUE, Flags::SPACE, Flags::BLANK].map(Some)
        );
        assert_eq!((flags(&before, 17), flags(&after, 16)), (Some(Flags::FALSE), None));
        assert!(before.are_silent_on(2) && !after.are_silent_on(2));
    }

    #[test]
    fn what_is_known_in_all_alternatives_is_joined() {
        let base = facts(&[(1, Flags::TRUE), (300, Flags::BLANK)]);
        let one = base.with(TermId(2), Possible::flags(Flags::TRUE), 1);
        let two = base.with(TermId(2), Possible::flags(Flags::FALSE), 1);
        let two = two.with(TermId(3), Possible::flags(Flags::FALSE), 1);
        let both = Facts::known_in_all(&[one, two]).expect("alternatives");
        let wanted = [Some(Flags::TRUE), Some(Flags::BOOLEANS), None, Some(Flags::BLANK)];
        assert_eq!([1, 2, 3, 300].map(|term| flags(&both, term)), wanted);
        assert!(Facts::known_in_all(&[]).is_none());
    }
}
