//! Counts of results, in memory that does not grow with the rows.

use std::collections::HashMap;

/// More different numbers than this are counted by their first three digits.
const MOST_NUMBERS: usize = 20_000;
/// More different texts than this are no longer told apart.
const MOST_TEXTS: usize = 1_000;

/// The distribution of a column's numbers.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    count: u64,
    sum: f64,
    lowest: f64,
    highest: f64,
    by_value: HashMap<u64, u64>,
    rounded: bool,
}

impl Numbers {
    /// Counts a number.
    pub fn add(&mut self, number: f64) {
        self.lowest = if self.count == 0 { number } else { self.lowest.min(number) };
        self.highest = if self.count == 0 { number } else { self.highest.max(number) };
        self.count += 1;
        self.sum += number;
        self.add_times(number, 1);
    }

    fn add_times(&mut self, number: f64, times: u64) {
        let number = if self.rounded { three_digits(number) } else { number };
        *self.by_value.entry(number.to_bits()).or_default() += times;
        if !self.rounded && self.by_value.len() > MOST_NUMBERS {
            self.round();
        }
    }

    /// From here on, numbers are told apart by their first three digits.
    fn round(&mut self) {
        self.rounded = true;
        for (bits, times) in std::mem::take(&mut self.by_value) {
            self.add_times(f64::from_bits(bits), times);
        }
    }

    /// Adds what was counted elsewhere, and empties it.
    pub fn merge(&mut self, other: &mut Self) {
        if other.count == 0 {
            return;
        }
        self.lowest = if self.count == 0 { other.lowest } else { self.lowest.min(other.lowest) };
        self.highest = if self.count == 0 { other.highest } else { self.highest.max(other.highest) };
        self.count += other.count;
        self.sum += other.sum;
        if other.rounded && !self.rounded {
            self.round();
        }
        for (bits, times) in other.by_value.drain() {
            self.add_times(f64::from_bits(bits), times);
        }
        *other = Self::default();
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The smallest.
    #[must_use]
    pub fn lowest(&self) -> f64 {
        self.lowest
    }

    /// The largest.
    #[must_use]
    pub fn highest(&self) -> f64 {
        self.highest
    }

    /// The mean; 0 where there is none.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum / self.count as f64 }
    }

    /// The number in the middle, and whether it is only known to three digits.
    #[must_use]
    pub fn median(&self) -> (f64, bool) {
        let middle = if self.count > 0 && self.count.is_multiple_of(2) {
            let [lower, upper] = self.at([self.count / 2 - 1, self.count / 2]);
            f64::midpoint(lower, upper)
        } else {
            self.at([self.count / 2])[0]
        };
        (middle, self.rounded)
    }

    /// The numbers at these positions, from 0, of all in order; 0 beyond the last.
    #[must_use]
    pub fn at<const N: usize>(&self, positions: [u64; N]) -> [f64; N] {
        let values = self.values();
        positions.map(|position| at_position(&values, position))
    }

    /// The smallest number that at least this share of all, from 0 to 1, does not exceed.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let position = (share * self.count as f64).ceil().max(1.0) as u64 - 1;
        self.at([position])[0]
    }

    /// The different numbers, rising, and how often each came.
    #[must_use]
    pub fn values(&self) -> Vec<(f64, u64)> {
        let mut values: Vec<(f64, u64)> =
            self.by_value.iter().map(|(bits, times)| (f64::from_bits(*bits), *times)).collect();
        values.sort_by(|one, two| one.0.total_cmp(&two.0));
        values
    }

    /// Whether there were so many different numbers that they are only told apart by three digits.
    #[must_use]
    pub fn is_rounded(&self) -> bool {
        self.rounded
    }
}

/// The number at a position, from 0, of all numbers in order; 0 where there is none.
fn at_position(values: &[(f64, u64)], position: u64) -> f64 {
    let mut before = 0;
    let found = values.iter().find(|(_, times)| {
        before += times;
        before > position
    });
    found.map_or(0.0, |(number, _)| *number)
}

fn three_digits(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

/// How often a column gave each text.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    counts: HashMap<String, u64>,
    others: u64,
}

impl Texts {
    /// Counts a text.
    pub fn add(&mut self, text: &str) {
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else {
            self.add_new(text.to_owned(), 1);
        }
    }

    fn add_new(&mut self, text: String, times: u64) {
        if self.counts.len() < MOST_TEXTS {
            self.counts.insert(text, times);
        } else {
            self.others += times;
        }
    }

    /// Adds what was counted elsewhere, and empties it.
    pub fn merge(&mut self, other: &mut Self) {
        let mut texts: Vec<(String, u64)> = other.counts.drain().collect();
        texts.sort_unstable();
        for (text, times) in texts {
            match self.counts.get_mut(&text) {
                Some(count) => *count += times,
                None => self.add_new(text, times),
            }
        }
        self.others += std::mem::take(&mut other.others);
    }

    /// The texts and how often each came, the most frequent first.
    #[must_use]
    pub fn ranked(&self) -> Vec<(&str, u64)> {
        let mut ranked: Vec<(&str, u64)> =
            self.counts.iter().map(|(text, count)| (text.as_str(), *count)).collect();
        ranked.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
        ranked
    }

    /// How many results were texts beyond those that are told apart.
    #[must_use]
    pub fn others(&self) -> u64 {
        self.others
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, Texts};

    #[test]
    fn numbers_are_summed_up() {
        let mut numbers = Numbers::default();
        let mut others = Numbers::default();
        [5.0, 1.0].into_iter().for_each(|number| numbers.add(number));
        [2.0, 10.0].into_iter().for_each(|number| others.add(number));
        numbers.merge(&mut others);
        assert_eq!((numbers.lowest(), numbers.highest(), numbers.mean()), (1.0, 10.0, 4.5));
        assert_eq!(numbers.median(), (3.5, false));
        assert_eq!(
            [0.0, 0.25, 0.26, 0.5, 0.9, 1.0].map(|share| numbers.quantile(share)),
            [1.0, 1.0, 2.0, 2.0, 10.0, 10.0]
        );
        assert_eq!(others.count(), 0);
    }

    #[test]
    fn many_numbers_keep_a_rounded_median() {
        let mut numbers = Numbers::default();
        (0..100_000).for_each(|number| numbers.add(f64::from(number)));
        let (median, rounded) = numbers.median();
        assert!(rounded && (median - 50_000.0).abs() <= 100.0, "{median}");
    }

    #[test]
    fn texts_beyond_the_limit_are_only_counted() {
        let mut texts = Texts::default();
        (0..1_500).for_each(|number| texts.add(&number.to_string()));
        texts.add("7");
        assert_eq!(texts.ranked()[0], ("7", 2));
        assert_eq!(texts.others(), 500);
    }
}
