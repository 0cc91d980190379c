//! The connection to the API: opened before it is needed, HTTP/2 where it is offered, and what becomes of calls when it ends.

mod http2;
mod lost;
mod warm;

use serde_json::json;

use crate::harness::patience::wait_until;
use crate::harness::{Answer, Client, Program, Reply, StdioSession, Upstream};

/// An API with a page without users for each read, and something for each write.
fn api() -> Upstream {
    Upstream::new(|seen| match seen.line.split(' ').next() {
        Some("HEAD") => Reply::new(401, &[], ""),
        Some("GET") => Reply::no_users(),
        _ => Reply::json(200, &json!({ "id": "org_1" })),
    })
}

fn read(client: &dyn Client) -> Answer {
    client.call("clerk_list_users", json!({}))
}

/// A write that looks at nothing first.
fn write(client: &dyn Client) -> Answer {
    client.call("clerk_create_organization", json!({ "name": "Umbrella" }))
}

/// A session that has opened a connection in advance.
fn warm(program: Program) -> StdioSession {
    warmed(program.variable("CLERK_MCP_LOG", "clerk_mcp::egress=debug").stdio())
}

/// The same of one that logs such things already.
fn warmed(session: StdioSession) -> StdioSession {
    wait_until("a connection is open", || session.said().contains("a connection to the API is open"));
    session
}
