//! The lines of the log and the chain that they are: each has the hash of the one before it, and its own.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::entry::Entry;

/// How every line begins.
pub(super) const BEGINNING: &[u8] = br#"{"sequence":"#;

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) sequence: u64,
    pub(super) hash: String,
}

impl Link {
    /// The link that the first line follows.
    pub(super) fn start() -> Self {
        Self { sequence: 0, hash: "0".repeat(64) }
    }
}

/// A line that has no place in the chain yet.
pub(super) struct Line {
    time: String,
    /// A JSON object without its braces.
    fields: String,
}

impl Line {
    /// The line of a call that ends now.
    pub(super) fn of(entry: &Entry) -> Self {
        let json = entry.to_json();
        let fields = json.strip_prefix('{').and_then(|json| json.strip_suffix('}')).unwrap_or_default().to_owned();
        Self { time: now(), fields }
    }

    /// The line as it follows `previous`, with its end.
    pub(super) fn after(&self, previous: &Link) -> (String, Link) {
        let sequence = previous.sequence.saturating_add(1);
        let Self { time, fields } = self;
        let covered = format!(r#"{{"sequence":{sequence},"time":"{time}",{fields},"previous":"{}""#, previous.hash);
        let hash = digest(covered.as_bytes());
        (format!("{covered}{}\n", ending(&hash)), Link { sequence, hash })
    }
}

/// What the chain needs of a line.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) sequence: u64,
    pub(super) time: String,
    pub(super) previous: String,
    hash: String,
}

/// Why a text is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Foreign,
    Changed,
}

impl Flaw {
    /// What is wrong, as the end of a sentence about the line.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Foreign => "cannot be read",
            Self::Changed => "was changed after it was written",
        }
    }
}

impl Record {
    /// Reads a line without its end.
    pub(super) fn read(line: &[u8]) -> Result<Self, Flaw> {
        let record: Self = serde_json::from_slice(line).map_err(|_| Flaw::Foreign)?;
        let covered = line.strip_suffix(ending(&record.hash).as_bytes()).ok_or(Flaw::Changed)?;
        if digest(covered) == record.hash { Ok(record) } else { Err(Flaw::Changed) }
    }

    pub(super) fn into_link(self) -> Link {
        Link { sequence: self.sequence, hash: self.hash }
    }
}

/// What follows the bytes that the hash is of.
fn ending(hash: &str) -> String {
    format!(r#","hash":"{hash}"}}"#)
}

pub(super) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn now() -> String {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX);
    format!("{:.3}", Timestamp::from_millisecond(milliseconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_in_lower_case() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn times_are_of_milliseconds_in_utc() {
        let time = now();
        assert!(time.len() == 24 && time.as_bytes()[19] == b'.' && time.ends_with('Z'), "{time}");
    }
}
