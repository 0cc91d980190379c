//! Which tools a server offers, and what it says of them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::examples::{count_listed, example, writes};
use crate::harness::program::{listed, listed_tools};
use crate::harness::{Clerk, Client, Program};

/// The names of the tools that read, as the requests of their examples have it.
fn reads() -> Vec<String> {
    listed(&[]).into_iter().filter(|name| example(name).reads()).collect()
}

fn text<'a>(tool: &'a Value, name: &str) -> &'a str {
    tool[name].as_str().unwrap_or_else(|| panic!("no {name}: {tool}"))
}

#[test]
fn every_tool_says_what_it_is_and_what_it_takes() {
    let clerk = Clerk::sample();
    let tools = clerk.server().tools();
    assert_eq!(tools.len(), count_listed());
    for tool in &tools {
        assert!(text(tool, "name").starts_with("clerk_") && text(tool, "name").len() <= 64);
        assert!(!text(tool, "title").is_empty() && text(tool, "description").len() > 20, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{tool}");
        for property in tool["inputSchema"]["properties"].as_object().expect("properties").values() {
            assert!(!text(property, "description").is_empty(), "{tool}");
        }
    }
    let names: HashSet<&str> = tools.iter().map(|tool| text(tool, "name")).collect();
    assert_eq!(names.len(), count_listed());
}

#[test]
fn every_tool_has_all_four_hints() {
    let clerk = Clerk::sample();
    for tool in clerk.server().tools() {
        let name = text(&tool, "name");
        let is_read = example(name).reads();
        let creates = name.contains("_create_") || name.contains("_add_");
        let varies = name == "clerk_api_write";
        let hints = json!({
            "readOnlyHint": is_read,
            "destructiveHint": !is_read && !creates,
            "idempotentHint": !creates && !varies,
            "openWorldHint": true,
        });
        assert_eq!(tool["annotations"], hints, "{name}");
    }
}

#[test]
fn the_list_is_the_same_every_time_and_everywhere() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let listed = server.tools();
    assert_eq!(server.tools(), listed);
    assert_eq!(clerk.program().stdio().tools(), listed);
    let printed = Program::new(&["tools", "--json"]).run();
    assert_eq!(printed.status, 0);
    let printed: Value = serde_json::from_str(&printed.stdout).expect("JSON");
    assert_eq!(printed["tools"], json!(listed));
    clerk.assert_nothing_sent();
}

#[test]
fn a_read_only_server_lists_only_reads() {
    let clerk = Clerk::sample();
    assert_eq!(clerk.program().arguments(&["--read-only"]).http().tool_names(), reads());
    assert_eq!(clerk.program().variable("CLERK_READ_ONLY", "true").stdio().tool_names(), reads());
}

#[test]
fn every_usual_word_for_yes_makes_a_server_read_only() {
    let reads = reads();
    for word in ["1", "true", "TRUE", "yes", "on"] {
        let finished = Program::new(&["tools"]).variable("CLERK_READ_ONLY", word).run();
        let printed: Value = serde_json::from_str(&finished.stdout).expect("JSON");
        assert_eq!((finished.status, printed["tools"].as_array().map(Vec::len)), (0, Some(reads.len())), "{word}");
    }
    assert_eq!(Program::new(&["tools"]).variable("CLERK_READ_ONLY", "sure").run().status, 2);
}

#[test]
fn a_read_only_server_refuses_writes_and_sends_nothing() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--read-only"]).http();
    for example in writes() {
        for arguments in [example.arguments.clone(), example.dry_run()] {
            let failure = server.call(&example.tool, arguments).failure();
            assert_eq!(failure["code"], "denied", "{failure}");
            assert!(text(&failure, "message").contains("--read-only"), "{failure}");
        }
    }
    clerk.assert_nothing_sent();
    server.call("clerk_list_organizations", json!({})).output();
}

/// The tools of these toolsets, as the list that people read has them.
fn in_toolsets(toolsets: &[&str]) -> Vec<String> {
    let tools = listed_tools(&["--toolsets", "all"]).into_iter();
    tools.filter(|tool| toolsets.contains(&tool.toolset.as_str())).map(|tool| tool.name).collect()
}

#[test]
fn only_the_chosen_toolsets_are_offered() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--toolsets", "users"]).http();
    assert_eq!(server.tool_names(), in_toolsets(&["users"]));
    let failure = server.call("clerk_list_organizations", json!({})).failure();
    assert_eq!(failure["code"], "denied");
    assert!(text(&failure, "message").contains("--toolsets"), "{failure}");
    clerk.assert_nothing_sent();
}

#[test]
fn what_is_not_listed_can_be_called_and_all_can_be_listed() {
    let clerk = Clerk::sample();
    let (server, tool) = (clerk.server(), "clerk_update_member_metadata");
    let is_listed = |names: Vec<String>| names.iter().any(|name| name == tool);
    assert!(!is_listed(server.tool_names()));
    let output = server.call(tool, example(tool).arguments.clone()).output();
    assert_eq!(output["private_metadata"]["badge"], 7, "{output}");
    let standing = server.call("clerk_whoami", json!({})).output();
    assert!(standing["tools_not_listed"].to_string().contains(tool), "{standing}");
    for arguments in [["--toolsets", "all"], ["--toolsets", "members"], ["--tools", "clerk_*"]] {
        let server = clerk.program().arguments(&arguments).http();
        assert!(is_listed(server.tool_names()), "{arguments:?}");
    }
}

#[test]
fn several_toolsets_can_be_chosen_and_be_read_only() {
    let clerk = Clerk::sample();
    let both = clerk.program().variable("CLERK_TOOLSETS", "users,invitations").arguments(&["--read-only"]).http();
    let chosen = in_toolsets(&["invitations", "users"]).into_iter();
    assert_eq!(both.tool_names(), chosen.filter(|name| example(name).reads()).collect::<Vec<_>>());
}

#[test]
fn an_unknown_toolset_stops_the_start() {
    for command in ["stdio", "http", "tools"] {
        let finished = Clerk::sample().program().arguments(&[command, "--toolsets", "users,user"]).run();
        let refusal = finished.refusal();
        assert!(refusal.contains("there is no toolset `user`"), "{refusal}");
        assert!(refusal.contains("organizations, members, invitations, users"), "{refusal}");
    }
}
