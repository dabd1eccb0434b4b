//! The line editor: keys, history and what is drawn while a line is typed.

use super::vocabulary::Vocabulary;
use super::{Candidate, complete, has_ended, highlight, hint, overlap};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::history::FileHistory;
use rustyline::line_buffer::LineBuffer;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Changeset, CompletionType, Config, Context, Helper};
use std::borrow::Cow;
use std::cell::Cell;
use std::path::{Path, PathBuf};

const PROMPT: &str = "clay> ";
const COLOURED_PROMPT: &str = "\x1b[1;32mclay>\x1b[0m ";
/// How many lines the history keeps.
const HISTORY: usize = 10_000;
/// The width of a terminal that does not tell it.
const WIDTH: usize = 80;

/// What came of reading a line.
#[derive(Debug)]
pub enum Typed {
    /// An input, which may have several lines.
    Input(String),
    /// Ctrl-C: what was typed is dropped.
    Dropped,
    /// Ctrl-D.
    End,
}

/// Reads inputs from a terminal.
pub struct Editor {
    editor: rustyline::Editor<Assistant, FileHistory>,
    history: Option<PathBuf>,
}

impl Editor {
    /// An editor that keeps its history in a file, if one is given. Also gives what is wrong with that file, if anything.
    pub fn new(history: Option<PathBuf>) -> Result<(Self, Option<String>), String> {
        let config = Config::builder()
            .max_history_size(HISTORY)
            .and_then(|config| config.history_ignore_dups(true))
            .map_err(|error| error.to_string())?
            .completion_type(CompletionType::List)
            .auto_add_history(false)
            .build();
        let mut editor = rustyline::Editor::with_config(config).map_err(|error| error.to_string())?;
        editor.set_helper(Some(Assistant::new(Vocabulary::default(), WIDTH)));
        let mut problem = None;
        let history = history.filter(|file| match prepare(&mut editor, file) {
            Ok(()) => true,
            Err(error) => {
                problem = Some(format!("the history is not kept: {}: {error}", file.display()));
                false
            }
        });
        Ok((Self { editor, history }, problem))
    }

    /// How many columns the terminal has.
    pub fn width(&mut self) -> usize {
        self.editor.dimensions().map_or(WIDTH, |(columns, _)| usize::from(columns)).max(1)
    }

    /// Reads one input, helping with these names.
    pub fn read(&mut self, vocabulary: Vocabulary) -> Result<Typed, String> {
        let width = self.width();
        self.editor.set_helper(Some(Assistant::new(vocabulary, width)));
        match self.editor.readline(&(PROMPT, COLOURED_PROMPT)) {
            Ok(input) => {
                self.remember(&input);
                Ok(Typed::Input(input))
            }
            Err(ReadlineError::Interrupted) => Ok(Typed::Dropped),
            Err(ReadlineError::Eof) => Ok(Typed::End),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A history that can't be written any more is no reason to stop.
    fn remember(&mut self, input: &str) {
        let input = input.trim_end();
        let is_new = !input.is_empty() && self.editor.add_history_entry(input).unwrap_or(false);
        if let Some(file) = self.history.as_ref().filter(|_| is_new) {
            let _ = self.editor.append_history(file);
        }
    }
}

/// Makes the folder and the file, and reads the history.
fn prepare(editor: &mut rustyline::Editor<Assistant, FileHistory>, file: &Path) -> Result<(), String> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    if file.exists() {
        editor.load_history(file).map_err(|error| error.to_string())?;
    }
    editor.append_history(file).map_err(|error| error.to_string())
}

/// What the editor asks while a line is typed.
struct Assistant {
    vocabulary: Vocabulary,
    width: usize,
    /// Whether the line is drawn for the last time, without a cursor.
    is_left: Cell<bool>,
}

impl Assistant {
    fn new(vocabulary: Vocabulary, width: usize) -> Self {
        Self { vocabulary, width, is_left: Cell::new(false) }
    }
}

impl Helper for Assistant {}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let whole = has_ended(context.input());
        Ok(if whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl rustyline::completion::Candidate for Candidate {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

impl Completer for Assistant {
    type Candidate = Candidate;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Candidate>)> {
        Ok(complete(&self.vocabulary, line, cursor))
    }

    fn update(&self, line: &mut LineBuffer, start: usize, elected: &str, changes: &mut Changeset) {
        let cursor = line.pos();
        let end = cursor + overlap(elected, &line.as_str()[cursor..]);
        line.replace(start..end, elected, changes);
    }
}

/// A signature, which is shown and never taken over.
struct Signature(String);

impl Hint for Signature {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Assistant {
    type Hint = Signature;

    fn hint(&self, line: &str, cursor: usize, _: &Context<'_>) -> Option<Signature> {
        hint(&self.vocabulary, line, cursor, self.width).map(Signature)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        let cursor = if self.is_left.get() { usize::MAX } else { cursor };
        Cow::Owned(highlight(&self.vocabulary, line, cursor))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        // While a line is typed, any key can change the colour of what stands before it.
        self.is_left.set(kind == CmdKind::ForcedRefresh);
        true
    }
}
