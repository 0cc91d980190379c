//! A client's file: read whole, written whole or not at all, with what was there before kept beside it.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::edit::Uneditable;
use super::writable;
use crate::file_system;
use crate::key::SecretKey;

/// The largest file that is read, in bytes. Claude Code keeps conversations in its file too.
const LARGEST: u64 = 64 * 1024 * 1024;
/// The mark that editors of Windows put before a text.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// The endings of the backups beside a file, the newest first: before the last change, before the one before it, and before the
/// first, which stays as it is for ever.
const BACKUPS: [&str; 3] = [".clerk-mcp-last.bak", ".clerk-mcp-earlier.bak", ".clerk-mcp-first.bak"];

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    /// As the person knows it.
    pub(crate) path: PathBuf,
    /// Where a link leads.
    target: PathBuf,
    /// None where there is no file yet.
    read: Option<(String, Metadata)>,
}

/// Why a file cannot be read or written. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileProblem {
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is a directory: move it away, or name another client", .0.display())]
    Directory(PathBuf),
    #[error("{} is no ordinary file", .0.display())]
    Special(PathBuf),
    #[error("{} is a link to something that is not there: remove the link, or create what it leads to", .0.display())]
    Dangling(PathBuf),
    #[error("{} has more than {LARGEST} bytes", .0.display())]
    TooLarge(PathBuf),
    #[error("{} is no UTF-8 text: save it as UTF-8", .0.display())]
    NotUtf8(PathBuf),
    #[error("{}: {problem}; this file stays as it is: mend it or change it by hand (`clerk-mcp init --print` shows the entry)", path.display())]
    Uneditable { path: PathBuf, problem: Uneditable },
    #[error("{} is read-only: make it writable, or change it by hand (`clerk-mcp init --print` shows the entry)", .0.display())]
    ReadOnly(PathBuf),
    #[error("{} was changed by another program in between: close the client, and run this again", .0.display())]
    Changed(PathBuf),
    #[error("{} cannot be written: {error}; to change it by hand: `clerk-mcp init --print` shows the entry", path.display())]
    Unwritable { path: PathBuf, error: io::Error },
}

impl ConfigFile {
    pub(crate) fn read(path: &Path) -> Result<Self, FileProblem> {
        let unreadable = |error| FileProblem::Unreadable { path: path.into(), error };
        let target = match fs::symlink_metadata(path) {
            // On Windows, the canonical form of any other path would be one that people do not write.
            Ok(link) if link.is_symlink() => fs::canonicalize(path).map_err(|error| match error.kind() {
                ErrorKind::NotFound => FileProblem::Dangling(path.into()),
                _ => unreadable(error),
            })?,
            Ok(_) => path.to_owned(),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Self { path: path.into(), target: path.into(), read: None });
            }
            Err(error) => return Err(unreadable(error)),
        };
        let metadata = fs::metadata(&target).map_err(unreadable)?;
        match &metadata {
            directory if directory.is_dir() => return Err(FileProblem::Directory(path.into())),
            special if !special.is_file() => return Err(FileProblem::Special(path.into())),
            large if large.len() > LARGEST => return Err(FileProblem::TooLarge(path.into())),
            _ => {}
        }
        let bytes = fs::read(&target).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| FileProblem::NotUtf8(path.into()))?;
        Ok(Self { path: path.into(), target, read: Some((text, metadata)) })
    }

    pub(crate) fn exists(&self) -> bool {
        self.read.is_some()
    }

    pub(crate) fn is_link(&self) -> bool {
        self.path != self.target
    }

    /// The text without a byte order mark; none is empty.
    pub(crate) fn text(&self) -> &str {
        let text = self.read.as_ref().map_or("", |(text, _)| text);
        text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
    }

    pub(crate) fn uneditable(&self, problem: Uneditable) -> FileProblem {
        FileProblem::Uneditable { path: self.path.clone(), problem }
    }

    /// The backups beside the file and their texts, the newest first.
    pub(crate) fn backups(&self) -> Vec<(PathBuf, String)> {
        let text = |path: &Path| fs::read_to_string(path).ok();
        let kept = BACKUPS.map(|ending| self.beside(ending)).into_iter().filter_map(|path| Some((text(&path)?, path)));
        kept.map(|(text, path)| (path, text.trim_start_matches(BYTE_ORDER_MARK).to_owned())).collect()
    }

    /// Refuses a file that is read-only, and one whose directory takes no other file in its place.
    pub(crate) fn writable(&self) -> Result<(), FileProblem> {
        if self.read.as_ref().is_some_and(|(_, metadata)| metadata.permissions().readonly()) {
            return Err(FileProblem::ReadOnly(self.path.clone()));
        }
        writable::check(&self.path).map_err(|error| FileProblem::Unwritable { path: self.path.clone(), error })
    }

    /// Replaces the text, and says where the one before is kept, if there was any.
    ///
    /// # Errors
    ///
    /// The file is not as it was read, or cannot be written.
    pub(crate) fn write(&self, text: &str) -> Result<Option<PathBuf>, FileProblem> {
        self.writable()?;
        let unwritable = |error| FileProblem::Unwritable { path: self.path.clone(), error };
        if let Some(directory) = self.target.parent() {
            fs::create_dir_all(directory).map_err(unwritable)?;
        }
        self.is_unchanged()?;
        let backup = self.back_up().map_err(unwritable)?;
        let temporary = self.beside(&format!(".clerk-mcp-{}", std::process::id()));
        let created = self.create(&temporary, text, false).map_err(unwritable);
        // Looked at once more, now that nothing takes long any more.
        let replaced = created
            .and_then(|()| self.is_unchanged())
            .and_then(|()| fs::rename(&temporary, &self.target).map_err(unwritable));
        let _ = fs::remove_file(&temporary);
        replaced.map(|()| backup)
    }

    /// Removes the file, and says where it is kept.
    pub(crate) fn delete(&self) -> Result<Option<PathBuf>, FileProblem> {
        self.writable()?;
        let unwritable = |error| FileProblem::Unwritable { path: self.path.clone(), error };
        self.is_unchanged()?;
        let backup = self.back_up().map_err(unwritable)?;
        self.is_unchanged()?;
        fs::remove_file(&self.target).map_err(unwritable)?;
        Ok(backup)
    }

    /// Creates a file with the permissions of the one that was read, or for its owner alone.
    fn create(&self, path: &Path, text: &str, is_private: bool) -> io::Result<()> {
        let mut options = if is_private { file_system::options() } else { OpenOptions::new() };
        let mut file = options.write(true).create_new(true).open(path)?;
        let mut mark = "";
        if let Some((before, metadata)) = &self.read {
            file_system::hand_over(&file, metadata)?;
            if is_private {
                file.set_permissions(file_system::private(&metadata.permissions()))?;
            }
            mark = if before.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { "" };
        }
        file.write_all(mark.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    fn is_unchanged(&self) -> Result<(), FileProblem> {
        let now = match fs::read(&self.target) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(FileProblem::Unreadable { path: self.path.clone(), error }),
        };
        let read = self.read.as_ref().map(|(text, _)| text.as_bytes());
        if now.as_deref() == read { Ok(()) } else { Err(FileProblem::Changed(self.path.clone())) }
    }

    /// Keeps what was read beside the file, unless a backup has it already: for whoever could read it before, or for its owner
    /// alone where a secret key is in it.
    fn back_up(&self) -> io::Result<Option<PathBuf>> {
        let Some((text, _)) = &self.read else { return Ok(None) };
        let [last, earlier, first] = BACKUPS.map(|ending| self.beside(ending));
        let has_it = |path: &&PathBuf| fs::read(path).is_ok_and(|kept| kept == text.as_bytes());
        if let Some(kept) = [&last, &first].into_iter().find(has_it) {
            return Ok(Some(kept.clone()));
        }
        let new = self.beside(&format!(".clerk-mcp-{}.bak", std::process::id()));
        let path = if first.exists() { last } else { first };
        let make_room = || if path.exists() { fs::rename(&path, &earlier) } else { Ok(()) };
        let is_private = SecretKey::is_in(text);
        let kept = self
            .create(&new, self.text(), is_private)
            .and_then(|()| make_room())
            .and_then(|()| fs::rename(&new, &path));
        if kept.is_err() {
            let _ = fs::remove_file(&new);
        }
        kept.map(|()| Some(path))
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut path = self.target.clone().into_os_string();
        path.push(ending);
        path.into()
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
