//! Sums, products and powers of sets of values.

use crate::analysis::possible::{Flags, Interval, Intervals, Possible};

/// A set of values where a number is expected: the numbers, and the errors of values that are none.
#[derive(Clone, Debug)]
pub(in crate::analysis) struct Numeric {
    pub(in crate::analysis) numbers: Intervals,
    pub(in crate::analysis) errors: Flags,
}

impl Numeric {
    fn into_possible(self) -> Possible {
        Possible::numbers(self.numbers).with(self.errors)
    }
}

/// Reads values as numbers: TRUE is 1, empty values are 0.
pub(in crate::analysis) fn as_number(values: &Possible) -> Numeric {
    let flags = values.flags;
    let zero = Intervals::point(0.0);
    let one = Intervals::point(1.0);
    let mut numbers = values.numbers.join(&values.number_texts);
    if flags.has(Flags::EMPTY | Flags::FALSE) {
        numbers = numbers.join(&zero);
    }
    if flags.has(Flags::TRUE) {
        numbers = numbers.join(&one);
    }
    let unreadable = flags.has(Flags::ITEMS | Flags::MEMBERS | Flags::BOOLEAN_TEXTS)
        || !values.words.is_empty()
        || !values.dates.is_empty()
        || !values.date_texts.is_empty();
    Numeric { numbers, errors: values.errors() | Flags::VALUE.when(unreadable) }
}

/// What BUCKET gives for values that are no numbers: Blank for texts that do not read as numbers.
pub(in crate::analysis) fn in_no_bucket(values: &Possible) -> Flags {
    let is_text =
        values.flags.has(Flags::BOOLEAN_TEXTS) || !values.words.is_empty() || !values.date_texts.is_empty();
    let is_error = values.flags.has(Flags::ITEMS | Flags::MEMBERS) || !values.dates.is_empty();
    values.errors() | Flags::VALUE.when(is_error) | Flags::BLANK.when(is_text)
}

/// Numbers beyond the range of f64 are errors.
fn finite(numbers: Intervals, errors: Flags) -> Possible {
    let hull = numbers.hull();
    let overflows = hull.is_some_and(|hull| hull.low == f64::NEG_INFINITY || hull.high == f64::INFINITY);
    Numeric { numbers, errors: errors | Flags::NUMBER.when(overflows) }.into_possible()
}

/// An end of an interval, where infinities of opposite signs meet.
fn end(number: f64, instead: f64) -> f64 {
    if number.is_nan() { instead } else { number + 0.0 }
}

fn sum(one: &Interval, two: &Interval) -> Interval {
    Interval::closed(end(one.low + two.low, f64::NEG_INFINITY), end(one.high + two.high, f64::INFINITY))
}

fn opposite(one: &Interval) -> Interval {
    Interval { low: -one.high, high: -one.low, low_open: one.high_open, high_open: one.low_open }
}

/// The numbers with the other sign.
pub(in crate::analysis) fn negated(values: &Possible) -> Possible {
    let Numeric { numbers, errors } = as_number(values);
    Numeric { numbers: numbers.map(opposite), errors }.into_possible()
}

/// Hundredths of the numbers.
pub(in crate::analysis) fn percent(values: &Possible) -> Possible {
    let Numeric { numbers, errors } = as_number(values);
    let numbers =
        numbers.map(|piece| Interval { low: piece.low / 100.0, high: piece.high / 100.0, ..*piece });
    Numeric { numbers, errors }.into_possible()
}

/// `left + right` or `left - right`, where either can be a date.
pub(in crate::analysis) fn plus(left: &Possible, right: &Possible, minus: bool) -> Possible {
    let (left_dates, right_dates) = (left.dates.join(&left.date_texts), right.dates.join(&right.date_texts));
    let (left_number, right_number) = (as_number(&without_dates(left)), as_number(&without_dates(right)));
    let errors = left_number.errors | right_number.errors;
    let signed = if minus { right_number.numbers.map(opposite) } else { right_number.numbers.clone() };
    let mut all = finite(left_number.numbers.zip(&signed, sum), errors);
    if minus && all.errors() == errors && left_dates.is_empty() && right_dates.is_empty() {
        return all;
    }
    let seconds = |days: &Interval| Interval::closed(days.low * 86_400.0, days.high * 86_400.0);
    if !left_dates.is_empty() {
        if !right_dates.is_empty() {
            all = if minus {
                let days = left_dates.zip(&right_dates.map(opposite), sum);
                all.join(&Possible::numbers(
                    days.map(|piece| Interval::closed(piece.low / 86_400.0, piece.high / 86_400.0)),
                ))
            } else {
                all.with(Flags::VALUE)
            };
        }
        all = all.join(&moved(&left_dates, &signed.map(seconds)));
    }
    if !right_dates.is_empty() {
        all = if minus {
            all.with(Flags::VALUE)
        } else {
            all.join(&moved(&right_dates, &left_number.numbers.map(seconds)))
        };
    }
    all
}

fn without_dates(values: &Possible) -> Possible {
    Possible { dates: Intervals::none(), date_texts: Intervals::none(), exact: None, ..values.clone() }
}

/// Dates so many seconds later, which can leave the calendar.
fn moved(dates: &Intervals, seconds: &Intervals) -> Possible {
    if seconds.is_empty() {
        return Possible::none();
    }
    Possible { dates: dates.zip(seconds, sum), ..Possible::flags(Flags::NUMBER) }
}

fn product_of(one: &Interval, two: &Interval) -> Interval {
    let ends = [one.low * two.low, one.low * two.high, one.high * two.low, one.high * two.high];
    // Zero times the end of an unbounded interval is zero.
    let ends = ends.map(|end| if end.is_nan() { 0.0 } else { end + 0.0 });
    Interval::closed(
        ends.iter().copied().fold(f64::INFINITY, f64::min),
        ends.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    )
}

/// What numbers of the first set give if they are divided by numbers of the second other than 0.
fn quotient(one: &Intervals, two: &Intervals) -> Intervals {
    let below = two.meet(&Intervals::up_to(0.0, true));
    let above = two.meet(&Intervals::from(0.0, true));
    let divided = |one: &Interval, two: &Interval| {
        // Close to 0, quotients are beyond any bound, with the sign of the divisor.
        let two =
            Interval { high: if two.high == 0.0 { -0.0 } else { two.high }, low: two.low + 0.0, ..*two };
        let ends = [one.low / two.low, one.low / two.high, one.high / two.low, one.high / two.high];
        // An end that divides by 0 or by infinity can be anything on that side.
        if ends.iter().any(|end| end.is_nan()) {
            return Interval::closed(f64::NEG_INFINITY, f64::INFINITY);
        }
        Interval::closed(
            ends.iter().copied().fold(f64::INFINITY, f64::min) + 0.0,
            ends.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 0.0,
        )
    };
    one.zip(&below, divided).join(&one.zip(&above, divided))
}

/// `product * factor` or `product / factor`.
pub(in crate::analysis) fn product(left: &Possible, right: &Possible, divides: bool) -> Possible {
    let (one, two) = (as_number(left), as_number(right));
    let errors = one.errors | two.errors;
    if !divides {
        return finite(one.numbers.zip(&two.numbers, product_of), errors);
    }
    let by_zero = Flags::DIVISION.when(two.numbers.contains(0.0) && !one.numbers.is_empty());
    finite(quotient(&one.numbers, &two.numbers), errors | by_zero)
}

/// `left ^ right`.
pub(in crate::analysis) fn power(left: &Possible, right: &Possible) -> Possible {
    let (base, exponent) = (as_number(left), as_number(right));
    let errors = base.errors | exponent.errors;
    let (Some(low), Some(high)) = (base.numbers.hull(), exponent.numbers.hull()) else {
        return Possible::flags(errors);
    };
    let failing = errors | Flags::NUMBER | Flags::DIVISION;
    if low.low <= 0.0 {
        return Possible::numbers(Intervals::all()).with(failing);
    }
    let ends =
        [low.low.powf(high.low), low.low.powf(high.high), low.high.powf(high.low), low.high.powf(high.high)];
    if ends.iter().any(|end| end.is_nan()) {
        return Possible::numbers(Intervals::from(0.0, false)).with(failing);
    }
    let smallest = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Powers are not rounded as strictly as sums are.
    let slack =
        |number: f64, factor: f64| if number == 1.0 || number == 0.0 { number } else { number * factor };
    let numbers = Intervals::between(slack(smallest, 1.0 - 1e-12), slack(largest, 1.0 + 1e-12));
    finite(numbers, errors)
}
