//! Properties in comments that can't be checked, or do not hold.

use crate::span::Span;

/// A property that can't be read or does not hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum PropertyError {
    /// `# rising: Employe Count`
    #[error("{problem}")]
    #[diagnostic(code(clay::invalid_property))]
    InvalidProperty {
        problem: String,
        #[label("{what}")]
        at: Span,
        what: String,
        #[help]
        help: Option<String>,
    },
    /// `# always: ICP Score >= 50`
    #[error("this property does not hold: {problem}")]
    #[diagnostic(
        code(clay::refuted_property),
        help("fix the rule or the property; to keep the row as a test, add `# example: ROW => RESULT`")
    )]
    RefutedProperty {
        problem: String,
        #[label("fails for some rows")]
        at: Span,
    },
    /// `Score (0-100) := Page Views * 50`
    #[error("`{column}` leaves its range {range}")]
    #[diagnostic(code(clay::outside_range), severity(Warning), help("{help}"))]
    OutsideRange {
        column: String,
        range: String,
        #[label("{problem}")]
        at: Span,
        problem: String,
        help: String,
    },
}
