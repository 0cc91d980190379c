//! The file while one process writes it alone. Others can read it meanwhile.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::unwritable::Why;
use crate::file_system;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// The longest wait for other processes, which have the file for milliseconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The longest wait once one of that length was in vain.
pub(super) const LITTLE_PATIENCE: Duration = Duration::from_millis(50);
const PAUSE: Duration = Duration::from_millis(1);

/// Opens the file that is at the path, or creates it. It is this process's alone until it is closed.
pub(super) fn open(path: &Path, patience: Duration) -> Result<File, Why> {
    let deadline = Instant::now() + patience;
    loop {
        let file = system::open(path, deadline)?;
        // It may have been rotated away meanwhile.
        if file_system::is_at(path, &file)? {
            return Ok(file);
        }
    }
}

/// Opens the file to read it, and returns how long it is at a moment when nobody writes it.
pub(super) fn open_to_read(path: &Path) -> Result<(File, u64), Why> {
    system::open_to_read(path, Instant::now() + PATIENCE)
}

/// Asks again until no other process is in the way.
fn wait<T>(attempt: impl Fn() -> Result<T, TryLockError>, deadline: Instant) -> Result<T, Why> {
    loop {
        match attempt() {
            Ok(had) => return Ok(had),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return Err(Why::Locked),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
        }
    }
}
