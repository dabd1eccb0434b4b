//! Credits, the money of a table, counted exactly.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// An amount of credits in thousandths, so that sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Credits(u64);

impl Credits {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// More than any budget.
    pub const MAX: Self = Self(u64::MAX);

    /// This many thousandths of a credit.
    #[must_use]
    pub fn thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// This many credits, or nothing where that is negative, not finite, beyond 10^12 or finer than a thousandth.
    #[must_use]
    pub fn from_number(credits: f64) -> Option<Self> {
        let thousandths = (credits * 1000.0).round();
        let exact = (credits * 1000.0 - thousandths).abs() < 1e-6;
        (exact && (0.0..=1e15).contains(&thousandths)).then_some(Self(thousandths as u64))
    }

    /// The amount in thousandths of a credit.
    #[must_use]
    pub fn as_thousandths(self) -> u64 {
        self.0
    }

    /// The amount in credits.
    #[must_use]
    pub fn as_number(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The amount `count` times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// What is left when `other` is taken off, or nothing where that is more.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Credits {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Credits {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Credits {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.less(other)
    }
}

impl Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// As few digits as say it: `2`, `0.5`.
impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:03}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::Credits;

    #[test]
    fn sums_are_exact() {
        let tenth = Credits::from_number(0.1).expect("a tenth");
        assert_eq!((0..10).map(|_| tenth).sum::<Credits>(), Credits::from_number(1.0).expect("one"));
        assert_eq!(tenth.to_string(), "0.1");
        assert_eq!(Credits::thousandths(12_050).to_string(), "12.05");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for number in [-1.0, f64::NAN, f64::INFINITY, 1e20, 0.0001] {
            assert_eq!(Credits::from_number(number), None, "{number}");
        }
    }
}
