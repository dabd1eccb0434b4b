//! What follows from the values that each part of a rule can have.

use crate::span::Span;

/// A part of a rule whose possible values show that it can't be what its author meant.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum ValueLint {
    /// `LEN(Job Title) >= 0`
    #[error("this condition is always {result}")]
    #[diagnostic(code(clay::constant_condition), severity(Warning))]
    ConstantCondition {
        result: &'static str,
        #[label("{why}")]
        at: Span,
        why: String,
        #[help]
        help: Option<String>,
    },
}
