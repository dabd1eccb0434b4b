//! `# allow:` comments that silence nothing.

use crate::span::Span;

/// An `# allow:` comment that has no effect.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum AllowLint {
    /// `# allow: constant_conditon, for a test`
    #[error("`# allow:` names no diagnostic")]
    #[diagnostic(code(clay::unknown_allow), severity(Warning))]
    UnknownAllow {
        #[label("{why}")]
        at: Span,
        why: String,
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
