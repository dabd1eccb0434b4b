//! How far a call came: whether all of its request may have left this machine.
//!
//! A connection that a provider closed while it idled takes no more bytes, or takes them into the void. The first is
//! known for sure and safe to ask again; to know it, each socket is watched below the encryption, where no write error
//! is swallowed.

use std::cell::Cell;
use std::fmt;
use std::io;
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// How far the request of a call came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// No byte of it was written; what was, belongs to a handshake.
    #[default]
    Connecting,
    /// No byte of it was written, but can be.
    Connected,
    /// Some of it was written, maybe all.
    Writing,
    /// Some of it could not be written, so the provider has no whole request.
    Unfinished,
    /// Written, and an answer awaited.
    Awaiting,
}

/// What is known of the call that this thread makes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// How far the request came.
    pub(super) stage: Stage,
    /// Whether the connection was made for this call.
    pub(super) is_fresh: bool,
    /// Whether the connection broke, rather than being closed in order, while a response was read.
    pub(super) is_broken: bool,
}

thread_local! {
    // A call runs from end to end on the thread that makes it.
    static PROGRESS: Cell<Progress> = const { Cell::new(Progress { stage: Stage::Connecting, is_fresh: false, is_broken: false }) };
}

/// Forgets the call before. A connection used before is connected from the start.
pub(super) fn begin() {
    PROGRESS.set(Progress { stage: Stage::Connected, ..Progress::default() });
}

/// How far the call of this thread came.
pub(super) fn progress() -> Progress {
    PROGRESS.get()
}

fn update(change: impl FnOnce(&mut Progress)) {
    let mut progress = PROGRESS.get();
    change(&mut progress);
    PROGRESS.set(progress);
}

/// Watches the sockets that the connector before it opens.
#[derive(Debug)]
pub(super) struct WatchSockets;

impl<In: Transport> Connector<In> for WatchSockets {
    type Out = Watched<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Watched<In>>, Error> {
        PROGRESS.set(Progress::default());
        Ok(chained.map(Watched))
    }
}

/// Stands last: what was written until here was the handshake, not the request.
#[derive(Debug)]
pub(super) struct Connected;

impl<In: Transport> Connector<In> for Connected {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<In>, Error> {
        PROGRESS.set(Progress { stage: Stage::Connected, is_fresh: true, is_broken: false });
        Ok(chained)
    }
}

/// A socket that notes how far a call came.
pub(super) struct Watched<T>(T);

impl<T: Transport> Transport for Watched<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let written = self.0.transmit_output(amount, timeout);
        update(|progress| {
            progress.stage = match (progress.stage, &written) {
                // Encryption may have something to say of its own before the request, and while an answer is awaited.
                (stage @ (Stage::Connecting | Stage::Awaiting), _) => stage,
                (_, Ok(())) => Stage::Writing,
                (_, Err(_)) => Stage::Unfinished,
            }
        });
        written
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        update(|progress| {
            if progress.stage == Stage::Writing {
                progress.stage = Stage::Awaiting;
            }
        });
        let read = self.0.await_input(timeout);
        if let Err(Error::Io(error)) = &read {
            let kind = error.kind();
            let is_broken = matches!(kind, io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted);
            update(|progress| progress.is_broken |= is_broken);
        }
        read
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

impl<T: fmt::Debug> fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
