//! The clients that can be set up: where each keeps its servers, and how it writes one.

mod table;

pub(crate) use table::CLIENTS;

use std::path::Path;

use serde_json::Value;

use super::edit::{Format, Place};
use super::entry::{HttpShape, Shape};
use super::file::{ConfigFile, FileProblem};

/// A program that starts MCP servers, and its configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    /// The name that `--client` takes.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) format: Format,
    /// The key of all servers.
    pub(crate) servers: &'static str,
    pub(crate) shape: Shape,
    /// None where its file takes no URL.
    pub(crate) http: Option<HttpShape>,
    pub(crate) user: Files,
    /// The file below the directory of a project, for those who work on it.
    pub(crate) project: Option<&'static str>,
    /// An environment variable that names the directory of the user's file, and the file's name there.
    pub(crate) directory: Option<(&'static str, &'static str)>,
    /// Files and directories of which one is there where the client is.
    pub(crate) signs: &'static [&'static str],
    /// The programs that start it on the command line.
    pub(crate) programs: &'static [&'static str],
    /// The next step of the person.
    pub(crate) afterwards: &'static str,
}

/// The paths of a user's file on each system, the first for a new one; see `places`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Files {
    pub(crate) linux: &'static [&'static str],
    pub(crate) macos: &'static [&'static str],
    pub(crate) windows: &'static [&'static str],
}

impl Files {
    const fn everywhere(files: &'static [&'static str]) -> Self {
        Self { linux: files, macos: files, windows: files }
    }
}

impl Client {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        CLIENTS.iter().find(|client| client.name == name)
    }

    /// The place of the entry of this name in its file.
    pub(crate) fn place<'a>(&self, name: &'a str) -> Place<'a> {
        Place { format: self.format, servers: self.servers, name }
    }

    /// The names and contents of all servers in one of its files.
    pub(crate) fn servers_in(&self, path: &Path) -> Result<Vec<(String, Value)>, FileProblem> {
        let file = ConfigFile::read(path)?;
        self.place("").servers(file.text()).map_err(|problem| file.uneditable(problem))
    }
}
