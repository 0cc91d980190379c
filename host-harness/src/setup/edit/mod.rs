//! Edits one entry in the configuration of a client, and leaves the rest of the file as it is, byte for byte: a piece of text is
//! put in, replaced or cut out where a parser found its place. So what is put in can be cut out again.

mod braces;
mod json;
mod lines;
mod merge;
mod toml;
mod tree;
mod yaml;
mod yaml_tree;

use serde_json::Value;

use super::entry::Field;
use merge::Step;
use tree::{Member, Node};

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
        let root = self.root(text)?;
        let Some(servers) = self.servers_in(root.as_ref())? else { return Ok(Vec::new()) };
        servers.position(self.name)?;
        Ok(servers.members().iter().map(|server| (server.name.clone(), server.node.to_json())).collect())
    }

    /// The entry of this name.
    pub(crate) fn entry(&self, text: &str) -> Result<Option<Value>, Uneditable> {
        let servers = self.servers(text)?;
        Ok(servers.into_iter().find(|(name, _)| name == self.name).map(|(_, entry)| entry))
    }

    /// The file with this entry: added at the end of the servers, or merged into the one that has its name (see `merge`).
    pub(crate) fn put(&self, text: &str, entry: &Field) -> Result<String, Uneditable> {
        let (steps, merged) = match self.entry(text)? {
            Some(Value::Object(found)) => merge::merge(found, entry),
            _ => (vec![Step::Set(Vec::new(), entry.clone())], entry.to_json()),
        };
        let mut edited = text.to_owned();
        for step in &steps {
            let (Step::Set(names, _) | Step::Unset(names)) = step;
            let path: Vec<&str> =
                [self.servers, self.name].into_iter().chain(names.iter().map(String::as_str)).collect();
            edited = match step {
                Step::Set(_, field) => self.set(&edited, &path, field),
                Step::Unset(_) => self.unset(&edited, &path),
            }
            .map_err(of_edited)?;
        }
        self.prove(text, &edited, Some(&merged))?;
        Ok(edited)
    }

    /// The file without this entry, and without the key of all servers where nothing else is below it, unless that is kept.
    pub(crate) fn remove(&self, text: &str, keeps_servers: bool) -> Result<String, Uneditable> {
        self.servers(text)?;
        let mut edited = self.unset(text, &[self.servers, self.name])?;
        if !keeps_servers && self.has_bare_servers(&edited).map_err(of_edited)? {
            edited = self.unset(&edited, &[self.servers]).map_err(of_edited)?;
        }
        self.prove(text, &edited, None)?;
        Ok(edited)
    }

    /// The file without this entry: as that one of its `backups` that differs in nothing but the entry, where there is one.
    /// So an empty object comes back too. Otherwise the last backup tells whether the key of all servers was there.
    pub(crate) fn restore(&self, text: &str, backups: &[String]) -> Result<String, Uneditable> {
        let removed = self.remove(text, false)?;
        let some = Field::Fields(vec![("command".into(), Field::Text(String::new()))]);
        let mut without = backups.iter().filter(|backup| self.entry(backup) == Ok(None));
        let is_same = |backup: &&String| {
            self.put(backup, &some).and_then(|put| self.remove(&put, false)).is_ok_and(|text| text == removed)
        };
        if let Some(backup) = without.clone().find(is_same) {
            return Ok(backup.clone());
        }
        let has_servers =
            |backup: &String| matches!(self.root(backup), Ok(Some(root)) if root.position(self.servers) != Ok(None));
        if without.next().is_some_and(has_servers) { self.remove(text, true) } else { Ok(removed) }
    }

    /// Proves that an edit did what it is for: all other servers, and the rest of the file, are as they were.
    fn prove(&self, text: &str, edited: &str, entry: Option<&Value>) -> Result<(), Uneditable> {
        let (before, after) = (self.rest(text)?, self.rest(edited).map_err(|_| Uneditable::TooIntricate)?);
        let is_done = self.entry(edited).map_err(|_| Uneditable::TooIntricate)?.as_ref() == entry;
        if is_done && before == after { Ok(()) } else { Err(Uneditable::TooIntricate) }
    }

    /// All of a file but the servers, and all servers but this one.
    fn rest(&self, text: &str) -> Result<[Vec<(String, Value)>; 2], Uneditable> {
        let root = self.root(text)?;
        let pairs = |members: &[Member], but: &str| {
            let others = members.iter().filter(|member| member.name != but);
            others.map(|member| (member.name.clone(), member.node.to_pairs())).collect()
        };
        let servers = self.servers_in(root.as_ref())?.map_or(&[][..], Node::members);
        Ok([pairs(root.as_ref().map_or(&[], Node::members), self.servers), pairs(servers, self.name)])
    }

    /// Tells whether no server is left in a file, and no comment beside the key of all servers.
    fn has_bare_servers(&self, text: &str) -> Result<bool, Uneditable> {
        let root = self.root(text)?;
        let Some(servers) = self.servers_in(root.as_ref())? else { return Ok(false) };
        let behind = lines::after(text, servers.span.end).trim_start_matches([' ', '\t', ',']);
        Ok(text.get(servers.span.clone()) == Some("{}") && !behind.starts_with(['#', '/']))
    }

    fn root(&self, text: &str) -> Result<Option<Node>, Uneditable> {
        let root = match self.format {
            Format::Json => json::parse(text),
            Format::Toml => toml::parse(text),
            Format::Yaml => yaml_tree::parse(text),
        }?;
        let is_map = root.as_ref().is_none_or(|root| root.style().is_some());
        if is_map { Ok(root) } else { Err(Uneditable::NotAnObject("the whole of it".into())) }
    }

    /// The map of all servers. Null is none.
    fn servers_in<'a>(&self, root: Option<&'a Node>) -> Result<Option<&'a Node>, Uneditable> {
        let Some(servers) = root.map(|root| root.member(self.servers)).transpose()?.flatten() else { return Ok(None) };
        match servers.node.style() {
            Some(_) => Ok(Some(&servers.node)),
            None if servers.node.is_null() => Ok(None),
            None => Err(Uneditable::NotAnObject(self.servers.into())),
        }
    }

    fn set(&self, text: &str, path: &[&str], field: &Field) -> Result<String, Uneditable> {
        match self.format {
            Format::Json => json::set(text, path, field),
            Format::Toml => toml::set(text, path, field),
            Format::Yaml => yaml::set(text, path, field),
        }
    }

    fn unset(&self, text: &str, path: &[&str]) -> Result<String, Uneditable> {
        match self.format {
            Format::Json => json::unset(text, path),
            Format::Toml => toml::unset(text, path),
            Format::Yaml => yaml::unset(text, path),
        }
    }
}

/// The problem of a text that was edited already: a place in it means nothing to the person.
fn of_edited(problem: Uneditable) -> Uneditable {
    if matches!(problem, Uneditable::Syntax { .. }) { Uneditable::TooIntricate } else { problem }
}

/// A field below these names.
fn nested(names: &[&str], field: &Field) -> Field {
    names.iter().rev().fold(field.clone(), |field, &name| Field::Fields(vec![(name.into(), field)]))
}

/// The line and the column of a byte in a text, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests;
