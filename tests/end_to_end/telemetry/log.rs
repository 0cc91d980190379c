//! One line for each call, which says nothing of what the call was about.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::time::Duration;

use serde_json::{Value, json};

use super::calls;
use crate::harness::answer::is_date;
use crate::harness::patience::wait_until;
use crate::harness::program::Running;
use crate::harness::{Clerk, Client, Program, Reply, Upstream, Wire, fixtures};

#[test]
fn a_call_is_one_line_of_json_with_these_fields() {
    let clerk = Clerk::sample();
    let server = clerk.program().logging_json().http();
    server.call("clerk_list_users", json!({})).output();
    let log = server.terminate().stderr;
    let [line] = &calls(&log)[..] else { panic!("not one call: {log}") };
    let fields: BTreeSet<&str> = line.as_object().expect("an object").keys().map(String::as_str).collect();
    let documented = [
        "instance",
        "level",
        "message",
        "method",
        "milliseconds",
        "status",
        "target",
        "timestamp",
        "tool",
        "trace_id",
        "upstream_requests",
    ];
    assert_eq!(fields, documented.into());
    let says = |field: &str| line[field].as_str().expect("a text");
    assert_eq!((says("level"), says("message"), says("method")), ("INFO", "call", "tools/call"));
    assert_eq!((says("tool"), says("instance"), says("status")), ("clerk_list_users", "development", "ok"));
    assert_eq!(line["upstream_requests"], 1);
    assert!(line["milliseconds"].as_f64().is_some_and(|took| took > 0.0 && took < 60_000.0), "{line}");
    assert!(is_date(&line["timestamp"]), "{line}");
}

#[test]
fn a_call_is_one_line_of_text_on_standard_input_and_output_too() {
    let clerk = Clerk::with_key("sk_live_CANARY7f3a");
    let session = clerk.program().variable("CLERK_SECRET_KEY", "sk_live_CANARY7f3a").stdio();
    session.call("clerk_get_user", json!({ "email_address": "ada@acme.example" })).output();
    let log = session.close().stderr;
    let (start, rest) =
        log.split_once("  INFO clerk_mcp::call: call method=\"tools/call\" ").expect("a line of a call");
    assert!(is_date(&Value::from(start)), "{log}");
    assert!(rest.starts_with("tool=\"clerk_get_user\" instance=\"production\" status=\"ok\" milliseconds="), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
}

/// The status that the log gives to the one call that `call` makes.
fn status(program: Program, call: impl FnOnce(&dyn Client)) -> String {
    let session = program.logging_json().stdio();
    call(&session);
    let log = session.close().stderr;
    let [line] = &calls(&log)[..] else { panic!("not one call: {log}") };
    line["status"].as_str().expect("a status").to_owned()
}

#[test]
fn the_status_tells_how_a_call_ended() {
    let clerk = Clerk::sample();
    let list = |arguments: Value| move |client: &dyn Client| drop(client.call("clerk_list_users", arguments));
    let call = |tool: &'static str| move |client: &dyn Client| drop(client.call(tool, json!({})));
    assert_eq!(status(clerk.program(), list(json!({}))), "ok");
    assert_eq!(status(clerk.program(), list(json!({ "limit": 0 }))), "invalid_arguments");
    assert_eq!(status(clerk.program(), call("clerk_forget_users")), "unknown");
    assert_eq!(status(clerk.program().arguments(&["--read-only"]), call("clerk_create_organization")), "denied");
    let refused = Upstream::always(Reply::refusal(403, "forbidden", "no"));
    assert_eq!(status(refused.program(), call("clerk_list_users")), "error");
    assert_eq!(status(clerk.program().component(fixtures::guest()), call("trap")), "failed");
    let wait = |client: &dyn Client| drop(client.call("wait", json!({ "milliseconds": 60_000 })));
    assert_eq!(status(clerk.program().component(fixtures::guest()).arguments(&["--timeout", "1"]), wait), "timeout");
}

#[test]
fn a_call_that_is_cancelled_has_its_line_with_the_requests_so_far() {
    let upstream = Upstream::always(Reply::nothing().then_hear_hang_up());
    let session = upstream.program().logging_json().stdio();
    let parameters = json!({ "name": "clerk_list_users", "arguments": {} });
    session.write(&json!({ "jsonrpc": "2.0", "id": 101, "method": "tools/call", "params": parameters }).to_string());
    wait_until("the call reaches the API", || upstream.count() == 1);
    let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 101 } });
    session.write(&cancel.to_string());
    wait_until("the request to the API is dropped", || upstream.hang_ups() == 1);
    let [line] = &calls(&session.close().stderr)[..] else { panic!("not one call") };
    assert_eq!((&line["status"], &line["upstream_requests"]), (&json!("cancelled"), &json!(1)));
}

#[test]
fn a_client_that_hangs_up_is_no_error() {
    let upstream = Upstream::always(Reply::nothing().then_hear_hang_up());
    let server = upstream.program().logging_json().http();
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"clerk_list_users"}}"#;
    let client = Wire::to(&server).send(Wire::post(&[], call));
    wait_until("the call reaches the API", || upstream.count() == 1);
    drop(client);
    wait_until("the request to the API is dropped", || upstream.hang_ups() == 1);
    let log = server.terminate().stderr;
    let [line] = &calls(&log)[..] else { panic!("not one call: {log}") };
    assert_eq!(line["status"], "cancelled");
    assert!(!log.contains(r#""level":"ERROR""#), "{log}");
}

#[test]
fn requests_that_are_repeated_are_counted() {
    let upstream = Upstream::first_then(Reply::new(503, &["retry-after: 0"], ""), Reply::no_users());
    let server = upstream.program().logging_json().http();
    server.call("clerk_list_users", json!({})).output();
    assert_eq!(calls(&server.terminate().stderr)[0]["upstream_requests"], 2);
}

#[test]
fn arguments_and_results_show_in_no_line() {
    let clerk = Clerk::sample();
    let server = clerk.program().logging_json().http();
    server.call("clerk_get_user", json!({ "email_address": "ada@acme.example" })).output();
    server.call("clerk_get_user", json!({ "secret_argument": "made up" })).failure();
    let log = server.terminate().stderr;
    assert_eq!(calls(&log).len(), 2);
    for text in ["ada@acme", "Lovelace", "secret_argument", "made up", "user_"] {
        assert!(!log.contains(text), "{text}: {log}");
    }
}

#[test]
fn a_name_that_a_client_makes_up_writes_nothing_into_the_log() {
    let clerk = Clerk::sample();
    for (name, format) in [("x\n2026-01-01 forged", "text"), ("sk_test_made_up", "text"), ("\u{1b}[2J", "json")] {
        let server = clerk.program().variable("CLERK_MCP_LOG_FORMAT", format).http();
        server.call(name, json!({})).error();
        let log = server.terminate().stderr;
        assert_eq!(log.lines().count(), 2, "where it listens, and the call: {log}");
        assert!(
            log.contains("unknown") && ["forged", "made_up", "[2J"].iter().all(|text| !log.contains(text)),
            "{log}"
        );
    }
}

#[test]
fn a_request_without_a_key_is_logged_as_denied() {
    let clerk = Clerk::sample();
    let server = Program::new(&[]).variable("CLERK_API_URL", &clerk.url).logging_json().http();
    server.call("clerk_list_users", json!({})).failure();
    let [line] = &calls(&server.terminate().stderr)[..] else { panic!("not one call") };
    assert_eq!((&line["status"], &line["instance"]), (&json!("denied"), &json!("unknown")));
}

#[test]
fn all_that_a_server_says_is_json_where_json_is_asked_for() {
    let server = Program::new(&["--demo"]).logging_json().http();
    let log = server.terminate().stderr;
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines[0]["message"].as_str().is_some_and(|text| text.starts_with("MCP at http://127.0.0.1:")), "{log}");
    let refused = Program::new(&["call", "clerk_whoami", "--log-format", "json"]).run();
    let line: Value = serde_json::from_str(&refused.stderr).expect("one line of JSON");
    assert_eq!((refused.status, &line["level"]), (2, &json!("ERROR")));
    assert!(line["message"].as_str().is_some_and(|text| text.starts_with("no secret key")), "{line}");
}

#[test]
fn the_filter_decides_what_is_logged() {
    let clerk = Clerk::sample();
    for filter in ["warn", "clerk_mcp::call=off", "error"] {
        let session = clerk.program().variable("CLERK_MCP_LOG", filter).stdio();
        session.call("clerk_list_users", json!({})).output();
        assert_eq!(session.close().stderr, "", "{filter}");
    }
    for filter in ["trace", "warn,TRACE", "clerk_mcp=5", "clerk_mcp,hyper_util"] {
        let session = clerk.program().variable("CLERK_MCP_LOG", filter).logging_json().stdio();
        session.call("clerk_list_users", json!({})).output();
        let said = session.close().stderr;
        let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert!(lines.iter().all(|line| line["level"] != "TRACE") && !lines.is_empty(), "{filter}: {said}");
    }
    let finished = Program::new(&["tools"]).variable("CLERK_MCP_LOG", "clerk_mcp=loud").run();
    assert!(finished.refusal().starts_with("CLERK_MCP_LOG is no filter such as"), "{}", finished.stderr);
}

/// Some clients open a pipe for what the server says and never read it.
#[test]
fn a_client_that_does_not_read_the_log_gets_its_answers() {
    let clerk = Clerk::sample();
    let mut process = Running(clerk.program().arguments(&["stdio"]).spawn_with_input());
    let mut input = process.0.stdin.take().expect("standard input is a pipe");
    let mut answers = BufReader::new(process.0.stdout.take().expect("standard output is a pipe")).lines();
    let call = json!({ "name": "clerk_list_users", "arguments": { "limit": 0 } });
    // A pipe takes 64 kB, some 300 lines.
    for id in 0..1000 {
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": call });
        writeln!(input, "{request}").expect("the program reads its input");
        let answer: Value =
            answers.next().and_then(Result::ok).map(|line| line.parse().expect("JSON")).expect("an answer");
        assert_eq!(answer["id"], id);
    }
    drop(input);
    let ended = std::time::Instant::now();
    assert_eq!(process.wait(), 0);
    assert!(ended.elapsed() < Duration::from_secs(5), "it waits for nobody");
}
