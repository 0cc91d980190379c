//! What the contract carries besides a simple answer: steps and rounds of a call, content of each type, and changes of
//! resources. The tools are those of a component that is made for it.

mod content;
mod elicitation;
mod input_required;
mod progress;
mod state;
mod subscriptions;

use serde_json::{Value, json};

use crate::harness::http::HttpAnswer;
use crate::harness::{HttpServer, Program, StdioSession, fixtures};

const MODERN: &str = "2026-07-28";
/// No tool of this component asks any API for anything.
const NO_API: &str = "http://127.0.0.1:9/v1";

fn program() -> Program {
    Program::with_api(NO_API).component(fixtures::conformance())
}

/// A session of 2025-11-25 whose client declares these capabilities.
fn session(capabilities: &Value) -> StdioSession {
    StdioSession::with_capabilities(program(), capabilities)
}

/// A request of a client of 2026-07-28 that declares these capabilities.
pub(crate) fn modern_request(method: &str, mut parameters: Value, capabilities: &Value) -> Value {
    parameters["_meta"]["io.modelcontextprotocol/protocolVersion"] = MODERN.into();
    parameters["_meta"]["io.modelcontextprotocol/clientInfo"] = json!({ "name": "tests", "version": "1" });
    parameters["_meta"]["io.modelcontextprotocol/clientCapabilities"] = capabilities.clone();
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters })
}

/// A call of a client of 2026-07-28 that can be asked to fill in forms.
fn modern_call(mut parameters: Value, tool: &str) -> Value {
    parameters["name"] = tool.into();
    modern_request("tools/call", parameters, &json!({ "elicitation": {} }))
}

/// The headers that repeat what a request of 2026-07-28 says.
pub(crate) fn modern_headers(request: &Value) -> Vec<(&str, &str)> {
    let mut headers = vec![("mcp-protocol-version", MODERN)];
    headers.extend(request["method"].as_str().map(|method| ("mcp-method", method)));
    headers.extend(request["params"]["name"].as_str().map(|name| ("mcp-name", name)));
    headers
}

fn post(server: &HttpServer, request: &Value) -> HttpAnswer {
    server.post(&modern_headers(request), &request.to_string())
}

/// The text that a tool answered with.
fn text(message: &Value) -> &str {
    message["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text: {message}"))
}
