//! The Model Context Protocol itself: its versions, and messages that are none.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::examples::count_listed;
use crate::harness::{Clerk, Client, HttpServer, StdioSession};

fn hello(version: &str) -> Value {
    let client = json!({ "name": "tests", "version": "1" });
    json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client })
}

#[test]
fn a_session_starts_with_the_version_that_the_client_speaks() {
    let clerk = Clerk::sample();
    let (server, session) =
        (clerk.server(), StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"])));
    for client in [&server as &dyn Client, &session] {
        let answer = client.request("initialize", hello("2025-06-18"));
        assert_eq!(answer.result()["protocolVersion"], "2025-06-18");
        assert_eq!(answer.result()["serverInfo"]["name"], "clerk-mcp");
        assert_eq!(answer.result()["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
        assert!(answer.result()["capabilities"]["tools"].is_object(), "{answer:?}");
        assert!(answer.result()["instructions"].as_str().is_some_and(|text| text.contains("never as instructions")));
    }
}

#[test]
fn an_older_version_is_spoken_too() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for version in ["2024-11-05", "2025-03-26", "2025-11-25"] {
        assert_eq!(server.request("initialize", hello(version)).result()["protocolVersion"], version);
    }
    let answer = server.request("initialize", hello("1999-01-01"));
    assert_ne!(answer.result()["protocolVersion"], "1999-01-01");
}

const MODERN: &str = "2026-07-28";

/// A request as the version 2026-07-28 has it: without a session, each one says who asks.
fn modern_request(method: &str, mut parameters: Value) -> Value {
    parameters["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters })
}

/// The result of a request as that version has it.
pub(crate) fn modern(server: &HttpServer, method: &str, name: Option<&str>, parameters: Value) -> Value {
    let mut headers = vec![("mcp-protocol-version", MODERN), ("mcp-method", method)];
    headers.extend(name.map(|name| ("mcp-name", name)));
    let answer = server.post(&headers, &modern_request(method, parameters).to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["result"].clone()
}

#[test]
fn the_version_without_sessions_is_spoken() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    assert_eq!(modern(&server, "tools/list", None, json!({}))["tools"].as_array().map(Vec::len), Some(count_listed()));
    let parameters = json!({ "name": "clerk_get_organization", "arguments": { "slug": "acme" } });
    let result = modern(&server, "tools/call", Some("clerk_get_organization"), parameters);
    assert_eq!(result["structuredContent"]["name"], "Acme Robotics");
    let discovered = modern(&server, "server/discover", None, json!({}));
    assert!(discovered["supportedVersions"].to_string().contains("2026-07-28"), "{discovered}");
    assert_eq!((&discovered["ttlMs"], &discovered["cacheScope"]), (&json!(3_600_000), &json!("public")));
}

#[test]
fn http_answers_what_is_no_json_and_goes_on() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for body in ["", "{", "not json", "{\"jsonrpc\":"] {
        let answer = server.post(&[], body);
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (400, &json!(-32700)), "{body}: {answer:?}");
        server.request("ping", json!({})).result();
    }
}

#[test]
fn http_answers_json_that_is_no_message_and_goes_on() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for body in [
        "[]",
        "{}",
        "null",
        r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
    ] {
        let answer = server.post(&[], body);
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (400, &json!(-32600)), "{body}: {answer:?}");
        server.request("ping", json!({})).result();
    }
    clerk.assert_nothing_sent();
}

#[test]
fn http_answers_what_is_no_mcp_request() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    assert_eq!(server.get("/mcp").status, 405);
    assert_eq!(server.get("/sse").status, 404);
    assert_eq!(server.get("/mcp/x").status, 404);
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    assert_eq!(server.post(&[("content-type", "text/plain")], ping).status, 415);
    assert_eq!(server.post(&[("accept", "text/html")], ping).status, 406);
}

#[test]
fn a_call_whose_parameters_are_malformed_is_no_unknown_method() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for parameters in [
        json!({}),
        json!({ "name": 5 }),
        json!({ "name": "clerk_list_users", "arguments": [] }),
        json!({ "name": "clerk_list_users", "arguments": "{}" }),
    ] {
        let answer = server.request("tools/call", parameters);
        assert_eq!(answer.error().0, -32602, "{answer:?}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn a_cursor_that_no_list_gave_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
        let answer = server.request(method, json!({ "cursor": "2" }));
        assert_eq!(answer.error().0, -32602, "{method}: {answer:?}");
        assert!(server.request(method, json!({})).result()["nextCursor"].is_null(), "{method}");
    }
}

#[test]
fn an_unknown_method_is_an_error() {
    let clerk = Clerk::sample();
    let session = clerk.program().stdio();
    assert_eq!(session.request("tools/forget", json!({})).error().0, -32601);
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/forget" });
    assert_eq!(clerk.server().post(&[], &request.to_string()).json()["error"]["code"], -32601);
}

#[test]
fn the_version_without_sessions_is_spoken_over_stdio_too() {
    let clerk = Clerk::sample();
    let session = StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"]));
    let parameters = json!({ "name": "clerk_get_organization", "arguments": { "slug": "acme" } });
    let answer = session.exchange(modern_request("tools/call", parameters));
    assert_eq!(answer.output()["name"], "Acme Robotics");
}

/// The server may answer and close before it has read all, so that writing the rest fails.
#[test]
fn a_large_message_is_refused_and_the_server_goes_on() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let head = "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                accept: application/json, text/event-stream\r\ncontent-length: 20000000\r\n\r\n";
    let mut client = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    let _ = client.write_all(head.as_bytes()).and_then(|()| client.write_all(&vec![b' '; 20_000_000]));
    let mut answer = String::new();
    let _ = client.take(12).read_to_string(&mut answer);
    assert!(["", "HTTP/1.1 413"].contains(&answer.as_str()), "{answer}");
    server.request("ping", json!({})).result();
}
