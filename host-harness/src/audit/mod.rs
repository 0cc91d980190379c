//! The audit log: a line for each call that may write, in a file where later changes show. A line is on the disk before
//! its call is answered; of a call that does write, another one before that.

mod alone;
mod entry;
mod file;
mod line;
mod lines;
mod page;
mod pending;
pub(crate) mod review;
mod show;
mod space;
mod state;
mod tail;
mod unwritable;
mod verify;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::{self, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use self::entry::{BEGUN, Entry, Instance, Principal};
pub(crate) use self::page::print_page;
pub(crate) use self::show::{copy, show};
pub(crate) use self::unwritable::Unwritable;
pub(crate) use self::verify::{Invalid, verify};

use self::file::Locked;
use self::line::{Line, Link};
use self::tail::Tail;
use self::unwritable::Why;

/// The most lines that wait for a file that cannot be written.
const MOST_WAITING: usize = 1024;

/// An audit log that other processes may write as well. Its functions wait for the disk and for the other processes.
pub(crate) struct Audit {
    path: PathBuf,
    state: Mutex<State>,
    /// Whether the last wait for another process was in vain. Calls wait one after the other, so those that follow wait less:
    /// all have to be answered in time.
    is_kept: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Lines that could not be written yet, the oldest first.
    waiting: VecDeque<Line>,
    left: Option<Left>,
}

/// How this program left the file.
struct Left {
    /// The digest of the file's first line, which tells one chain from another.
    first: String,
    link: Link,
}

impl Audit {
    /// Creates the file if there is none; one that is there must be an audit log.
    pub(crate) fn open(path: &Path) -> Result<Self, Unwritable> {
        let absolute = path::absolute(path).map_err(|error| Unwritable::new(path, error.into()))?;
        let audit = Self { path: absolute, state: Mutex::default(), is_kept: AtomicBool::new(false) };
        audit.locked(|file| file.tail().map(drop))?;
        Ok(audit)
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Proves that the lines of a call can be written now, the largest possible. To be asked before a write is sent.
    pub(crate) fn ready(&self) -> Result<(), Unwritable> {
        let mut state = self.state();
        self.locked(|file| {
            let end = state.write(file)?;
            file.reserve(end)
        })
    }

    /// Writes the line of a call that is about to write, unless it has ended meanwhile; it is on the disk when this returns. One
    /// that cannot be written is not kept: the call must not write.
    pub(crate) fn begin(&self, entry: &Entry, has_ended: &AtomicBool) -> Result<(), Unwritable> {
        let mut state = self.state();
        if has_ended.load(Ordering::Acquire) {
            return Ok(());
        }
        state.waiting.push_back(Line::of(entry));
        self.write(&mut state).inspect_err(|_| drop(state.waiting.pop_back()))
    }

    /// Writes the line of a call; it is on the disk when this returns. A line that cannot be written is kept and written
    /// before any other.
    pub(crate) fn append(&self, entry: &Entry) -> Result<(), Unwritable> {
        let mut state = self.state();
        if state.waiting.len() >= MOST_WAITING {
            self.write(&mut state)
                .inspect_err(|error| tracing::error!("{error}; a call of {} is not recorded", entry.tool))?;
        }
        state.waiting.push_back(Line::of(entry));
        self.write(&mut state)
            .inspect_err(|error| tracing::error!("{error}; calls that wait to be recorded: {}", state.waiting.len()))
    }

    fn write(&self, state: &mut State) -> Result<(), Unwritable> {
        self.locked(|file| state.write(file).map(drop))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the file anew each time: it may have been rotated away.
    fn locked<T>(&self, action: impl FnOnce(&mut Locked) -> Result<T, Why>) -> Result<T, Unwritable> {
        let patience = if self.is_kept.load(Ordering::Relaxed) { alone::LITTLE_PATIENCE } else { alone::PATIENCE };
        let opened = Locked::open(&self.path, patience);
        self.is_kept.store(matches!(opened, Err(Why::Locked)), Ordering::Relaxed);
        let result = opened.and_then(|mut file| action(&mut file));
        result.map_err(|why| Unwritable::new(&self.path, why))
    }
}

impl State {
    /// Writes the lines that wait and returns where the file ends then.
    fn write(&mut self, file: &mut Locked) -> Result<u64, Why> {
        let mut tail = file.tail()?;
        file.cut(&tail)?;
        self.resume(&mut tail);
        while let Some(line) = self.waiting.front() {
            let (text, link) = line.after(&tail.link);
            file.append(tail.end, text.as_bytes())?;
            let first = tail.first.get_or_insert_with(|| line::digest(text.trim_end().as_bytes()));
            self.left = Some(Left { first: first.clone(), link: link.clone() });
            tail.end += text.len() as u64;
            tail.link = link;
            self.waiting.pop_front();
        }
        Ok(tail.end)
    }

    /// Goes on from where this program was if somebody has taken lines from the end since: the gap shows for ever.
    fn resume(&self, tail: &mut Tail) {
        let Some(left) = self.left.as_ref().filter(|left| tail.first.as_ref() == Some(&left.first)) else { return };
        let is_shorter = tail.link.sequence < left.link.sequence;
        if is_shorter || (tail.link.sequence == left.link.sequence && tail.link != left.link) {
            tracing::error!("lines at the end of the audit file were removed or replaced");
            tail.link = left.link.clone();
        }
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        let mut state = self.state();
        if state.waiting.is_empty() {
            return;
        }
        if let Err(error) = self.write(&mut state) {
            tracing::error!("{error}; calls that are not recorded: {}", state.waiting.len());
        }
    }
}
