//! How the file ends, and whether it is an audit log at all.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};

use super::entry::LARGEST_LINE;
use super::line::{self, BEGINNING, Link, Record};
use super::unwritable::Why;

/// Room for the largest line, the end of the one before it, and what is left of one that was never finished.
const WINDOW: usize = 2 * LARGEST_LINE + 1;

/// How the file ends.
pub(super) struct Tail {
    /// The last whole line.
    pub(super) link: Link,
    /// Where it ends.
    pub(super) end: u64,
    /// The digest of the first line.
    pub(super) first: Option<String>,
    /// Whether the beginning of a line follows the last whole one.
    pub(super) has_unfinished_line: bool,
    length: u64,
}

impl Tail {
    pub(super) fn read(file: &mut File) -> Result<Self, Why> {
        let length = file.metadata()?.len();
        let start = length.saturating_sub(WINDOW as u64);
        let window = read_at(file, start)?;
        let (lines, remainder) = window.split_at(window.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1));
        let has_unfinished_line = is_unfinished_line(remainder)?;
        let link = last(lines, start)?;
        let first = if lines.is_empty() { None } else { Some(first(file)?) };
        Ok(Self { link, end: start + lines.len() as u64, first, has_unfinished_line, length })
    }

    pub(super) fn has_remainder(&self) -> bool {
        self.end < self.length
    }
}

fn read_at(file: &mut File, start: u64) -> Result<Vec<u8>, Why> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(WINDOW as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn last(lines: &[u8], start: u64) -> Result<Link, Why> {
    let Some(lines) = lines.strip_suffix(b"\n") else { return Ok(Link::start()) };
    let line = lines.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    if start > 0 && line.len() == lines.len() {
        return Err(Why::Foreign("its last line is too long"));
    }
    let record = Record::read(line).map_err(|flaw| {
        Why::Foreign(match flaw {
            line::Flaw::Foreign => "its last line is not one of an audit log",
            line::Flaw::Changed => "its last line was changed after it was written",
        })
    })?;
    Ok(record.into_link())
}

fn first(file: &mut File) -> Result<String, Why> {
    let mut first = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    BufReader::new(file).take(LARGEST_LINE as u64).read_until(b'\n', &mut first)?;
    Ok(line::digest(first.trim_ascii_end()))
}

/// Whether this is the beginning of a line. Nothing else must ever be removed.
fn is_unfinished_line(remainder: &[u8]) -> Result<bool, Why> {
    // After a power failure, a file may be longer than what was written, with zeros there.
    let filled = remainder.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    let text = remainder.get(..filled).unwrap_or_default();
    if remainder.len() <= LARGEST_LINE && (BEGINNING.starts_with(text) || text.starts_with(BEGINNING)) {
        return Ok(!text.is_empty());
    }
    Err(Why::Foreign("it does not end in a line of an audit log"))
}
