//! One question to a provider: from inputs to a request, and from an answer to what it means.

mod answer;
mod request;
mod shape;

pub use answer::{Answered, Billed, Meaning, read_answer, read_local};
pub(crate) use answer::{is_true, names_of, parsed, reason_of};
pub use request::{AskError, Caller, build};

use crate::value::{Record, Text, Value};

/// A record of these names and values.
#[must_use]
pub(crate) fn record<'v>(members: impl IntoIterator<Item = (String, Value<'v>)>) -> Record<'v> {
    Record::new(members.into_iter().map(|(name, value)| (Text::Shared(name.into()), value)).collect())
}
