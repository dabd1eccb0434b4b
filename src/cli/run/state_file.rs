//! Where the state of a table is kept.

use super::{Failure, report};
use crate::table::model::Table;
use crate::table::state::{StateError, Store};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The state file of a table: the one that is said, else one beside the table. What came from recordings is kept apart,
/// as nothing of it was bought; so is what belongs to a table with another ending, which is another table.
pub(in crate::cli) fn path_of_state(table: &Path, said: Option<&Path>, is_replay: bool) -> PathBuf {
    let ending = if is_replay { "replay.state" } else { "state" };
    let beside = || match table.extension().and_then(OsStr::to_str) {
        Some(own) if !own.eq_ignore_ascii_case("yaml") => table.with_extension(format!("{own}.{ending}")),
        _ => table.with_extension(ending),
    };
    said.map_or_else(beside, Path::to_path_buf)
}

/// The name by which a state knows a table.
pub(in crate::cli) fn name_of(table: &Path) -> String {
    table.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Warns where the last run of a state was of another table, whose results this one would take for its own.
pub(in crate::cli) fn warn_of_other_table(table: &Path, store: &Store) -> Result<(), Failure> {
    let last = store.table_of_last_run().map_err(|error| Failure::Run(error.to_string()))?;
    if let Some(last) = last.filter(|last| *last != name_of(table)) {
        report::line(
            "warning",
            &format!(
                "the last run of this state was of `{last}`; results of rows and steps of the same names are taken over, \
                 not bought: if that is another table, give each one its own `--state`"
            ),
        );
    }
    Ok(())
}

/// Notes steps that may have got another name since they bought what the state holds; by the new one, they buy it anew.
pub(in crate::cli) fn note_renamed(table: &Table, store: &Store) -> Result<(), Failure> {
    let stored = store.steps_of_late().map_err(|error| Failure::Run(error.to_string()))?;
    let steps: Vec<&str> = table.steps.iter().map(|step| step.name.as_str()).collect();
    let is_known =
        |name: &str| steps.contains(&name) || table.effects.iter().any(|effect| effect.name == name);
    let gone: Vec<&str> = stored.iter().map(String::as_str).filter(|name| !is_known(name)).collect();
    let new: Vec<&str> =
        steps.iter().copied().filter(|name| !stored.iter().any(|known| known == name)).collect();
    if let ([first, ..], [_, ..]) = (gone.as_slice(), new.as_slice()) {
        let (gone, new) = (quoted(&gone), quoted(&new));
        report::line(
            "note",
            &format!(
                "results of {gone} are stored, but the table has no such step any more, and {new} has none: a step that \
                 was only renamed buys everything anew; called `{first}` again, it keeps what it has"
            ),
        );
    }
    Ok(())
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
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
