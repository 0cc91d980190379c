//! Scopes that a request turns out to need. Since 2026-07-28 a client gets them by a challenge (HTTP 403), where older
//! ones get a result that says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{HeaderMap, HeaderValue};
use rmcp::model::ProtocolVersion;

/// Set while a request is served, if it needs the scope for writing and its access token lacks it. It is in the extensions
/// of each request that came with an access token.
#[derive(Clone, Default)]
pub(crate) struct NeedsWriting(Arc<AtomicBool>);

impl NeedsWriting {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the headers of the newest version say that a request is for. That the message is for the same is checked behind.
pub(super) enum Purpose<'a> {
    /// Finding out what this server is, which needs no scope.
    Discovery,
    /// The call of a tool.
    Call(&'a str),
    Other,
}

impl<'a> Purpose<'a> {
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
        // Of older versions, nobody checks these headers.
        if header("mcp-protocol-version") != Some(ProtocolVersion::V_2026_07_28.as_str().as_bytes()) {
            return Self::Other;
        }
        match (header("mcp-method"), headers.get("mcp-name").and_then(|name| name.to_str().ok())) {
            (Some(b"server/discover"), _) => Self::Discovery,
            (Some(b"tools/call"), Some(tool)) => Self::Call(tool),
            _ => Self::Other,
        }
    }
}
