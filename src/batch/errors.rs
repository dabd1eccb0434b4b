//! Errors of columns, counted by their cause.

use super::tally::{ErrorCount, Firsts};
use crate::value::{ErrorCode, ErrorValue};
use std::collections::BTreeMap;

/// How many causes of errors of one kind in one column are counted apart.
const MOST_CAUSES: usize = 10;
/// The message of all further causes.
const OTHERS: &str = "other causes";

/// Errors by column, kind and cause. Where a column has too many causes, the further ones are counted together under the
/// empty cause.
#[derive(Clone, Debug, Default)]
pub struct Errors(BTreeMap<(usize, ErrorCode, String), ErrorCount>);

impl Errors {
    /// Counts an error of a column in a row.
    pub(crate) fn add(&mut self, column: usize, error: &ErrorValue, row: u64) {
        let count = self.place((column, error.code, error.cause()), &error.message);
        count.firsts.add(row);
    }

    /// Adds the errors of the rows that come next.
    pub(crate) fn merge(&mut self, block: Self, rows_before: u64) {
        for (place, error) in block.0 {
            self.place(place, &error.message).firsts.merge(&error.firsts, rows_before);
        }
    }

    /// The errors of each column, kind and cause.
    pub fn iter(&self) -> impl Iterator<Item = (usize, ErrorCode, &ErrorCount)> {
        self.0.iter().map(|((column, code, _), count)| (*column, *code, count))
    }

    /// The errors of one column.
    pub fn of(&self, column: usize) -> impl Iterator<Item = (ErrorCode, &ErrorCount)> {
        self.iter().filter(move |(other, ..)| *other == column).map(|(_, code, count)| (code, count))
    }

    /// Where an error is counted: with its own cause, or with all further ones if there are many.
    fn place(&mut self, place: (usize, ErrorCode, String), message: &str) -> &mut ErrorCount {
        let (column, code, _) = place;
        let from = (column, code, String::new());
        let of_kind = self
            .0
            .range(from.clone()..)
            .take_while(|((other, kind, _), _)| (*other, *kind) == (column, code));
        let has_room = self.0.contains_key(&place) || of_kind.count() < MOST_CAUSES;
        let (place, message) = if has_room { (place, message) } else { (from, OTHERS) };
        let new = || ErrorCount { firsts: Firsts::default(), message: message.to_owned() };
        self.0.entry(place).or_insert_with(new)
    }
}
