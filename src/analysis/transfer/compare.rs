//! Comparisons of sets of values.

use crate::analysis::possible::{Flags, Interval, Intervals, Possible};
use crate::syntax::ast::CompareOp;
use crate::value::{Clock, Value, decimal_of, equal as equal_values, order};

/// The results of a comparison.
pub(in crate::analysis) fn compared(
    op: CompareOp,
    left: &Possible,
    right: &Possible,
    clock: &Clock,
) -> Flags {
    match op {
        CompareOp::Equal => equal(left, right, clock),
        CompareOp::NotEqual => inverted(equal(left, right, clock)),
        _ => ordered(op, left, right, clock),
    }
}

/// TRUE for FALSE and FALSE for TRUE.
pub(in crate::analysis) fn inverted(flags: Flags) -> Flags {
    Flags::TRUE.when(flags.has(Flags::FALSE))
        | Flags::FALSE.when(flags.has(Flags::TRUE))
        | (flags & Flags::ERRORS)
}

/// The results of `left = right`.
pub(in crate::analysis) fn equal(left: &Possible, right: &Possible, clock: &Clock) -> Flags {
    let errors = left.errors() | right.errors();
    let (left, right) = (left.clone().without_errors(), right.clone().without_errors());
    if left.is_empty() || right.is_empty() {
        return errors;
    }
    if let (Some(one), Some(two)) = (left.as_exact(), right.as_exact()) {
        return Flags::of(equal_values(&one, &two, clock)) | errors;
    }
    let never_differs =
        is_within(&left, Flags::BLANK | Flags::NO_TEXT) && is_within(&right, Flags::BLANK | Flags::NO_TEXT);
    errors | Flags::TRUE.when(can_equal(&left, &right)) | Flags::FALSE.when(!never_differs)
}

fn is_within(values: &Possible, flags: Flags) -> bool {
    values.clone().without(flags).is_empty()
}

fn can_equal(left: &Possible, right: &Possible) -> bool {
    let both = |flags: Flags| left.flags.has(flags) && right.flags.has(flags);
    let overlap = |one: &Intervals, two: &Intervals| !decimal(one).meet(&decimal(two)).is_empty();
    let crosswise = |one: &Intervals, one_text: &Intervals, two: &Intervals, two_text: &Intervals| {
        overlap(one, two) || overlap(one, two_text) || overlap(one_text, two) || overlap(one_text, two_text)
    };
    both(Flags::BLANK | Flags::NO_TEXT)
        || both(Flags::SPACE)
        || both(Flags::TRUE | Flags::TRUE_TEXT)
        || both(Flags::FALSE | Flags::FALSE_TEXT)
        || both(Flags::NO_ITEMS)
        || both(Flags::ITEMS)
        || both(Flags::NO_MEMBERS)
        || both(Flags::MEMBERS)
        || crosswise(&left.numbers, &left.number_texts, &right.numbers, &right.number_texts)
        || crosswise(&left.dates, &left.date_texts, &right.dates, &right.date_texts)
        || left.words.overlaps(&right.words)
}

/// The numbers at the 15 digits that comparisons see.
fn decimal(numbers: &Intervals) -> Intervals {
    numbers.map(|piece| Interval { low: decimal_of(piece.low), high: decimal_of(piece.high), ..*piece })
}

/// The results of an ordering comparison.
pub(in crate::analysis) fn ordered(op: CompareOp, left: &Possible, right: &Possible, clock: &Clock) -> Flags {
    let errors = left.errors() | right.errors();
    let (left, right) = (left.clone().without_errors(), right.clone().without_errors());
    if left.is_empty() || right.is_empty() {
        return errors;
    }
    if let (Some(one), Some(two)) = (left.as_exact(), right.as_exact()) {
        let held = order(&one, &two, clock).is_ok_and(|ordering| op.is_true_of(ordering));
        return Flags::of(held) | errors;
    }
    let sides = [Ordered::of(&left), Ordered::of(&right)];
    errors | sides[0].compared(op, &sides[1]) | text_order(op, &left, &right, clock)
}

/// One side of an ordering comparison, by how it is compared.
struct Ordered {
    numbers: Intervals,
    number_texts: Intervals,
    dates: Intervals,
    date_texts: Intervals,
    /// Whether other values are in it, which compare as FALSE with numbers and dates.
    others: bool,
}

impl Ordered {
    fn of(values: &Possible) -> Self {
        let truth = |flag: Flags, number: f64| {
            if values.flags.has(flag) { Intervals::point(number) } else { Intervals::none() }
        };
        let booleans = truth(Flags::TRUE, 1.0).join(&truth(Flags::FALSE, 0.0));
        Self {
            numbers: decimal(&values.numbers.join(&booleans)),
            number_texts: decimal(&values.number_texts),
            dates: values.dates.clone(),
            date_texts: values.date_texts.clone(),
            others: values.flags.has(Flags::EMPTY | Flags::COLLECTIONS | Flags::BOOLEAN_TEXTS)
                || !values.words.is_empty(),
        }
    }

    /// The results for all pairs of values but two texts.
    fn compared(&self, op: CompareOp, other: &Self) -> Flags {
        let pairs = [
            (&self.numbers, &other.numbers),
            (&self.numbers, &other.number_texts),
            (&self.number_texts, &other.numbers),
            (&self.dates, &other.dates),
            (&self.dates, &other.date_texts),
            (&self.date_texts, &other.dates),
        ];
        let results = pairs.iter().fold(Flags::NONE, |all, (one, two)| all | interval_order(op, one, two));
        let mixes = |one: &Self, two: &Self| {
            let has_dates = !two.dates.is_empty() || !two.date_texts.is_empty();
            (!one.numbers.is_empty() && has_dates) || (!one.number_texts.is_empty() && !two.dates.is_empty())
        };
        results | Flags::FALSE.when(self.others || other.others || mixes(self, other) || mixes(other, self))
    }
}

fn interval_order(op: CompareOp, left: &Intervals, right: &Intervals) -> Flags {
    let (Some(one), Some(two)) = (left.hull(), right.hull()) else { return Flags::NONE };
    // Whether some number of the first is below some of the second, or equal to it.
    let below = |one: &Interval, two: &Interval| one.low < two.high;
    let touching = |one: &Interval, two: &Interval| {
        one.low < two.high || (one.low <= two.high && !one.low_open && !two.high_open)
    };
    let (can, cannot) = match op {
        CompareOp::Less => (below(&one, &two), touching(&two, &one)),
        CompareOp::LessOrEqual => (touching(&one, &two), below(&two, &one)),
        CompareOp::Greater => (below(&two, &one), touching(&one, &two)),
        _ => (touching(&two, &one), below(&one, &two)),
    };
    Flags::TRUE.when(can) | Flags::FALSE.when(cannot)
}

/// The results for two texts, which compare in alphabetical order; TRUE and FALSE as texts compare with Booleans.
fn text_order(op: CompareOp, left: &Possible, right: &Possible, clock: &Clock) -> Flags {
    let booleans = Flags::BOOLEANS | Flags::BOOLEAN_TEXTS;
    let reads = left.flags.has(Flags::BOOLEAN_TEXTS) || right.flags.has(Flags::BOOLEAN_TEXTS);
    let by_truth = Flags::BOOLEANS.when(reads && left.flags.has(booleans) && right.flags.has(booleans));
    if !left.has_filled_text() || !right.has_filled_text() {
        return by_truth;
    }
    let listed = |values: &Possible| -> Option<Vec<Value<'static>>> {
        let texts = values.words.exact()?;
        let only = *values == Possible::words(values.words.clone());
        (only && texts.len() <= 64).then(|| texts.iter().map(|text| Value::text(&**text)).collect())
    };
    let exact = |values: &Possible| values.as_exact().map(|value| vec![value]).or_else(|| listed(values));
    let (Some(one), Some(two)) = (exact(left), exact(right)) else { return Flags::BOOLEANS };
    let mut all = by_truth;
    for one in &one {
        for two in &two {
            all = all | Flags::of(order(one, two, clock).is_ok_and(|ordering| op.is_true_of(ordering)));
        }
    }
    all
}
