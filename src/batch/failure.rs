//! What stops a run.

use crate::rows::{ArrayError, BadRow, RowTooLarge};
use std::io;
use std::sync::Arc;

/// Why a run stopped. The rows before it have been written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BatchError {
    /// A file can't be opened or read.
    #[error("can't read {file}: {error}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        error: Arc<io::Error>,
    },
    /// A row is not a JSON object, or not a record as the header has it.
    #[error("{file}:{line}:{column}: {problem}")]
    BadRow {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The character of the line, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// The file as a whole is not what it should be, such as an array without an end.
    #[error("{file}:{line}:{column}: {problem}")]
    Malformed {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The character of the line, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// A cell is an error, and `--on-error fail` asks to stop.
    #[error("{file}:{line}: row {row}: `{column}` is {error}")]
    Cell {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The row, from 1, over all files.
        row: u64,
        /// The computed column.
        column: String,
        /// The error.
        error: String,
    },
    /// The results can't be written.
    #[error("can't write the results: {0}")]
    Write(#[source] Arc<io::Error>),
    /// The rejected rows can't be written.
    #[error("can't write the rejected rows: {0}")]
    Rejects(#[source] Arc<io::Error>),
    /// A thread can't be started.
    #[error("can't start a thread: {0}")]
    Thread(#[source] Arc<io::Error>),
}

impl BatchError {
    pub(super) fn write(error: io::Error) -> Self {
        Self::Write(Arc::new(error))
    }

    /// What a failed read says, with the place in the file where the file itself is wrong.
    pub(super) fn read(file: &str, error: io::Error) -> Self {
        let file = file.to_owned();
        let inner = error.get_ref();
        if let Some(array) = inner.and_then(|inner| inner.downcast_ref::<ArrayError>()) {
            let ArrayError { line, column, problem } = array.clone();
            return Self::Malformed { file, line, column, problem };
        }
        if let Some(large) = inner.and_then(|inner| inner.downcast_ref::<RowTooLarge>()) {
            return Self::Malformed { file, line: large.line, column: 1, problem: large.to_string() };
        }
        Self::Read { file, error: Arc::new(error) }
    }

    /// A row that begins at `line` and `column` of the file can't be read.
    pub(super) fn bad_row(file: &str, line: usize, column: usize, bad: &BadRow) -> Self {
        Self::BadRow {
            file: file.to_owned(),
            line: line + bad.line - 1,
            column: if bad.line == 1 { column + bad.column - 1 } else { bad.column },
            problem: bad.problem.clone(),
        }
    }

    /// The same, once it is known how many rows came before its block.
    pub(super) fn after_rows(mut self, before: u64) -> Self {
        if let Self::Cell { row, .. } = &mut self {
            *row += before;
        }
        self
    }

    /// Whether the reader of the results went away, which is no failure.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for BatchError {
    fn from(error: io::Error) -> Self {
        Self::Thread(Arc::new(error))
    }
}
