//! Requests that are no MCP: each is refused as JSON-RPC with what is wrong, and the server goes on.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::harness::http::HttpAnswer;
use crate::harness::{Clerk, Client, Reply, Upstream, Wire, event_stream};

const PING: &str = r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;

/// The status of a refusal, its code and its id.
fn refusal(answer: &HttpAnswer) -> (u16, i64, Value) {
    let body = answer.json();
    assert_eq!(
        (&body["jsonrpc"], answer.headers["content-type"].as_bytes()),
        (&json!("2.0"), &b"application/json"[..])
    );
    assert!(body["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer:?}");
    (answer.status, body["error"]["code"].as_i64().expect("a code"), body["id"].clone())
}

#[test]
fn what_is_no_json_is_a_parse_error() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let junk: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let half_a_character = &br#"{"jsonrpc":"2.0","id":7,"method":"p"#[..];
    for body in [&b""[..], b"{", b"nonsense", b"\0", &junk, &[half_a_character, b"\xc3\"}"].concat()] {
        let head = Wire::head(&[&format!("content-length: {}", body.len())]);
        let mut client = Wire::to(&server).send(head).send(body);
        assert_eq!(refusal(&client.answer()), (400, -32700, Value::Null));
        assert_eq!(client.send(Wire::post(&[], PING)).answer().status, 200);
    }
}

#[test]
fn json_that_is_no_message_is_an_invalid_request_and_keeps_its_id() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for (body, id) in [
        (r#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#, json!(7)),
        (r#"{"id":"seven","method":"ping"}"#, json!("seven")),
        (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, Value::Null),
        (r#"{"jsonrpc":"2.0","id":7,"method":5}"#, json!(7)),
        (r#"{"jsonrpc":"2.0","id":7,"error":5}"#, json!(7)),
        (r#"[{"jsonrpc":"2.0","id":7,"method":"ping"}]"#, Value::Null),
        ("{}", Value::Null),
        ("null", Value::Null),
        ("5", Value::Null),
    ] {
        assert_eq!(refusal(&server.post(&[], body)), (400, -32600, id), "{body}");
    }
    server.request("ping", json!({})).result();
}

#[test]
fn an_array_of_messages_is_said_to_be_one() {
    let clerk = Clerk::sample();
    let answer = clerk.server().post(&[], &format!("[{PING}]"));
    assert!(answer.body.contains("send each JSON-RPC message by itself"), "{answer:?}");
}

#[test]
fn json_that_is_nested_without_end_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let answer = server.post(&[], &"[".repeat(10_000));
    assert_eq!(refusal(&answer), (400, -32700, Value::Null));
    let nested =
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"ping","params":{}{}}}"#, "[".repeat(9000), "]".repeat(9000));
    assert_eq!(server.post(&[], &nested).status, 400);
    server.request("ping", json!({})).result();
}

#[test]
fn an_unknown_version_is_answered_with_those_that_are_known() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for version in ["1999-01-01", "2099-01-01", ""] {
        let answer = server.post(&[("mcp-protocol-version", version)], PING);
        // From 2026-07-28 on the message has to name its version, too, and rmcp says so.
        if version != "2099-01-01" {
            assert_eq!(refusal(&answer), (400, -32022, json!(7)), "{version}");
            let data = &answer.json()["error"]["data"];
            assert_eq!(data["requested"], version);
            assert!(data["supported"].as_array().is_some_and(|known| known.contains(&json!("2025-11-25"))), "{data}");
        }
        assert_eq!(answer.status, 400);
    }
}

#[test]
fn what_http_refuses_is_json_too() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let post = |name, value| refusal(&server.post(&[(name, value)], PING));
    assert_eq!(post("content-type", "text/plain"), (415, -32000, json!(7)));
    assert_eq!(post("accept", "text/html"), (406, -32000, json!(7)));
    let unaccepted = server.post(&[("accept", "text/html")], PING).json()["error"]["message"].to_string();
    assert!(unaccepted.contains("neither application/json nor text/event-stream"), "{unaccepted}");
    assert_eq!(post("host", "evil.example"), (403, -32000, json!(7)));
    assert_eq!(post("origin", "http://evil.example"), (403, -32000, json!(7)));
    for method in [Method::GET, Method::DELETE, Method::PUT, Method::OPTIONS] {
        let answer = server.send(method, "/mcp", &[("accept", "text/event-stream")], "");
        assert_eq!(refusal(&answer), (405, -32000, Value::Null));
        assert_eq!(answer.headers["allow"], "POST");
    }
    let refused = server.post(&[("origin", "http://evil.example")], PING).body;
    assert!(refused.contains("--allowed-origins"), "{refused}");
}

#[test]
fn who_accepts_one_of_the_two_types_is_answered_in_it() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for (accept, kind) in [
        ("application/json", "application/json"),
        ("application/*;q=0.5", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("text/event-stream", "text/event-stream"),
        ("text/*", "text/event-stream"),
        ("*/*, application/json;q=0", "text/event-stream"),
    ] {
        let answer = server.post(&[("accept", accept)], PING);
        assert_eq!((answer.status, answer.headers["content-type"].as_bytes()), (200, kind.as_bytes()), "{accept}");
        let messages = event_stream::messages(&answer.body);
        let message = if kind == "text/event-stream" { messages[0].clone() } else { answer.json() };
        assert_eq!(message, json!({ "jsonrpc": "2.0", "id": 7, "result": {} }), "{accept}");
    }
    for accept in ["text/html", "application/json;q=0", "*/*;q=0.0", "json"] {
        assert_eq!(server.post(&[("accept", accept)], PING).status, 406, "{accept}");
    }
    let silent = Wire::post(&[], PING).replace("accept: application/json, text/event-stream\r\n", "");
    assert_eq!(Wire::to(&server).send(silent).answer().status, 200);
}

#[test]
fn who_accepts_json_only_gets_neither_streams_nor_a_session() {
    let upstream = Upstream::always(
        Reply::nothing().then_pause(Duration::from_secs(3)).then("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"),
    );
    let server = upstream.server();
    let only_json = [("accept", "application/json")];
    let parameters = json!({ "name": "clerk_list_users", "arguments": {}, "_meta": { "progressToken": "a" } });
    let call = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": parameters });
    assert_eq!(server.post(&only_json, &call.to_string()).json()["result"]["isError"], false);
    let hello = json!({ "jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": { "elicitation": {} },
        "clientInfo": { "name": "tests", "version": "1" } } });
    let answer = server.post(&only_json, &hello.to_string());
    assert_eq!(answer.json()["result"]["protocolVersion"], "2025-11-25");
    assert_eq!(answer.headers["mcp-session-id"], "no-questions", "{answer:?}");
}

#[test]
fn a_slash_at_the_end_of_the_path_changes_nothing() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let usual = crate::harness::http_server::USUAL;
    let answer = server.send(Method::POST, "/mcp/", &usual, PING);
    assert_eq!((answer.status, answer.json()["result"].clone()), (200, json!({})));
    let foreign = server.send(Method::POST, "/mcp/", &[usual[0], usual[1], ("host", "evil.example")], PING);
    assert_eq!(foreign.status, 403);
    let tight = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", "a token of the operator").http();
    assert_eq!(tight.send(Method::POST, "/mcp/", &usual, PING).status, 401);
    for path in ["/mcp//", "/mcp/x", "//mcp"] {
        assert_eq!(server.send(Method::POST, path, &usual, PING).status, 404, "{path}");
    }
}

#[test]
fn a_header_that_may_come_once_is_refused_when_it_comes_twice() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for header in ["content-type", "host", "origin", "mcp-session-id", "mcp-protocol-version"] {
        let (one, other) = (format!("{header}: localhost"), format!("{header}: 2025-06-18"));
        let answer = Wire::to(&server).send(Wire::post(&[&one, &other], PING)).answer();
        assert_eq!(refusal(&answer), (400, -32000, Value::Null), "{header}");
        assert!(answer.body.contains(header), "{answer:?}");
    }
    let twice = ["accept: text/html", "x-other: 1", "x-other: 2"];
    assert_eq!(Wire::to(&server).send(Wire::post(&twice, PING)).answer().status, 200);
}

#[test]
fn two_opinions_on_the_length_are_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let client = Wire::to(&server).send(Wire::post(&["content-length: 3"], PING));
    assert!(client.rest().starts_with("HTTP/1.1 400 "));
    server.request("ping", json!({})).result();
}

#[test]
fn what_is_no_http_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for junk in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..], b"\0\0\0\0\r\n\r\n", b"nonsense\r\n\r\n"] {
        let answer = Wire::to(&server).send(junk).rest();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer:?}");
    }
    server.request("ping", json!({})).result();
}

#[test]
fn several_requests_on_one_connection_are_answered_in_order() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let requests = Wire::post(&[], PING) + &Wire::post(&[], "{") + &Wire::post(&[], PING);
    let mut client = Wire::to(&server).send(requests);
    assert_eq!([(); 3].map(|()| client.answer().status), [200, 400, 200]);
}
