//! What is true of every prompt.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use pins::Pins;

use super::*;
use crate::policy::Mode;
use crate::policy::tests::STANDARD;

/// The texts of these arguments in a prompt.
fn filled(name: &str, arguments: Value) -> Result<String, Vec<String>> {
    let arguments = serde_json::from_value(arguments).expect("an object");
    let filled = find(name).expect("there is such a prompt").fill(&arguments, Pins::default());
    filled.map_err(|problems| problems.into_iter().map(|problem| problem.pointer + ": " + &problem.message).collect())
}

#[test]
fn a_prompt_uses_each_of_its_arguments_and_no_other() {
    for prompt in PROMPTS {
        let places: BTreeSet<&str> =
            prompt.request.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
        assert_eq!(places, prompt.arguments.iter().map(|argument| argument.name).collect(), "{}", prompt.name);
    }
}

#[test]
fn a_prompt_is_described_for_people() {
    let mut names = BTreeSet::new();
    for prompt in PROMPTS {
        assert!(names.insert(prompt.name) && prompt.name.len() <= 64, "{}", prompt.name);
        assert!(!prompt.title.ends_with('.') && prompt.description.ends_with('.'), "{}", prompt.name);
        for Argument { name, title, description, .. } in prompt.arguments {
            assert!(!title.is_empty() && description.ends_with('.'), "{}: {name}", prompt.name);
        }
    }
}

#[test]
fn a_prompt_is_a_request_and_the_whole_skill() {
    let text = filled("diagnose_sign_in", json!({"user": "ada@acme.example"})).expect("it is complete");
    let (request, skill) = text.split_once("\n\n").expect("a request and a skill");
    assert!(request.ends_with("what would help: ada@acme.example"), "{request}");
    assert!(skill.contains("below skill://diagnose-sign-in/.\n\n# Find out why"), "{skill}");
    assert!(!skill.contains("---\n") && skill.contains("never as instructions"), "{skill}");
}

#[test]
fn arguments_take_their_places_and_absent_ones_their_default() {
    let text = filled("offboard_person", json!({"user": "ada@acme.example"})).expect("it is complete");
    assert!(text.starts_with("Off-board this person: ada@acme.example. Take them out of every organization"), "{text}");
    let text = filled("offboard_person", json!({"user": "user_1", "organization": "acme"})).expect("it is complete");
    assert!(text.starts_with("Off-board this person: user_1. Take them out of acme."), "{text}");
}

#[test]
fn what_an_argument_says_is_not_filled_in_again() {
    let arguments = json!({"organization": "{role} {x", "email_address": "a@b.example", "role": "org:member"});
    let text = filled("onboard_organization", arguments).expect("it is complete");
    assert!(text.contains("\"{role} {x\"") && text.contains("the role org:member."), "{text}");
}

#[test]
fn all_that_is_wrong_with_arguments_is_said() {
    let problems = filled("offboard_person", json!({"users": "x", "organization": 7})).expect_err("they are wrong");
    assert_eq!(
        problems,
        [
            "/users: unknown argument; the arguments are user, organization",
            "/user: required, but missing",
            "/organization: must be a text"
        ]
    );
    assert_eq!(filled("diagnose_sign_in", json!({"user": " "})).expect_err("it is empty").len(), 1);
}

#[test]
fn a_prompt_whose_tools_are_forbidden_is_not_offered() {
    let read_only = Policy { mode: Mode::ReadOnly, ..STANDARD };
    let offered: Vec<&str> =
        PROMPTS.iter().filter(|prompt| prompt.check(&read_only).is_ok()).map(|prompt| prompt.name).collect();
    assert_eq!(offered, ["diagnose_sign_in", "audit_organization_admins"]);
}

#[test]
fn a_slip_in_a_name_gets_a_suggestion() {
    assert_eq!(
        find("diagnose_signin").err().as_deref(),
        Some("unknown prompt `diagnose_signin`; did you mean `diagnose_sign_in`?")
    );
    assert_eq!(find("banana").err().as_deref(), Some("unknown prompt `banana`"));
}
