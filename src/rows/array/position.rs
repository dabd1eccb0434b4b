//! Lines and columns in a file that is read piece by piece.

use super::{ArrayError, Element};
use crate::rows::bad_row::count_characters;

/// A place in the file.
#[derive(Clone, Debug)]
pub(super) struct Position {
    line: usize,
    column: usize,
    /// The byte of the current piece up to which lines and columns are counted.
    at: usize,
    /// The byte of the file at which the current piece begins.
    piece: usize,
}

impl Default for Position {
    fn default() -> Self {
        Self { line: 1, column: 1, at: 0, piece: 0 }
    }
}

impl Position {
    /// Counts on to byte `to` of the piece `bytes`.
    pub(super) fn move_to(&mut self, bytes: &[u8], to: usize) {
        let passed = bytes.get(self.at..to).unwrap_or_default();
        match memchr::memrchr(b'\n', passed) {
            Some(newline) => {
                self.line += memchr::memchr_iter(b'\n', passed).count();
                self.column = 1 + count_characters(&passed[newline + 1..]);
            }
            None => self.column += count_characters(passed),
        }
        self.at = self.at.max(to);
    }

    /// Goes on to the next piece of the file, behind this one of `length` bytes.
    pub(super) fn next_piece(&mut self, length: usize) {
        self.piece += length;
        self.at = 0;
    }

    /// The byte of the file that is byte `at` of this piece.
    pub(super) fn in_file(&self, at: usize) -> usize {
        self.piece + at
    }

    /// An element that begins here.
    pub(super) fn element_start(&self) -> Element {
        let start = self.in_file(self.at);
        Element { range: start..start, line: self.line, column: self.column }
    }

    /// A problem that stands here.
    pub(super) fn error(&self, problem: &str) -> ArrayError {
        ArrayError { line: self.line, column: self.column, problem: problem.to_owned() }
    }
}
