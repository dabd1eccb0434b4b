//! The values of an operation, given the values of its operands.

mod arithmetic;
mod call;
mod compare;
mod ordered;
mod search;

pub(super) use arithmetic::{as_number, in_no_bucket, negated, percent, plus, power, product};
pub(super) use call::{called, components_that, is_of_filled_text};
pub(super) use compare::{compared, equal, inverted, ordered};
pub(super) use ordered::ordered_as;
pub(super) use search::{needles, searched};

use super::possible::{Flags, Possible};

/// Which of TRUE and FALSE a set of values counts as where a condition is expected, and the errors that follow.
pub(super) fn truth(values: &Possible) -> Flags {
    let flags = values.flags;
    let zero = values.numbers.contains(0.0);
    let others = !values.numbers.without(0.0).is_empty();
    let is_true = flags.has(Flags::TRUE | Flags::TRUE_TEXT) || others;
    let is_false = flags.has(Flags::FALSE | Flags::FALSE_TEXT | Flags::EMPTY) || zero;
    let unreadable = flags.has(Flags::ITEMS | Flags::MEMBERS)
        || !values.number_texts.is_empty()
        || !values.dates.is_empty()
        || !values.date_texts.is_empty()
        || !values.words.is_empty();
    Flags::TRUE.when(is_true) | Flags::FALSE.when(is_false) | Flags::VALUE.when(unreadable) | values.errors()
}
