//! The file while this process has it to itself.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{self, Component, Path, PathBuf, Prefix};
use std::time::Duration;

use super::entry::LARGEST_LINE;
use super::tail::Tail;
use super::unwritable::Why;
use super::{alone, space};
use crate::file_system;

/// The file, which nobody else writes until this is dropped.
pub(super) struct Locked {
    file: File,
    path: PathBuf,
}

impl Locked {
    /// Opens the file that is at the path, or creates it. `patience`: the longest wait for other processes.
    pub(super) fn open(path: &Path, patience: Duration) -> Result<Self, Why> {
        check_is_no_device(path)?;
        match fs::metadata(path) {
            Ok(metadata) => check_kind(&metadata)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(without_directory(error.into())),
        }
        let file = alone::open(path, patience).map_err(without_directory)?;
        check_kind(&file.metadata()?)?;
        Ok(Self { file, path: path.into() })
    }

    /// How the file ends.
    pub(super) fn tail(&mut self) -> Result<Tail, Why> {
        Tail::read(&mut self.file)
    }

    /// Removes what follows the last whole line.
    pub(super) fn cut(&mut self, tail: &Tail) -> Result<(), Why> {
        if tail.has_unfinished_line {
            tracing::warn!(
                "the audit file {} ends in an unfinished line, of a call that was never answered: it is removed",
                self.path.display()
            );
        }
        if tail.has_remainder() { Ok(self.file.set_len(tail.end)?) } else { Ok(()) }
    }

    /// Writes a line at the end, through to the disk. Nothing remains of one that cannot be written.
    pub(super) fn append(&mut self, end: u64, line: &[u8]) -> Result<(), Why> {
        let written = self.write(end, line).and_then(|()| self.file.sync_data());
        // The name of a new file has to last as well.
        let written = written.and_then(|()| if end == 0 { self.sync_directory() } else { Ok(()) });
        written.inspect_err(|_| self.shorten(end))?;
        Ok(())
    }

    /// Proves that the two lines of a call could be written at the end, the largest possible.
    pub(super) fn reserve(&self, end: u64) -> Result<(), Why> {
        Ok(space::reserve(&self.file, &self.path, end, 2 * LARGEST_LINE as u64)?)
    }

    fn write(&mut self, end: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(end))?;
        self.file.write_all(bytes)
    }

    fn shorten(&self, end: u64) {
        if let Err(error) = self.file.set_len(end) {
            tracing::warn!("the audit file {} cannot be shortened: {error}", self.path.display());
        }
    }

    fn sync_directory(&self) -> io::Result<()> {
        let path = fs::canonicalize(&self.path)?;
        path.parent().map_or(Ok(()), file_system::sync_directory)
    }
}

/// Opens the file to read it, and returns how long it is at a moment when nobody writes it.
pub(super) fn open_to_read(path: &Path) -> Result<(File, u64), Why> {
    // What is no regular file could keep this waiting for ever.
    check_is_no_device(path)?;
    check_kind(&fs::metadata(path)?)?;
    alone::open_to_read(path)
}

/// Refuses what Windows has for devices, such as `NUL` in any directory and `\\.\pipe\name`: they have no metadata.
fn check_is_no_device(path: &Path) -> Result<(), Why> {
    match path::absolute(path)?.components().next() {
        Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::DeviceNS(_)) => Err(Why::Irregular),
        _ => Ok(()),
    }
}

fn check_kind(metadata: &Metadata) -> Result<(), Why> {
    match metadata.file_type() {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(Why::Directory),
        _ => Err(Why::Irregular),
    }
}

fn without_directory(why: Why) -> Why {
    match why {
        Why::Failed(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Why::NoDirectory
        }
        other => other,
    }
}
