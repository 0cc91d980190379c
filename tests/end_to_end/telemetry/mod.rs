//! What an operator sees of the calls: the log, the metrics, the spans.

mod log;
mod metrics;
mod spans;
mod traces;

use serde_json::{Value, json};

use crate::harness::{Answer, Client};

/// A call that belongs to a client's trace.
fn call_in_trace(client: &dyn Client, traceparent: &str, tracestate: &str) -> Answer {
    let meta = json!({ "traceparent": traceparent, "tracestate": tracestate, "baggage": "user=alice" });
    client.request("tools/call", json!({ "name": "clerk_list_users", "arguments": {}, "_meta": meta }))
}

/// The calls in a log of JSON lines.
fn calls(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    lines.filter(|line: &Value| line["target"] == "clerk_mcp::call").collect()
}
