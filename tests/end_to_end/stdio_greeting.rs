//! What a client says first over standard input, in either era of the protocol, and what it may say before that.

use serde_json::{Value, json};

use crate::harness::examples::count_listed;
use crate::harness::{Answer, Client};
use crate::stdio_input::Guarded;

fn hello(version: impl Into<Value>) -> Value {
    let client = json!({ "name": "tests", "version": "1" });
    let parameters = json!({ "protocolVersion": version.into(), "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": parameters })
}

/// A request as the version 2026-07-28 has it.
fn modern(method: &str) -> Value {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": "modern", "method": method, "params": { "_meta": meta } })
}

fn count_of_tools(answer: &Answer) -> Option<usize> {
    answer.result()["tools"].as_array().map(Vec::len)
}

#[test]
fn a_request_before_the_greeting_is_told_what_to_send_first() {
    let guarded = Guarded::new();
    for method in ["tools/list", "resources/list"] {
        let line = json!({ "jsonrpc": "2.0", "id": "early", "method": method }).to_string();
        guarded.assert_refused(&line, "early", -32602, "initialize a session first");
        guarded.assert_refused(&line, "early", -32602, "`_meta` of each request");
    }
    let parameters = json!({ "name": "clerk_list_users", "arguments": {} });
    let call = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": parameters });
    guarded.assert_refused(call.to_string(), 7, -32602, "initialize a session first");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":7,"method":"tea"}"#, 7, -32601, "no method tea");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":7,"method":"server/discover"}"#, 7, -32602, "server/discover");
    guarded.session.exchange(hello("2025-06-18")).result();
    assert_eq!(count_of_tools(&guarded.session.request("tools/list", json!({}))), Some(count_listed()));
}

#[test]
fn a_greeting_that_makes_no_sense_can_be_repeated() {
    let guarded = Guarded::new();
    guarded.assert_refused(hello(20_250_618).to_string(), "hello", -32602, "the parameters of initialize");
    guarded.assert_refused(
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#,
        1,
        -32602,
        "the parameters of initialize",
    );
    guarded.assert_refused(
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string(),
        1,
        -32602,
        "first",
    );
    for version in ["2025-06-18", "2024-11-05"] {
        assert_eq!(guarded.session.exchange(hello(version)).result()["protocolVersion"], version);
        assert_eq!(count_of_tools(&guarded.session.request("tools/list", json!({}))), Some(count_listed()));
    }
}

/// The handshake ended with 2025-11-25, so whoever asks for a later version by it gets that one.
#[test]
fn a_greeting_of_a_version_without_greetings_starts_an_older_session() {
    for version in ["2026-07-28", "2099-01-01", "tomorrow"] {
        let guarded = Guarded::new();
        assert_eq!(guarded.session.exchange(hello(version)).result()["protocolVersion"], "2025-11-25");
        let answer = guarded.session.request("tools/list", json!({}));
        assert_eq!((count_of_tools(&answer), &answer.result()["resultType"]), (Some(count_listed()), &Value::Null));
        guarded.session.request("ping", json!({})).result();
    }
}

#[test]
fn both_eras_are_spoken_in_one_process() {
    let guarded = Guarded::new();
    let is_modern = |answer: Value| answer["result"]["resultType"] == "complete";
    let exchange = |request: &Value| guarded.session.exchange(request.clone());
    let legacy = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/list" });
    assert!(is_modern(exchange(&modern("server/discover")).0));
    assert!(is_modern(exchange(&modern("tools/list")).0));
    guarded.assert_refused(legacy.to_string(), 7, -32602, "initialize a session first");
    exchange(&hello("2025-06-18")).result();
    let answer = exchange(&legacy);
    assert_eq!((count_of_tools(&answer), is_modern(answer.0)), (Some(count_listed()), false));
    assert!(is_modern(exchange(&modern("tools/list")).0));
    assert!(is_modern(exchange(&modern("server/discover")).0));
    assert_eq!(exchange(&modern("ping")).error().0, -32601);
}
