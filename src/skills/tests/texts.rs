//! What the texts name exists, what they call can be called, and what all of them have to say is in each.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{FULL, files};
use crate::catalogue;
use crate::operations::{self, OPERATIONS};
use crate::policy::Mode;
use crate::skills::{SKILLS, Skill};
use crate::tool::Tool;

/// The texts between backticks, each in one line.
fn quoted(text: &str) -> Vec<String> {
    let parts = text.split('`').skip(1).step_by(2);
    parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn tools(skill: &Skill) -> Vec<&'static Tool> {
    let names: BTreeSet<&str> = skill.files.iter().flat_map(|file| file.tools.iter().copied()).collect();
    names.into_iter().map(|name| catalogue::find(name).unwrap_or_else(|why| panic!("{}: {why}", skill.name))).collect()
}

/// What is wrong with a call.
fn complaint(tool: &'static Tool, arguments: Map<String, Value>) -> Option<String> {
    match operations::call(tool, arguments, &FULL) {
        Ok(_) => None,
        Err(operations::NoCall::Denied(why)) => Some(why),
        Err(operations::NoCall::Wrong(problems)) => {
            let words = problems.into_iter().map(|problem| format!("{}: {}", problem.pointer, problem.message));
            Some(words.collect::<Vec<_>>().join("; "))
        }
    }
}

#[test]
fn every_call_that_is_written_out_can_be_made() {
    let mut calls = 0;
    for (skill, file) in files() {
        for text in quoted(file.text.text()) {
            let Some((name, arguments)) = text.split_once(" {") else { continue };
            let tool = catalogue::find(name).unwrap_or_else(|why| panic!("{}/{}: {why}", skill.name, file.path));
            let arguments = serde_json::from_str(&format!("{{{arguments}"))
                .unwrap_or_else(|error| panic!("{}/{}: {text}: {error}", skill.name, file.path));
            let complaint = complaint(tool, arguments);
            assert_eq!(complaint, None, "{}/{}: {text}", skill.name, file.path);
            calls += 1;
        }
    }
    assert!(calls > 60, "{calls}");
}

/// Words of previews, of answers to writes, and of failures.
const ANSWERS: &[&str] = &[
    "preview",
    "summary",
    "cannot_be_undone",
    "confirmation_token",
    "undo",
    "changes",
    "more_changes",
    "path",
    "before",
    "after",
    "hint",
    "code",
    "message",
    "problems",
    "denied",
    "done",
    "failed",
    "not_tried",
    "has_more",
    "dry_run",
    "trace_ids",
];
/// Clerk's codes of failures, and ours.
const CODES: &[&str] = &[
    "organization_invitation_not_unique",
    "already_a_member_in_organization",
    "organization_membership_quota_exceeded",
    "resource_not_found",
    "budget_exhausted",
];
/// Values that no schema lists: of fields, of danger, of the audit log, and what is no name at all.
const VALUES: &[&str] = &[
    "unverified",
    "reversible",
    "access",
    "irreversible",
    "critical",
    "null",
    "plan",
    "operator",
    "token holder",
    "confirmed by a person",
    "confirmed by token",
    "ok",
    "in part",
    "error",
    "refused",
    "nothing yet",
    "begun",
    "broken off",
    "(secret, not shown)",
];

/// Tells whether a word is a name or a value that one of the tools has.
fn is_of(tool: &Tool, word: &str) -> bool {
    let schema: Value = serde_json::from_str(&tool.input_schema()).expect("a schema is JSON");
    let lists = |schema: &Value| schema["enum"].as_array().is_some_and(|values| values.contains(&json!(word)));
    let takes = |schema: &Value| lists(schema) || lists(&schema["items"]);
    tool.has_name(word) || schema["properties"].as_object().is_some_and(|known| known.values().any(takes))
}

/// Tells whether `"name": value` is an argument that one of the tools takes.
fn is_argument(tools: &[&'static Tool], text: &str) -> bool {
    let Ok(Value::Object(given)) = serde_json::from_str::<Value>(&format!("{{{text}}}")) else { return false };
    given.iter().all(|(name, value)| {
        tools.iter().any(|tool| {
            let complaint = complaint(tool, [(name.clone(), value.clone())].into_iter().collect()).unwrap_or_default();
            tool.parameters().iter().any(|known| known.name == name) && !complaint.contains(&format!("/{name}:"))
        })
    })
}

#[test]
fn whatever_is_named_exists() {
    for (skill, file) in files() {
        let tools = tools(skill);
        for text in quoted(file.text.text()).iter().filter(|text| !text.contains(" {")) {
            // These are held against the program by tests of the program.
            let is_of_the_program = ["--", "CLERK_", "clerk-mcp "].iter().any(|start| text.starts_with(start));
            let is_sample = text.contains('@') || text.starts_with("org_") || text.contains(" at acme.example");
            let is_role = text.strip_prefix("org:").is_some_and(|rest| !rest.is_empty());
            let word = text.as_str();
            let is_known = is_of_the_program
                || is_sample
                || is_role
                || [ANSWERS, CODES, VALUES].concat().contains(&word)
                || [Mode::ReadOnly, Mode::Standard, Mode::Full].iter().any(|mode| mode.word() == word)
                || catalogue::find(word).is_ok()
                || OPERATIONS.iter().any(|operation| operation.name == word)
                || is_argument(&tools, word)
                || tools.iter().any(|tool| is_of(tool, word));
            assert!(is_known, "{}/{}: `{text}`", skill.name, file.path);
        }
    }
}

/// The part of a text below a heading, up to the next one.
fn section<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or_default().trim())
}

#[test]
fn every_skill_has_the_same_rules() {
    let first = SKILLS[0].files[0].text.text();
    let rules = section(first, "In every step").expect("it has rules");
    assert!(rules.contains("never as instructions"), "{rules}");
    for skill in SKILLS {
        assert_eq!(section(skill.files[0].text.text(), "In every step"), Some(rules), "{}", skill.name);
    }
}

#[test]
fn whatever_names_a_write_says_what_comes_before_it() {
    let rules = files().find_map(|(_, file)| section(file.text.text(), "Before each write")).expect("a skill writes");
    assert!(rules.contains("wait for a yes") && rules.contains("confirmation_token"), "{rules}");
    for (skill, file) in files() {
        let writes = file.tools.iter().any(|name| catalogue::find(name).is_ok_and(Tool::writes));
        let told =
            section(file.text.text(), "Before each write").or(section(skill.files[0].text.text(), "Before each write"));
        assert!(told.is_none_or(|told| told == rules), "{}/{}", skill.name, file.path);
        assert!(!writes || told.is_some(), "{}/{}", skill.name, file.path);
    }
}

#[test]
fn what_is_referred_to_is_there_and_the_other_way_round() {
    for skill in SKILLS {
        let links: BTreeSet<&str> = skill.files.iter().flat_map(|file| file.text.text().split("](").skip(1)).collect();
        let links: BTreeSet<&str> = links.into_iter().filter_map(|rest| rest.split(')').next()).collect();
        assert_eq!(links, skill.files[1..].iter().map(|file| file.path).collect(), "{}", skill.name);
    }
    let names: Vec<&str> = SKILLS.iter().map(|skill| skill.name).collect();
    for (skill, file) in files() {
        for rest in file.text.text().split(" skill ").skip(1) {
            let name: String =
                rest.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '-').collect();
            assert!(!name.contains('-') || names.contains(&name.as_str()), "{}/{}: {name}", skill.name, file.path);
        }
    }
}
