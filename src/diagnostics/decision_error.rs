//! Decision tables: the declaration, the file, its header, rows and cells.

use crate::span::Span;

/// A decision table that can't be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum DecisionError {
    /// `decision Routing = routing.csv`
    #[error("invalid decision table declaration")]
    #[diagnostic(
        code(clay::invalid_decision),
        help("write `decision NAME = \"routing.csv\"`; `unique` or `collect` may follow")
    )]
    InvalidDecision {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
    },
    /// `decision Routing = "missing.csv"`
    #[error("can't load {file}: {problem}")]
    #[diagnostic(code(clay::decision_file), help("{help}"))]
    DecisionFile {
        file: String,
        problem: String,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// `Country,owner`: no column of results
    #[error("{problem}")]
    #[diagnostic(code(clay::decision_header), help("{help}"))]
    DecisionHeader {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// Two result columns of one name
    #[error("two columns have the result `{name}`")]
    #[diagnostic(code(clay::duplicate_result), help("rename one of the columns"))]
    DuplicateResult {
        name: String,
        #[label("first here")]
        first: Span,
        #[label("and again here")]
        second: Span,
    },
    /// `"US","CA",Ada`: too many cells
    #[error("{problem}")]
    #[diagnostic(code(clay::decision_row), help("{help}"))]
    DecisionRow {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// `50-200`
    #[error("{problem}")]
    #[diagnostic(code(clay::decision_cell), help("{help}"))]
    DecisionCell {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: &'static str,
        help: String,
    },
    /// Two rows of a table that is declared `unique`
    #[error("two rows of a table declared `unique` match {witness}")]
    #[diagnostic(
        code(clay::overlapping_rows),
        help("change one of the rows, or remove `unique` so that the first row that matches decides")
    )]
    OverlappingRows {
        witness: String,
        #[label("matches")]
        first: Span,
        #[label("matches as well")]
        second: Span,
    },
}
