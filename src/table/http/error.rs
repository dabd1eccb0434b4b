//! What can go wrong with a call, and whether the provider may have acted on it all the same.

use super::address::AddressKind;
use std::net::IpAddr;
use std::time::Duration;
use thiserror::Error;

/// A call that brought no whole response. No message holds a path, a query, a body or the value of a header.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CallError {
    /// The address is not one that can be called safely.
    #[error("the URL `{url}` is refused: {reason}")]
    BadUrl {
        /// Whom the URL calls, without path and query.
        url: String,
        /// What is odd about it, and what to write instead.
        reason: String,
    },
    /// A header that can't be sent.
    #[error("the header `{name}` is refused: {reason}")]
    BadHeader {
        /// The name of the header.
        name: String,
        /// What is wrong with it; never its value.
        reason: &'static str,
    },
    /// The host is not among those that the table names.
    #[error(
        "the host `{host}` is refused: the table names only {listed}; add the provider's host if it is meant"
    )]
    RefusedHost {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// The hosts that may be called, in words.
        listed: String,
    },
    /// The name leads to an address that no public provider has.
    #[error("the host `{host}` is refused: it leads to {address}, {kind}{}", if kind.can_be_allowed() { "; allow private addresses if that is meant" } else { "" })]
    RefusedAddress {
        /// The host as the URL names it.
        host: String,
        /// Where it leads.
        address: IpAddr,
        /// Why that is refused.
        kind: AddressKind,
    },
    /// The name leads nowhere.
    #[error("no address found for the host `{host}`: {reason}")]
    NoSuchHost {
        /// The host as the URL names it.
        host: String,
        /// What the resolver says.
        reason: String,
    },
    /// No connection came about, or none over which the whole request could be written.
    #[error("no connection to {host}: {reason}; nothing was asked")]
    NoConnection {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// What the system or TLS says.
        reason: String,
    },
    /// It took too long.
    #[error("no answer from {host} within {}{}", Seconds(*after), if *sent { "; the request may have been carried out" } else { "; nothing was asked" })]
    TimedOut {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// How long was waited.
        after: Duration,
        /// Whether all of the request may have reached the provider.
        sent: bool,
    },
    /// The connection was lost between the request and the end of its response.
    #[error(
        "the connection to {host} was lost before all of the response had come: {reason}; the request may have been carried out"
    )]
    Interrupted {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// What the system or TLS says.
        reason: String,
    },
    /// What came is not HTTP, or is damaged.
    #[error("the response of {host} can't be read: {reason}; the request may have been carried out")]
    BadResponse {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The line and the headers of the request are longer than servers take.
    #[error(
        "the request to {host} is {length} bytes long without its body, and none may be longer than {limit}; give it shorter values, or send them in a body"
    )]
    TooLong {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// How long it would be, in bytes.
        length: usize,
        /// The most that is sent, in bytes.
        limit: usize,
    },
    /// The response is larger than the limit.
    #[error(
        "the response of {host} is larger than {limit} bytes; ask for less, such as fewer fields or results"
    )]
    TooLarge {
        /// The host, with its port if that is not the usual one.
        host: String,
        /// The limit that it goes beyond, in bytes.
        limit: u64,
    },
    /// A replay was asked for what was never recorded.
    #[error("no recording answers {method} {url}; {nearest}")]
    NoRecording {
        /// The verb.
        method: super::Method,
        /// The URL, secrets hidden.
        url: String,
        /// What the recording has instead, in words.
        nearest: String,
    },
}

impl CallError {
    /// Whether the provider may have acted on the request, so that asking again may cost again.
    #[must_use]
    pub fn is_sent_maybe(&self) -> bool {
        match self {
            Self::TimedOut { sent, .. } => *sent,
            Self::Interrupted { .. } | Self::BadResponse { .. } | Self::TooLarge { .. } => true,
            Self::BadUrl { .. }
            | Self::BadHeader { .. }
            | Self::TooLong { .. }
            | Self::RefusedHost { .. }
            | Self::RefusedAddress { .. }
            | Self::NoSuchHost { .. }
            | Self::NoConnection { .. }
            | Self::NoRecording { .. } => false,
        }
    }

    /// A word for this kind of error that stays the same from version to version.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "bad_url",
            Self::BadHeader { .. } => "bad_header",
            Self::TooLong { .. } => "too_long",
            Self::RefusedHost { .. } => "refused_host",
            Self::RefusedAddress { .. } => "refused_address",
            Self::NoSuchHost { .. } => "no_such_host",
            Self::NoConnection { .. } => "no_connection",
            Self::TimedOut { .. } => "timed_out",
            Self::Interrupted { .. } => "interrupted",
            Self::BadResponse { .. } => "bad_response",
            Self::TooLarge { .. } => "too_large",
            Self::NoRecording { .. } => "no_recording",
        }
    }

    /// Whether the same call may well succeed a little later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::NoSuchHost { .. }
                | Self::NoConnection { .. }
                | Self::TimedOut { .. }
                | Self::Interrupted { .. }
                | Self::BadResponse { .. }
        )
    }
}

/// A time in seconds, as few digits as say it.
struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} s", self.0.as_secs_f64())
    }
}
