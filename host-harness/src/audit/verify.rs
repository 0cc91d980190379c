//! Finds out whether a log is as it was written.

use std::fmt;
use std::path::Path;

use super::line::{Flaw, Link, Record};
use super::lines::{Lines, Read};
use super::pending::Pending;
use crate::terminal::text::plain;

/// A log that is as it was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) lines: u64,
    /// The times of the first and the last line.
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
    /// The hash of the last line. Who notes it down somewhere else can ask for it later.
    pub(crate) head: Option<String>,
    /// The number of calls that were begun and have no line of their end.
    pub(crate) pending: usize,
}

/// A log that is not as it was written, or not to be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Invalid {
    #[error("{0:#}")]
    Unreadable(anyhow::Error),
    #[error("a hash of 64 hexadecimal digits is needed")]
    NotAHash,
    /// The first fault.
    #[error("line {line} {fault}")]
    Fault { line: u64, fault: Fault },
    #[error("no line has the hash {0}: lines were removed from the end, or replaced, or the file is another one")]
    WithoutHead(String),
}

/// What is wrong with a line. The words follow its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("is not one of an audit log")]
    Foreign,
    #[error("was changed after it was written: its hash does not fit")]
    Changed,
    #[error("has the number {found} where {due} is due: lines were removed, inserted or moved")]
    OutOfOrder { found: u64, due: u64 },
    #[error("does not follow the one before it: one of them was replaced")]
    Detached,
    #[error("is cut off: the program was stopped while it wrote it, or the end was removed")]
    CutOff,
}

/// A log that is read line by line, as far as it is as it was written.
pub(super) struct Verification {
    summary: Summary,
    last: Link,
    pending: Pending,
}

impl Default for Verification {
    fn default() -> Self {
        Self { summary: Summary::default(), last: Link::start(), pending: Pending::default() }
    }
}

impl Verification {
    /// Reads the next line.
    ///
    /// # Errors
    ///
    /// It is not as it was written, and does not count.
    pub(super) fn follow(&mut self, read: &Read<'_>) -> Result<(), Fault> {
        let record = follow(&self.last, read)?;
        if let Read::Whole(text) = read {
            self.pending.read(text);
        }
        self.summary.lines += 1;
        self.summary.last = Some(record.time.clone());
        self.summary.first.get_or_insert_with(|| record.time.clone());
        self.last = record.into_link();
        Ok(())
    }

    /// The number of lines that are as they were written.
    pub(super) fn lines(&self) -> u64 {
        self.summary.lines
    }

    /// What there is to say of a log that ends here.
    pub(super) fn summary(mut self) -> Summary {
        self.summary.pending = self.pending.count();
        self.summary.head = (self.summary.lines > 0).then_some(self.last.hash);
        self.summary
    }
}

/// Reads the whole log. One that still has the line whose hash is `noted` has lost none up to there.
pub(crate) fn verify(path: &Path, noted: Option<&str>) -> Result<Summary, Invalid> {
    let noted = noted.map(|hash| hash.trim().to_ascii_lowercase());
    if noted.as_ref().is_some_and(|hash| hash.len() != 64 || !hash.bytes().all(|digit| digit.is_ascii_hexdigit())) {
        return Err(Invalid::NotAHash);
    }
    let mut lines = Lines::open(path).map_err(Invalid::Unreadable)?;
    let (mut verification, mut is_noted) = (Verification::default(), noted.is_none());
    while let Some(read) = lines.read().map_err(|error| Invalid::Unreadable(error.into()))? {
        let line = verification.lines() + 1;
        verification.follow(&read).map_err(|fault| Invalid::Fault { line, fault })?;
        is_noted |= noted.as_ref() == Some(&verification.last.hash);
    }
    match noted.filter(|_| !is_noted) {
        Some(noted) => Err(Invalid::WithoutHead(noted)),
        None => Ok(verification.summary()),
    }
}

fn follow(previous: &Link, read: &Read<'_>) -> Result<Record, Fault> {
    let line = match read {
        Read::Whole(line) => line,
        Read::TooLong => return Err(Fault::Foreign),
        Read::Unfinished => return Err(Fault::CutOff),
    };
    let record = Record::read(line).map_err(|flaw| match flaw {
        Flaw::Foreign => Fault::Foreign,
        Flaw::Changed => Fault::Changed,
    })?;
    let due = previous.sequence + 1;
    match record.sequence {
        found if found != due => Err(Fault::OutOfOrder { found, due }),
        _ if record.previous != previous.hash => Err(Fault::Detached),
        _ => Ok(record),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { lines, first: Some(first), last: Some(last), head: Some(head), pending } => {
                let (first, last) = (plain(first), plain(last));
                let noun = if *lines == 1 { "line" } else { "lines" };
                write!(formatter, "{lines} {noun} from {first} to {last}; the last has the hash {head}")?;
                match Pending::in_words(*pending) {
                    words if words.is_empty() => Ok(()),
                    words => write!(formatter, "; {words}"),
                }
            }
            _ => formatter.write_str("no lines"),
        }
    }
}
