//! Edits one entry in the configuration of a client, and leaves the rest of the file as it is, byte for byte.

mod json;
mod toml;
mod yaml;

use serde_json::{Map, Value};

use super::entry::Field;

/// The language of a client's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON, with comments and trailing commas where the client takes them.
    Json,
    Toml,
    Yaml,
}

/// A place in a file: the entry `name` below the key that holds all servers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) format: Format,
    pub(crate) servers: &'a str,
    pub(crate) name: &'a str,
}

/// Why a file cannot be edited.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Uneditable {
    #[error("line {line}, column {column}: {reason}")]
    Syntax { line: usize, column: usize, reason: String },
    #[error("{0} is there twice")]
    Twice(String),
    #[error("{0} is no object with names in it")]
    NotAnObject(String),
    #[error("it is written in a way that this program cannot change without changing the rest")]
    TooIntricate,
}

impl Place<'_> {
    /// The names and contents of all servers in a file.
    pub(crate) fn servers(&self, text: &str) -> Result<Vec<(String, Value)>, Uneditable> {
        let servers = match self.format {
            Format::Json => json::servers(text, self),
            Format::Toml => toml::servers(text, self),
            Format::Yaml => yaml::servers(text, self),
        }?;
        let ours = servers.iter().filter(|(name, _)| name == self.name).count();
        if ours > 1 { Err(Uneditable::Twice(self.name.into())) } else { Ok(servers) }
    }

    /// All of a file but the servers.
    fn rest(&self, text: &str) -> Result<Map<String, Value>, Uneditable> {
        let mut all = match self.format {
            Format::Json => json::all(text),
            Format::Toml => toml::all(text),
            Format::Yaml => yaml::all(text),
        }?;
        all.remove(self.servers);
        Ok(all)
    }

    /// The entry of this name.
    pub(crate) fn entry(&self, text: &str) -> Result<Option<Value>, Uneditable> {
        let servers = self.servers(text)?;
        Ok(servers.into_iter().find(|(name, _)| name == self.name).map(|(_, entry)| entry))
    }

    /// The file with this entry, added at the end of the servers or in the place of the one that has its name.
    pub(crate) fn put(&self, text: &str, entry: &Field) -> Result<String, Uneditable> {
        let before = self.servers(text)?;
        if before.iter().any(|(name, found)| name == self.name && *found == entry.to_json()) {
            return Ok(text.into());
        }
        let edited = match self.format {
            Format::Json => json::put(text, self, entry)?,
            Format::Toml => toml::put(text, self, entry)?,
            Format::Yaml => yaml::put(text, self, entry)?,
        };
        let edited = with_line_ends_of(text, edited);
        self.prove(text, &edited, Some(&entry.to_json()))?;
        Ok(edited)
    }

    /// The file without this entry, and without the key of all servers where nothing else is below it.
    pub(crate) fn remove(&self, text: &str) -> Result<String, Uneditable> {
        self.servers(text)?;
        let edited = match self.format {
            Format::Json => json::remove(text, self)?,
            Format::Toml => toml::remove(text, self)?,
            Format::Yaml => yaml::remove(text, self)?,
        };
        let edited = with_line_ends_of(text, edited);
        self.prove(text, &edited, None)?;
        Ok(edited)
    }

    /// The file without this entry: as that one of its `backups` that differs in nothing but the entry, where there is one.
    /// So a line end that was missing, or an empty object, comes back too.
    pub(crate) fn restore(&self, text: &str, backups: &[String]) -> Result<String, Uneditable> {
        let removed = self.remove(text)?;
        let some = Field::Fields(Vec::new());
        let is_same = |backup: &&String| {
            let had_none = self.entry(backup) == Ok(None);
            had_none && self.put(backup, &some).and_then(|put| self.remove(&put)).is_ok_and(|text| text == removed)
        };
        Ok(backups.iter().find(is_same).cloned().unwrap_or(removed))
    }

    /// Proves that the libraries did what they are for: all other servers, and the rest of the file, are as they were.
    fn prove(&self, text: &str, edited: &str, entry: Option<&Value>) -> Result<(), Uneditable> {
        let others = |servers: &[(String, Value)]| -> Vec<(String, Value)> {
            servers.iter().filter(|(name, _)| name != self.name).cloned().collect()
        };
        let (before, after) = (self.servers(text)?, self.servers(edited).map_err(|_| Uneditable::TooIntricate)?);
        let ours = after.iter().find(|(name, _)| name == self.name).map(|(_, entry)| entry);
        let is_same = others(&before) == others(&after) && self.rest(text) == self.rest(edited);
        if is_same && ours == entry { Ok(()) } else { Err(Uneditable::TooIntricate) }
    }
}

/// A text with the line ends of another, where all of those end in the way of Windows.
fn with_line_ends_of(text: &str, edited: String) -> String {
    let windows = text.matches("\r\n").count();
    if windows > 0 && windows == text.matches('\n').count() {
        edited.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        edited
    }
}

/// The line and the column of a byte in a text, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests;
