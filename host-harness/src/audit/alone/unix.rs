//! By a lock, which stops only who asks for one too.

use std::fs::File;
use std::path::Path;
use std::time::Instant;

use super::wait;
use crate::audit::unwritable::Why;
use crate::file_system;

pub(super) fn open(path: &Path, deadline: Instant) -> Result<File, Why> {
    // Opened for both, not even a pipe that has come in between keeps this waiting.
    let file = file_system::options().read(true).write(true).create(true).truncate(false).open(path)?;
    wait(|| file.try_lock(), deadline)?;
    Ok(file)
}

pub(super) fn open_to_read(path: &Path, deadline: Instant) -> Result<(File, u64), Why> {
    let file = File::open(path)?;
    wait(|| file.try_lock_shared(), deadline)?;
    let length = file.metadata()?.len();
    file.unlock()?;
    Ok((file, length))
}
