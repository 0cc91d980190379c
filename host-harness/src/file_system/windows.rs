//! Files by the permissions that they inherit from their directory.

use std::env;
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use same_file::Handle;

/// The advice for who has no private directory.
pub(crate) const MAKE_PRIVATE: &str = "make one in your user profile (%USERPROFILE%)";

/// Why a directory is not private.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Exposed {
    #[error(
        "other users may get into {}: on Windows only a directory in your user profile ({}) is taken",
        .directory.display(), .profile.display()
    )]
    Outside { directory: PathBuf, profile: PathBuf },
    #[error("other users may get into {}: it is not known where your user profile is (USERPROFILE)", .0.display())]
    NoProfile(PathBuf),
}

/// The options of a file. Where it is created, its directory says who can read it.
pub(crate) fn options() -> OpenOptions {
    OpenOptions::new()
}

/// Finds out whether a directory lies in this user's profile: what Windows creates there, only this user, administrators and
/// the system can read. The standard library does not read permissions, so nobody sees here whether they were changed.
pub(crate) fn check_private(directory: &Path) -> io::Result<Result<(), Exposed>> {
    let found = fs::canonicalize(directory)?;
    let Some(profile) = env::home_dir() else { return Ok(Err(Exposed::NoProfile(directory.into()))) };
    let is_inside = fs::canonicalize(&profile).is_ok_and(|profile| found.starts_with(profile));
    Ok(if is_inside { Ok(()) } else { Err(Exposed::Outside { directory: directory.into(), profile }) })
}

/// Nothing to do: who flushes a file flushes its name too.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
pub(crate) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Tells whether a file that was opened is still the one at the path.
pub(crate) fn is_at(path: &Path, file: &File) -> io::Result<bool> {
    match Handle::from_path(path) {
        Ok(found) => Ok(found == Handle::from_file(file.try_clone()?)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates a directory, and those above it, where it is not there. The one that it is in says who can read it.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Nothing to refuse: only who creates a file there finds out.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
pub(crate) fn check_writable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Not known: the standard library does not read permissions.
pub(crate) fn others_can_read(_: &Metadata) -> bool {
    false
}

/// Permissions as they are: who can read a file is told by its directory.
pub(crate) fn private(permissions: &Permissions) -> Permissions {
    permissions.clone()
}

/// Makes a new file read-only where the one that it replaces is.
pub(crate) fn hand_over(new: &File, old: &Metadata) -> io::Result<()> {
    new.set_permissions(old.permissions())
}

/// Nothing to raise: handles are not limited so.
pub(crate) fn open_all_that_may_be_open() {}
