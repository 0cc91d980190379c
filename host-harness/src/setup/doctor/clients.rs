//! The clients that have an entry for this server, and whether it works.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::task::spawn_blocking;

use super::given_key;
use super::ours::{USUAL_NAME, is_ours, lacks_stdio, mentions_program};
use super::start::initialize;
use super::{Finding, served};
use crate::setup::clients::{CLIENTS, Client};
use crate::setup::entry::Launch;
use crate::setup::file::FileProblem;
use crate::setup::places::Places;

pub(super) const TOPIC: &str = "client";

/// An entry of a client.
pub(super) struct Entry {
    pub(super) client: &'static Client,
    path: PathBuf,
    pub(super) name: String,
    pub(super) value: Value,
}

impl Entry {
    /// The beginning of what is said of it.
    pub(super) fn what(&self) -> String {
        format!("{}: entry {} in {}", self.client.title, self.name, self.path.display())
    }

    /// The advice to write it anew.
    pub(super) fn again(&self) -> String {
        format!("run `clerk-mcp init --client {} --name {}`", self.client.name, self.name)
    }
}

pub(super) async fn look(places: &Places, starts: bool) -> Vec<Finding> {
    let (entries, mut findings) = entries(places);
    // All at once: a command may take as long as a download.
    let tried = entries.into_iter().map(|entry| tokio::spawn(examine(places.clone(), entry, starts)));
    for found in tried.collect::<Vec<_>>() {
        findings.extend(found.await.unwrap_or_default());
    }
    if findings.is_empty() {
        findings.push(Finding::warning(TOPIC, "no client has an entry for clerk-mcp", "run `clerk-mcp init`"));
    }
    findings
}

/// What there is to say of an entry; nothing where it is not one of ours.
async fn examine(places: Places, entry: Entry, starts: bool) -> Vec<Finding> {
    let Some(launch) = entry.client.shape.launch(&entry.value) else {
        let found = served::look(&entry).await.or_else(|| unreadable(&entry));
        let shown = found.as_ref().and_then(|_| given_key::shown(&entry));
        return found.into_iter().chain(shown).collect();
    };
    if !is_ours(&entry.name, &launch) {
        return Vec::new();
    }
    spawn_blocking(move || check(&places, &entry, &launch, starts)).await.unwrap_or_default()
}

/// An entry of ours that has no command as its client writes it, and no URL.
fn unreadable(entry: &Entry) -> Option<Finding> {
    let is_one = !served::has_url(&entry.value) && (entry.name == USUAL_NAME || mentions_program(&entry.value));
    is_one.then(|| Finding::problem(TOPIC, format!("{} has no command that can be read", entry.what()), entry.again()))
}

/// All files that clients may have their servers in, there or not.
pub(super) fn files(places: &Places) -> Vec<(&'static Client, PathBuf)> {
    let of_client = |client: &'static Client| {
        let paths = places.user_files(client).into_iter().chain(places.project_file(client));
        paths.map(move |path| (client, path))
    };
    let mut seen = HashSet::new();
    // In the user's own directory, the file of the project is the user's.
    let mut is_new = |client: &Client, path: &PathBuf| {
        seen.insert((client.name, fs::canonicalize(path).unwrap_or_else(|_| path.clone())))
    };
    CLIENTS.iter().flat_map(of_client).filter(|(client, path)| is_new(client, path)).collect()
}

/// The entries of all clients' files, and the files that cannot be read.
fn entries(places: &Places) -> (Vec<Entry>, Vec<Finding>) {
    let (mut entries, mut findings) = (Vec::new(), Vec::new());
    for (client, path) in files(places) {
        match client.servers_in(&path) {
            Ok(servers) => {
                let entry = |(name, value)| Entry { client, path: path.clone(), name, value };
                entries.extend(servers.into_iter().map(entry));
            }
            Err(problem) => findings.push(unread(client, &problem)),
        }
    }
    (entries, findings)
}

/// A file of which the entries are not known.
fn unread(client: &Client, problem: &FileProblem) -> Finding {
    let title = client.title;
    let (said, advice) = match problem {
        FileProblem::Unreadable { .. } => (problem.to_string(), "make it readable for you".into()),
        FileProblem::Directory(path) => {
            (format!("{} is a directory", path.display()), format!("move it away: {title} takes a file there"))
        }
        FileProblem::Uneditable { path, problem } => {
            (format!("{}: {problem}", path.display()), format!("{title} cannot read it either: mend the file"))
        }
        _ => (problem.to_string(), format!("{title} cannot read it either")),
    };
    Finding::problem(TOPIC, format!("{title}: {said}"), advice)
}

fn check(places: &Places, entry: &Entry, launch: &Launch, starts: bool) -> Vec<Finding> {
    let Entry { client, value, .. } = entry;
    let (what, again) = (entry.what(), entry.again());
    let mut findings = given_key::look(entry, launch);
    if value["enabled"] == false || value["disabled"] == true {
        let advice = format!("switch it on in {}", client.title);
        findings.push(Finding::warning(TOPIC, format!("{what} is switched off"), advice));
    }
    let Some(program) = places.program(Path::new(&launch.command)) else {
        let said = format!("{what}: its command {} is not there", launch.command);
        findings.push(Finding::problem(TOPIC, said, again));
        return findings;
    };
    findings.push(if starts {
        match initialize(&program, launch) {
            Ok(server) => {
                let arguments = launch.arguments.join(" ");
                Finding::ok(TOPIC, format!("{what} starts ({arguments}), and answers as {server}"))
            }
            Err(_) if lacks_stdio(launch) => {
                Finding::problem(TOPIC, format!("{what} does not work: its arguments have no `stdio`"), again)
            }
            Err(reason) => Finding::problem(TOPIC, format!("{what} does not work: {reason}"), again),
        }
    } else {
        Finding::ok(TOPIC, format!("{what} has a command that is there"))
    });
    findings
}
