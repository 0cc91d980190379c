//! The MCP endpoint: reads the message, finds a place for it, and has rmcp serve it with or without a session.

use std::convert::Infallible;
use std::sync::Arc;

use super::message::Message;
use super::refusal::{self, Asked, PROTOCOL_VERSION, Refusal};
use super::sessions::{Place, SESSION};
use super::tied::Tied;
use super::{Settings, Shared, body, message};
use crate::server::{MOST_SUBSCRIPTIONS, OnlyJson, Server, Sessionless};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, Response};
use http_body_util::Full;
use http_body_util::combinators::BoxBody;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::OwnedSemaphorePermit;

/// A place among the requests in flight, for as long as anybody holds on to it.
type Permit = Arc<OwnedSemaphorePermit>;

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
        let message = Message::read(body);
        if message.as_ref().is_some_and(|message| message.subscriptions() > MOST_SUBSCRIPTIONS) {
            return Err(Refusal::too_many_subscriptions());
        }
        if message.as_ref().is_some_and(Message::subscribes) && request.extensions.get::<OnlyJson>().is_some() {
            return Err(Refusal::no_stream_accepted());
        }
        let lasts = request.method == Method::GET || message.as_ref().is_some_and(Message::subscribes);
        let permit = if lasts { Some(self.admit_stream()?) } else { self.admit(&request, message.as_ref())? };
        // A call in a session goes on when its client hangs up, and so does its request.
        request.extensions.insert(permit.clone());
        let place = self.shared.sessions.place(&request, message.as_ref()).await?;
        if place == Place::InSession && message.as_ref().is_some_and(|message| !message.asks_nothing()) {
            request.extensions.insert(self.shared.sessions.expect_answer(&request, message::id(body))?);
        }
        let asked = Asked::by(&request.headers);
        let response = self.serve(place, request, body).await;
        if is_in_words(&response) {
            return Ok(refusal::in_json(response, &asked, body).await);
        }
        let stopping = &self.shared.stopping;
        Ok(response.map(|body| {
            if lasts { Body::new(Tied::to_end(stopping, permit, body)) } else { Body::new(Tied::to(permit, body)) }
        }))
    }

    /// A place among the requests in flight. What asks nothing needs none: it may be the answer that a call waits for.
    fn admit(&self, request: &Parts, message: Option<&Message<'_>>) -> Result<Option<Permit>, Refusal> {
        if request.method != Method::POST || message.is_some_and(Message::asks_nothing) {
            return Ok(None);
        }
        let permit = Arc::clone(&self.shared.in_flight).try_acquire_owned();
        permit
            .map(|permit| Some(Arc::new(permit)))
            .map_err(|_| Refusal::too_many_in_flight(self.shared.settings.limits.max_in_flight))
    }

    fn admit_stream(&self) -> Result<Permit, Refusal> {
        let permit = Arc::clone(&self.shared.streams).try_acquire_owned();
        permit.map(Arc::new).map_err(|_| Refusal::too_many_streams(self.shared.settings.limits.most_streams()))
    }

    async fn serve(&self, place: Place, mut request: Parts, body: &Bytes) -> Response<BoxBody<Bytes, Infallible>> {
        let rmcp_request = |parts| http::Request::from_parts(parts, Full::new(body.clone()));
        if place == Place::Stateless {
            request.extensions.insert(Sessionless);
            return self.stateless.handle(rmcp_request(request)).await;
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
        match body::read(body, limits.max_body_bytes as usize, limits.client_timeout).await {
            Ok(body) => body,
            Err(refusal) => return refusal.answer(None),
        }
    } else {
        Bytes::new()
    };
    let answer = endpoint.answer(parts, &body).await;
    answer.unwrap_or_else(|refusal| refusal.answer(message::id(&body).as_ref()))
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
