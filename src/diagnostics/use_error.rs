//! `use` lines, and the files that they import.

use crate::span::Span;
use miette::LabeledSpan;

/// A file that can't be imported, or an imported file that does not fit the others.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum UseError {
    /// `use shared.clay`
    #[error("invalid import")]
    #[diagnostic(code(clay::invalid_use), help("write `{instead}` on a line of its own"))]
    InvalidUse {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
        instead: String,
    },
    /// `use "missing.clay"`
    #[error("can't import {file}: {problem}")]
    #[diagnostic(code(clay::use_file), help("{help}"))]
    UseFile {
        file: String,
        problem: String,
        #[label("{why}")]
        at: Span,
        why: &'static str,
        help: String,
    },
    /// `use "b.clay"` in a.clay, and `use "a.clay"` in b.clay
    #[error("{message}")]
    #[diagnostic(code(clay::use_cycle), help("{help}"))]
    UseCycle {
        message: String,
        #[label(collection)]
        arrows: Vec<LabeledSpan>,
        help: &'static str,
    },
    /// `Fit + 1` where `Fit := …` is a column of an imported file
    #[error("`{name}` is a column of {file}, and an import does not include columns that are written out")]
    #[diagnostic(
        code(clay::not_imported),
        help(
            "to share it, make it private, as in `let {instead} := …`; to read the row's own column, declare `input {instead}: Any`"
        )
    )]
    NotImported {
        name: String,
        file: String,
        #[label("not imported")]
        at: Span,
        #[label("a column that is written out")]
        defined: Span,
        instead: String,
    },
    /// `input Size: Number` in one file, and `input Size: Text` in another
    #[error("two files declare the input `{name}` differently")]
    #[diagnostic(
        code(clay::input_conflict),
        help("declare it alike in both files, or give one of them another name")
    )]
    InputConflict {
        name: String,
        #[label("declared here")]
        first: Span,
        #[label("and differently here")]
        second: Span,
    },
    /// `let Points := Score * 2` in an imported file, where another file defines a column `Score`
    #[error("`{name}` is a column of the row in {file}, and another file defines it")]
    #[diagnostic(
        code(clay::name_in_import),
        help("rename the definition, or make the import a function with `{name}` as a parameter")
    )]
    NameInImport {
        name: String,
        file: String,
        #[label("defined here")]
        defined: Span,
        #[label("read from the row here")]
        at: Span,
    },
}
