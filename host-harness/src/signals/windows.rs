//! What the console and the system tell a program of Windows.

use anyhow::Context as _;
use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown,
};

/// Ctrl-C and Ctrl-Break, a console window that closes, and the system's shutdown. After the last two the system ends the
/// process by itself, some seconds later.
pub(crate) struct Signals {
    interrupt: CtrlC,
    interrupt_by_break: CtrlBreak,
    close: CtrlClose,
    shutdown: CtrlShutdown,
}

impl Signals {
    /// From now on they do not end the process by themselves.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let listen = || {
            Ok::<_, std::io::Error>(Self {
                interrupt: ctrl_c()?,
                interrupt_by_break: ctrl_break()?,
                close: ctrl_close()?,
                shutdown: ctrl_shutdown()?,
            })
        };
        listen().context("signals cannot be received")
    }

    /// Nothing to do: a file that may not grow further ends no process.
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(crate) fn survive_full_files() -> anyhow::Result<()> {
        Ok(())
    }

    /// Resolves when another one arrives.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.interrupt_by_break.recv() => {}
            _ = self.close.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}
