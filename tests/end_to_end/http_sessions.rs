//! Sessions over HTTP: who gets one, who may use it, how it ends; and that nobody needs one.

use std::thread::sleep;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::harness::canary::{KEY, KEY_OF_A_CALLER};
use crate::harness::http::HttpAnswer;
use crate::harness::patience::wait_until;
use crate::harness::{Clerk, HttpServer, Program, Reply, Upstream, Wire};

const SESSION: &str = "mcp-session-id";
const LIST: &str = r#"{"jsonrpc":"2.0","id":7,"method":"tools/list"}"#;

fn hello(capabilities: &Value) -> String {
    let client = json!({ "name": "tests", "version": "1" });
    let parameters = json!({ "protocolVersion": "2025-06-18", "capabilities": capabilities, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters }).to_string()
}

/// The id of a session that a client gets with these capabilities and headers, if it gets one.
fn offered(server: &HttpServer, headers: &[(&str, &str)], capabilities: &Value) -> Option<String> {
    let answer = server.post(headers, &hello(capabilities));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.contains(r#""protocolVersion":"2025-06-18""#), "{answer:?}");
    answer.headers.get(SESSION).map(|id| id.to_str().expect("an id is text").to_owned())
}

/// Starts a session as a client does that can be asked.
fn start(server: &HttpServer, headers: &[(&str, &str)]) -> String {
    let id = offered(server, headers, &json!({ "elicitation": {} })).expect("a session");
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(in_session(server, headers, &id, initialized).status, 202);
    id
}

fn in_session(server: &HttpServer, headers: &[(&str, &str)], id: &str, body: &str) -> HttpAnswer {
    server.post(&[headers, &[(SESSION, id)]].concat(), body)
}

/// Whether an answer came from a session, which answers in events.
fn is_from_session(answer: &HttpAnswer) -> bool {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.contains("clerk_list_users"), "{answer:?}");
    answer.headers["content-type"] == "text/event-stream"
}

fn end(server: &HttpServer, id: &str) -> HttpAnswer {
    server.send(Method::DELETE, "/mcp", &[(SESSION, id)], "")
}

fn assert_not_found(answer: &HttpAnswer) {
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (404, &json!(-32001)), "{answer:?}");
    assert!(answer.body.contains("start a new one with initialize"), "{answer:?}");
}

#[test]
fn only_a_client_that_can_be_asked_gets_a_session() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for capabilities in [json!({}), json!({ "sampling": {}, "roots": {} }), json!({ "elicitation": null })] {
        assert_eq!(offered(&server, &[], &capabilities), None, "{capabilities}");
    }
    for capabilities in [json!({ "elicitation": {} }), json!({ "elicitation": { "form": {} } })] {
        assert!(offered(&server, &[], &capabilities).is_some(), "{capabilities}");
    }
}

#[test]
fn a_session_serves_calls_until_its_client_ends_it() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let id = start(&server, &[]);
    for _ in 0..8 {
        assert!(is_from_session(&in_session(&server, &[], &id, LIST)));
    }
    assert!(!is_from_session(&server.post(&[], LIST)));
    let ended = end(&server, &id);
    assert_eq!((ended.status, ended.body.as_str(), ended.headers.get("content-type")), (204, "", None));
    assert_not_found(&in_session(&server, &[], &id, LIST));
    assert_not_found(&end(&server, &id));
    assert!(start(&server, &[]) != id);
}

#[test]
fn a_session_has_a_stream_that_ends_with_it() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let id = start(&server, &[]);
    let get = format!("GET /mcp HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n{SESSION}: {id}\r\n\r\n");
    let mut stream = Wire::to(&server).send(&get);
    let head = stream.answered();
    assert_eq!((head.status, head.headers["content-type"].as_bytes()), (200, &b"text/event-stream"[..]));
    assert_eq!(end(&server, &id).status, 204);
    assert_eq!(stream.event(), None);
    assert_eq!(Wire::to(&server).send(get).answer().status, 404);
}

#[test]
fn a_session_of_another_replica_is_not_found() {
    let clerk = Clerk::sample();
    let (one, other) = (clerk.server(), clerk.server());
    let id = start(&one, &[]);
    assert_not_found(&in_session(&other, &[], &id, LIST));
    assert_not_found(&end(&other, &id));
    assert_not_found(&in_session(&other, &[], "made-up", LIST));
    assert!(is_from_session(&in_session(&one, &[], &id, LIST)));
}

#[test]
fn subscriptions_are_promised_only_within_a_session() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let promised = |capabilities: &Value| {
        let answer = server.post(&[], &hello(capabilities));
        answer.body.contains(r#""subscribe":true"#)
    };
    assert!(promised(&json!({ "elicitation": {} })));
    assert!(!promised(&json!({})));
    let newer = hello(&json!({})).replace("2025-06-18", "2026-07-28");
    assert!(!server.post(&[], &newer).body.contains(r#""subscribe":true"#), "an older version was agreed on");
    let subscribe =
        r#"{"jsonrpc":"2.0","id":7,"method":"resources/subscribe","params":{"uri":"clerk://users/user_1"}}"#;
    assert_eq!(server.post(&[], subscribe).json()["error"]["code"], -32600);
}

#[test]
fn an_id_that_waits_for_its_answer_is_not_given_twice_in_a_session() {
    let late =
        Reply::nothing().then_pause(Duration::from_secs(1)).then("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]");
    let upstream = Upstream::always(late);
    let server = upstream.server();
    let (one, other) = (start(&server, &[]), start(&server, &[]));
    let call = r#"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"clerk_list_users"}}"#;
    let mut waiting = Wire::to(&server).send(Wire::post(&[&format!("mcp-session-id: {one}")], call));
    wait_until("the call reaches the API", || upstream.count() == 1);
    let again = in_session(&server, &[], &one, &LIST.replace(":7", ":9"));
    assert_eq!((again.status, &again.json()["error"]["code"]), (400, &json!(-32600)), "{again:?}");
    assert!(is_from_session(&in_session(&server, &[], &other, &LIST.replace(":7", ":9"))), "it is another's id");
    assert_eq!(waiting.event().expect("the call is answered")["result"]["isError"], false);
    assert!(is_from_session(&in_session(&server, &[], &one, &LIST.replace(":7", ":9"))), "it has its answer now");
}

#[test]
fn nobody_else_can_use_a_session() {
    let clerk = Clerk::sample();
    let server = Program::new(&[]).variable("CLERK_API_URL", &clerk.url).http();
    let own = [("x-clerk-secret-key", KEY_OF_A_CALLER)];
    let id = start(&server, &own);
    for stranger in [&[][..], &[("x-clerk-secret-key", KEY)]] {
        assert_not_found(&in_session(&server, stranger, &id, LIST));
        let named = [stranger, &[(SESSION, &id)]].concat();
        assert_not_found(&server.send(Method::DELETE, "/mcp", &named, ""));
        let listen = [&named[..], &[("accept", "text/event-stream")]].concat();
        assert_not_found(&server.send(Method::GET, "/mcp", &listen, ""));
    }
    assert!(is_from_session(&in_session(&server, &own, &id, LIST)));
    assert!(is_from_session(&in_session(&server, &[("clerk_secret_key", KEY_OF_A_CALLER)], &id, LIST)));
}

#[test]
fn the_version_without_sessions_is_served_without_one() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let id = start(&server, &[]);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": { "elicitation": {} },
    });
    let list = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/list", "params": { "_meta": meta } });
    let headers = [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/list")];
    assert!(!is_from_session(&in_session(&server, &headers, &id, &list.to_string())));
}

#[test]
fn a_session_that_nobody_uses_ends_and_its_client_is_told_to_start_over() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_SESSION_TIMEOUT", "1").http();
    let id = start(&server, &[]);
    for _ in 0..3 {
        sleep(Duration::from_millis(500));
        assert!(is_from_session(&in_session(&server, &[], &id, LIST)));
    }
    sleep(Duration::from_secs(2));
    assert_not_found(&in_session(&server, &[], &id, LIST));
    assert_not_found(&in_session(&server, &[], &id, &delete_sandbox(&clerk)));
}

/// A call that asks first.
fn delete_sandbox(clerk: &Clerk) -> String {
    let arguments = json!({ "organization_id": clerk.organization("sandbox") });
    let parameters = json!({ "name": "clerk_delete_organization", "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": parameters }).to_string()
}

/// Asserts that a client that can be asked is served, and gets no token for what it cannot be asked.
fn assert_asked_for_nothing(clerk: &Clerk, server: &HttpServer, headers: &[(&str, &str)]) {
    let id = offered(server, headers, &json!({ "elicitation": {} })).expect("something that tells it from others");
    let called = |body: &str| in_session(server, headers, &id, body);
    assert!(!is_from_session(&called(LIST)));
    let answer = called(&delete_sandbox(clerk));
    assert!(!answer.body.contains("confirmation_token"), "{answer:?}");
    assert!(answer.body.contains("cannot_confirm"), "{answer:?}");
}

#[test]
fn who_comes_when_all_sessions_are_taken_is_served_and_asked_for_no_token() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_SESSIONS", "2").http();
    let taken = [start(&server, &[]), start(&server, &[])];
    assert_asked_for_nothing(&clerk, &server, &[]);
    assert_eq!(end(&server, &taken[0]).status, 204);
    wait_until("a place is free", || is_from_session(&in_session(&server, &[], &start(&server, &[]), LIST)));
    let server = clerk.program().variable("CLERK_MCP_MAX_SESSIONS", "0").http();
    assert_asked_for_nothing(&clerk, &server, &[]);
    // Who says that it cannot be asked gets tokens, here as everywhere.
    assert!(server.post(&[], &delete_sandbox(&clerk)).body.contains("confirmation_token"));
}

#[test]
fn a_foreign_page_gets_no_session() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_SESSIONS", "1").http();
    for header in [("origin", "http://evil.example"), ("host", "evil.example")] {
        let answer = server.post(&[header], &hello(&json!({ "elicitation": {} })));
        assert_eq!((answer.status, answer.headers.get(SESSION)), (403, None), "{answer:?}");
    }
    let id = start(&server, &[]);
    assert_eq!(in_session(&server, &[("origin", "http://evil.example")], &id, LIST).status, 403);
}
