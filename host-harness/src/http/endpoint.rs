//! The MCP endpoint: reads the message, finds a place for it, and has rmcp serve it with or without a session.

use std::convert::Infallible;
use std::sync::Arc;

use super::message::Message;
use super::refusal::{self, Asked, PROTOCOL_VERSION, Refusal};
use super::sessions::{NO_QUESTIONS, Place, SESSION};
use super::shared::{Settings, Shared};
use super::tied::Tied;
use super::{body, message};
use crate::in_flight::InFlight;
use crate::room::Size;
use crate::server::{MOST_SUBSCRIPTIONS, OnlyJson, Server, Sessionless, Unasked, shorten};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, Response};
use http_body_util::Full;
use http_body_util::combinators::BoxBody;
use rmcp::model::{ClientJsonRpcMessage, ClientRequest};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::OwnedSemaphorePermit;

/// Headers that decide how a request is read, so that there must not be two opinions on them. `Authorization` is not
/// among them: it was looked at before, and does not come this far.
static SINGLE: [HeaderName; 7] = [
    CONTENT_TYPE,
    HOST,
    ORIGIN,
    PROTOCOL_VERSION,
    SESSION,
    HeaderName::from_static("mcp-method"),
    HeaderName::from_static("mcp-name"),
];

/// What serves MCP on one thread.
pub(super) struct Endpoint {
    shared: Shared,
    stateless: StreamableHttpService<Server, NeverSessionManager>,
    in_sessions: StreamableHttpService<Server, LocalSessionManager>,
}

impl Endpoint {
    pub(super) fn new(shared: &Shared, server: &Server) -> Self {
        let config = config(&shared.settings);
        let with_sessions = config.clone().with_legacy_session_mode(true);
        let (one, other) = (server.clone(), server.clone());
        Self {
            stateless: StreamableHttpService::new(move || Ok(one.clone()), Arc::default(), config),
            in_sessions: StreamableHttpService::new(
                move || Ok(other.for_session()),
                Arc::clone(&shared.sessions.manager),
                with_sessions,
            ),
            shared: shared.clone(),
        }
    }

    async fn answer(&self, mut request: Parts, body: &Bytes) -> Result<Response<Body>, Refusal> {
        // What does not claim to be JSON is refused by rmcp unread.
        let is_read = request.method == Method::POST && refusal::is_json(&request.headers);
        let message = if is_read { Some(read(body)?) } else { None };
        let share = message.as_ref().map_or(Ok(None), |(_, size)| self.shared.for_messages.take_for(*size));
        // For as long as the request is in work: it goes where its headers go.
        request.extensions.insert(Arc::new(share.map_err(|_| Refusal::no_room())?));
        let message = message.as_ref().map(|(message, _)| message);
        if message.is_some_and(|message| message.subscriptions() > MOST_SUBSCRIPTIONS) {
            return Err(Refusal::too_many_subscriptions());
        }
        if message.is_some_and(Message::subscribes) && request.extensions.get::<OnlyJson>().is_some() {
            return Err(Refusal::no_stream_accepted());
        }
        let lasts = request.method == Method::GET || message.is_some_and(Message::subscribes);
        let permit = if lasts { Some(self.admit_stream()?) } else { self.admit(&request, message)? };
        let place = self.shared.sessions.place(&request, message).await?;
        let ends = self.shared.sessions.ends(&request, place);
        let in_flight = Arc::new(InFlight::new(&self.shared.in_flight, permit, &ends));
        // A call in a session goes on when its client hangs up, and so does its request.
        request.extensions.insert(Arc::clone(&in_flight));
        let attended = in_flight.attended();
        if place == Place::InSession && message.is_some_and(|message| !message.asks_nothing()) {
            let id = message.and_then(Message::id).cloned();
            request.extensions.insert(self.shared.sessions.expect_answer(&request, id)?);
        }
        let introduction = message.filter(|message| message.introduces()).and_then(|_| introduction(body));
        let asked = Asked::by(&request.headers);
        let response = self.serve(place, request, introduction.as_ref().unwrap_or(body)).await;
        if is_in_words(&response) {
            return Ok(refusal::in_json(response, &asked, body).await);
        }
        if refusal::is_json(response.headers()) {
            in_flight.finish();
        }
        let (stopping, kept) = (&self.shared.stopping, (in_flight, attended));
        Ok(response.map(|body| {
            if lasts { Body::new(Tied::to_end(stopping, kept, body)) } else { Body::new(Tied::to(kept, body)) }
        }))
    }

    /// A place among the requests in flight. What asks nothing needs none: it may be the answer that a call waits for.
    fn admit(&self, request: &Parts, message: Option<&Message>) -> Result<Option<OwnedSemaphorePermit>, Refusal> {
        if request.method != Method::POST || message.is_some_and(Message::asks_nothing) {
            return Ok(None);
        }
        let permit = Arc::clone(&self.shared.in_flight).try_acquire_owned();
        permit.map(Some).map_err(|_| Refusal::too_many_in_flight(self.shared.settings.limits.max_in_flight))
    }

    fn admit_stream(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let permit = Arc::clone(&self.shared.streams).try_acquire_owned();
        permit.map_err(|_| Refusal::too_many_streams(self.shared.settings.limits.most_streams()))
    }

    async fn serve(&self, place: Place, mut request: Parts, body: &Bytes) -> Response<BoxBody<Bytes, Infallible>> {
        let rmcp_request = |parts| http::Request::from_parts(parts, Full::new(body.clone()));
        if place != Place::InSession {
            request.extensions.insert(Sessionless);
            if place == Place::Unasked {
                request.extensions.insert(Unasked);
            }
            let mut response = self.stateless.handle(rmcp_request(request)).await;
            if place == Place::Unasked && response.status().is_success() {
                response.headers_mut().insert(SESSION, NO_QUESTIONS);
            }
            return response;
        }
        let response = self.in_sessions.handle(rmcp_request(request.clone())).await;
        if response.status().is_success() {
            self.shared.sessions.record(&request, response.headers().get(SESSION)).await;
        }
        response
    }
}

/// Answers a request to the endpoint.
pub(super) async fn serve(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Some(name) = repeated(&parts.headers) {
        return Refusal::repeated_header(name).answer(None);
    }
    let limits = &endpoint.shared.settings.limits;
    let body = if parts.method == Method::POST {
        let most = limits.max_body_bytes as usize;
        let bounds = body::Bounds { most, within: limits.client_timeout, room: &endpoint.shared.for_bodies };
        match body::read(body, &bounds).await {
            Ok(body) => body,
            Err(refusal) => return refusal.answer(None),
        }
    } else {
        body::Whole::default()
    };
    let answer = endpoint.answer(parts, &body.bytes).await;
    answer.unwrap_or_else(|refusal| refusal.answer(message::id(&body.bytes).as_ref()))
}

/// The message in a body, and its size.
fn read(body: &Bytes) -> Result<(Message, Size), Refusal> {
    let size = Size::of(body);
    if size.has_too_many_values() {
        return Err(Refusal::too_many_values());
    }
    Message::read(body).map(|message| (message, size)).map_err(Refusal::fault)
}

/// The introduction of a client with what a session keeps of it; none where rmcp is to say what is wrong with it.
fn introduction(body: &Bytes) -> Option<Bytes> {
    let mut message: ClientJsonRpcMessage = serde_json::from_slice(body).ok()?;
    let ClientJsonRpcMessage::Request(request) = &mut message else { return None };
    let ClientRequest::InitializeRequest(introduction) = &mut request.request else { return None };
    shorten(&mut introduction.params);
    serde_json::to_vec(&message).ok().map(Bytes::from)
}

fn config(settings: &Settings) -> StreamableHttpServerConfig {
    let mut config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(settings.limits.max_body_bytes as usize)
        .with_allowed_origins(settings.allowed_origins.iter().cloned())
        .enforce_origin_validation();
    config.allowed_hosts.extend(settings.allowed_hosts.iter().cloned());
    config
}

/// A header of those that may come once, if it came more often.
fn repeated(headers: &HeaderMap) -> Option<&'static HeaderName> {
    if headers.len() == headers.keys_len() {
        return None;
    }
    SINGLE.iter().find(|name| headers.get_all(*name).iter().nth(1).is_some())
}

/// Whether rmcp refuses a request in words instead of JSON.
fn is_in_words<B>(response: &Response<B>) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !refusal::is_json(response.headers())
}
