//! What is true of every skill, and what a policy leaves of them.

mod texts;

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::policy::Mode;
use crate::policy::tests::STANDARD;

const FULL: Policy = Policy { mode: Mode::Full, ..STANDARD };
const READ_ONLY: Policy = Policy { mode: Mode::ReadOnly, ..STANDARD };

/// Each file with its skill.
fn files() -> impl Iterator<Item = (&'static Skill, &'static File)> {
    SKILLS.iter().flat_map(|skill| skill.files.iter().map(|file| (*skill, file)))
}

#[test]
fn the_frontmatter_is_what_the_file_says_as_yaml() {
    for skill in SKILLS {
        let yaml = skill.files[0].text.text().split("---\n").nth(1).expect("it has a frontmatter");
        let given: Value = yaml_serde::from_str(yaml).unwrap_or_else(|error| panic!("{}: {error}", skill.name));
        let told: Value = serde_json::from_str(&skill.frontmatter()).expect("JSON");
        assert_eq!(given, told);
        let is_fit = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        assert!(
            skill.name.len() <= 64 && skill.name.chars().all(is_fit) && !skill.name.contains("--"),
            "{}",
            skill.name
        );
        assert!(skill.description.chars().count() <= 1024 && skill.description.contains("Use it"), "{}", skill.name);
    }
}

#[test]
fn a_digest_is_that_of_the_text() {
    for (skill, file) in files() {
        let digest = Sha256::digest(file.text.text().as_bytes()).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to memory does not fail");
            text
        });
        assert_eq!(file.digest, format!("sha256:{digest}"), "{}/{}", skill.name, file.path);
    }
}

/// The component carries them, and a model reads them whole.
#[test]
fn they_are_short() {
    for (skill, file) in files() {
        assert!(file.text.text().lines().count() <= 120, "{}/{}", skill.name, file.path);
    }
    let bytes: usize = files().map(|(_, file)| file.text.text().len()).sum();
    assert!(bytes <= 50_000, "{bytes}");
}

/// What is not listed by default, a client may not be able to call: only references name it.
#[test]
fn a_skill_names_tools_that_are_listed() {
    for skill in SKILLS {
        assert!(!skill.files[0].tools.is_empty(), "{}", skill.name);
        for name in skill.files[0].tools {
            assert!(catalogue::find(name).is_ok_and(|tool| tool.is_listed), "{}: {name}", skill.name);
        }
    }
}

#[test]
fn a_policy_leaves_only_what_its_tools_can_do() {
    let names = |policy: &Policy<'_>| allowed(policy).map(|skill| skill.name).collect::<Vec<_>>();
    assert_eq!(names(&STANDARD).len(), 9);
    assert_eq!(names(&READ_ONLY), ["diagnose-sign-in", "reach-whole-api", "review-access", "undo-and-audit"]);
    let files = |policy: &Policy<'_>| DIAGNOSE_SIGN_IN.files(policy).map(|file| file.path).collect::<Vec<_>>();
    assert_eq!(files(&STANDARD), ["SKILL.md", "references/no-account.md", "references/remedies.md"]);
    assert_eq!(files(&READ_ONLY), ["SKILL.md", "references/no-account.md"]);
    let excluded = ["clerk_ban_user".to_owned()];
    let without = Policy { exclude_tools: &excluded, ..STANDARD };
    assert!(!names(&without).contains(&"handle-stolen-account") && names(&without).contains(&"offboard-person"));
}

#[test]
fn a_folder_has_files_and_folders() {
    let named = |uri: &str, policy: &Policy<'_>| {
        let (_, children) = children(uri, policy).ok()?;
        let name = |child: &Child| match child {
            Child::File(file) => file.path.to_owned(),
            Child::Folder(name) => format!("{name}/"),
        };
        Some(children.iter().map(name).collect::<Vec<_>>())
    };
    assert_eq!(named("skill://diagnose-sign-in", &FULL).expect("a folder"), ["SKILL.md", "references/"]);
    let references = named("skill://diagnose-sign-in/references", &READ_ONLY).expect("a folder");
    assert_eq!(references, ["references/no-account.md"]);
    assert_eq!(named("skill://offboard-person", &READ_ONLY), None);
    for uri in
        ["", "skill:", "skill:/", "skill://", "skill://x", "skill://diagnose-sign-in/", "skill://diagnose-sign-in/ref"]
    {
        assert_eq!(named(uri, &FULL), None, "{uri}");
    }
    assert_eq!(named("skill://diagnose-sign-in/SKILL.md", &FULL), None);
}

#[test]
fn a_file_is_found_by_its_uri_only() {
    for (skill, file) in files() {
        let uri = skill.uri(file.path);
        assert!(find(&uri).is_some_and(|(_, found)| found.text.text() == file.text.text()), "{uri}");
        assert!(find(&format!("{uri}/")).is_none() && find(&uri.to_uppercase()).is_none(), "{uri}");
    }
    assert!(find("skill://diagnose-sign-in/../offboard-person/SKILL.md").is_none());
}
