//! The version: `workspace.package.version` holds it, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::program::workspace;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What may name it: where it is set, its history, and what `packaging/pack.py` derives and checks.
const MAY: [&str; 7] = [
    "Cargo.toml",
    "CHANGELOG.md",
    "Dockerfile",
    "server.json",
    "docs/install.md",
    ".claude-plugin",
    "packaging/plugin",
];
/// What is generated, or others' versions.
const PASSED_OVER: [&str; 6] = ["Cargo.lock", ".git", "target", "dist", "node_modules", "package-lock.json"];

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the workspace can be read").flatten() {
        let name = entry.file_name();
        if PASSED_OVER.iter().any(|passed| name == *passed) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files(&entry.path(), found),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
}

/// Whether a text names the version, and no longer one such as 10.2.0 or 0.2.0-alpha.
fn names_it(text: &str) -> bool {
    text.match_indices(VERSION).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + VERSION.len()..].chars().next();
        let goes_on = |other: Option<char>, more: &[char]| {
            other.is_some_and(|other| other.is_ascii_digit() || more.contains(&other))
        };
        !goes_on(before, &['.']) && !goes_on(after, &['-'])
    })
}

#[test]
fn the_changelog_begins_with_this_version() {
    let changelog = include_str!("../../CHANGELOG.md");
    let mut headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    assert_eq!(headings.next(), Some("Unreleased"));
    let (version, date) =
        headings.next().and_then(|heading| heading.split_once(" - ")).expect("a version and its date");
    assert_eq!(version, VERSION);
    assert!(date.parse::<jiff::civil::Date>().is_ok(), "{date}");
}

#[test]
fn nothing_else_in_the_repository_holds_the_version() {
    let mut found = Vec::new();
    files(workspace(), &mut found);
    let holds = |file: &Path| fs::read_to_string(workspace().join(file)).is_ok_and(|text| names_it(&text));
    let relative = found.iter().map(|file| file.strip_prefix(workspace()).unwrap_or(file));
    let others: Vec<_> = relative.filter(|file| !MAY.iter().any(|may| file.starts_with(may)) && holds(file)).collect();
    assert!(others.is_empty(), "derive it from workspace.package.version: {others:?}");
    assert!(found.len() > 100, "{}", found.len());
}
