//! What the commands do.

use super::command::{Action, help};
use super::rows::{MOST_ROWS, Rows, expanded, files_named};
use super::session::{Current, Reply, Session};
use super::show::{cell, result_line};
use super::table::table;
use crate::builtins;
use crate::diagnostics::{Count, Diagnostics, did_you_mean, suggest, visible};
use crate::rules::{Compiled, Context, Typed};
use crate::syntax::{TokenKind, tokenize};
use crate::tools::lead;
use crate::value::{Value, read_json};
use std::path::{Path, PathBuf};

/// Why a rule file was not loaded.
enum NotLoaded {
    Unreadable(String),
    Wrong(Diagnostics),
}

impl Session {
    /// Carries out a command with what stands behind it.
    pub(super) fn act(&mut self, action: Action, rest: &str) -> Reply {
        match action {
            Action::Help if rest.is_empty() => Reply::result(help(self.manner.width)),
            Action::Help => help_on(rest),
            Action::Type if rest.is_empty() => {
                Reply::error("`:type` takes a formula, such as `:type LEN(Name)`")
            }
            Action::Type => self.type_of(rest),
            Action::Explain => self.explain(rest),
            Action::Columns => self.columns(),
            Action::Rows if rest.is_empty() => self.about_rows(),
            Action::Rows => self.read_rows(&files_named(rest)),
            Action::Row => self.row(rest),
            Action::Set => self.set(rest),
            Action::Unset => self.unset(rest),
            Action::Load if rest.is_empty() => self.about_file(),
            Action::Load => self.load(Path::new(rest.trim_matches(['"', '\'']))),
            Action::Reload => self.reload(),
            Action::Quit => Reply { quit: true, ..Reply::default() },
        }
    }

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
        let names: Vec<String> = inputs
            .iter()
            .filter(|input| input.path.steps.is_empty())
            .map(|input| input.path.key.clone())
            .collect();
        self.missing_columns(&names)
    }

    /// The rules of the context alone.
    fn whole(&self) -> Option<Compiled> {
        match self.context.compile("TRUE") {
            Ok(Typed::Formula(compiled)) => Some(compiled),
            _ => None,
        }
    }

    /// The context of a rule file and of what was typed since, and what to say about it.
    fn read_rules(&self, path: &Path) -> Result<(Context, Reply), NotLoaded> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(expanded(&shown))
            .map_err(|error| NotLoaded::Unreadable(format!("can't read {shown}: {error}")))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| NotLoaded::Unreadable(format!("{shown} is not UTF-8 text; save it as UTF-8")))?;
        let mut context = Context::of_file(&shown, &text).map_err(NotLoaded::Wrong)?;
        let mut notes = context.warnings().map(|found| self.file_reports(found)).unwrap_or_default();
        let names: Vec<String> = context.column_names().map(|name| format!("`{name}`")).collect();
        if self.manner.talkative {
            notes.push_str(&visible(&format!("{shown}: {}\n", listed(&names))));
        }
        for typed in self.context.definitions() {
            match context.compile(typed) {
                Ok(Typed::Columns(columns)) => context.define(&columns, typed),
                _ => notes.push_str(&visible(&format!(
                    "warning: this does not fit beside {shown} and is forgotten: {}\n",
                    typed.lines().next().unwrap_or_default()
                ))),
            }
        }
        Ok((context, Reply::note(notes)))
    }

    fn reload(&mut self) -> Reply {
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

    fn about_file(&self) -> Reply {
        match &self.file {
            Some(file) => Reply::result(format!("{}\n", file.display())),
            None => Reply::error("no rule file is loaded\n  help: `:load FILE.clay` loads one"),
        }
    }

    fn about_rows(&self) -> Reply {
        match &self.rows {
            Some(rows) if !rows.files.is_empty() => {
                Reply::result(format!("{} of {}\n", Count(rows.len(), "row"), rows.origin()))
            }
            _ => Reply::error("no rows are loaded\n  help: `:rows FILE` reads some: JSON lines, JSON or CSV"),
        }
    }

    /// `:row N`, `:row *`, `:row`
    fn row(&mut self, written: &str) -> Reply {
        let Some(rows) = &self.rows else {
            return Reply::error(
                "there are no rows\n  help: `:rows FILE` reads some, `:set NAME VALUE` makes one",
            );
        };
        let count = rows.len();
        match written.parse::<usize>() {
            _ if written == "*" => {
                self.current = Current::First;
                let note = format!("formulas are shown for the first {}\n", Count(count.min(10), "row"));
                return if self.manner.talkative { Reply::note(note) } else { Reply::default() };
            }
            Ok(number) if (1..=count).contains(&number) => self.current = Current::Row(number - 1),
            Err(_) if written.is_empty() => {}
            _ => {
                let range = if count == 1 { "1".to_owned() } else { format!("from 1 to {count}") };
                return Reply::error(&format!(
                    "there is no row `{written}`\n  help: `:row N` takes a number, here {range}; `:row *` takes the first ten"
                ));
            }
        }
        match self.current {
            Current::Row(row) => self.show_row(row),
            Current::First => Reply::result(format!("the first {}\n", Count(count.min(10), "row"))),
        }
    }

    fn show_row(&self, row: usize) -> Reply {
        let Some(rows) = &self.rows else { return Reply::default() };
        let label =
            lead::label(|key| rows.get(row, key)).map(|label| format!(": {label}")).unwrap_or_default();
        let mut out = visible(&format!("row {} of {}{label}\n", row + 1, rows.len())).into_owned();
        let cells = rows.keys().iter().filter_map(|key| {
            let value = rows.get(row, key)?;
            Some(vec![format!("  {}", visible(key)), cell(value)])
        });
        out += &table(&cells.collect::<Vec<_>>(), &[], self.manner.width);
        Reply::result(out)
    }

    /// Computed columns and those of the row, with types and the values of the current row.
    fn columns(&self) -> Reply {
        let Some(whole) = self.whole() else { return Reply::default() };
        let tree = whole.rules.tree();
        let row = if let Current::Row(row) = self.current { Some(row) } else { None };
        let computed = self.compute(&whole.rules, row.unwrap_or(0));
        let mut lines = Vec::new();
        let count = tree.columns.len() - whole.columns.len();
        let mut push = |name: &str, ty: &str, value: Option<&Value<'_>>| {
            let value = value.filter(|_| row.is_some()).map(cell).unwrap_or_default();
            lines.push(vec![format!("  {}", visible(name)), ty.to_owned(), value]);
        };
        for (column, value) in tree.columns.iter().zip(&computed.columns).take(count) {
            let ty = if row.is_some() && column.node.ty == crate::types::Type::Any {
                value.ty()
            } else {
                column.node.ty
            };
            push(&column.name, ty.name(), Some(value));
        }
        for (input, value) in tree.inputs.iter().zip(&computed.inputs) {
            let ty = if row.is_some() && input.declared == crate::types::Type::Any {
                value.ty()
            } else {
                input.declared
            };
            push(&input.name, ty.name(), Some(value));
        }
        let is_read = |key: &String| {
            tree.inputs.iter().any(|input| input.path.key == *key)
                || tree.columns.iter().any(|column| column.name == *key)
        };
        let keys = self.rows.iter().flat_map(Rows::keys).filter(|key| !is_read(key));
        for key in keys {
            let value = self.rows.as_ref().and_then(|rows| rows.get(row?, key)).cloned().unwrap_or_default();
            push(key, if row.is_some() { value.ty().name() } else { "Any" }, Some(&value));
        }
        if lines.is_empty() {
            return Reply::error(
                "there are no columns yet\n  help: `:rows FILE` and `:load FILE.clay` bring some, `Name := formula` makes one",
            );
        }
        let (top, below) = lines.split_at(count);
        let drawn = table(&lines, &[], self.manner.width);
        let mut drawn = drawn.lines();
        let mut out = String::new();
        for (title, part) in [("computed", top), ("of the row", below)] {
            if !part.is_empty() {
                out.push_str(&format!("{title}\n"));
                drawn.by_ref().take(part.len()).for_each(|line| out.push_str(&format!("{line}\n")));
            }
        }
        Reply::result(out)
    }

    /// `:set NAME VALUE`
    fn set(&mut self, written: &str) -> Reply {
        let Some((name, value)) = self.name_and_rest(written).filter(|(_, value)| !value.is_empty()) else {
            return Reply::error("`:set` takes a name and a value, such as `:set Employee Count 250`");
        };
        if self.current == Current::First {
            return Reply::error("`:set` changes one row\n  help: choose one first: `:row 1`");
        }
        let mut notes = String::new();
        let value = if let Ok(value) = read_json(&value) {
            value.into_owned()
        } else {
            match self.context.compile(&value) {
                Err(findings) => return Reply::failure(self.reports(&findings)),
                Ok(Typed::Formula(formula)) => {
                    notes = self.reports(&formula.findings);
                    self.value(&formula, 0).0
                }
                Ok(_) => return Reply::error("a cell takes a value or a formula without a name"),
            }
        };
        if let Value::Error(error) = &value {
            return Reply::error(&format!("the value is {error}"));
        }
        let row = self.current_row().unwrap_or(0);
        let line = result_line(&value, &self.manner);
        self.rows.get_or_insert_with(Rows::empty_row).set(row, &name, Some(value));
        if self.context.column_names().any(|column| column == name) {
            notes.push_str(&visible(&format!(
                "note: formulas read the computed column `{name}`, not this cell\n"
            )));
        }
        let out = if self.manner.talkative { format!("{} = {line}", visible(&name)) } else { String::new() };
        Reply { out, notes, ..Reply::default() }
    }

    fn unset(&mut self, written: &str) -> Reply {
        let name = self.name_and_rest(written).map(|(name, _)| name).unwrap_or_default();
        let row = self.current_row();
        match (&mut self.rows, row) {
            (Some(rows), Some(row)) if rows.get(row, &name).is_some() => {
                rows.set(row, &name, None);
                Reply::default()
            }
            (Some(rows), Some(row)) => {
                let names = rows.keys().iter().filter(|key| rows.get(row, key).is_some());
                let help = did_you_mean(&suggest(&name, names.map(String::as_str)));
                let help = help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
                Reply::error(&format!("the row has no cell `{name}`{help}"))
            }
            _ => Reply::error("there is no current row\n  help: `:row N` takes one"),
        }
    }

    /// Splits `Employee Count 250` into the name of a column, known or new, and what follows it.
    fn name_and_rest(&self, written: &str) -> Option<(String, String)> {
        let behind = |rest: &str| {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('=')).unwrap_or(rest);
            rest.trim().to_owned()
        };
        let known = self.vocabulary().columns;
        let begins = |name: &&String| {
            let rest = written.strip_prefix(name.as_str());
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|next: char| next.is_whitespace() || next == '=')
            })
        };
        if let Some(name) = known.iter().filter(begins).max_by_key(|name| name.len()) {
            return Some((name.clone(), behind(&written[name.len()..])));
        }
        let tokens = tokenize(written);
        let first = tokens.first()?;
        if matches!(first.kind, TokenKind::QuotedName | TokenKind::Text) {
            let name = first.text(written).trim_matches(['{', '}', '"', '\'']).trim();
            return Some((name.to_owned(), behind(&written[first.span.end as usize..])));
        }
        let is_call = |index: usize| {
            tokens
                .get(index + 1)
                .is_some_and(|next| next.text(written) == "(" && next.span.start == tokens[index].span.end)
        };
        let is_value =
            |text: &str| ["true", "false"].contains(&text.to_ascii_lowercase().as_str()) || text == "null";
        let is_name = |index: &usize| {
            let token = tokens[*index];
            token.kind == TokenKind::Word
                && !is_call(*index)
                && (*index == 0 || !is_value(token.text(written)))
        };
        let mut words: Vec<usize> = (0..tokens.len()).take_while(is_name).collect();
        // In `Twice Employee Count * 2` the value begins with a column that is known.
        let spelled = |words: &[usize]| {
            words.iter().map(|index| tokens[*index].text(written)).collect::<Vec<_>>().join(" ")
        };
        let value_from = (1..words.len()).find(|from| known.contains(&spelled(&words[*from..])));
        words.truncate(value_from.unwrap_or(words.len()));
        let last = tokens[*words.last()?].span.end as usize;
        Some((spelled(&words), behind(&written[last..])))
    }
}

/// The page of a function.
fn help_on(name: &str) -> Reply {
    match builtins::named(name.trim_end_matches(['(', ')'])) {
        Ok(builtin) => Reply::result(builtins::page(builtin)),
        Err(message) => Reply::error(&message),
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
