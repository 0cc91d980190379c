//! The one file that keeps the secret key for all clients.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::writable;
use crate::file_system;
use crate::key::SecretKey;

/// A file that holds a secret key, or will.
#[derive(Clone, Debug)]
pub(crate) struct KeyFile(pub(crate) PathBuf);

/// A fault of a file of a key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileProblem {
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is a directory: name the file in it that holds the secret key, or move it away", .0.display())]
    Directory(PathBuf),
    #[error("{}: {error}", path.display())]
    Invalid { path: PathBuf, error: anyhow::Error },
    #[error("the key cannot be kept in {}: {error}; keep it in a file of your own, and name that with --key-file", path.display())]
    Unwritable { path: PathBuf, error: io::Error },
}

impl KeyFile {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The key in it, if the file is there.
    pub(crate) fn read(&self) -> Result<Option<SecretKey>, KeyFileProblem> {
        let path = || self.0.clone();
        if self.0.is_dir() {
            return Err(KeyFileProblem::Directory(path()));
        }
        match fs::read(&self.0) {
            Ok(bytes) => {
                let key = SecretKey::from_bytes(bytes).map_err(|error| KeyFileProblem::Invalid { path: path(), error });
                key.map(Some)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(KeyFileProblem::Unreadable { path: path(), error }),
        }
    }

    /// Tells whether others on this machine can read it.
    pub(crate) fn others_can_read(&self) -> bool {
        fs::metadata(&self.0).is_ok_and(|metadata| file_system::others_can_read(&metadata))
    }

    /// Refuses a path at which no key can be kept, before somebody types one.
    pub(crate) fn check_writable(&self) -> Result<(), KeyFileProblem> {
        writable::check(&self.0).map_err(|error| KeyFileProblem::Unwritable { path: self.0.clone(), error })
    }

    /// Writes a key for this user alone, in place of the one that was there.
    pub(crate) fn write(&self, key: &SecretKey) -> Result<(), KeyFileProblem> {
        let unwritable = |error| KeyFileProblem::Unwritable { path: self.0.clone(), error };
        if let Some(directory) = self.0.parent() {
            file_system::create_private_directory(directory).map_err(unwritable)?;
        }
        let temporary = self.0.with_extension(format!("new-{}", std::process::id()));
        let written = file_system::options().write(true).create_new(true).open(&temporary).and_then(|mut file| {
            key.write_to(&mut file)?;
            file.write_all(b"\n")?;
            file.sync_all()
        });
        let kept = written.and_then(|()| fs::rename(&temporary, &self.0));
        if kept.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        kept.map_err(unwritable)
    }

    pub(crate) fn remove(&self) -> io::Result<bool> {
        match fs::remove_file(&self.0) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}
