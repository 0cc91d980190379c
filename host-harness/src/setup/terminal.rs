//! A secret that is typed at a terminal: nothing shows meanwhile, and everything shows again whatever ends this program.

#[cfg(unix)]
pub(crate) use unix::*;

/// Does this as it is: shells of Windows put their console back by themselves.
#[cfg(not(unix))]
pub(crate) fn silently<T>(ask: impl FnOnce() -> T) -> T {
    ask()
}

#[cfg(not(unix))]
pub(crate) use rpassword::read_password as read_unseen;

#[cfg(unix)]
mod unix {
    use std::sync::{OnceLock, mpsc};
    use std::{io, process, thread};

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use tokio::runtime::Builder;

    use crate::signals::Signals;

    /// The status of a program that Ctrl-C has ended, as shells have it.
    const INTERRUPTED: i32 = 130;

    /// The terminal as it was; none where there is none.
    static BEFORE: OnceLock<Option<Termios>> = OnceLock::new();

    /// Asks for something at a terminal that shows nothing of what is typed from now on. It is put back afterwards, and by signals
    /// that end this program.
    pub(crate) fn silently<T>(ask: impl FnOnce() -> T) -> T {
        let before = BEFORE.get_or_init(|| {
            let before = tcgetattr(io::stdin()).ok()?;
            let (ready, is_ready) = mpsc::channel();
            thread::spawn(move || wait_for_signal(&ready));
            // Where none can be heard, they end the program as ever.
            let _ = is_ready.recv();
            Some(before)
        });
        if let Some(mut silent) = before.clone() {
            silent.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &silent);
        }
        let answer = ask();
        put_back();
        answer
    }

    fn put_back() {
        if let Some(Some(before)) = BEFORE.get() {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }

    fn wait_for_signal(ready: &mpsc::Sender<()>) -> anyhow::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut signals = Signals::listen()?;
            let _ = ready.send(());
            signals.next().await;
            put_back();
            process::exit(INTERRUPTED)
        })
    }

    /// Reads a line that does not show while it is typed.
    pub(crate) fn read_unseen() -> io::Result<String> {
        let read = rpassword::read_password();
        // Of Ctrl-C, which a silent terminal does not make a signal of, this is told as of one.
        if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            put_back();
            process::exit(INTERRUPTED);
        }
        read
    }
}
