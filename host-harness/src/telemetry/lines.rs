//! Log lines on their way to standard error. A thread writes them: a client that never reads the standard error of the
//! server that it has started must not bring the server to a halt.

use std::io::{self, Write};
use std::iter::once;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

// tracing-appender does the same, but says on standard output when it gives up, and standard output is MCP's.

/// The most lines that wait to be written; what comes while so many wait is lost.
const MOST_WAITING: usize = 1024;
/// How long a line waits for others to be written with it.
const GATHERING: Duration = Duration::from_millis(2);
/// How long the end of the program waits for the lines before it.
const PATIENCE: Duration = Duration::from_millis(500);

/// The way to the thread that writes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Lines(SyncSender<Message>);

enum Message {
    Line(Vec<u8>),
    /// To be answered when all lines before it are written.
    Flush(SyncSender<()>),
}

impl Lines {
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, receiver) = sync_channel(MOST_WAITING);
        thread::Builder::new().name("log".into()).spawn(move || write(&receiver))?;
        Ok(Self(sender))
    }

    /// Waits until all lines are written, or until nobody seems to read them.
    pub(crate) fn finish(&self) {
        let (done, finished) = sync_channel(1);
        if self.0.try_send(Message::Flush(done)).is_ok() {
            let _ = finished.recv_timeout(PATIENCE);
        }
    }
}

/// The subscriber writes each event at once.
impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.0.try_send(Message::Line(clean(line)));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line without invisible characters, its secrets redacted; colours stay.
fn clean(line: &[u8]) -> Vec<u8> {
    const ESCAPE: char = '\u{1b}';
    let line = String::from_utf8_lossy(line);
    let mut cleaned = String::with_capacity(line.len());
    for part in line.split_inclusive(ESCAPE) {
        let text = part.strip_suffix(ESCAPE);
        cleaned.push_str(&text_cleaning::clean(text.unwrap_or(part)));
        cleaned.extend(text.map(|_| ESCAPE));
    }
    cleaned.into_bytes()
}

fn write(messages: &Receiver<Message>) {
    for first in messages {
        // Waking this thread for each line would cost a busy server more than all else about a line.
        thread::sleep(GATHERING);
        let (mut text, mut waiting) = (Vec::new(), Vec::new());
        for message in once(first).chain(messages.try_iter().take(MOST_WAITING)) {
            match message {
                Message::Line(mut line) => text.append(&mut line),
                Message::Flush(done) => waiting.push(done),
            }
        }
        // Where standard error is closed, there is nobody to tell.
        let _ = io::stderr().write_all(&text);
        for done in waiting {
            let _ = done.send(());
        }
    }
}
