//! The change of one client's file, worked out before anything is written.

use std::path::Path;

use serde_json::{Value, json};

use super::clients::Client;
use super::difference::{Ours, difference};
use super::entry::Field;
use super::file::{ConfigFile, FileProblem};
use super::kept_options::{mode, with_kept_options};
use crate::key::SecretKey;

/// A file with what will be in it.
pub(crate) struct Change {
    pub(crate) client: &'static Client,
    name: String,
    file: ConfigFile,
    after: String,
    /// The entry that is removed.
    removed: Option<Value>,
    /// What this program adds; nothing where the entry goes.
    ours: Ours,
    kind: Kind,
    /// The mode that the entry has had so far.
    mode: Option<String>,
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

/// The file that `init` makes for an entry like this one.
fn made_by_init(client: &Client, name: &str, entry: &Value) -> Option<String> {
    let of_url = || Some(client.http?.entry(name, entry[client.http?.url].as_str()?));
    let entry = client.shape.launch(entry).map(|launch| client.shape.entry(name, &launch)).or_else(of_url)?;
    client.place(name).put("", &entry).ok()
}

impl Client {
    /// Tells whether a file has an entry of this name; nothing where it cannot be read.
    pub(super) fn has_entry(&self, path: &Path, name: &str) -> Option<bool> {
        let file = ConfigFile::read(path).ok()?;
        self.place(name).entry(file.text()).ok().map(|entry| entry.is_some())
    }
}

impl Change {
    /// Adds an entry, or merges it into the one of its name where that differs.
    pub(crate) fn put(client: &'static Client, path: &Path, name: &str, entry: &Field) -> Result<Self, FileProblem> {
        let file = ConfigFile::read(path)?;
        let place = client.place(name);
        let uneditable = |problem| file.uneditable(problem);
        let found = place.entry(file.text()).map_err(uneditable)?;
        let both = found.as_ref().zip(client.shape.launch(&entry.to_json()));
        let mode = both.as_ref().and_then(|(found, launch)| mode(&client.shape, found, launch));
        let kept = both.map(|(found, launch)| with_kept_options(&client.shape, found, &launch));
        let entry = &kept.map_or_else(|| entry.clone(), |launch| client.shape.entry(name, &launch));
        let after = place.put(file.text(), entry).map_err(uneditable)?;
        let kind = match found.is_some() {
            true if after == file.text() => Kind::Unchanged,
            true => Kind::Replaced,
            false => Kind::Added,
        };
        if kind != Kind::Unchanged {
            file.writable()?;
        }
        let alone = place.put("", entry).map_err(uneditable)?;
        let ours = Ours::of(&alone, &json!({ client.servers: { name: entry.to_json() } }));
        Ok(Self { client, name: name.into(), file, after, removed: None, ours, kind, mode })
    }

    pub(crate) fn remove(client: &'static Client, path: &Path, name: &str) -> Result<Self, FileProblem> {
        let file = ConfigFile::read(path)?;
        let place = client.place(name);
        let uneditable = |problem| file.uneditable(problem);
        let removed = place.entry(file.text()).map_err(uneditable)?;
        let (mut kind, mut after) = (Kind::Unchanged, file.text().to_owned());
        if let Some(removed) = &removed {
            file.writable()?;
            let backups: Vec<String> = file.backups().into_iter().map(|(_, text)| text).collect();
            after = place.restore(file.text(), &backups).map_err(uneditable)?;
            let had_entry = |backup: &String| matches!(place.entry(backup), Ok(Some(_)));
            let is_as_made = made_by_init(client, name, removed).is_some_and(|made| made == file.text());
            let is_made_by_init = !file.is_link() && backups.iter().all(had_entry) && is_as_made;
            kind = if is_made_by_init { Kind::Deleted } else { Kind::Removed };
            if is_made_by_init {
                after.clear();
            }
        }
        Ok(Self { client, name: name.into(), file, after, removed, ours: Ours::default(), kind, mode: None })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The mode that the entry has had so far.
    pub(crate) fn mode(&self) -> Option<&str> {
        self.mode.as_deref()
    }

    /// Describes the change: in words, and the lines that change.
    pub(crate) fn describe(&self) -> String {
        let (name, title, path) = (&self.name, self.client.title, self.file.path.display());
        let said = match self.kind {
            Kind::Unchanged => return format!("{title}: {path} stays as it is."),
            Kind::Added if self.file.exists() => format!("{title}: {path} gets the entry {name}."),
            Kind::Added => format!("{title}: {path} is created with the entry {name}."),
            Kind::Replaced if self.is_off() => {
                format!("{title}: {path} has another entry {name}, which is changed, and stays switched off.")
            }
            Kind::Replaced => format!("{title}: {path} has another entry {name}, which is changed."),
            Kind::Removed => format!("{title}: {path} loses the entry {name}."),
            Kind::Deleted => format!("{title}: {path} is removed: nothing but the entry {name} is in it."),
        };
        format!("{said}\n{}", difference(&self.file.path, self.file.text(), &self.after, &self.ours))
    }

    /// Tells whether the person has switched the entry off.
    fn is_off(&self) -> bool {
        let entry = self.entry_after();
        entry["disabled"] == true || entry["enabled"] == false
    }

    /// The entry as it is then; null where it goes.
    fn entry_after(&self) -> Value {
        self.client.place(&self.name).entry(&self.after).ok().flatten().unwrap_or_default()
    }

    /// Warns of a file of variables that the client reads too: it may have a second key.
    fn about_variables(&self) -> Option<String> {
        let entry = self.entry_after();
        let names_key = entry[self.client.shape.environment].get("CLERK_SECRET_KEY_FILE").is_some();
        let warning =
            "the entry has an envFile too: if CLERK_SECRET_KEY is in that, there are two keys, and none is used.";
        (names_key && entry["envFile"].is_string()).then(|| format!("{}: {warning}", self.client.title))
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
        let notes = self.about_variables().into_iter().chain(self.about_backups());
        Ok([said.trim_end().to_owned()].into_iter().chain(notes).collect::<Vec<_>>().join("\n"))
    }

    /// What there is to know of the backups: an older entry that does not come back by itself, and secret keys.
    fn about_backups(&self) -> Vec<String> {
        let (backups, name) = (self.file.backups(), &self.name);
        let place = self.client.place(name);
        let is_older =
            |text: &str| matches!(place.entry(text), Ok(Some(entry)) if self.removed.as_ref() != Some(&entry));
        let older = backups.iter().find(|(_, text)| self.removed.is_some() && is_older(text));
        let older = older.map(|(path, _)| format!("An older entry {name} is kept in {}.", path.display()));
        let with_key = backups.iter().filter(|(_, text)| SecretKey::is_in(text));
        let warning =
            |path: &Path| format!("{} has a secret key in it: remove it when you need it no more.", path.display());
        older.into_iter().chain(with_key.map(|(path, _)| warning(path))).collect()
    }
}
