//! The kinds of failures, by which dead letters are told apart and chosen.

/// Of which kind a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// A formula or template of the call is an error.
    Formula,
    /// The key is wrong or not allowed.
    Unauthorized,
    /// The provider's credits are used up.
    OutOfCredits,
    /// The provider said "too fast" each time.
    RateLimited,
    /// The call may have been carried out and paid for, but no answer came.
    UnknownOutcome,
    /// The check of a result would cost more than the step may.
    TooDear,
    /// No answer came.
    NoAnswer,
    /// The call could not be made: an address or a header that is not allowed, an answer that was not recorded.
    NotSent,
    /// The provider refuses it: a status from 400 to 499.
    Refused,
    /// The provider fails: a status from 500 to 599.
    ServerError,
    /// The answer sends elsewhere, where nobody follows.
    Redirected,
    /// The answer says nothing that can be read.
    Unreadable,
    /// The answer to a push does not say that the row was written.
    NoResult,
    /// The formulas of the row have warnings, and the table is strict.
    Warnings,
}

impl FailureClass {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Formula,
        Self::Unauthorized,
        Self::OutOfCredits,
        Self::RateLimited,
        Self::UnknownOutcome,
        Self::TooDear,
        Self::NoAnswer,
        Self::NotSent,
        Self::Refused,
        Self::ServerError,
        Self::Redirected,
        Self::Unreadable,
        Self::NoResult,
        Self::Warnings,
    ];

    /// What it is called in the state and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Formula => "formula",
            Self::Unauthorized => "unauthorized",
            Self::OutOfCredits => "out_of_credits",
            Self::RateLimited => "rate_limited",
            Self::UnknownOutcome => "unknown_outcome",
            Self::TooDear => "too_dear",
            Self::NoAnswer => "no_answer",
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::ServerError => "server_error",
            Self::Redirected => "redirected",
            Self::Unreadable => "unreadable",
            Self::NoResult => "no_result",
            Self::Warnings => "warnings",
        }
    }

    /// The kind of an answer with this status that is of no use.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            300..=399 => Self::Redirected,
            400..=499 => Self::Refused,
            500..=599 => Self::ServerError,
            _ => Self::Unreadable,
        }
    }
}
