//! Calls to providers over HTTP: who may be called, how fast, what went wrong, and calls recorded and replayed.
//!
//! A [`Transport`] answers a [`Request`] with a [`Response`]. [`Http`] is the one that opens sockets, only to hosts that
//! its [`Guard`] lists. [`Recorder`] wraps a transport and writes down each exchange; [`Replayer`] answers from such a
//! file. [`Pace`] keeps rate limits, [`Breaker`] and [`Backoff`] say when to call again. [`Secret`]s show themselves
//! nowhere; the [`Redactor`] hides them in whatever is written.

mod address;
mod breaker;
mod client;
mod error;
mod exchange;
mod guard;
mod pace;
mod recorder;
mod redact;
mod replayer;
mod request;
mod resolver;
mod retry;
mod secret;
mod url;
mod watch;

pub use address::{AddressKind, kind_of_address};
pub use breaker::{Breaker, Pass};
pub use client::{Http, Settings};
pub use error::CallError;
pub use exchange::RecordingError;
pub use guard::Guard;
pub use pace::{Limit, Pace, Turn};
pub use recorder::Recorder;
pub use redact::Redactor;
pub use replayer::Replayer;
pub use request::{Method, Request, Response, Transport};
pub use resolver::{Lookup, SystemLookup};
pub use retry::{Backoff, is_provider_failure, retry_after};
pub use secret::{Secret, SecretError, Secrets};
pub use url::{Target, host_of};
