//! The state of a session, and what becomes of one input. It knows nothing of the terminal.

use super::command;
use super::rows::Rows;
use super::table::wrapped;
use super::vocabulary::{Fields, Vocabulary};
use crate::check::ColumnId;
use crate::diagnostics::{Diagnostics, Look, render};
use crate::rows::{DataFiles, Format};
use crate::rules::inputs::reach;
use crate::rules::{Context, Findings, Rules};
use crate::tools::own_functions::own_functions;
use crate::value::{Clock, Value};
use std::path::{Path, PathBuf};

/// The number of rows whose records are searched for fields.
const FIELD_ROWS: usize = 200;

/// How answers are given.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether a person reads along: results come with their type, and what was done is confirmed.
    pub talkative: bool,
    /// How reports are drawn.
    pub look: Look,
    /// How many columns a table may take.
    pub width: usize,
}

/// What an input gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The result, in whole lines.
    pub out: String,
    /// What there is to say about it, in whole lines.
    pub notes: String,
    /// Whether the input could not be carried out.
    pub failed: bool,
    /// Whether the session is to end.
    pub quit: bool,
}

impl Reply {
    pub(super) fn result(out: impl Into<String>) -> Self {
        Self { out: out.into(), ..Self::default() }
    }

    pub(super) fn note(notes: impl Into<String>) -> Self {
        Self { notes: notes.into(), ..Self::default() }
    }

    pub(super) fn failure(notes: impl Into<String>) -> Self {
        Self { notes: notes.into(), failed: true, ..Self::default() }
    }

    /// `error: …`
    pub(super) fn error(message: &str) -> Self {
        Self::failure(crate::diagnostics::visible(&format!("error: {message}\n")).into_owned())
    }
}

/// Which rows formulas are computed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Current {
    /// The row of this index.
    Row(usize),
    /// The first rows, in a table.
    First,
}

/// Says why a column has its value in the row whose inputs these are.
pub type Explain = fn(&Rules, &Clock, &[Value<'_>], ColumnId) -> String;

/// Formulas typed one by one, with the columns, the rows and the rule file that they can use.
#[derive(Debug)]
pub struct Session {
    pub(super) context: Context,
    pub(super) file: Option<PathBuf>,
    pub(super) rows: Option<Rows>,
    pub(super) current: Current,
    pub(super) from: Option<Format>,
    pub(super) clock: Clock,
    pub(super) manner: Manner,
    pub(super) explain: Explain,
    /// Whether it was said that without rows all columns are Blank.
    pub(super) told_of_rows: bool,
}

impl Session {
    /// A session without rows and without a rule file. Rows are read as `from` where their files don't tell their
    /// format.
    #[must_use]
    pub fn new(clock: Clock, from: Option<Format>, manner: Manner, explain: Explain) -> Self {
        Self {
            context: Context::with_files(DataFiles::beside(Path::new(""))),
            file: None,
            rows: None,
            current: Current::Row(0),
            from,
            clock,
            manner,
            explain,
            told_of_rows: false,
        }
    }

    /// From now on, answers are given like this.
    pub fn set_manner(&mut self, manner: Manner) {
        self.manner = manner;
    }

    /// From now on, this is the time.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Carries out one input: a command, a column or a formula.
    pub fn line(&mut self, input: &str) -> Reply {
        let reply = self.carry_out(input);
        Reply { notes: self.wrap(&reply.notes), ..reply }
    }

    /// What a person is told at the beginning.
    #[must_use]
    pub fn greeting(&self) -> String {
        self.wrap("`:help` lists the commands, Tab completes names, Ctrl-D ends\n")
    }

    /// Notes as they fit into the terminal.
    pub(super) fn wrap(&self, notes: &str) -> String {
        wrapped(notes, self.manner.width, 2)
    }

    fn carry_out(&mut self, input: &str) -> Reply {
        match command::split(input) {
            Some((name, rest)) => match command::find(name) {
                Some(command) => self.act(command.action, rest),
                None => Reply::error(&command::unknown(name)),
            },
            None => match command::bare(input).filter(|_| !self.vocabulary().has_column(input.trim())) {
                Some(command) => self.act(command.action, ""),
                None => self.answer(input),
            },
        }
    }

    /// The names that formulas can use.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary {
        let mut columns: Vec<String> = self.context.column_names().map(ToOwned::to_owned).collect();
        let declared = self.context.input_names().map(ToOwned::to_owned);
        // Where columns are declared, no others can be used.
        let keys = self.rows.iter().flat_map(|rows| rows.keys().iter().cloned());
        let keys = keys.filter(|_| !self.context.declares_inputs());
        let data = self.context.data().map(|(name, _)| name.to_owned());
        let imported = self.context.imported_names().map(ToOwned::to_owned);
        for name in declared.chain(data).chain(imported).chain(keys) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        let whole = if columns.is_empty() && !self.context.defines_functions() { None } else { self.whole() };
        let mut fields = self.fields();
        let mut functions = Vec::new();
        if let Some(whole) = whole {
            let tree = whole.rules.tree();
            functions = own_functions(tree);
            for column in &tree.columns {
                column.node.members.iter().for_each(|members| fields.add(&column.name, &members.sample()));
            }
        }
        Vocabulary { columns, fields, functions }
    }

    /// The fields of the records in the first rows.
    fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        for (name, data) in self.context.data().filter(|(_, data)| !data.is_empty()) {
            fields.add(name, &data.row(0));
        }
        let Some(rows) = &self.rows else { return fields };
        for row in 0..rows.len().min(FIELD_ROWS) {
            for key in rows.keys() {
                if let Some(value) = rows.get(row, key) {
                    fields.add(key, value);
                }
            }
            for (name, path) in self.context.input_paths() {
                if let Some(value) = rows.get(row, &path.key) {
                    fields.add(name, &reach(value, &path.steps));
                }
            }
        }
        fields
    }

    /// The row that formulas are computed for, if it is one of several.
    pub(super) fn current_row(&self) -> Option<usize> {
        match self.current {
            Current::Row(row) => self.rows.as_ref().map(|_| row),
            Current::First => None,
        }
    }

    pub(super) fn reports(&self, findings: &Findings) -> String {
        let drawn = |report: String| report.trim_end().to_owned() + "\n";
        findings.iter().map(|one| drawn(render(&one, one.source(), self.manner.look))).collect()
    }

    pub(super) fn file_reports(&self, found: &Diagnostics) -> String {
        found
            .iter()
            .map(|one| render(one, found.source(), self.manner.look).trim_end().to_owned() + "\n")
            .collect()
    }
}
