//! Files by owner and mode.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The advice for who has no private directory.
pub(crate) const MAKE_PRIVATE: &str = "make one that only you can read, by `mkdir -m 700`";

/// Why a directory is not private.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Exposed {
    #[error("others can get into {} (mode {:o}); run `chmod 700` on it", .0.display(), .1 & 0o777)]
    Open(PathBuf, u32),
    #[error("{} is for everybody on this machine; {MAKE_PRIVATE}", .0.display())]
    Shared(PathBuf),
    #[error("{} belongs to another user than the one that runs this program", .0.display())]
    Foreign(PathBuf),
}

/// The options of a file that, where it is created, only this user can read.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Finds out whether only this user can get into a directory.
pub(crate) fn check_private(directory: &Path) -> io::Result<Result<(), Exposed>> {
    let metadata = fs::metadata(directory)?;
    // As /tmp is, which must stay open.
    let is_shared = metadata.mode() & 0o1002 == 0o1002;
    Ok(if is_shared {
        Err(Exposed::Shared(directory.into()))
    } else if metadata.mode() & 0o077 != 0 {
        Err(Exposed::Open(directory.into(), metadata.mode()))
    } else if metadata.uid() != rustix::process::geteuid().as_raw() {
        Err(Exposed::Foreign(directory.into()))
    } else {
        Ok(())
    })
}

/// Writes the names of new files in a directory through to the disk.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    match File::open(directory)?.sync_all() {
        // Some file systems have nothing to synchronize here.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        synchronized => synchronized,
    }
}

/// Tells whether a file that was opened is still the one at the path.
pub(crate) fn is_at(path: &Path, file: &File) -> io::Result<bool> {
    let identity = |metadata: &Metadata| (metadata.dev(), metadata.ino());
    match fs::metadata(path) {
        Ok(found) => Ok(identity(&found) == identity(&file.metadata()?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates a directory, and those above it, that only this user can read, where it is not there.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Refuses a directory in which this user may create no files.
pub(crate) fn check_writable(directory: &Path) -> io::Result<()> {
    Ok(access(directory, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Tells whether others than the owner of a file can do anything with it.
pub(crate) fn others_can_read(metadata: &Metadata) -> bool {
    metadata.mode() & 0o077 != 0
}

/// Permissions without those of others than the owner.
pub(crate) fn private(permissions: &Permissions) -> Permissions {
    Permissions::from_mode(permissions.mode() & 0o700)
}

/// Gives a new file the owner and the permissions of the one that it replaces.
pub(crate) fn hand_over(new: &File, old: &Metadata) -> io::Result<()> {
    let created = new.metadata()?;
    if (created.uid(), created.gid()) != (old.uid(), old.gid()) {
        fchown(new, Some(old.uid()), Some(old.gid()))?;
    }
    new.set_permissions(old.permissions())
}

/// Has as many files and connections open as the system allows, not only the 1024 that are usual for the sake of programs that
/// cannot count further. Where it allows no more, fewer are open at once.
pub(crate) fn open_all_that_may_be_open() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}
