//! Literals that are not what they seem, and arguments in the wrong place.

use crate::span::Span;

/// A literal or argument that is read as something its author did not mean.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum ArgumentLint {
    /// `CONTAINS("VP", Job Title)`
    #[error("the arguments of {function} are in the wrong order")]
    #[diagnostic(code(clay::swapped_arguments), severity(Warning), help("{help}"))]
    SwappedArguments {
        function: &'static str,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
}
