//! Rule files and rows: what is read, what stays on a mistake, and what is said about it.

use super::rows::{MOST_ROWS, Rows, expanded};
use super::session::{Current, Reply, Session};
use crate::diagnostics::{Count, Diagnostics, visible};
use crate::rows::DataFiles;
use crate::rules::{Context, Typed};
use std::path::{Path, PathBuf};

/// Why a rule file was not loaded.
enum NotLoaded {
    Unreadable(String),
    Wrong(Diagnostics),
}

impl Session {
    /// Reads a rule file; on a mistake in it the one before stays.
    pub fn load(&mut self, path: &Path) -> Reply {
        let reply = self.load_rules(path);
        let missing = if reply.failed { String::new() } else { self.missing_in_rows() };
        let reply = Reply { notes: reply.notes + &missing, ..reply };
        Reply { notes: self.wrap(&reply.notes), ..reply }
    }

    fn load_rules(&mut self, path: &Path) -> Reply {
        match self.read_rules(path) {
            Ok((context, reply)) => {
                self.context = context;
                self.file = Some(path.to_owned());
                reply
            }
            Err(NotLoaded::Unreadable(message)) => Reply::error(&message),
            Err(NotLoaded::Wrong(found)) => {
                let kept = self.file.as_ref().filter(|_| self.manner.talkative);
                let kept = kept.map(|file| format!("note: {} stays as it was\n", file.display()));
                Reply::failure(self.file_reports(&found) + &kept.unwrap_or_default())
            }
        }
    }

    /// Reads rows; the first becomes the current one. On an error the rows before stay.
    pub fn read_rows(&mut self, files: &[PathBuf]) -> Reply {
        let reply = self.hold_rows(files);
        Reply { notes: self.wrap(&reply.notes), ..reply }
    }

    fn hold_rows(&mut self, files: &[PathBuf]) -> Reply {
        match Rows::read(files, self.from) {
            Err(message) => Reply::error(&message),
            Ok(rows) => {
                let stays = match self.current {
                    Current::Row(row) => {
                        self.rows.as_ref().is_some_and(|old| old.files == files) && row < rows.len()
                    }
                    Current::First => true,
                };
                if !stays {
                    self.current = Current::Row(0);
                }
                self.rows = Some(rows);
                self.after_reading()
            }
        }
    }

    fn after_reading(&self) -> Reply {
        let Some(rows) = &self.rows else { return Reply::default() };
        let mut notes = String::new();
        if self.manner.talkative {
            let of = match self.current {
                Current::Row(row) if rows.len() > 1 => {
                    format!("; row {} is the current one, `:row N` takes another", row + 1)
                }
                _ => String::new(),
            };
            notes.push_str(&format!("{} of {}{of}\n", Count(rows.len(), "row"), rows.origin()));
        }
        if rows.held.more {
            notes.push_str(&format!("note: there are more rows; the first {MOST_ROWS} are held\n"));
        }
        if let Some(first) = &rows.held.first_bad {
            let bad = Count(rows.held.bad_rows as usize, "row");
            notes.push_str(&format!("warning: {bad} left out; the first: {first}\n"));
        }
        Reply::note(visible(&notes).into_owned() + &self.missing_in_rows())
    }

    /// The columns of the rule file that no row has.
    fn missing_in_rows(&self) -> String {
        let Some(context) = self.whole() else { return String::new() };
        let inputs = &context.rules.tree().inputs;
        let names: Vec<String> =
            inputs.iter().filter_map(|input| input.own_key().map(ToOwned::to_owned)).collect();
        self.missing_columns(&names)
    }

    /// The context of a rule file and of what was typed since, and what to say about it.
    fn read_rules(&self, path: &Path) -> Result<(Context, Reply), NotLoaded> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(expanded(&shown))
            .map_err(|error| NotLoaded::Unreadable(format!("can't read {shown}: {error}")))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| NotLoaded::Unreadable(format!("{shown} is not UTF-8 text; save it as UTF-8")))?;
        let mut context = Context::of_file(&shown, &text, DataFiles::beside(Path::new(&expanded(&shown))))
            .map_err(NotLoaded::Wrong)?;
        let mut notes = context.warnings().map(|found| self.file_reports(found)).unwrap_or_default();
        let names: Vec<String> = context.column_names().map(|name| format!("`{name}`")).collect();
        if self.manner.talkative {
            notes.push_str(&visible(&format!("{shown}: {}\n", listed(&names))));
        }
        for typed in self.context.definitions() {
            match context.compile(typed) {
                Ok(Typed::Columns(columns)) => context.define(&columns),
                _ => notes.push_str(&visible(&format!(
                    "warning: this does not fit beside {shown} and is forgotten: {}\n",
                    typed.lines().next().unwrap_or_default()
                ))),
            }
        }
        Ok((context, Reply::note(notes)))
    }

    pub(super) fn reload(&mut self) -> Reply {
        let files = self.rows.as_ref().map(|rows| rows.files.clone()).filter(|files| !files.is_empty());
        if self.file.is_none() && files.is_none() {
            return Reply::error(
                "there is nothing to read again\n  help: `:load FILE.clay` and `:rows FILE` read files",
            );
        }
        let mut reply = Reply::default();
        if let Some(file) = self.file.clone() {
            reply = self.load_rules(&file);
        }
        match files {
            Some(files) => {
                let read = self.hold_rows(&files);
                reply.notes += &read.notes;
                reply.failed |= read.failed;
            }
            None => reply.notes += &self.missing_in_rows(),
        }
        reply
    }

    pub(super) fn about_file(&self) -> Reply {
        match &self.file {
            Some(file) => Reply::result(format!("{}\n", file.display())),
            None => Reply::error("no rule file is loaded\n  help: `:load FILE.clay` loads one"),
        }
    }

    pub(super) fn about_rows(&self) -> Reply {
        match &self.rows {
            Some(rows) if !rows.files.is_empty() => {
                Reply::result(format!("{} of {}\n", Count(rows.len(), "row"), rows.origin()))
            }
            _ => Reply::error("no rows are loaded\n  help: `:rows FILE` reads some: JSON lines, JSON or CSV"),
        }
    }
}

/// `A`, `A and B`, `A, B and 3 more`
fn listed(names: &[String]) -> String {
    match names {
        [] => "no columns".to_owned(),
        [only] => only.clone(),
        [others @ .., last] if names.len() <= 4 => format!("{} and {last}", others.join(", ")),
        _ => format!("{} and {} more", names[..3].join(", "), names.len() - 3),
    }
}
