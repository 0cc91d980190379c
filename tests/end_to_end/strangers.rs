//! What strangers can take of a server: memory, places, and what it makes of odd messages.

use serde_json::{Value, json};

use crate::harness::HttpServer;

mod memory;
mod questions;
mod readings;

const SESSION: &str = "mcp-session-id";

/// The first message of a client that can be asked something.
fn hello(capabilities: &Value) -> String {
    let client = json!({ "name": "tests", "version": "1" });
    let parameters = json!({ "protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters }).to_string()
}

/// Starts a session, and gives its id.
fn session(server: &HttpServer, headers: &[(&str, &str)]) -> String {
    let answer = server.post(headers, &hello(&json!({ "elicitation": {} })));
    let id = answer.headers[SESSION].to_str().expect("an id is text").to_owned();
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(server.post(&[headers, &[(SESSION, &id)]].concat(), initialized).status, 202);
    id
}
