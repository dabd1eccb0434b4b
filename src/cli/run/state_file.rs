//! Where the state of a table is kept.

use super::Failure;
use crate::table::model::Table;
use crate::table::state::{StateError, Store};
use std::path::{Path, PathBuf};

/// The state file of a table: the one that is said, else one beside the table. What came from recordings is kept apart,
/// as nothing of it was bought.
pub(in crate::cli) fn path_of_state(table: &Path, said: Option<&Path>, is_replay: bool) -> PathBuf {
    said.map_or_else(
        || table.with_extension(if is_replay { "replay.state" } else { "state" }),
        Path::to_path_buf,
    )
}

/// A state that was opened to be looked at.
#[derive(Debug)]
pub(in crate::cli) struct Opened {
    pub(in crate::cli) store: Store,
    pub(in crate::cli) path: PathBuf,
}

/// Opens the state of earlier runs of a table.
pub(in crate::cli) fn open_to_read(
    path: &Path,
    table: &Table,
    said: Option<&Path>,
) -> Result<Opened, Failure> {
    let is_replay =
        said.is_none() && table.recordings.is_some() && !path_of_state(path, None, false).exists();
    let state = path_of_state(path, said, is_replay);
    let store = Store::open_to_read(&state).map_err(|error| match error {
        StateError::Missing { .. } => Failure::Run(format!("{error}\n  help: `clayf run` makes it")),
        error => Failure::Run(error.to_string()),
    })?;
    Ok(Opened { store, path: state })
}
