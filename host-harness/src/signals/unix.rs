//! Signals of Unix.

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ctrl-C, SIGTERM, and the SIGHUP of a terminal that closes.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    /// From now on they do not end the process by themselves.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be received");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// From now on, a write to a file that may not grow further fails, and does not end the process.
    pub(crate) fn survive_full_files() -> anyhow::Result<()> {
        let full = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        // It is heard as long as the process lasts, also when nobody waits for it.
        signal(full).map(drop).context("signals cannot be received")
    }

    /// Resolves when another one arrives.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
