//! Messages that two readers could take for two different things.

use std::time::{Duration, Instant};

use serde_json::json;

use super::SESSION;
use crate::harness::{Clerk, Client as _, Wire};

const MODERN: [&str; 2] = ["mcp-protocol-version: 2026-07-28", "mcp-method: subscriptions/listen"];

/// A subscription with more parameters.
fn listen(more: &str) -> String {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let wanted = r#"{"resourceSubscriptions":["clerk://users/user_1"]}"#;
    format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{{"_meta":{meta},"notifications":{wanted}{more}}}}}"#
    )
}

#[test]
fn a_stream_is_one_whatever_else_its_parameters_hold() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_CONNECTIONS", "4").http();
    let odd = [r#","capabilities":5"#, r#","capabilities":[{}]"#, r#","capabilities":"x","other":[null]"#];
    let mut streams = odd.map(|more| Wire::to(&server).send(Wire::post(&MODERN, &listen(more))));
    let statuses = [0, 1, 2].map(|number: usize| streams[number].answered().status);
    assert_eq!(statuses.iter().filter(|status| **status == 503).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2, "{statuses:?}");
    server.request("ping", json!({})).result();
    let start = Instant::now();
    assert_eq!(server.terminate().status, 0);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let twice = listen("").replacen(r#""id":7"#, r#""id":7,"method":"ping""#, 1);
    let other_first = listen("").replacen(r#""jsonrpc""#, r#""method":"ping","jsonrpc""#, 1);
    let wanted_twice = listen(r#","notifications":{}"#);
    let ambiguous = [
        twice.as_str(),
        &other_first,
        &wanted_twice,
        &listen("").replace(r#"{"resourceSubscriptions":["clerk://users/user_1"]}"#, "[[]]"),
        r#"{"jsonrpc":"2.0","id":7,"method":"initialize","params":[null,"2025-11-25",{"elicitation":{}},{}]}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"capabilities":[{},{},{},{}]}}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"clerk_get_user","arguments":{"user_id":"a","user_id":"b"}}}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#,
        "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}",
    ];
    for text in ambiguous {
        let answer = server.post(&[("mcp-protocol-version", "2025-11-25")], text);
        assert_eq!((answer.status, answer.headers.get(SESSION)), (400, None), "{text}: {answer:?}");
        assert!(answer.json()["error"]["code"].is_i64(), "{answer:?}");
    }
}

#[test]
fn what_is_repeated_to_a_client_has_a_largest_size() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let long = "x".repeat(600);
    for text in [
        json!({ "jsonrpc": "2.0", "id": long, "method": "ping" }),
        json!({ "jsonrpc": "2.0", "id": 7, "method": "ping", "params": { "_meta": { "progressToken": long } } }),
    ] {
        let answer = server.post(&[], &text.to_string());
        assert_eq!((answer.status, answer.body.len() < 400), (400, true), "{answer:?}");
        let session = clerk.program().stdio();
        session.write(&text.to_string());
        assert_eq!(session.read()["error"]["code"], -32602);
    }
}
