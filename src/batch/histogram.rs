//! A column's numbers in bars of equal width.

use super::stats::Numbers;
use crate::value::round_half_away;

/// One bar: the numbers from `low` up to `high`, both included where they are equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Where it begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// How many numbers it has.
    pub count: u64,
}

/// A bar for each number, or for each step of equal width where there are more than `most`.
#[must_use]
pub fn bars(numbers: &Numbers, most: usize) -> Vec<Bar> {
    let values = numbers.values();
    if values.len() <= most {
        return values
            .iter()
            .map(|(number, count)| Bar { low: *number, high: *number, count: *count })
            .collect();
    }
    steps(numbers, &values, most)
}

/// Bars of equal width, about `most`, whether numbers are many or few.
#[must_use]
pub fn equal_bars(numbers: &Numbers, most: usize) -> Vec<Bar> {
    let values = numbers.values();
    if values.len() <= 1 { bars(numbers, most) } else { steps(numbers, &values, most) }
}

fn steps(numbers: &Numbers, values: &[(f64, u64)], most: usize) -> Vec<Bar> {
    let (low, high) = (numbers.lowest(), numbers.highest());
    let step = nice_step((high - low) / most as f64);
    // Numbers as far apart as numbers can be have no step between them.
    if !step.is_finite() || step <= 0.0 {
        return vec![Bar { low, high, count: numbers.count() }];
    }
    let first = (low / step).floor();
    let steps = ((high / step).floor() - first) as usize + 1;
    let mut bars: Vec<Bar> = (0..steps)
        .map(|index| {
            let at = |offset: usize| round_half_away((first + (index + offset) as f64) * step, 9);
            Bar { low: at(0), high: at(1), count: 0 }
        })
        .collect();
    for (number, count) in values {
        let index = ((number / step).floor() - first).max(0.0) as usize;
        bars[index.min(steps - 1)].count += count;
    }
    bars
}

/// The next of 1, 2, 2.5, 5, 10 and their tenfolds that is not below `step`.
fn nice_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0];
    let found = factors.into_iter().map(|factor| factor * power).find(|nice| *nice >= step * (1.0 - 1e-9));
    found.unwrap_or(step)
}

#[cfg(test)]
mod tests {
    use super::{bars, equal_bars};
    use crate::batch::Numbers;

    fn numbers(all: &[f64]) -> Numbers {
        let mut numbers = Numbers::default();
        all.iter().for_each(|number| numbers.add(*number));
        numbers
    }

    #[test]
    fn few_numbers_have_a_bar_each() {
        let found: Vec<_> =
            bars(&numbers(&[3.0, 1.0, 3.0]), 20).iter().map(|bar| (bar.low, bar.count)).collect();
        assert_eq!(found, [(1.0, 1), (3.0, 2)]);
    }

    #[test]
    fn no_number_is_lost() {
        let all: Vec<f64> = (15..=100).map(f64::from).collect();
        for found in [bars(&numbers(&all), 20), equal_bars(&numbers(&all), 20)] {
            assert_eq!(found.iter().map(|bar| bar.count).sum::<u64>(), 86);
            assert!(found.windows(2).all(|pair| pair[0].high == pair[1].low));
        }
        assert_eq!(equal_bars(&numbers(&[7.0, 7.0]), 20).len(), 1);
        assert_eq!(equal_bars(&numbers(&[]), 20), []);
        assert_eq!(equal_bars(&numbers(&[-1e308, 1e308]), 20).len(), 1);
    }
}
