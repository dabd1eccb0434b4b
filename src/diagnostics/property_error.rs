//! Properties in comments that can't be checked, or are not true.

use crate::span::Span;

/// A property that can't be read or is not true.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum PropertyError {
    /// `# rising: Employe Count`
    #[error("this property can't be read: {problem}")]
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
    #[error("this property is not true: {problem}")]
    #[diagnostic(code(clay::refuted_property), help("{help}"))]
    RefutedProperty {
        problem: String,
        #[label("not true of every row")]
        at: Span,
        help: String,
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
