//! What is known of terms at one place of a rule: the conditions that led there.

use super::possible::Possible;
use super::terms::TermId;
use std::collections::BTreeMap;
use std::rc::Rc;

/// More terms than this are not kept track of.
const MOST_FACTS: usize = 300;

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

/// The values that terms can still have. Copies are cheap.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    known: Rc<BTreeMap<TermId, Known>>,
    /// The inputs of all terms that something is known of.
    inputs: u128,
}

impl Facts {
    /// What is known of a term.
    #[must_use]
    pub fn get(&self, term: TermId) -> Option<&Rc<Possible>> {
        self.known.get(&term).map(|known| &known.values)
    }

    /// Whether nothing is known of any term that reads one of these inputs.
    #[must_use]
    pub fn are_silent_on(&self, inputs: u128) -> bool {
        self.inputs & inputs == 0
    }

    /// The same facts and one more; `inputs` are those that the term reads. Where a lot is known already, the new fact
    /// is forgotten, so that long chains take linear time.
    #[must_use]
    pub fn with(&self, term: TermId, values: Possible, inputs: u128) -> Self {
        if self.known.len() >= MOST_FACTS && !self.known.contains_key(&term) {
            return self.clone();
        }
        let mut known = Rc::clone(&self.known);
        Rc::make_mut(&mut known).insert(term, Known::new(values));
        Self { known, inputs: self.inputs | inputs }
    }

    /// The same facts but one.
    #[must_use]
    pub fn without(&self, term: TermId) -> Self {
        let mut known = Rc::clone(&self.known);
        Rc::make_mut(&mut known).remove(&term);
        Self { known, inputs: self.inputs }
    }

    /// What is known in every one of these alternatives; nothing if there is no alternative.
    #[must_use]
    pub fn known_in_all(alternatives: &[Self]) -> Option<Self> {
        let (first, rest) = alternatives.split_first()?;
        let mut known = BTreeMap::new();
        for (term, values) in first.iter() {
            let joined =
                rest.iter().try_fold((**values).clone(), |all, other| Some(all.join(other.get(term)?)));
            known.extend(joined.map(|values| (term, Known::new(values))));
        }
        Some(Self { known: Rc::new(known), inputs: first.inputs })
    }

    /// All of them, by term.
    pub fn iter(&self) -> impl Iterator<Item = (TermId, &Rc<Possible>)> {
        self.known.iter().map(|(term, known)| (*term, &known.values))
    }

    /// All of them, with their digests.
    pub fn entries(&self) -> impl Iterator<Item = (TermId, &Known)> {
        self.known.iter().map(|(term, known)| (*term, known))
    }
}
