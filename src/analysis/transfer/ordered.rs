//! The values for which an ordering comparison is TRUE or FALSE.

use crate::analysis::possible::{Flags, Intervals, Possible, Words};
use crate::syntax::ast::CompareOp;
use crate::value::decimal_of;

/// The values for which an ordering comparison with some of `other` is TRUE, or FALSE.
pub(in crate::analysis) fn ordered_as(
    op: CompareOp,
    values: &Possible,
    other: &Possible,
    truth: bool,
) -> Possible {
    let values = values.clone().without_errors();
    let booleans = |flag: Flags, number: f64| {
        if other.flags.has(flag) { Intervals::point(number) } else { Intervals::none() }
    };
    let plain = other.numbers.join(&booleans(Flags::TRUE, 1.0)).join(&booleans(Flags::FALSE, 0.0));
    let numbers = plain.join(&other.number_texts);
    let dates = other.dates.join(&other.date_texts);
    let texts = other.has_filled_text();
    let bound = |set: &Intervals, own: &Intervals| match limit(op, set, truth) {
        Some(limit) => own.meet(&limit),
        None if truth => Intervals::none(),
        None => own.clone(),
    };
    if !truth {
        // The result is FALSE for values that can't be compared as well, so only values that always compare are narrowed.
        let is_number = *other == Possible::numbers(other.numbers.clone());
        let is_date = *other == Possible { dates: other.dates.clone(), ..Possible::none() };
        let mut rest = Possible { exact: None, ..values.clone() };
        if is_number {
            rest.numbers = bound(&plain, &values.numbers);
            rest.number_texts = bound(&plain, &values.number_texts);
            // TRUE and FALSE compare as 1 and 0.
            let can_fail = |number: f64| limit(op, &plain, false).is_some_and(|limit| limit.contains(number));
            let kept = Flags::TRUE.when(can_fail(1.0)) | Flags::FALSE.when(can_fail(0.0));
            rest.flags = (rest.flags & !Flags::BOOLEANS) | (values.flags & kept);
        }
        if is_date {
            rest.dates = bound(&dates, &values.dates);
            rest.date_texts = bound(&dates, &values.date_texts);
        }
        return if rest.is_empty() { rest } else { Possible { exact: values.exact.clone(), ..rest } };
    }
    let can_be = |number: f64| limit(op, &numbers, true).is_some_and(|limit| limit.contains(number));
    let reads = other.flags.has(Flags::BOOLEAN_TEXTS);
    let flags = Flags::TRUE.when(can_be(1.0) || reads)
        | Flags::FALSE.when(can_be(0.0) || reads)
        | Flags::BOOLEAN_TEXTS.when(texts || other.flags.has(Flags::BOOLEANS));
    let kept = Possible {
        flags: values.flags & flags,
        numbers: bound(&numbers, &values.numbers),
        number_texts: if texts { values.number_texts.clone() } else { bound(&plain, &values.number_texts) },
        dates: bound(&dates, &values.dates),
        date_texts: if texts { values.date_texts.clone() } else { bound(&other.dates, &values.date_texts) },
        words: if texts { values.words.clone() } else { Words::None },
        exact: None,
    };
    if kept.is_empty() { kept } else { Possible { exact: values.exact.clone(), ..kept } }
}

/// The numbers for which the comparison with some number of `set` has the result.
fn limit(op: CompareOp, set: &Intervals, truth: bool) -> Option<Intervals> {
    let hull = set.hull()?;
    let op = match (op, truth) {
        (op, true) => op,
        (CompareOp::Less, false) => CompareOp::GreaterOrEqual,
        (CompareOp::LessOrEqual, false) => CompareOp::Greater,
        (CompareOp::Greater, false) => CompareOp::LessOrEqual,
        (_, false) => CompareOp::Less,
    };
    let (low, high) = (decimal_of(hull.low), decimal_of(hull.high));
    Some(match op {
        CompareOp::Less => Intervals::up_to(high, true),
        CompareOp::LessOrEqual => Intervals::up_to(high, hull.high_open),
        CompareOp::Greater => Intervals::from(low, true),
        _ => Intervals::from(low, hull.low_open),
    })
}
