//! The rows of a session: read from files, held in memory, changed cell by cell.

use crate::batch::{BatchError, Held, Input, hold};
use crate::rows::Format;
use crate::value::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No more rows than this are held.
pub const MOST_ROWS: usize = 10_000;

/// Rows, and the files that they came from.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) files: Vec<PathBuf>,
    pub(super) held: Held,
}

impl Rows {
    /// Reads the first rows of files, whose format is `from` or told by their ending.
    pub(super) fn read(files: &[PathBuf], from: Option<Format>) -> Result<Self, String> {
        let mut inputs = Vec::new();
        for file in files {
            let name = file.display().to_string();
            let path = expanded(&name);
            let cant_read = |error: &std::io::Error| format!("can't read {name}: {error}");
            let data = std::fs::metadata(&path).map_err(|error| cant_read(&error))?;
            let is_device = !data.is_file() && !data.is_dir();
            let format = from.or_else(|| Format::of_path(file)).or(is_device.then_some(Format::JsonLines));
            let format = format.ok_or_else(|| {
                format!("can't tell the format of `{name}` by its ending, which can be .jsonl, .json or .csv\n  help: start with `clayf repl --from FORMAT`")
            })?;
            inputs.push((name, path, format));
        }
        let open = |(name, path, format): (String, PathBuf, Format)| match File::open(path) {
            Ok(file) => Ok(Input { name, format, reader: Box::new(file) }),
            Err(error) => Err(BatchError::Read { file: name, error: Arc::new(error) }),
        };
        let held = hold(inputs.into_iter().map(open), MOST_ROWS).map_err(|error| error.to_string())?;
        if held.rows.is_empty() {
            let first = held.first_bad.map(|bad| format!(": {bad}")).unwrap_or_default();
            return Err(format!("there is no row in {}{first}", shown(files)));
        }
        Ok(Self { files: files.to_vec(), held })
    }

    /// One row without cells.
    pub(super) fn empty_row() -> Self {
        Self { files: Vec::new(), held: Held { rows: vec![Vec::new()], ..Held::default() } }
    }

    pub(super) fn len(&self) -> usize {
        self.held.rows.len()
    }

    pub(super) fn keys(&self) -> &[String] {
        &self.held.keys
    }

    /// The value under `key` in the row of this index; nothing where the row has no such key.
    pub(super) fn get(&self, row: usize, key: &str) -> Option<&Value<'static>> {
        let slot = self.held.keys.iter().position(|known| known == key)?;
        self.held.rows.get(row)?.get(slot)?.as_ref()
    }

    /// Sets a cell, or takes it out of its row.
    pub(super) fn set(&mut self, row: usize, key: &str, value: Option<Value<'static>>) {
        let keys = &mut self.held.keys;
        let slot = keys.iter().position(|known| known == key).unwrap_or_else(|| {
            keys.push(key.to_owned());
            keys.len() - 1
        });
        let Some(cells) = self.held.rows.get_mut(row) else { return };
        if cells.len() <= slot {
            cells.resize(slot + 1, None);
        }
        cells[slot] = value;
    }

    /// Where the rows came from, in a sentence.
    pub(super) fn origin(&self) -> String {
        shown(&self.files)
    }
}

fn shown(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    names.join(", ")
}

/// The path with a leading `~/` taken for the home folder.
pub(super) fn expanded(path: &str) -> PathBuf {
    let home = || std::env::home_dir();
    match path.strip_prefix("~/") {
        Some(rest) => home().map_or_else(|| PathBuf::from(path), |home| home.join(rest)),
        None if path == "~" => home().unwrap_or_else(|| PathBuf::from(path)),
        None => PathBuf::from(path),
    }
}

/// The files that a command names: one whose name may hold blanks, or several with blanks between them; quotes hold a
/// name together.
pub(super) fn files_named(written: &str) -> Vec<PathBuf> {
    if Path::new(&expanded(written)).exists() {
        return vec![PathBuf::from(written)];
    }
    let mut files = Vec::new();
    let mut rest = written.trim();
    while let Some(first) = rest.chars().next() {
        let (name, behind) = if matches!(first, '"' | '\'') {
            rest[1..].split_once(first).unwrap_or((&rest[1..], ""))
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        files.push(PathBuf::from(name));
        rest = behind.trim_start();
    }
    files
}
