//! Decision tables whose rows or cells are probably not meant as they are.

use crate::span::Span;

/// A decision table that probably does not do what its author meant.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum DecisionLint {
    /// A row for `>= 500` below one for `>= 100`
    #[error("this row never decides")]
    #[diagnostic(code(clay::unreachable_row), severity(Warning), help("{help}"))]
    UnreachableRow {
        #[label("earlier rows match every value that this row matches")]
        at: Span,
        #[label("{why}")]
        cause: Option<Span>,
        why: &'static str,
        help: &'static str,
    },
    /// Rows for `< 100` and `> 100`
    #[error("no row matches {witness}")]
    #[diagnostic(
        code(clay::uncovered_case),
        severity(Warning),
        help("add a row for this case, or a last row whose conditions are all `-`")
    )]
    UncoveredCase {
        witness: String,
        #[label("the results of `{name}` are Blank where no row matches")]
        at: Span,
        name: String,
    },
    /// The cell `Country`, where a column has this name
    #[error("`{name}` is read as text, not as the column `{name}`")]
    #[diagnostic(code(clay::text_or_column), severity(Warning), help("{help}"))]
    TextOrColumn {
        name: String,
        #[label("a text")]
        at: Span,
        help: String,
    },
    /// A table of many rows and columns that overlap in many ways
    #[error("{file} is too large to be checked completely")]
    #[diagnostic(
        code(clay::decision_limit),
        severity(Warning),
        help(
            "split the table, or silence this with `# allow: decision_limit, REASON` above the declaration"
        )
    )]
    DecisionLimit {
        file: String,
        #[label("{what} were not checked beyond the limit of {steps} steps")]
        at: Span,
        what: &'static str,
        steps: usize,
    },
}
