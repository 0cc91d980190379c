//! What the operator sets: what it allows, and what makes no sense.

use serde_json::json;

use crate::harness::examples::count_listed;
use crate::harness::program::{listed, listed_tools};
use crate::harness::{Clerk, Client as _, Program};

fn refusal(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let program = Program::new(&[&["tools"], arguments].concat());
    let program = variables.iter().fold(program, |program, (name, value)| program.variable(name, value));
    program.run().refusal().to_owned()
}

#[test]
fn settings_that_contradict_each_other_stop_the_start() {
    for mode in ["standard", "full"] {
        let said = refusal(&["--read-only", "--mode", mode], &[]);
        assert!(said.contains("--read-only") && said.contains(&format!("--mode {mode}")), "{said}");
        let said = refusal(&[], &[("CLERK_READ_ONLY", "1"), ("CLERK_MODE", mode)]);
        assert!(said.contains("CLERK_READ_ONLY") && said.contains("CLERK_MODE"), "{said}");
    }
    let said = refusal(&["--tools", "clerk_ban_user", "--exclude-tools", "clerk_ban_*"], &[]);
    assert!(said.contains("contradict"), "{said}");
    let said = refusal(&["--read-only", "--tools", "clerk_ban_user"], &[]);
    assert!(said.contains("contradict"), "{said}");
    assert_eq!(listed(&["--read-only", "--mode", "read-only"]), listed(&["--read-only"]));
}

#[test]
fn what_names_nothing_stops_the_start() {
    for (arguments, part) in [
        (["--toolsets", "users,userz"], "`userz`"),
        (["--tools", "clerk_get_user,clerk_no_such_*"], "`clerk_no_such_*`"),
        (["--exclude-tools", "clerk_delete_usr"], "`clerk_delete_usr`"),
        (["--exclude-tools", "*"], "leave no tool"),
        (["--tools", " , "], "names no tool"),
    ] {
        let said = refusal(&arguments, &[]);
        assert!(said.contains(part), "{said}");
    }
}

/// Without these, more would be allowed than somebody who sets them has in mind, or by another key.
const RESTRICTING: [&str; 7] = [
    "CLERK_TOOLSETS",
    "CLERK_TOOLS",
    "CLERK_ORGANIZATION",
    "CLERK_USER",
    "CLERK_PROFILES",
    "CLERK_MCP_OAUTH_ISSUER",
    "CLERK_MCP_ORGANIZATION_CLAIM",
];

#[test]
fn a_variable_that_is_set_to_nothing_is_as_one_that_is_not_set() {
    let help = Program::new(&["http", "--help"]).run().stdout;
    let variables = help.lines().filter_map(|line| line.trim().strip_prefix("[env: ")?.strip_suffix(']'));
    let variables: Vec<&str> = variables.filter(|name| !RESTRICTING.contains(name)).collect();
    assert!(variables.contains(&"CLERK_MODE") && variables.len() > 30, "{variables:?}");
    let empty = variables.iter().fold(Program::new(&["--demo"]), |program, name| program.variable(name, "")).http();
    assert_eq!(empty.tool_names(), Program::new(&["--demo"]).http().tool_names());
    let standing = empty.call("clerk_whoami", json!({})).output();
    assert_eq!(
        (&standing["mode"], &standing["confirm"], &standing["private_metadata_view"]),
        (&json!("standard"), &json!("token"), &json!("show"))
    );
}

#[test]
fn a_variable_that_restricts_and_is_set_to_nothing_stops_the_start() {
    for name in RESTRICTING {
        let finished = Program::new(&["http", "--demo", "--listen", "127.0.0.1:0"]).variable(name, "").run();
        // A claim is one of whose tokens: without an issuer that is said first.
        let is_claim =
            name == "CLERK_MCP_ORGANIZATION_CLAIM" && finished.refusal().contains("set CLERK_MCP_OAUTH_ISSUER");
        assert!(is_claim || finished.refusal().contains(name), "{}", finished.stderr);
    }
    let half_set = [("CLERK_MCP_OAUTH_AUDIENCE", "https://mcp.example.com/mcp"), ("CLERK_MCP_PUBLIC_URL", "")];
    let program = Program::new(&["http", "--demo", "--listen", "127.0.0.1:0"]);
    let program = half_set.iter().fold(program, |program, (name, value)| program.variable(name, value));
    assert!(program.run().refusal().contains("set CLERK_MCP_OAUTH_ISSUER"));
}

#[test]
fn words_that_there_are_not_stop_the_start() {
    for arguments in
        [["--mode", "careful"], ["--confirm", "maybe"], ["--private-metadata", "some"], ["--max-writes", "many"]]
    {
        let finished = Program::new(&[&["tools"], &arguments[..]].concat()).run();
        assert_eq!(finished.status, 2, "{}", finished.stderr);
        assert!(finished.stderr.contains(arguments[1]) && finished.stdout.is_empty(), "{}", finished.stderr);
    }
}

#[test]
fn patterns_choose_tools_and_excluding_wins() {
    let (all, sessions) = (listed(&["--toolsets", "all"]), listed(&["--toolsets", "sessions"]));
    let of = |names: &[String], is_chosen: fn(&str) -> bool| -> Vec<String> {
        names.iter().filter(|name| is_chosen(name)).cloned().collect()
    };
    assert_eq!(
        listed(&["--tools", "clerk_whoami,clerk_get_*", "--exclude-tools", "*_report"]),
        of(&all, |name| (name == "clerk_whoami" || name.starts_with("clerk_get_")) && !name.ends_with("_report"))
    );
    assert_eq!(listed(&["--tools", "clerk_?an_user"]), ["clerk_ban_user"]);
    assert_eq!(
        listed(&["--toolsets", "sessions", "--tools", "*_list_*"]),
        of(&sessions, |name| name.contains("_list_"))
    );
}

/// Twelve thousand tokens of about four bytes.
#[test]
fn the_list_costs_a_model_little() {
    let clerk = Clerk::sample();
    let answer = clerk.server().post(&[], r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
    assert_eq!(answer.json()["result"]["tools"].as_array().map(Vec::len), Some(count_listed()));
    assert!(answer.body.len() / 4 < 12_000, "{} bytes", answer.body.len());
}

#[test]
fn read_only_beats_everything() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let server = clerk.program().arguments(&["--read-only", "--toolsets", "users,instance", "--confirm", "off"]).http();
    for tool in server.tools() {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
    }
    for (tool, arguments) in [
        ("clerk_lock_user", json!({ "user_id": ada })),
        ("clerk_lock_user", json!({ "user_id": ada, "dry_run": true })),
    ] {
        let failure = server.call(tool, arguments).failure();
        assert!(failure["message"].as_str().is_some_and(|text| text.contains("--read-only")), "{failure}");
    }
    clerk.assert_nothing_sent();
    assert_eq!(server.call("clerk_whoami", json!({})).output()["mode"], "read-only");
}

#[test]
fn a_refusal_names_the_setting_that_would_allow_it() {
    let clerk = Clerk::sample();
    let ada = json!({ "user_id": clerk.user("ada@acme.example") });
    for (arguments, setting) in [
        (["--mode", "read-only"], "CLERK_MODE"),
        (["--toolsets", "members"], "CLERK_TOOLSETS"),
        (["--tools", "clerk_get_user"], "CLERK_TOOLS"),
        (["--exclude-tools", "*_ban_*"], "CLERK_EXCLUDE_TOOLS"),
    ] {
        let server = clerk.program().arguments(&arguments).http();
        assert!(!server.tool_names().contains(&"clerk_ban_user".to_owned()));
        let failure = server.call("clerk_ban_user", ada.clone()).failure();
        assert_eq!(failure["code"], "denied");
        assert!(failure["message"].as_str().is_some_and(|text| text.contains(setting)), "{failure}");
        clerk.assert_nothing_sent();
    }
}

#[test]
fn an_assistant_can_ask_what_it_may_do() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--toolsets", "users,instance", "--private-metadata", "keys"]).http();
    let standing = server.call("clerk_whoami", json!({})).output();
    assert_eq!(
        (&standing["mode"], &standing["confirm"], &standing["key"]),
        (&json!("standard"), &json!("token"), &json!("development"))
    );
    let tools = listed_tools(&["--toolsets", "users,instance"]).into_iter();
    let asking: Vec<_> = tools.filter(|tool| tool.danger == "irreversible").map(|tool| tool.name).collect();
    assert_eq!(standing["tools_that_ask"], json!(asking));
    assert!(asking.iter().any(|tool| tool == "clerk_delete_user"), "{standing}");
    assert_eq!(
        (&standing["toolsets"], &standing["private_metadata_view"]),
        (&json!(["users", "instance"]), &json!("keys"))
    );
    assert!(standing["instance_id"].as_str().is_some_and(|id| id.starts_with("ins_")), "{standing}");
}
