//! Lookup data that a rule file declares: the declaration, the file, and how formulas read it.

use crate::span::Span;

/// Lookup data that can't be loaded, or that a formula reads in a way that can't be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum DataError {
    /// `data Accounts = accounts.csv`
    #[error("invalid data declaration")]
    #[diagnostic(
        code(clay::invalid_data),
        help(
            "write `data NAME = \"accounts.csv\" key COLUMN`, or `data NAME = {{\"Software\": 30}}` with the values themselves"
        )
    )]
    InvalidData {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
    },
    /// `data Points = {Software: Base * 2}`
    #[error("lookup data contains constants only")]
    #[diagnostic(
        code(clay::inline_data),
        help("values that are computed belong in a private column: write `let {name} := {values}`")
    )]
    InlineData {
        name: String,
        values: String,
        #[label("not a constant")]
        at: Span,
    },
    /// `data Accounts = "missing.csv" key domain`
    #[error("can't load {file}: {problem}")]
    #[diagnostic(code(clay::data_file))]
    DataFile {
        file: String,
        problem: String,
        #[label("{why}")]
        at: Span,
        why: String,
        #[help]
        help: Option<String>,
    },
    /// `data Accounts = "accounts.csv" key domian`
    #[error("{file} has no column `{name}`")]
    #[diagnostic(code(clay::unknown_data_column), help("{help}"))]
    UnknownDataColumn {
        file: String,
        name: String,
        #[label("no column of {file} has this name")]
        at: Span,
        help: String,
    },
    /// Two rows with the key `acme.com`
    #[error("{problem}")]
    #[diagnostic(code(clay::duplicate_key), help("{help}"))]
    DuplicateKey {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: &'static str,
        #[label("first here")]
        first: Option<Span>,
        help: &'static str,
    },
    /// `data Accounts = "accounts.csv" key domain (points: Number)`, where a cell of `points` is `many`
    #[error("{problem}")]
    #[diagnostic(code(clay::data_cell), help("{help}"))]
    DataCell {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// `Accounts.points`, `Accounts["acme.com", "US"]`
    #[error("{problem}")]
    #[diagnostic(code(clay::data_access), help("{help}"))]
    DataAccess {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
}
