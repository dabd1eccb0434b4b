//! What an array is split into, and what can be wrong between.

use std::ops::Range;
use thiserror::Error;

/// One element of the array, or the single object that stands instead of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its bytes. A [`Splitter`](crate::rows::Splitter) counts from the start of the file, a [`Block`](crate::rows::Block) from its own start.
    pub range: Range<usize>,
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// The character of that line with which it begins, from 1.
    pub column: usize,
}

/// A file that is no JSON array between its elements. What is wrong inside an element is found when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem} (line {line}, column {column})")]
pub struct ArrayError {
    /// The line of the file, from 1.
    pub line: usize,
    /// The character of that line, from 1.
    pub column: usize,
    /// What is wrong, in lower case and without a full stop.
    pub problem: String,
}
