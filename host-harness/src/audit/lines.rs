//! Reads a log line by line, whatever it holds: never more than the largest line at once.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Take};
use std::path::Path;

use super::entry::LARGEST_LINE;
use super::file;
use super::unwritable::Why;

/// The lines that a file had when it was opened.
pub(super) struct Lines {
    reader: Take<BufReader<File>>,
    buffer: Vec<u8>,
}

/// A line without its end.
pub(super) enum Read<'a> {
    Whole(&'a [u8]),
    TooLong,
    /// The end is missing.
    Unfinished,
}

impl Lines {
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let (file, length) = file::open_to_read(path).map_err(|why| match why {
            Why::Failed(error) => anyhow::anyhow!("{} cannot be read: {error}", path.display()),
            other => anyhow::anyhow!("{} {other}", path.display()),
        })?;
        Ok(Self { reader: BufReader::new(file).take(length), buffer: Vec::new() })
    }

    pub(super) fn read(&mut self) -> io::Result<Option<Read<'_>>> {
        self.buffer.clear();
        // One byte more than the largest line tells a longer one.
        let most = LARGEST_LINE as u64 + 1;
        if self.reader.by_ref().take(most).read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        Ok(Some(match self.buffer.strip_suffix(b"\n") {
            Some(line) => Read::Whole(line),
            None if self.buffer.len() <= LARGEST_LINE => Read::Unfinished,
            None => {
                self.reader.skip_until(b'\n')?;
                Read::TooLong
            }
        }))
    }
}
