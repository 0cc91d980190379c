//! Requests that are not served, answered as JSON-RPC errors that say why and what to do.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _};
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Bytes};
use rmcp::model::{ErrorCode, ErrorData, ProtocolVersion, RequestId};
use serde_json::json;

use super::message::{self, Fault};
use crate::room::MOST_VALUES;
use crate::server::MOST_SUBSCRIPTIONS;

/// For what JSON-RPC and MCP have no code, as the other implementations of MCP number it.
const NOT_SERVED: ErrorCode = ErrorCode(-32000);
const NO_SESSION: ErrorCode = ErrorCode(-32001);

const ALLOW_MORE: &str = "the operator allows more with --allowed-hosts and --allowed-origins";

/// In rmcp's words a client has to accept both.
const NOT_ACCEPTED: &str = "the header Accept admits neither application/json nor text/event-stream, and a GET is answered with \
                            the latter only";

pub(super) const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// Why a request is not served.
pub(super) struct Refusal {
    status: StatusCode,
    error: ErrorData,
    header: Option<(HeaderName, &'static str)>,
}

impl Refusal {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, error: ErrorData::new(code, message.into(), None), header: None }
    }

    fn with_header(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    pub(super) fn too_large(most: usize) -> Self {
        let message = format!("the body is larger than the {most} bytes that this server reads (--max-body-bytes)");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, NOT_SERVED, message)
    }

    /// The message has more values than any tool takes.
    pub(super) fn too_many_values() -> Self {
        let message = format!("the message has more than the {MOST_VALUES} values that this server reads");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, NOT_SERVED, message)
    }

    /// Other messages take the memory that this server gives to all.
    pub(super) fn no_room() -> Self {
        let message = "this server is busy with as many large messages as it takes at once; try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, NOT_SERVED, message).with_header(RETRY_AFTER, "1")
    }

    /// Whether the client may still be sending what is refused.
    pub(super) fn leaves_a_rest(&self) -> bool {
        matches!(self.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::SERVICE_UNAVAILABLE)
    }

    /// The body is no message, or not one that everybody would read alike.
    pub(super) fn fault((code, message): Fault) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn too_slow(within: Duration) -> Self {
        let message = format!("the body did not arrive within {} s", within.as_secs());
        Self::new(StatusCode::REQUEST_TIMEOUT, NOT_SERVED, message).with_header(CONNECTION, "close")
    }

    pub(super) fn broken_off() -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::PARSE_ERROR, "the body broke off")
            .with_header(CONNECTION, "close")
    }

    pub(super) fn too_many_in_flight(most: u32) -> Self {
        let message = format!("this server is serving {most} requests, which is all that it serves at once; try again");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, NOT_SERVED, message).with_header(RETRY_AFTER, "1")
    }

    pub(super) fn too_many_streams(most: usize) -> Self {
        let message = format!("this server has {most} streams open, which is all that it keeps; end one, or try again");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, NOT_SERVED, message).with_header(RETRY_AFTER, "1")
    }

    pub(super) fn too_many_subscriptions() -> Self {
        let message = format!("one stream may subscribe to at most {MOST_SUBSCRIPTIONS} resources");
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::INVALID_PARAMS, message)
    }

    pub(super) fn id_in_use() -> Self {
        let message = "a request with this `id` has no answer yet: give each request an `id` of its own";
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::INVALID_REQUEST, message)
    }

    pub(super) fn repeated_header(name: &HeaderName) -> Self {
        let message = format!("the header {name} came more than once, and not everybody would read the same one");
        Self::new(StatusCode::BAD_REQUEST, NOT_SERVED, message)
    }

    /// It cannot be said whom the request is addressed to.
    pub(super) fn malformed_address(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, NOT_SERVED, message)
    }

    /// The header names something else than this server.
    pub(super) fn foreign(header: &str) -> Self {
        let message = format!("the {header} of the request is not this server's; {ALLOW_MORE}");
        Self::new(StatusCode::FORBIDDEN, NOT_SERVED, message)
    }

    /// A stream cannot be sent as JSON.
    pub(super) fn no_stream_accepted() -> Self {
        let message = "a subscription is answered with text/event-stream, which the header Accept leaves out";
        Self::new(StatusCode::NOT_ACCEPTABLE, NOT_SERVED, message)
    }

    /// The request wants more than the operator allows, or something that is not there.
    pub(super) fn policy(status: StatusCode, message: String) -> Self {
        Self::new(status, NOT_SERVED, message)
    }

    pub(super) fn no_session() -> Self {
        let message = "there is no such session, or it is somebody else's; start a new one with initialize";
        Self::new(StatusCode::NOT_FOUND, NO_SESSION, message)
    }

    fn no_message(body: &[u8]) -> Self {
        Self::fault(message::diagnose(body))
    }

    fn unknown_version(version: &str) -> Self {
        let supported = ProtocolVersion::KNOWN_VERSIONS;
        let mut refusal = Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::UNSUPPORTED_PROTOCOL_VERSION,
            format!("MCP-Protocol-Version: this server does not speak the version {version:?} of MCP"),
        );
        refusal.error.data = Some(json!({ "supported": supported, "requested": version }));
        refusal
    }

    pub(super) fn answer(self, id: Option<&RequestId>) -> Response<Body> {
        let body = json!({ "jsonrpc": "2.0", "id": id, "error": self.error });
        (self.status, AppendHeaders(self.header), Json(body)).into_response()
    }
}

/// What of a request's headers tells why rmcp refused it.
pub(super) struct Asked {
    in_json: bool,
    unknown_version: Option<String>,
}

impl Asked {
    pub(super) fn by(headers: &HeaderMap) -> Self {
        let is_known =
            |version: &HeaderValue| ProtocolVersion::KNOWN_VERSIONS.iter().any(|one| version == one.as_str());
        let unknown = headers.get(PROTOCOL_VERSION).filter(|version| !is_known(version));
        let in_words = |version: &HeaderValue| String::from_utf8_lossy(version.as_bytes()).into_owned();
        Self { in_json: is_json(headers), unknown_version: unknown.map(in_words) }
    }
}

/// rmcp words what it refuses as plain text when it has not read the message. This says the same as JSON-RPC does.
pub(super) async fn in_json<B>(response: Response<B>, asked: &Asked, body: &[u8]) -> Response<Body>
where
    B: HttpBody<Data = Bytes>,
{
    let (parts, text) = response.into_parts();
    let text = text.collect().await.map(|text| text.to_bytes().to_vec()).unwrap_or_default();
    let refusal = explain(parts.status, &String::from_utf8_lossy(&text), asked, body);
    let mut response = refusal.answer(message::id(body).as_ref());
    // `Allow`, for example.
    response.headers_mut().extend(parts.headers.into_iter().filter(|(name, _)| name.as_ref() != Some(&CONTENT_TYPE)));
    response
}

fn explain(status: StatusCode, text: &str, asked: &Asked, body: &[u8]) -> Refusal {
    match (status, &asked.unknown_version) {
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, _) if asked.in_json => Refusal::no_message(body),
        (StatusCode::BAD_REQUEST, Some(version)) => Refusal::unknown_version(version),
        (StatusCode::NOT_FOUND, _) => Refusal::no_session(),
        (StatusCode::NOT_ACCEPTABLE, _) => Refusal::new(status, NOT_SERVED, NOT_ACCEPTED),
        (StatusCode::FORBIDDEN, _) => Refusal::new(status, NOT_SERVED, format!("{text}; {ALLOW_MORE}")),
        _ if status.is_server_error() => Refusal::new(status, ErrorCode::INTERNAL_ERROR, text),
        _ => Refusal::new(status, NOT_SERVED, text),
    }
}

/// Whether a request claims to bring JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
