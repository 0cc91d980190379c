//! The change of one client's file, worked out before anything is written.

use std::path::Path;

use serde_json::json;

use super::clients::Client;
use super::difference::{Ours, difference};
use super::edit::Place;
use super::entry::Field;
use super::file::{ConfigFile, FileProblem};

/// A file with what will be in it.
pub(crate) struct Change {
    pub(crate) client: &'static Client,
    file: ConfigFile,
    after: String,
    /// What this program adds; nothing where the entry goes.
    ours: Ours,
    kind: Kind,
}

/// The fate of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unchanged,
    Added,
    Replaced,
    Removed,
    /// The file too: `init` made it, and nothing else is in it.
    Deleted,
}

fn place<'a>(client: &Client, name: &'a str) -> Place<'a> {
    Place { format: client.format, servers: client.servers, name }
}

impl Change {
    /// Adds an entry, or merges it into the one of its name where that differs.
    pub(crate) fn put(client: &'static Client, path: &Path, name: &str, entry: &Field) -> Result<Self, FileProblem> {
        let file = ConfigFile::read(path)?;
        let place = place(client, name);
        let uneditable = |problem| file.uneditable(problem);
        let is_there = place.entry(file.text()).map_err(uneditable)?.is_some();
        let after = place.put(file.text(), entry).map_err(uneditable)?;
        let kind = match is_there {
            true if after == file.text() => Kind::Unchanged,
            true => Kind::Replaced,
            false => Kind::Added,
        };
        if kind != Kind::Unchanged {
            file.writable()?;
        }
        let alone = place.put("", entry).map_err(uneditable)?;
        let ours = Ours::of(&alone, &json!({ client.servers: { name: entry.to_json() } }));
        Ok(Self { client, file, after, ours, kind })
    }

    pub(crate) fn remove(client: &'static Client, path: &Path, name: &str) -> Result<Self, FileProblem> {
        let file = ConfigFile::read(path)?;
        let place = place(client, name);
        let uneditable = |problem| file.uneditable(problem);
        if place.entry(file.text()).map_err(uneditable)?.is_none() {
            let after = file.text().to_owned();
            return Ok(Self { client, file, after, ours: Ours::default(), kind: Kind::Unchanged });
        }
        file.writable()?;
        let backups = file.backups();
        let after = place.restore(file.text(), &backups).map_err(uneditable)?;
        let had_entry = |backup: &String| matches!(place.entry(backup), Ok(Some(_)));
        let is_made_by_init = !file.is_link() && backups.iter().all(had_entry);
        let is_bare = matches!(after.trim(), "" | "{}");
        let kind = if is_made_by_init && is_bare { Kind::Deleted } else { Kind::Removed };
        Ok(Self { client, file, after, ours: Ours::default(), kind })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Describes the change: in words, and the lines that change.
    pub(crate) fn describe(&self, name: &str) -> String {
        let (title, path) = (self.client.title, self.file.path.display());
        let said = match self.kind {
            Kind::Unchanged => return format!("{title}: {path} stays as it is."),
            Kind::Added if self.file.exists() => format!("{title}: {path} gets the entry {name}."),
            Kind::Added => format!("{title}: {path} is created with the entry {name}."),
            Kind::Replaced => format!("{title}: {path} has another entry {name}, which is changed."),
            Kind::Removed => format!("{title}: {path} loses the entry {name}."),
            Kind::Deleted => format!("{title}: {path} is removed: nothing but the entry {name} is in it."),
        };
        format!("{said}\n{}", difference(&self.file.path, self.file.text(), &self.after, &self.ours))
    }

    /// Makes the change, and says so.
    pub(crate) fn make(&self) -> Result<String, FileProblem> {
        let (backup, did) = match self.kind {
            Kind::Deleted => (self.file.delete()?, "removed"),
            _ => (self.file.write(&self.after)?, "wrote"),
        };
        let backup = backup.map_or_else(String::new, |backup| format!("; the file as it was is {}", backup.display()));
        let afterwards = if matches!(self.kind, Kind::Added | Kind::Replaced) { self.client.afterwards } else { "" };
        let said = format!("{}: {did} {}{backup}. {afterwards}", self.client.title, self.file.path.display());
        Ok(said.trim_end().to_owned())
    }
}
