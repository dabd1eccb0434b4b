//! Examples in comments that can't be tests.

use crate::span::Span;

/// An example that says nothing, or not what its author meant. Rules run all the same; their tests don't.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum ExampleError {
    /// `# example: {"ICP Score": 80} -> "A"`
    #[error("this example can't be read: {problem}")]
    #[diagnostic(code(clay::invalid_example), help("{help}"))]
    InvalidExample {
        problem: String,
        #[label("{what}")]
        at: Span,
        what: String,
        help: String,
    },
    /// `# example: {"ICP Scor": 80} => "A"`
    #[error("nothing reads `{key}` of this example")]
    #[diagnostic(code(clay::unknown_example_key))]
    UnknownExampleKey {
        key: String,
        #[label("no formula reads a column of this name")]
        at: Span,
        #[help]
        help: Option<String>,
    },
}
