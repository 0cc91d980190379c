//! A secret that is typed at a terminal: nothing shows meanwhile, and everything shows again whatever ends this program.

#[cfg(unix)]
pub(crate) use unix::*;

/// Nothing to do: shells of Windows put their console back by themselves.
#[cfg(not(unix))]
pub(crate) fn put_back_at_signal() {}

#[cfg(not(unix))]
pub(crate) use rpassword::read_password as read_unseen;

#[cfg(unix)]
mod unix {
    use std::sync::{Once, mpsc};
    use std::{io, process, thread};

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use tokio::runtime::Builder;

    use crate::signals::Signals;

    /// The status of a program that Ctrl-C has ended, as shells have it.
    const INTERRUPTED: i32 = 130;

    /// From now on, signals that end this program put the terminal back as it is now.
    pub(crate) fn put_back_at_signal() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let Ok(terminal) = tcgetattr(io::stdin()) else { return };
            let (ready, is_ready) = mpsc::channel();
            thread::spawn(move || wait_for_signal(&terminal, &ready));
            // Where none can be heard, they end the program as ever.
            let _ = is_ready.recv();
        });
    }

    fn wait_for_signal(terminal: &Termios, ready: &mpsc::Sender<()>) -> anyhow::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut signals = Signals::listen()?;
            let _ = ready.send(());
            signals.next().await;
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, terminal);
            process::exit(INTERRUPTED)
        })
    }

    /// Reads a line that does not show while it is typed.
    pub(crate) fn read_unseen() -> io::Result<String> {
        let read = rpassword::read_password();
        // Of Ctrl-C, which a silent terminal does not make a signal of, this is told as of one.
        if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            process::exit(INTERRUPTED);
        }
        read
    }
}
