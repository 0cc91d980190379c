//! Reserves space, or looks whether there is any.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use rustix::fs::fstatvfs;
use rustix::process::{Resource, getrlimit};

/// Reserves space behind the end of a file. Where the file system cannot, it has to have as much free.
pub(in crate::audit) fn reserve(file: &File, _: &Path, end: u64, bytes: u64) -> io::Result<()> {
    // A limit of this process would show only when something is written.
    if getrlimit(Resource::Fsize).current.is_some_and(|most| end.saturating_add(bytes) > most) {
        return Err(ErrorKind::FileTooLarge.into());
    }
    match allocate(file, end, bytes) {
        Err(error) if error.kind() == ErrorKind::Unsupported => has_free(file, bytes),
        allocated => allocated,
    }
}

/// The file keeps its length.
#[cfg(target_os = "linux")]
fn allocate(file: &File, end: u64, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    let allocated = rustix::io::retry_on_intr(|| fallocate(file, FallocateFlags::KEEP_SIZE, end, bytes));
    Ok(allocated?)
}

/// Elsewhere the file would grow.
#[cfg(not(target_os = "linux"))]
fn allocate(_: &File, _: u64, _: u64) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

fn has_free(file: &File, bytes: u64) -> io::Result<()> {
    let found = fstatvfs(file)?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    // Some file systems do not tell how large they are.
    if found.f_blocks > 0 && free < bytes { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_has_less_space_than_everything() {
        let path = std::env::temp_dir().join(format!("clerk-mcp-free-{}", std::process::id()));
        let file = File::create(&path).expect("it can be made");
        has_free(&file, 1).expect("there is space");
        assert!(has_free(&file, u64::MAX).is_err_and(|error| error.kind() == ErrorKind::StorageFull));
        std::fs::remove_file(path).expect("it is there");
    }
}
