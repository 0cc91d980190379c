//! Headers by which a request wants less than the operator allows, and never more.

use http::Method;
use serde_json::{Value, json};

use crate::harness::http::HttpAnswer;
use crate::harness::program::listed;
use crate::harness::{Answer, Clerk, HttpServer};

fn names(server: &HttpServer, headers: &[(&str, &str)]) -> Vec<String> {
    let answer = server.post(headers, r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
    let tools = answer.json()["result"]["tools"].as_array().unwrap_or_else(|| panic!("{answer:?}")).clone();
    tools.iter().map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect()
}

fn call(server: &HttpServer, headers: &[(&str, &str)], tool: &str, arguments: &Value) -> Answer {
    Answer(server.call_with(headers, tool, arguments).json())
}

fn assert_refused(answer: &HttpAnswer, status: u16, part: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    let message = answer.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains(part), "{message}");
}

#[test]
fn a_request_lists_what_it_wants_of_what_is_allowed() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--toolsets", "users,sessions"]).http();
    let allowed = |more: &[&str]| listed(&[&["--toolsets", "users,sessions"], more].concat());
    assert_eq!(names(&server, &[("x-mcp-toolsets", "sessions")]), listed(&["--toolsets", "sessions"]));
    for (wish, option, patterns) in [
        ("x-mcp-tools", "--tools", "*_get_*, clerk_list_sessions"),
        ("x-mcp-exclude-tools", "--exclude-tools", "*_user*"),
    ] {
        assert_eq!(names(&server, &[(wish, patterns)]), allowed(&[option, patterns]));
    }
    let both = [("x-mcp-readonly", "true"), ("x-mcp-toolsets", "sessions")];
    assert_eq!(names(&server, &both), listed(&["--read-only", "--toolsets", "sessions"]));
    // Others see what they always saw.
    assert_eq!(names(&server, &[]), allowed(&[]));
}

#[test]
fn a_request_that_wants_all_is_shown_all_that_is_allowed() {
    let clerk = Clerk::sample();
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let all = [("x-mcp-toolsets", "all")];
    assert_eq!(names(&clerk.server(), &all), listed(&["--toolsets", "all"]));
    let whole = clerk.program().arguments(&["--toolsets", "all"]).http();
    assert_eq!(names(&whole, &[("x-mcp-toolsets", "members")]), listed(&["--toolsets", "members"]));
    let users = clerk.program().arguments(&["--toolsets", "users"]).http();
    assert_refused(&users.post(&all, list), 403, "--toolsets");
}

#[test]
fn what_a_request_does_not_want_it_cannot_call() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let ada = clerk.user("ada@acme.example");
    let lock = json!({ "user_id": ada });
    for headers in [
        [("x-mcp-readonly", "true")],
        [("x-mcp-mode", "read-only")],
        [("x-mcp-toolsets", "sessions")],
        [("x-mcp-tools", "clerk_list_*")],
        [("x-mcp-exclude-tools", "clerk_lock_user")],
    ] {
        let failure = call(&server, &headers, "clerk_lock_user", &lock).failure();
        assert_eq!(failure["code"], "denied", "{failure}");
        clerk.assert_nothing_sent();
    }
    call(&server, &[], "clerk_lock_user", &lock).output();
}

#[test]
fn a_request_that_wants_more_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--toolsets", "users", "--exclude-tools", "clerk_delete_*"]).http();
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    assert_refused(&server.post(&[("x-mcp-mode", "full")], list), 403, "--mode");
    assert_refused(&server.post(&[("x-mcp-toolsets", "users,organizations")], list), 403, "organizations");
    // Patterns only ever take away: what the operator has excluded does not come back.
    assert_refused(&server.post(&[("x-mcp-tools", "clerk_delete_user")], list), 400, "leave no tool");
    assert!(!names(&server, &[("x-mcp-tools", "clerk_*_user")]).contains(&"clerk_delete_user".to_owned()));
    let read_only = clerk.program().arguments(&["--read-only"]).http();
    for mode in ["standard", "full"] {
        assert_refused(&read_only.post(&[("x-mcp-mode", mode)], list), 403, "--mode");
    }
    assert_eq!(names(&read_only, &[("x-mcp-readonly", "false")]), names(&read_only, &[]));
}

#[test]
fn a_request_whose_wishes_mean_nothing_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for (name, value, part) in [
        ("x-mcp-mode", "everything", "read-only, standard or full"),
        ("x-mcp-readonly", "perhaps", "true or false"),
        ("x-mcp-toolsets", "nothing_of_this_name", "there is no toolset"),
        ("x-mcp-toolsets", ", ,", "names nothing"),
        ("x-mcp-tools", "no_such_*", "matches no tool"),
        ("x-mcp-exclude-tools", "no_such_tool", "matches no tool"),
        ("x-mcp-exclude-tools", "*", "leave no tool"),
    ] {
        assert_refused(&server.post(&[(name, value)], list), 400, part);
    }
    let answer = server.send(Method::POST, "/mcp", &[("x-mcp-mode", "full\u{e9}")], list);
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[test]
fn a_header_that_there_is_not_is_refused_with_those_that_there_are() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for name in [
        "x-mcp-read-only",
        "X-MCP-Private-Metadata",
        "x-mcp-confirm",
        "x-mcp-toolset",
        "x-mcp-",
        "x_mcp_readonly",
        "X-Mcp_Mode",
        "x-mcp-features",
    ] {
        assert_refused(&server.post(&[(name, "true")], list), 400, "x-mcp-mode, x-mcp-readonly, x-mcp-toolsets");
        let both = server.post(&[("x-mcp-readonly", "true"), (name, "hide")], list);
        assert_refused(&both, 400, &name.to_ascii_lowercase());
    }
    clerk.assert_nothing_sent();
    assert_eq!(names(&server, &[("x-mcpx", "1"), ("mcp-x", "1")]), names(&server, &[]));
}

#[test]
fn what_differs_by_request_is_not_for_others_to_keep() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let scope = |headers: &[(&str, &str)]| {
        let meta = json!({ "_meta": { "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {} } });
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": meta });
        let version = [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/list")];
        server.post(&[&version, headers].concat(), &request.to_string()).json()["result"]["cacheScope"].clone()
    };
    assert_eq!((scope(&[]), scope(&[("x-mcp-readonly", "true")])), (json!("public"), json!("private")));
}
