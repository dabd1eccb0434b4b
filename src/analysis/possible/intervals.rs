//! Sets of numbers as sorted intervals.

use crate::value::{decimal_of, same_number};

/// More intervals than this are joined where the gap between them is smallest.
const MOST: usize = 24;

/// The numbers between two ends. An end that is open does not belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether the lower end is left out.
    pub low_open: bool,
    /// Whether the upper end is left out.
    pub high_open: bool,
}

impl Interval {
    /// The numbers from `low` to `high`, both included.
    #[must_use]
    pub fn closed(low: f64, high: f64) -> Self {
        Self { low, high, low_open: false, high_open: false }
    }

    fn is_empty(&self) -> bool {
        self.low > self.high || (self.low >= self.high && (self.low_open || self.high_open))
    }

    fn meet(&self, other: &Self) -> Self {
        let (low, low_open) = match self.low.total_cmp(&other.low) {
            std::cmp::Ordering::Less => (other.low, other.low_open),
            std::cmp::Ordering::Greater => (self.low, self.low_open),
            std::cmp::Ordering::Equal => (self.low, self.low_open || other.low_open),
        };
        let (high, high_open) = match self.high.total_cmp(&other.high) {
            std::cmp::Ordering::Less => (self.high, self.high_open),
            std::cmp::Ordering::Greater => (other.high, other.high_open),
            std::cmp::Ordering::Equal => (self.high, self.high_open || other.high_open),
        };
        Self { low, high, low_open, high_open }
    }

    /// Whether no number lies between this interval and the later one, so that both are one.
    fn touches(&self, later: &Self) -> bool {
        later.low < self.high || (later.low <= self.high && !(self.high_open && later.low_open))
    }

    fn contains(&self, number: f64) -> bool {
        let above = if self.low_open { number > self.low } else { number >= self.low };
        let below = if self.high_open { number < self.high } else { number <= self.high };
        above && below
    }
}

/// A set of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals(Vec<Interval>);

impl Intervals {
    /// No number.
    #[must_use]
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Every number.
    #[must_use]
    pub fn all() -> Self {
        Self(vec![Interval::closed(f64::NEG_INFINITY, f64::INFINITY)])
    }

    /// This number alone.
    #[must_use]
    pub fn point(number: f64) -> Self {
        // Zero has no sign here.
        Self::between(number + 0.0, number + 0.0)
    }

    /// The numbers from `low` to `high`, both included.
    #[must_use]
    pub fn between(low: f64, high: f64) -> Self {
        Self::of(Interval::closed(low, high))
    }

    /// The numbers of one interval.
    #[must_use]
    pub fn of(interval: Interval) -> Self {
        if interval.is_empty() { Self::none() } else { Self(vec![interval]) }
    }

    /// The numbers above `low`, or from it on.
    #[must_use]
    pub fn from(low: f64, low_open: bool) -> Self {
        Self::of(Interval { low, high: f64::INFINITY, low_open, high_open: false })
    }

    /// The numbers below `high`, or up to it.
    #[must_use]
    pub fn up_to(high: f64, high_open: bool) -> Self {
        Self::of(Interval { low: f64::NEG_INFINITY, high, low_open: false, high_open })
    }

    /// Whether there is no number in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The intervals, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Interval] {
        &self.0
    }

    /// The smallest interval around all of it.
    #[must_use]
    pub fn hull(&self) -> Option<Interval> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        Some(Interval {
            low: first.low,
            low_open: first.low_open,
            high: last.high,
            high_open: last.high_open,
        })
    }

    /// The only number in it.
    #[must_use]
    pub fn as_point(&self) -> Option<f64> {
        match self.0.as_slice() {
            [only] if only.low >= only.high => Some(only.low),
            _ => None,
        }
    }

    /// The numbers in it, if they are few and no interval between them is.
    #[must_use]
    pub fn points(&self) -> Option<Vec<f64>> {
        self.0.iter().map(|piece| (piece.low >= piece.high).then_some(piece.low)).collect()
    }

    /// Whether the number, at the 15 digits that comparisons see, is in it.
    #[must_use]
    pub fn contains(&self, number: f64) -> bool {
        let rounded = decimal_of(number);
        self.0.iter().any(|piece| {
            piece.contains(rounded)
                || piece.contains(number)
                || (!piece.low_open && same_number(piece.low, number))
                || (!piece.high_open && same_number(piece.high, number))
        })
    }

    /// The numbers in both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let mut met = Vec::new();
        for one in &self.0 {
            met.extend(other.0.iter().map(|two| one.meet(two)).filter(|piece| !piece.is_empty()));
        }
        Self(met)
    }

    /// The numbers in either.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { other.clone() } else { self.clone() };
        }
        let mut pieces: Vec<Interval> = self.0.iter().chain(&other.0).copied().collect();
        pieces.sort_by(|one, two| {
            one.low
                .total_cmp(&two.low)
                .then(one.low_open.cmp(&two.low_open))
                .then(one.high.total_cmp(&two.high))
        });
        let mut joined: Vec<Interval> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match joined.last_mut().filter(|last| last.touches(&piece)) {
                Some(last) if last.high < piece.high => {
                    (last.high, last.high_open) = (piece.high, piece.high_open);
                }
                Some(last) if last.high <= piece.high => last.high_open &= piece.high_open,
                Some(_) => {}
                None => joined.push(piece),
            }
        }
        while joined.len() > MOST {
            close_smallest_gap(&mut joined);
        }
        Self(joined)
    }

    /// All numbers but one.
    #[must_use]
    pub fn without(&self, number: f64) -> Self {
        let others = Self::up_to(number, true).join(&Self::from(number, true));
        self.meet(&others)
    }

    /// The images of all pieces under a function of intervals.
    #[must_use]
    pub fn map(&self, image: impl Fn(&Interval) -> Interval) -> Self {
        self.0.iter().fold(Self::none(), |all, piece| all.join(&Self::of(image(piece))))
    }

    /// The images of all pairs of pieces; where there are many, those of the hulls.
    #[must_use]
    pub fn zip(&self, other: &Self, image: impl Fn(&Interval, &Interval) -> Interval) -> Self {
        let (Some(left), Some(right)) = (self.hull(), other.hull()) else { return Self::none() };
        if self.0.len() * other.0.len() > MOST {
            return Self::of(image(&left, &right));
        }
        let mut all = Self::none();
        for one in &self.0 {
            for two in &other.0 {
                all = all.join(&Self::of(image(one, two)));
            }
        }
        all
    }
}

fn close_smallest_gap(pieces: &mut Vec<Interval>) {
    let gap = |index: usize, pieces: &[Interval]| pieces[index + 1].low - pieces[index].high;
    let smallest = (0..pieces.len() - 1).min_by(|one, two| gap(*one, pieces).total_cmp(&gap(*two, pieces)));
    let Some(index) = smallest else { return };
    let next = pieces.remove(index + 1);
    (pieces[index].high, pieces[index].high_open) = (next.high, next.high_open);
}

#[cfg(test)]
mod tests {
    use super::Intervals;

    #[test]
    fn sets_join_and_meet() {
        let small = Intervals::up_to(5.0, true);
        let large = Intervals::from(5.0, false);
        assert_eq!(small.join(&large), Intervals::all());
        assert!(small.meet(&large).is_empty());
        let hole = Intervals::all().without(3.0);
        assert!(!hole.contains(3.0) && hole.contains(3.1));
        assert_eq!(hole.join(&Intervals::point(3.0)), Intervals::all());
        assert_eq!(Intervals::between(1.0, 2.0).meet(&Intervals::from(2.0, false)).as_point(), Some(2.0));
        assert!(Intervals::between(1.0, 2.0).meet(&Intervals::from(2.0, true)).is_empty());
    }

    #[test]
    fn many_pieces_become_fewer_and_lose_nothing() {
        let points = (0..200).map(|at| f64::from(at) * f64::from(at));
        let all = points.clone().fold(Intervals::none(), |all, point| all.join(&Intervals::point(point)));
        assert!(all.pieces().len() <= 24);
        points.for_each(|point| assert!(all.contains(point)));
    }
}
