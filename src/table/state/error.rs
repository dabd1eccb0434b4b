//! What can go wrong with the state of a table.

use std::path::Path;

use rusqlite::ErrorCode;
use thiserror::Error;

use super::rows::RowId;
use crate::table::credits::Credits;

/// Why the state file could not be opened, read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StateError {
    /// There is no file to read.
    #[error("there is no state file `{path}`; run the table first, or check the path")]
    Missing {
        /// The file.
        path: String,
    },
    /// The file would stand in a folder that is not there.
    #[error(
        "the state file `{path}` can't be created, as its folder does not exist; create the folder first"
    )]
    NoFolder {
        /// The file.
        path: String,
    },
    /// The path is a folder's.
    #[error("the state file `{path}` is a folder; name a file in it")]
    Folder {
        /// The folder.
        path: String,
    },
    /// The file has no bytes. One that was created here always has some.
    #[error("the state file `{path}` is empty; restore it from a copy, or delete it to begin anew")]
    Empty {
        /// The file.
        path: String,
    },
    /// The file is of another program.
    #[error("`{path}` is not a state file of clayf, and is left as it is; name another file")]
    Foreign {
        /// The file.
        path: String,
    },
    /// The file was written by a newer clayf.
    #[error(
        "the state file `{path}` has format {found}, and this clayf knows formats up to {known}; use a newer clayf"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// The file was written by an older clayf.
    #[error(
        "the state file `{path}` has format {found}, which is not read any more; name another file, or delete it to \
         begin anew"
    )]
    Older {
        /// The file.
        path: String,
        /// Its format.
        found: i64,
    },
    /// The file may not be written.
    #[error("the state file `{path}` is read-only; make it writable, or name another file")]
    ReadOnly {
        /// The file.
        path: String,
    },
    /// Another process has the file open to write.
    #[error("another run is using the state file `{path}`; wait until it has ended, or name another file")]
    InUse {
        /// The file.
        path: String,
    },
    /// The file is gone, but the newest changes to it still lie beside it.
    #[error(
        "the state file `{path}` is gone, but changes to it are left in `{path}-wal`; put the file back, or delete \
         `{path}-wal` to begin anew"
    )]
    Orphaned {
        /// The file that is gone.
        path: String,
    },
    /// The file can't be opened for another reason.
    #[error("the state file `{path}` can't be opened: {problem}; check the file, its folder and the disk")]
    Open {
        /// The file.
        path: String,
        /// What the system says.
        problem: String,
    },
    /// Writing failed. Nothing more is written until the file is opened anew.
    #[error(
        "the state file `{path}` can't be written: {problem}; what was stored before is safe: check the disk and its \
         free space, then run again"
    )]
    Write {
        /// The file.
        path: String,
        /// What the system says.
        problem: String,
    },
    /// Reading failed.
    #[error("the state file `{path}` can't be read: {problem}; check the file and the disk")]
    Read {
        /// The file.
        path: String,
        /// What the system says.
        problem: String,
    },
    /// Something was to be written to a file that was opened to read.
    #[error("the state file `{path}` is open only to read; open it to write first")]
    OpenedToRead {
        /// The file.
        path: String,
    },
    /// What was to be written does not fit what is there, such as a row that the file does not hold.
    #[error("the state file refuses what was to be written: {problem}; use only rows and runs of this file")]
    Mismatch {
        /// Which rule of the file it breaks.
        problem: String,
    },
    /// A row that the file does not hold.
    #[error("the state file holds no row with the id {}; use only rows of this file", row.number())]
    NoSuchRow {
        /// The row.
        row: RowId,
    },
    /// More credits in one charge than can be counted.
    #[error("{credits} credits are too much for one charge; check the price of the step")]
    TooMuch {
        /// The amount.
        credits: Credits,
    },
}

/// Why one operation of a group was not done.
#[derive(Debug)]
pub(super) enum Failure {
    /// Only this operation: the others of its group go on.
    Refused(StateError),
    /// The file can't be written, so none of the group was done.
    Fatal(rusqlite::Error),
}

/// A rule of the file that is broken, or a text that no file can hold, is the operation's own mistake; anything else is
/// the file's trouble.
impl From<rusqlite::Error> for Failure {
    fn from(problem: rusqlite::Error) -> Self {
        if matches!(problem.sqlite_error_code(), Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig)) {
            return Self::Refused(StateError::Mismatch { problem: problem.to_string() });
        }
        Self::Fatal(problem)
    }
}

/// The error of a file that can't be opened.
pub(super) fn opening(path: &Path, problem: &impl ToString) -> StateError {
    StateError::Open { path: path.display().to_string(), problem: problem.to_string() }
}
