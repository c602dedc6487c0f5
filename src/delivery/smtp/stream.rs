//! Our connection as lettre wants one: an asynchronous stream, every step of which is ready at once, because it blocks.
//!
//! lettre's own blocking connection cannot be used: it opens its socket itself, without `TCP_NODELAY`, and after STARTTLS goes on
//! reading what came before in the clear (a hole known as response injection).

use std::future::Future;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::lines::Lines;
use crate::wire::Wire;

/// A connection, and how many octets may have left by it.
#[derive(Debug)]
pub(super) struct Stream {
    wire: Wire,
    lines: Lines,
    written: Arc<AtomicU64>,
}

impl Stream {
    /// `greeting` is read before anything of the server's: after STARTTLS there is no second one, but lettre waits for it.
    pub(super) fn new(wire: Wire, greeting: &str, written: Arc<AtomicU64>) -> Self {
        Self { wire, lines: Lines::beginning(greeting), written }
    }
}

/// The outcome of a future that never waits.
pub(super) fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return outcome;
        }
    }
}

/// A signal to the process interrupts what blocks; that is no error of the connection.
fn again<T>(mut step: impl FnMut() -> io::Result<T>) -> Poll<io::Result<T>> {
    loop {
        match step() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return Poll::Ready(outcome),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let room = buffer.initialize_unfilled();
        again(|| this.lines.read(&mut this.wire, room)).map_ok(|count| buffer.advance(count))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        // Under TLS a write that fails may have sent all it was given.
        if matches!(this.wire, Wire::Tls(_)) {
            this.written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            return again(|| this.wire.write_all(bytes)).map_ok(|()| bytes.len());
        }
        again(|| this.wire.write(bytes)).map_ok(|count| {
            this.written.fetch_add(count as u64, Ordering::Relaxed);
            count
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        again(|| this.wire.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

impl AsyncTokioStream for Stream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.wire {
            Wire::Plain(socket) => socket.peer_addr(),
            Wire::Tls(stream) => stream.sock.peer_addr(),
        }
    }
}
