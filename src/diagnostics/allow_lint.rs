//! `# allow:` comments that are incomplete or silence nothing.

use crate::span::Span;

/// An `# allow:` comment that is incomplete or has no effect.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum AllowLint {
    /// `# allow: constant_conditon, for a test`
    #[error("{problem}")]
    #[diagnostic(code(clay::unknown_allow), severity(Warning))]
    UnknownAllow {
        problem: String,
        #[label("{why}")]
        at: Span,
        why: &'static str,
        #[help]
        help: Option<String>,
    },
    /// `# allow: constant_condition, for a test` above a line without one
    #[error("`# allow: {code}` silences nothing")]
    #[diagnostic(code(clay::unused_allow), severity(Warning), help("remove the comment"))]
    UnusedAllow {
        code: String,
        #[label("no `{code}` is reported here")]
        at: Span,
    },
}
