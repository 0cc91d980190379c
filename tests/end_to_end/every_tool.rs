//! Each of the tools is called with success, over HTTP, over standard input and output, and from the command line.

use serde_json::{Value, json};

use crate::harness::examples::{Example, examples};
use crate::harness::{Clerk, Client, Program, Reply, Upstream};

/// Calls each tool; `call` gives the output.
fn check<'a>(clerk: &Clerk, examples: impl Iterator<Item = &'a Example>, call: impl Fn(&Example) -> Value) {
    for example in examples {
        example.assert_output(&call(example));
        let sent = clerk.requests();
        let sent: Vec<String> =
            sent.iter().map(|one| format!("{} {}", one.method, one.target.trim_start_matches("/v1"))).collect();
        example.assert_requests(&sent);
    }
}

/// Nothing asks here: `consent` is about that.
fn program(clerk: &Clerk) -> Program {
    clerk.program().arguments(&["--confirm", "off"])
}

#[test]
fn every_tool_that_is_listed_has_one_example_call() {
    let mut named: Vec<&str> = examples().iter().map(|example| example.tool.as_str()).collect();
    let mut listed = Clerk::sample().program().arguments(&["--toolsets", "all"]).http().tool_names();
    named.sort_unstable();
    listed.sort_unstable();
    assert_eq!(named, listed);
}

#[test]
fn every_tool_answers_over_http() {
    let clerk = Clerk::sample();
    let server = program(&clerk).http();
    check(&clerk, examples().iter(), |example| server.call(&example.tool, example.arguments.clone()).output());
}

/// The examples work in any order, here in the opposite one.
#[test]
fn every_tool_answers_over_standard_input_and_output() {
    let clerk = Clerk::sample();
    let session = program(&clerk).stdio();
    check(&clerk, examples().iter().rev(), |example| session.call(&example.tool, example.arguments.clone()).output());
}

#[test]
fn every_tool_answers_on_the_command_line() {
    let clerk = Clerk::sample();
    check(&clerk, examples().iter(), |Example { tool, arguments, .. }| {
        let finished = program(&clerk).arguments(&["call", tool, &arguments.to_string()]).run();
        assert_eq!((finished.status, finished.stderr.as_str()), (0, ""), "{tool}");
        serde_json::from_str(&finished.stdout).expect("the output is JSON")
    });
}

#[test]
fn the_demo_answers_without_a_key_or_a_network() {
    let finished = Program::new(&["call", "--demo", "clerk_get_organization", r#"{"slug":"acme"}"#]).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    let output: Value = serde_json::from_str(&finished.stdout).expect("the output is JSON");
    assert_eq!(output["name"], "Acme Robotics");
}

#[test]
fn each_request_says_who_sends_it_and_for_which_version_of_the_api() {
    let clerk = Clerk::sample();
    clerk.server().call("clerk_create_organization", json!({ "name": "Umbrella" })).output();
    let [request] = &clerk.requests()[..] else { panic!("one request") };
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {}", crate::harness::KEY)));
    assert_eq!(request.header("clerk-api-version"), Some("2026-05-12"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("clerk-mcp/")));
    assert_eq!(request.json(), Some(json!({ "name": "Umbrella" })));
}

#[test]
fn a_request_without_a_body_announces_none() {
    let upstream = Upstream::always(Reply::json(200, &json!({ "id": "org_1", "slug": "acme" })));
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    server.call("clerk_get_organization", json!({ "slug": "acme" })).output();
    server.call("clerk_delete_organization", json!({ "organization_id": "org_1" })).output();
    let all = upstream.seen();
    let methods: Vec<&str> = all.iter().filter_map(|seen| seen.line.split(' ').next()).collect();
    assert_eq!(methods, ["GET", "GET", "DELETE"]);
    for seen in all {
        assert_eq!(seen.header("transfer-encoding"), [""; 0], "{seen:?}");
        assert_eq!(seen.header("content-type"), [""; 0], "{seen:?}");
        assert_eq!(seen.body, "");
    }
}
