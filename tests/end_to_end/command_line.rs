//! The commands: what they print, and with which status they end.

use std::net::{Ipv4Addr, TcpListener};

use serde_json::{Value, json};

use crate::harness::canary::KEY;
use crate::harness::examples::{count_listed, example};
use crate::harness::program::{listed, listed_tools};
use crate::harness::{Clerk, Client, Program, Reply, Upstream, fixtures};

const SUCCESS: i32 = 0;
const TOOL_FAILED: i32 = 1;
const NOT_STARTED: i32 = 2;

fn serving() -> Program {
    Program::new(&["http", "--listen", "127.0.0.1:0"]).variable("CLERK_SECRET_KEY", KEY)
}

#[test]
fn help_and_version_are_printed() {
    for argument in ["--help", "-h", "help"] {
        let finished = Program::new(&[argument]).run();
        assert_eq!((finished.status, finished.stderr.as_str()), (SUCCESS, ""));
        for word in ["Usage: clerk-mcp", "stdio", "http", "tools", "call", "inspect"] {
            assert!(finished.stdout.contains(word), "{argument}: {word}");
        }
    }
    assert!(Program::new(&["--help"]).run().stdout.contains("CLERK_SECRET_KEY_FILE"));
    let version = Program::new(&["--version"]).run();
    assert_eq!(
        (version.status, version.stdout.as_str()),
        (SUCCESS, concat!("clerk-mcp ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}

#[test]
fn the_calls_in_the_documentation_work() {
    let calls =
        include_str!("../../docs/api.md").lines().filter_map(|line| line.strip_prefix("clerk-mcp call --demo "));
    let mut made = 0;
    for call in calls {
        let (tool, arguments) = call.split_once(' ').expect("a tool and its arguments");
        let finished = Program::new(&["call", "--demo", tool, arguments.trim_matches('\'')]).run();
        assert_eq!(finished.status, SUCCESS, "{call}: {}{}", finished.stdout, finished.stderr);
        made += 1;
    }
    assert_eq!(made, 6);
}

#[test]
fn a_wrong_command_line_ends_with_status_2() {
    let wrong: [&[&str]; 6] =
        [&[], &["serve"], &["--nonsense"], &["stdio", "--timeout", "0"], &["stdio", "--timeout", "601"], &["call"]];
    for arguments in wrong {
        let finished = Program::new(arguments).variable("CLERK_SECRET_KEY", KEY).run();
        assert_eq!((finished.status, finished.stdout.as_str()), (NOT_STARTED, ""), "{arguments:?}");
        assert!(
            finished.stderr.contains("Usage: clerk-mcp") || finished.stderr.contains("--help"),
            "{}",
            finished.stderr
        );
    }
}

#[test]
fn the_key_cannot_be_given_on_the_command_line() {
    for argument in ["--secret-key", "--clerk-secret-key", "--key"] {
        let finished = Program::new(&["stdio", argument, "sk_test_x"]).run();
        assert_eq!(finished.status, NOT_STARTED, "{argument}");
    }
    assert!(!Program::new(&["--help"]).variable("CLERK_SECRET_KEY", KEY).run().stdout.contains("sk_test_CAN"));
}

#[test]
fn tools_prints_each_without_a_key() {
    let tools = listed_tools(&[]);
    assert_eq!((tools.len(), tools[0].name.as_str()), (count_listed(), "clerk_list_organizations"));
    for tool in &tools {
        assert_eq!(example(&tool.name).reads(), tool.danger == "read", "{}", tool.name);
    }
    let of_users = tools.iter().filter(|tool| tool.toolset == "users" && tool.danger == "read");
    let expected: Vec<&str> = of_users.map(|tool| tool.name.as_str()).collect();
    assert_eq!(listed(&["--read-only", "--toolsets", "users"]), expected);
}

#[test]
fn call_tells_success_from_failure_by_its_status() {
    let clerk = Clerk::sample();
    let call = |arguments: &[&str]| clerk.program().arguments(&["call"]).arguments(arguments).run();
    assert_eq!(call(&["clerk_list_users"]).status, SUCCESS);
    let refused = call(&["clerk_get_user", r#"{"user_id":"user_1"}"#]);
    let output: Value = serde_json::from_str(&refused.stdout).expect("the output is JSON");
    assert_eq!((refused.status, &output["code"]), (TOOL_FAILED, &json!("resource_not_found")));
    let invalid = call(&["clerk_list_users", r#"{"limit":0}"#]);
    assert_eq!(invalid.status, TOOL_FAILED);
    assert!(invalid.stdout.contains("invalid_arguments"));
    // Nobody could be asked: a script does not go on as if it had been done.
    let previewed = call(&["clerk_delete_user", r#"{"email_address":"ada@acme.example"}"#]);
    assert_eq!(previewed.status, TOOL_FAILED, "{}", previewed.stdout);
    assert!(previewed.stdout.contains("confirmation_token"), "{}", previewed.stdout);
}

#[test]
fn call_shows_what_it_would_do_and_how_to_agree() {
    let clerk = Clerk::sample();
    let arguments = json!({ "organization_id": clerk.organization("sandbox") }).to_string();
    let call = |more: &[&str]| {
        let finished =
            clerk.program().arguments(&["call", "clerk_delete_organization", &arguments]).arguments(more).run();
        serde_json::from_str::<Value>(&finished.stdout).expect("the output is JSON")
    };
    let shown = call(&[]);
    assert_eq!(shown["preview"]["organization"]["name"], "Sandbox");
    assert!(shown["next"].as_str().is_some_and(|next| next.contains("--confirm off")), "{shown}");
    assert_eq!(shown.get("confirmation_token"), None, "no later process could take it");
    assert_eq!(call(&["--confirm", "off"])["deleted"], true);
}

#[test]
fn call_refuses_an_unknown_tool_and_arguments_that_are_no_object() {
    let clerk = Clerk::sample();
    let call = |arguments: &[&str]| clerk.program().arguments(&["call"]).arguments(arguments).run();
    let unknown = call(&["clerk_list_user"]);
    assert_eq!(unknown.refusal(), "unknown tool `clerk_list_user`; did you mean `clerk_list_users`?");
    for text in ["[]", "{", "limit=5", "\"x\""] {
        let finished = call(&["clerk_list_users", text]);
        assert!(finished.refusal().starts_with("the arguments are not a JSON object"), "{}", finished.stderr);
    }
    clerk.assert_nothing_sent();
}

#[test]
fn call_ends_with_status_1_when_the_api_is_broken() {
    let upstream = Upstream::always(Reply::new(200, &[], "<html>"));
    let finished = upstream.program().arguments(&["call", "clerk_list_users"]).run();
    assert_eq!(finished.status, TOOL_FAILED);
    assert!(finished.stdout.contains("unexpected_response"), "{}", finished.stdout);
}

#[test]
fn a_component_that_cannot_be_loaded_stops_the_start() {
    let text = fixtures::file("text_to_load.txt", b"this is no component\nat all\n");
    let cases = [
        (fixtures::file("gone.wasm", b"").with_file_name("never_written.wasm"), "No such file"),
        (text, "is not a WebAssembly component"),
        (fixtures::file("nothing.wasm", b""), "is not a WebAssembly component"),
        (fixtures::core_module(), "is not a WebAssembly component"),
        (fixtures::empty_component(), "does not export clerk:mcp"),
        (fixtures::component_that_imports_wasi_cli(), "needs more than wasi:http, wasi:io and wasi:clocks"),
    ];
    for (file, reason) in cases {
        for command in ["stdio", "http", "tools", "call"] {
            let program = Program::new(&["--component", &file.to_string_lossy(), command]);
            let program = if command == "call" { program.arguments(&["clerk_list_users"]) } else { program };
            let finished = program.variable("CLERK_SECRET_KEY", KEY).run();
            assert!(finished.refusal().contains(reason), "{}", finished.stderr);
        }
    }
}

#[test]
fn a_list_of_toolsets_that_came_out_empty_does_not_allow_everything() {
    for value in ["", " ", ",", " , "] {
        let finished = Program::new(&["tools", "--toolsets", value]).run();
        assert!(finished.refusal().contains("names no toolset"), "{}", finished.stderr);
    }
}

#[test]
fn the_component_that_is_used_is_the_one_that_is_inspected() {
    let guest = fixtures::guest().to_string_lossy();
    let finished = Program::new(&["inspect", "--component", &guest]).run();
    assert!(finished.stdout.starts_with(&*guest), "{}", finished.stdout);
}

#[test]
fn a_port_in_use_stops_the_start() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("it is bound").to_string();
    let finished = Program::new(&["http", "--listen", &address]).variable("CLERK_SECRET_KEY", KEY).run();
    assert!(finished.refusal().starts_with(&format!("cannot listen on {address}: ")), "{}", finished.stderr);
    assert!(finished.refusal().contains("name another address with --listen"), "{}", finished.stderr);
}

#[test]
fn an_api_url_that_is_none_or_is_insecure_stops_the_start() {
    let cases = [
        ("api.clerk.com", "is not a URL"),
        ("", "is not a URL"),
        ("https://", "is not a URL"),
        ("http://api.clerk.com/v1", "must begin with https://"),
        ("http://10.0.0.1/v1", "must begin with https://"),
        ("http://localhost.evil.example/v1", "must begin with https://"),
        ("http://127.0.0.1.evil.example/v1", "must begin with https://"),
        ("ftp://api.clerk.com/v1", "must begin with https://"),
        ("https://user@api.clerk.com/v1", "must not hold a user name"),
        ("https://user:CANARY7f3a@api.clerk.com/v1", "must not hold a user name"),
        ("https://api.clerk.com/v1?x=1", "must not hold"),
        ("https://api.clerk.com/v1#x", "must not hold"),
    ];
    for (url, reason) in cases {
        let finished = serving().arguments(&["--api-url", url]).run();
        assert!(finished.refusal().starts_with("CLERK_API_URL (--api-url): "), "{}", finished.stderr);
        assert!(finished.refusal().contains(reason), "{url}: {}", finished.stderr);
    }
}

#[test]
fn an_api_url_without_a_path_gets_clerks() {
    let upstream = Upstream::always(Reply::no_users());
    for end in ["", "/"] {
        let server = Program::with_api(&format!("http://{}{end}", upstream.address)).http();
        server.call("clerk_list_users", json!({})).output();
    }
    for end in ["/proxy/clerk", "/proxy/clerk/"] {
        let server = Program::with_api(&format!("http://{}{end}", upstream.address)).http();
        server.call("clerk_list_users", json!({})).output();
    }
    let lines: Vec<String> = upstream.seen().into_iter().map(|seen| seen.line).collect();
    let (clerks, proxied) = ("GET /v1/users?limit=21", "GET /proxy/clerk/users?limit=21");
    assert_eq!(lines, [clerks, clerks, proxied, proxied]);
}

#[test]
fn the_end_of_its_input_ends_stdio_with_success() {
    let clerk = Clerk::sample();
    let session = clerk.program().stdio();
    session.call("clerk_list_users", json!({})).output();
    let finished = session.close();
    assert_eq!((finished.status, finished.stderr.lines().count()), (SUCCESS, 1), "{}", finished.stderr);
    for line in finished.stdout.lines() {
        assert_eq!(serde_json::from_str::<Value>(line).expect("every line is JSON")["jsonrpc"], "2.0");
    }
}

#[test]
fn the_end_of_its_input_before_a_session_ends_stdio() {
    let finished = Clerk::sample().program().arguments(&["stdio"]).run();
    assert_eq!((finished.status, finished.stdout.as_str()), (SUCCESS, ""), "{}", finished.stderr);
}

#[test]
fn the_signal_to_terminate_ends_http_with_success() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    server.call("clerk_list_users", json!({})).output();
    assert_eq!(server.terminate().status, SUCCESS);
}

#[test]
fn the_demo_says_how_to_talk_to_it() {
    let server = Program::new(&["--demo"]).http();
    assert_eq!(server.call("clerk_list_organizations", json!({ "limit": 2 })).output()["total_count"], 8);
    let url = format!("{}/mcp", server.url);
    let said = server.terminate().stderr;
    assert!(said.contains(&format!("claude mcp add --transport http clerk {url}")), "{said}");
    assert!(said.contains(&format!(r#""url": "{url}""#)) && said.contains(&format!("curl -s {url}")), "{said}");
    assert!(!said.contains("TOKEN"), "{said}");
}

#[test]
fn the_demo_says_where_a_token_goes() {
    let token = "a-token-of-thirty-two-characters";
    let server = Program::new(&["--demo"]).variable("CLERK_MCP_AUTH_TOKEN", token).http();
    let url = format!("{}/mcp", server.url);
    let said = server.terminate().stderr;
    for part in [
        format!("clerk {url} --header \"Authorization: Bearer TOKEN\""),
        format!(r#""url": "{url}", "headers": {{"Authorization": "Bearer TOKEN"}}"#),
        format!("curl -s {url} -H 'authorization: Bearer TOKEN'"),
    ] {
        assert!(said.contains(&part), "{part}: {said}");
    }
    assert!(!said.contains(token), "{said}");
}
