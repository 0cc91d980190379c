//! The secret key that a client's entry gives to the server.

use std::fs;

use serde_json::Value;

use super::Finding;
use super::clients::{Entry, TOPIC};
use super::key::exposed;
use crate::key::SecretKey;
use crate::setup::entry::Launch;
use crate::setup::key_file::KeyFile;

const KEY: &str = "CLERK_SECRET_KEY";
const FILE: &str = "CLERK_SECRET_KEY_FILE";
/// What names a file of profiles, each with its key.
const PROFILES: &str = "CLERK_PROFILES";
/// The fields in which entries name variables that the client hands on.
const HANDED_ON: [&str; 2] = ["env_vars", "env_keys"];

/// What there is to say of the key that an entry gives.
pub(super) fn look(entry: &Entry, launch: &Launch) -> Vec<Finding> {
    // What is set to nothing is as not set.
    let given = |name: &str| {
        let found = launch.environment.iter().find(|(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let (key, file) = (given(KEY), given(FILE));
    let in_env_file = env_file(entry);
    let problem = |said: String| vec![Finding::problem(TOPIC, format!("{} {said}", entry.what()), entry.again())];
    if let Some(said) = given_twice(key, file, &in_env_file) {
        return problem(said);
    }
    match (key, file) {
        (None, None) if !in_env_file.is_empty() => shown(entry).into_iter().collect(),
        (Some(text), _) if is_filled_in(text) => Vec::new(),
        (Some(text), _) => match SecretKey::parse(text) {
            Ok(_) => shown(entry).into_iter().collect(),
            Err(error) => problem(format!("has no key in {KEY}: {error}")),
        },
        (None, Some(path)) if is_filled_in(path) => Vec::new(),
        (None, Some(path)) => shown(entry).into_iter().chain(in_file(entry, path)).collect(),
        (None, None) => shown(entry).or_else(|| missing(entry, launch)).into_iter().collect(),
    }
}

/// A warning of a secret key that stands in an entry itself, be it in a header or in an argument.
pub(super) fn shown(entry: &Entry) -> Option<Finding> {
    let said = || format!("{} has the secret key itself in it", entry.what());
    let advice = || format!("{}, which keeps it in one file that only you can read", entry.again());
    SecretKey::is_in(&entry.value.to_string()).then(|| Finding::warning(TOPIC, said(), advice()))
}

/// Tells whether the client fills a value in, from a question of its own, a variable or a file.
fn is_filled_in(value: &str) -> bool {
    value.starts_with('$') || ["${", "{env:", "{file:"].iter().any(|beginning| value.contains(beginning))
}

/// The variables of a key in the file of variables that an entry names.
fn env_file(entry: &Entry) -> Vec<&'static str> {
    let path = entry.value["envFile"].as_str().map(|path| path.replace("${workspaceFolder}", "."));
    let text = path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    let sets = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.trim().trim_start_matches("export ").split_once('='));
        lines.any(|(given, value)| given.trim() == name && !value.trim().trim_matches(['"', '\'']).is_empty())
    };
    [KEY, FILE].into_iter().filter(|name| sets(name)).collect()
}

/// The fault of an entry that has both, itself or in its file of variables.
fn given_twice(key: Option<&str>, file: Option<&str>, in_env_file: &[&str]) -> Option<String> {
    let has = |name: &str| in_env_file.contains(&name);
    let is_twice = (key.is_some() || has(KEY)) && (file.is_some() || has(FILE));
    let place = if in_env_file.is_empty() { "" } else { ", one of them in its envFile" };
    is_twice.then(|| format!("has {KEY} and {FILE}{place}: with both, no key is used"))
}

fn in_file(entry: &Entry, path: &str) -> Vec<Finding> {
    let (what, again, file) = (entry.what(), entry.again(), KeyFile(path.into()));
    let mut findings: Vec<Finding> = match file.read() {
        Ok(Some(_)) => exposed(TOPIC, &file).into_iter().collect(),
        Ok(None) => vec![Finding::problem(TOPIC, format!("{what}: its key file {path} is not there"), again)],
        Err(problem) => vec![Finding::problem(TOPIC, format!("{what}: {problem}"), again)],
    };
    if std::env::var_os(KEY).is_some_and(|key| !key.is_empty()) {
        let said = format!("{what} names a key file, and {KEY} is set here: a client started here has both");
        findings.push(Finding::warning(TOPIC, said, format!("unset {KEY}: with both, no key is used")));
    }
    findings
}

fn missing(entry: &Entry, launch: &Launch) -> Option<Finding> {
    let is_named = |variable: &Value| [KEY, FILE].iter().any(|name| variable == name || variable["name"] == *name);
    let is_handed_on =
        HANDED_ON.iter().any(|&field| entry.value[field].as_array().is_some_and(|names| names.iter().any(is_named)));
    let has_profiles = launch.environment.iter().any(|(name, value)| name == PROFILES && !value.is_empty());
    // A container is told by its arguments.
    let is_in_arguments = ["--demo", "--profiles", PROFILES, KEY].iter().any(|part| launch.has_part(part));
    let is_needed = !is_handed_on && !has_profiles && !is_in_arguments;
    let said = || format!("{} names no file of a secret key", entry.what());
    is_needed.then(|| Finding::warning(TOPIC, said(), entry.again()))
}
