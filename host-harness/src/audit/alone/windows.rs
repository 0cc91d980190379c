//! By what is shared with others who open the file. A lock of Windows would stop whoever reads the file by any means.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Instant;

use super::wait;
use crate::audit::unwritable::Why;
use crate::file_system;

/// Others may read, rename and remove the file, and not write it
/// (<https://learn.microsoft.com/en-us/windows/win32/fileio/creating-and-opening-files>).
const SHARED: u32 = FILE_SHARE_READ | FILE_SHARE_DELETE;
const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_DELETE: u32 = 4;
/// Another process has opened the file in a way that does not go together with this one.
const ERROR_SHARING_VIOLATION: i32 = 32;

pub(super) fn open(path: &Path, deadline: Instant) -> Result<File, Why> {
    let mut options = file_system::options();
    options.read(true).write(true).create(true).truncate(false).share_mode(SHARED);
    wait(|| attempt(&options, path), deadline)
}

pub(super) fn open_to_read(path: &Path, deadline: Instant) -> Result<(File, u64), Why> {
    let file = File::open(path)?;
    // As long as this one is open, nobody writes.
    let _quiet = wait(|| attempt(OpenOptions::new().read(true).share_mode(SHARED), path), deadline)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

fn attempt(options: &OpenOptions, path: &Path) -> Result<File, TryLockError> {
    options.open(path).map_err(|error: io::Error| match error.raw_os_error() {
        Some(ERROR_SHARING_VIOLATION) => TryLockError::WouldBlock,
        _ => TryLockError::Error(error),
    })
}
