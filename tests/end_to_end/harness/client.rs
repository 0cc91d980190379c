//! What an MCP client does, whatever carries its messages.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::Answer;

static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// An id that no other request has.
pub(super) fn next_id() -> u64 {
    REQUESTS.fetch_add(1, Ordering::Relaxed)
}

/// A way to talk to a server.
pub(crate) trait Client {
    /// Sends a request and waits for its response.
    fn exchange(&self, request: Value) -> Answer;

    fn request(&self, method: &str, parameters: Value) -> Answer {
        let id = next_id();
        let answer = self.exchange(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        assert_eq!(answer.0["id"], id);
        answer
    }

    fn call(&self, tool: &str, arguments: Value) -> Answer {
        self.request("tools/call", json!({ "name": tool, "arguments": arguments }))
    }

    fn tools(&self) -> Vec<Value> {
        let answer = self.request("tools/list", json!({}));
        answer.result()["tools"].as_array().expect("a list of tools").clone()
    }

    fn tool_names(&self) -> Vec<String> {
        self.tools().iter().map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect()
    }
}
