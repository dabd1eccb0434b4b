//! What a comparison of a rule with real rows shows.

use crate::span::Span;

/// A part of a rule that does not fit the rows it was compared with.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum RowLint {
    /// `CONTAINS(Industry, "SaaS")` over rows that have only `Saas`
    #[error("{what} occurs in none of {rows}")]
    #[diagnostic(code(clay::never_matches), severity(Warning))]
    NeverMatches {
        what: String,
        rows: String,
        #[label("matches no row")]
        at: Span,
        #[help]
        help: Option<String>,
    },
}
