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
    /// `# example: {"Last Seen": "2026-01-20"} => "fresh"` for a formula that reads `TODAY()`
    #[error("the result of this example depends on the day of the test")]
    #[diagnostic(
        code(clay::example_without_clock),
        severity(Warning),
        help("fix the clock of the tests in the file, on a line of its own: `# now: 2026-01-31T12:00:00Z`")
    )]
    ExampleWithoutClock {
        #[label("the formula reads the clock")]
        at: Span,
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
