//! The record of the requests that arrived, for tests that prove what was sent and what was not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use serde_json::Value;

/// How many requests the record keeps; older ones are dropped.
const KEPT: usize = 1000;

/// One request as it arrived, whatever it was answered with.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    /// The method; it compares with text: `request.method == "GET"`.
    pub method: Method,
    /// The path and query exactly as sent, for example `/v1/users?limit=1`.
    pub target: String,
    /// All headers, with the secret key in `authorization` if one was sent.
    pub headers: HeaderMap,
    /// The body's bytes; empty if there was none.
    pub body: Bytes,
}

impl SeenRequest {
    /// The named header's first value, if it was sent and is text. The name ignores case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON, if it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// A handle to the record of requests. Clones share one record, which holds the last 1000 requests.
///
/// It stays empty unless [`Emulator::record_requests`](crate::Emulator::record_requests) switched recording on.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    seen: Arc<Mutex<VecDeque<SeenRequest>>>,
}

impl RequestLog {
    /// The requests seen so far, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<SeenRequest> {
        self.with(|seen| seen.iter().cloned().collect())
    }

    /// How many requests are held: at most 1000.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with(|seen| seen.len())
    }

    /// Whether no request is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what was seen so far.
    pub fn clear(&self) {
        self.with(VecDeque::clear);
    }

    pub(crate) fn push(&self, request: SeenRequest) {
        self.with(|seen| {
            if seen.len() == KEPT {
                seen.pop_front();
            }
            seen.push_back(request);
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut VecDeque<SeenRequest>) -> T) -> T {
        act(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
