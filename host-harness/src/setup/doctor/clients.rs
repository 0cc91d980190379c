//! The clients that have an entry for this server, and whether it works.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::task::spawn_blocking;

use super::key::exposed;
use super::ours::{USUAL_NAME, is_ours, mentions_program};
use super::start::initialize;
use super::{Finding, served};
use crate::setup::clients::{CLIENTS, Client};
use crate::setup::edit::Place;
use crate::setup::entry::Launch;
use crate::setup::file::ConfigFile;
use crate::setup::key_file::KeyFile;
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
        let served = served::look(&entry).await;
        return served.or_else(|| unreadable(&entry)).into_iter().collect();
    };
    if !is_ours(&entry.name, &launch) {
        return Vec::new();
    }
    spawn_blocking(move || check(&places, &entry, &launch, starts)).await.unwrap_or_default()
}

/// An entry of ours that has no command as its client writes it, and no URL.
fn unreadable(entry: &Entry) -> Option<Finding> {
    let is_one = !served::has_url(&entry.value) && (entry.name == USUAL_NAME || mentions_program(&entry.value));
    let advice = format!("run `clerk-mcp init --client {} --name {}`", entry.client.name, entry.name);
    is_one.then(|| Finding::problem(TOPIC, format!("{} has no command that can be read", entry.what()), advice))
}

/// The entries of all clients' files, and the files that cannot be read.
fn entries(places: &Places) -> (Vec<Entry>, Vec<Finding>) {
    let (mut entries, mut findings, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for client in CLIENTS {
        for path in places.user_files(client).into_iter().chain(places.project_file(client)) {
            // In the user's own directory, the file of the project is the user's.
            if !seen.insert((client.name, fs::canonicalize(&path).unwrap_or_else(|_| path.clone()))) {
                continue;
            }
            let place = Place { format: client.format, servers: client.servers, name: "" };
            let servers = ConfigFile::read(&path).map_err(|problem| problem.to_string()).and_then(|file| {
                place.servers(file.text()).map_err(|problem| format!("{}: {problem}", path.display()))
            });
            match servers {
                Ok(servers) => {
                    let entry = |(name, value)| Entry { client, path: path.clone(), name, value };
                    entries.extend(servers.into_iter().map(entry));
                }
                Err(problem) => {
                    let advice = format!("{} cannot read it either: mend the file", client.title);
                    findings.push(Finding::problem(TOPIC, format!("{}: {problem}", client.title), advice));
                }
            }
        }
    }
    (entries, findings)
}

fn check(places: &Places, entry: &Entry, launch: &Launch, starts: bool) -> Vec<Finding> {
    let Entry { client, name, value, .. } = entry;
    let what = entry.what();
    let again = format!("run `clerk-mcp init --client {} --name {name}`", client.name);
    let mut findings = key(&what, &again, launch);
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
            Err(reason) => Finding::problem(TOPIC, format!("{what} does not work: {reason}"), again),
        }
    } else {
        Finding::ok(TOPIC, format!("{what} has a command that is there"))
    });
    findings
}

/// The fault of the key that an entry gives.
fn key(what: &str, again: &str, launch: &Launch) -> Vec<Finding> {
    let given = |name: &str| launch.environment.iter().find(|(given, _)| given == name).map(|(_, value)| value);
    // The client fills it in, from a question of its own or from what it knows.
    let is_filled_in = |name| given(name).is_some_and(|value| value.contains("${"));
    if is_filled_in("CLERK_SECRET_KEY") || is_filled_in("CLERK_SECRET_KEY_FILE") {
        return Vec::new();
    }
    let is_argument = |part: &str| launch.arguments.iter().any(|argument| argument.contains(part));
    if given("CLERK_SECRET_KEY").is_some() || is_argument("CLERK_SECRET_KEY=") {
        let advice = format!("{again}, which keeps it in one file that only you can read");
        return vec![Finding::warning(TOPIC, format!("{what} has the secret key itself in it"), advice)];
    }
    let Some(path) = given("CLERK_SECRET_KEY_FILE") else {
        // A container is told by its arguments.
        let is_needed = !is_argument("--demo") && !is_argument("CLERK_SECRET_KEY");
        let said = || format!("{what} names no file of a secret key");
        return is_needed.then(|| Finding::warning(TOPIC, said(), again)).into_iter().collect();
    };
    let file = KeyFile(path.into());
    let mut findings: Vec<Finding> = match file.read() {
        Ok(Some(_)) => exposed(TOPIC, &file).into_iter().collect(),
        Ok(None) => vec![Finding::problem(TOPIC, format!("{what}: its key file {path} is not there"), again)],
        Err(problem) => vec![Finding::problem(TOPIC, format!("{what}: {problem}"), again)],
    };
    if std::env::var_os("CLERK_SECRET_KEY").is_some_and(|key| !key.is_empty()) {
        let said = format!("{what} names a key file, and CLERK_SECRET_KEY is set here: a client started here has both");
        findings.push(Finding::warning(TOPIC, said, "unset CLERK_SECRET_KEY: with both, no key is used"));
    }
    findings
}
