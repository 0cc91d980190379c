//! Why the audit log cannot be written, in an operator's words.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// The audit log cannot be written, so calls that write must not be made.
#[derive(Debug, thiserror::Error)]
#[error("the audit file {} {why}", .path.display())]
pub(crate) struct Unwritable {
    path: PathBuf,
    why: Why,
}

impl Unwritable {
    pub(super) fn new(path: &Path, why: Why) -> Self {
        Self { path: path.into(), why }
    }
}

/// What is wrong with the file. The words follow its name.
#[derive(Debug, thiserror::Error)]
pub(super) enum Why {
    #[error("is a directory")]
    Directory,
    #[error("is not a regular file")]
    Irregular,
    #[error("cannot be created: there is no such directory")]
    NoDirectory,
    #[error("holds something else: {0}")]
    Foreign(&'static str),
    #[error("is locked by another process")]
    Locked,
    #[error("cannot be written: {}", in_words(.0))]
    Failed(#[from] Error),
}

fn in_words(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::StorageFull => "no space is left on its file system",
        ErrorKind::QuotaExceeded => "its owner's disk quota is used up",
        ErrorKind::FileTooLarge => "it is as large as a file may be",
        ErrorKind::ReadOnlyFilesystem => "its file system is read-only",
        ErrorKind::PermissionDenied => "this program lacks the permission",
        _ => return error.to_string(),
    };
    words.into()
}
