//! What a request is answered with.

use serde_json::{Value, json};
use stateless_mcp::{Response, Status};
use wasip2::http::types::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};

/// What a stream takes at once.
const WRITE_BYTES: usize = 4096;

pub(crate) struct Reply {
    status: u16,
    /// Besides `Content-Type`.
    header: Option<(&'static str, &'static str)>,
    /// JSON, or an event of it; empty for none.
    body: String,
    is_event: bool,
}

impl Reply {
    /// An answer to a message, or none where it wants none.
    pub(crate) fn to_message(response: Option<Response>) -> Self {
        let Some(Response { json, status }) = response else { return Self::new(202, String::new()) };
        let status = match status {
            Status::Ok => 200,
            Status::Malformed => 400,
            Status::NoSuchMethod => 404,
        };
        Self::new(status, json)
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::new(200, body.to_string())
    }

    /// A refusal that is about the request and not about a message in it.
    pub(crate) fn refused(status: u16, message: impl Into<Value>) -> Self {
        let error = json!({ "code": -32000, "message": message.into() });
        Self::new(status, json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string())
    }

    /// A header of the request is not as it should be.
    pub(crate) fn malformed(problem: String) -> Self {
        Self::refused(400, problem)
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self { header: Some(("www-authenticate", "Bearer")), ..Self::refused(401, message) }
    }

    pub(crate) fn method_not_allowed(allowed: &'static str) -> Self {
        Self { header: Some(("allow", allowed)), ..Self::refused(405, format!("this takes {allowed} only")) }
    }

    pub(crate) fn not_found() -> Self {
        Self::refused(404, "there is nothing here: MCP is at /mcp, health at /health")
    }

    fn new(status: u16, body: String) -> Self {
        Self { status, header: None, body, is_event: false }
    }

    /// A successful answer as the only event of a stream, for a client that accepts nothing else.
    pub(crate) fn into_event(self) -> Self {
        if self.status != 200 {
            return self;
        }
        Self { body: format!("event: message\ndata: {}\n\n", self.body), is_event: true, ..self }
    }

    pub(crate) fn send(self, out: ResponseOutparam) {
        let mut headers = vec![("content-length".to_owned(), self.body.len().to_string().into_bytes())];
        if !self.body.is_empty() {
            let kind = if self.is_event { "text/event-stream" } else { "application/json" };
            headers.push(("content-type".to_owned(), kind.into()));
        }
        headers.extend(self.header.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())));
        // A host that refuses a header still gets the answer.
        let response = OutgoingResponse::new(Fields::from_list(&headers).unwrap_or_else(|_| Fields::new()));
        let _ = response.set_status_code(self.status);
        let body = response.body();
        ResponseOutparam::set(out, Ok(response));
        let Ok(body) = body else { return };
        if let Ok(stream) = body.write() {
            // A client that has gone away needs no answer.
            let _ =
                self.body.as_bytes().chunks(WRITE_BYTES).try_for_each(|chunk| stream.blocking_write_and_flush(chunk));
        }
        let _ = OutgoingBody::finish(body, None);
    }
}
