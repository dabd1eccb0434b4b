//! Sets of small numbers.

/// A set of numbers below a limit that its users know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Set {
    words: Vec<u64>,
    /// The smallest member and one more than the largest; equal in the empty set.
    low: usize,
    high: usize,
}

impl Set {
    pub(super) fn insert(&mut self, member: usize) {
        let word = member / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (member % 64);
        (self.low, self.high) = if self.is_empty() {
            (member, member + 1)
        } else {
            (self.low.min(member), self.high.max(member + 1))
        };
    }

    pub(super) fn is_empty(&self) -> bool {
        self.low == self.high
    }

    pub(super) fn has(&self, member: usize) -> bool {
        self.words.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
    }

    /// Whether a number is in both sets.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        let words = low / 64..high.div_ceil(64);
        low < high && words.into_iter().any(|word| self.words[word] & other.words[word] != 0)
    }

    /// Whether all members of another set are in this one.
    pub(super) fn contains(&self, other: &Self) -> bool {
        other
            .words
            .iter()
            .enumerate()
            .all(|(word, bits)| bits & !self.words.get(word).copied().unwrap_or(0) == 0)
    }

    pub(super) fn members(&self) -> impl Iterator<Item = usize> + '_ {
        (self.low..self.high).filter(|member| self.has(*member))
    }
}

impl FromIterator<usize> for Set {
    fn from_iter<I: IntoIterator<Item = usize>>(members: I) -> Self {
        let mut set = Self::default();
        members.into_iter().for_each(|member| set.insert(member));
        set
    }
}
