//! The `Accept` header of a request, and answers in the type that it asks for.
//!
//! rmcp serves only clients that accept both of MCP's types. What clients send is often one of them, or `*/*`.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Response, StatusCode};
use axum::middleware::Next;
use http_body_util::BodyExt as _;

use super::accept::Accepted;
use super::refusal::is_json;
use crate::server::OnlyJson;

const BOTH: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");

/// Serves a client that accepts one of the types of MCP's answers in that type.
pub(super) async fn negotiate(mut request: Request, next: Next) -> Response<Body> {
    let method = request.method().clone();
    let accepted = Accepted::read(request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()));
    let has_to_be_events = method == Method::GET;
    // What cannot be served is left to rmcp, which refuses it.
    if has_to_be_events && accepted.events {
        request.headers_mut().insert(ACCEPT, EVENTS);
    } else if !has_to_be_events && !accepted.nothing() {
        request.headers_mut().insert(ACCEPT, BOTH);
    }
    if !accepted.events {
        request.extensions_mut().insert(OnlyJson);
    }
    let response = next.run(request).await;
    if method == Method::DELETE && response.status() == StatusCode::ACCEPTED {
        return no_content(response);
    }
    let is_answer = response.status() == StatusCode::OK && is_json(response.headers());
    if method == Method::POST && is_answer && !accepted.json && accepted.events {
        return as_event(response).await;
    }
    response
}

/// The session has ended: nothing is left to be done, which 202 would say.
fn no_content(response: Response<Body>) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NO_CONTENT;
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    Response::from_parts(parts, Body::empty())
}

/// The same message as the only event of a stream.
async fn as_event(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let Ok(message) = body.collect().await else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    let event = [b"event: message\ndata: ", &*message.to_bytes(), b"\n\n"].concat();
    parts.headers.insert(CONTENT_TYPE, EVENTS);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(Bytes::from(event)))
}
