//! Connections that can be cut: with no answer at all, or in the middle of one.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const WHOLE: usize = usize::MAX;

/// The scissors of one connection: how many bytes at the end of what is written next never leave.
#[derive(Clone, Debug)]
pub(crate) struct Scissors(Arc<AtomicUsize>);

impl Scissors {
    /// Nothing more goes out.
    pub(crate) fn cut_all(&self) {
        self.cut_last(WHOLE - 1);
    }

    /// The answer goes out without its last bytes.
    pub(crate) fn cut_last(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, Cuttable>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Cuttable>) -> Self {
        stream.remote_addr().clone()
    }
}

/// A listener whose connections come with scissors.
pub(crate) struct Cuttable(pub(crate) TcpListener);

impl Listener for Cuttable {
    type Io = Wire;
    type Addr = Scissors;

    async fn accept(&mut self) -> (Wire, Scissors) {
        let (stream, _) = Listener::accept(&mut self.0).await;
        // Small answers must not wait for the client's acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        let scissors = Scissors(Arc::new(AtomicUsize::new(WHOLE)));
        (Wire { stream, scissors: scissors.clone() }, scissors)
    }

    fn local_addr(&self) -> io::Result<Scissors> {
        Ok(Scissors(Arc::new(AtomicUsize::new(WHOLE))))
    }
}

/// A connection under scissors.
pub(crate) struct Wire {
    stream: TcpStream,
    scissors: Scissors,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let cut = self.scissors.0.load(Ordering::Acquire);
        if cut == WHOLE {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        // An answer is small and comes as one write; what is left of it goes out, then the connection ends.
        let left = bytes.len().saturating_sub(cut);
        if left > 0 {
            let _ = Pin::new(&mut self.stream).poll_write(context, &bytes[..left]);
            self.scissors.cut_all();
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
