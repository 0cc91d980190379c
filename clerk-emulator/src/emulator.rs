//! The emulator: its options, and the one path that every request takes.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::routing::{MethodFilter, on};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use crate::endpoint::{self, Answer, Call, Endpoint};
use crate::errors::Refusal;
use crate::gate::{Gate, RateLimit};
use crate::operations::FACTS;
use crate::query::Query;
use crate::requests::{RequestLog, SeenRequest};
use crate::state::World;
use crate::{clock, ids, routes, sample};

/// The secret key that is accepted where no other was chosen. It opens nothing at Clerk.
pub const DEMO_SECRET_KEY: &str = "sk_test_demo0000000000000000000000000000000000";

/// What the secret keys of production instances start with.
const LIVE_PREFIX: &str = "sk_live_";

/// The groups that are there without `/v1` as well, which is where Clerk's own SDK looks for them.
const UNVERSIONED: [&str; 3] = ["/api_keys", "/m2m_tokens", "/oauth_applications/access_tokens"];

const BODY_LIMIT: usize = 1024 * 1024;

type Responding = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;
type Parameters = Result<RawPathParams, RawPathParamsRejection>;

/// A stand-in for Clerk's Backend API, to be served or called as a [`Router`].
pub struct Emulator {
    world: World,
    secret_key: String,
    rate_limit: Option<RateLimit>,
    recording: bool,
    log: RequestLog,
}

impl Emulator {
    /// Eight organizations and about sixty users with memberships, invitations and sessions: the same ones, with the same ids
    /// and dates, at every start.
    ///
    /// Stable ones to name: the organization with slug `acme` and its administrator `ada@acme.example`; the banned
    /// user `mallory@mail.example`; the locked user `trent@mail.example`; the organization `papaya-studio`, which is
    /// full; the organization `sandbox`, which has no members; `frontdesk@brightwater.example`, who has twelve active
    /// sessions, where `ada@acme.example` has two.
    #[must_use]
    pub fn sample() -> Self {
        Self::with(sample::world())
    }

    /// Nothing but the roles: no users and no organizations.
    #[must_use]
    pub fn empty() -> Self {
        Self::with(World::new())
    }

    fn with(world: World) -> Self {
        let secret_key = DEMO_SECRET_KEY.to_owned();
        Self { world, secret_key, rate_limit: None, recording: false, log: RequestLog::default() }
    }

    /// The only secret key that is accepted; [`DEMO_SECRET_KEY`] by default. Others are answered with 401.
    ///
    /// With a key that starts with `sk_live_` the instance says that it is one for production.
    #[must_use]
    pub fn secret_key(mut self, secret_key: impl Into<String>) -> Self {
        self.secret_key = secret_key.into();
        self.world.is_production = self.secret_key.starts_with(LIVE_PREFIX);
        self
    }

    /// How many requests are answered in which time; no limit by default.
    #[must_use]
    pub fn rate_limit(self, rate_limit: Option<RateLimit>) -> Self {
        Self { rate_limit, ..self }
    }

    /// Switches on the record of requests, which [`Emulator::requests`] gives access to. It is off by default.
    #[must_use]
    pub fn record_requests(self) -> Self {
        Self { recording: true, ..self }
    }

    /// A handle to the record of requests, to be taken before the emulator is served.
    #[must_use]
    pub fn requests(&self) -> RequestLog {
        self.log.clone()
    }

    /// Every operation of Clerk's `OpenAPI` document: its method, and its path without `/v1` as the document writes it.
    pub fn operations() -> impl Iterator<Item = (&'static Method, &'static str)> {
        FACTS.operations.iter().map(|operation| (&operation.method, operation.path.as_str()))
    }

    /// The operations with a handler of their own; the others are answered by the table of facts.
    pub fn routes() -> impl Iterator<Item = (&'static Method, &'static str)> {
        routes::ROUTES.iter().map(|route| (&route.method, route.path))
    }

    /// Tells whether an endpoint has one answer, whatever it is asked.
    #[must_use]
    pub fn is_fixed(method: &Method, path: &str) -> bool {
        let mut routes = routes::ROUTES.iter().filter(|route| route.method == *method && route.path == path);
        routes.any(|route| matches!(route.endpoint, Endpoint::Fixed(_)))
    }

    /// The emulator as a service, with every path below `/v1`; API keys and tokens of machines are at the root as well.
    pub fn router(self) -> Router {
        let service = Arc::new(Service {
            gate: Gate::new(self.secret_key, self.rate_limit),
            world: Mutex::new(self.world),
            log: self.recording.then_some(self.log),
            count: AtomicU64::new(0),
        });
        let mut router = Router::new();
        for operation in &FACTS.operations {
            let own =
                routes::ROUTES.iter().find(|route| route.method == operation.method && route.path == operation.path);
            let endpoint = own.map_or(Endpoint::Operation(operation), |route| route.endpoint);
            let answer = || on(filter(&operation.method), handler(endpoint));
            router = router.route(&format!("/v1{}", operation.path), answer());
            if UNVERSIONED.iter().any(|start| operation.path.starts_with(start)) {
                router = router.route(&operation.path, answer());
            }
        }
        router
            .method_not_allowed_fallback(handler(Endpoint::Handler(endpoint::wrong_method)))
            .fallback(handler(Endpoint::Handler(endpoint::unknown_path)))
            .with_state(service)
    }

    /// Serves HTTP/1.1 on a listener until the future is dropped.
    ///
    /// # Errors
    ///
    /// When the listener fails for good.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        // Answers are small and written at once: waiting to fill a packet would only add latency.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        // Routes for all operations are made without holding up others.
        let router = spawn_blocking(|| self.router()).await.map_err(std::io::Error::other)?;
        axum::serve(listener, router).await
    }
}

/// What all requests share.
struct Service {
    gate: Gate,
    world: Mutex<World>,
    log: Option<RequestLog>,
    count: AtomicU64,
}

fn filter(method: &Method) -> MethodFilter {
    MethodFilter::try_from(method.clone()).expect("the tables of routes hold HTTP's own methods")
}

fn handler(
    endpoint: Endpoint,
) -> impl Fn(State<Arc<Service>>, Parameters, Request) -> Responding + Clone + Send + Sync + 'static {
    move |State(service), parameters, request| {
        Box::pin(async move { service.respond(endpoint, parameters, request).await })
    }
}

impl Service {
    async fn respond(&self, endpoint: Endpoint, parameters: Parameters, request: Request) -> Response<Body> {
        let trace_id = ids::trace_id(self.count.fetch_add(1, Ordering::Relaxed));
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| Refusal::body_too_large(BODY_LIMIT));
        if let Some(log) = &self.log {
            log.push(SeenRequest {
                method: parts.method.clone(),
                target: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
                headers: parts.headers.clone(),
                body: body.as_ref().cloned().unwrap_or_default(),
            });
        }
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let answer = self
            .gate
            .check(&parts.headers, &query)
            .and_then(|()| self.call(endpoint, parameters, query, content_type, body?));
        let mut response = match answer {
            Ok(body) => success(endpoint.status(), body),
            Err(refusal) => refusal.into_response(&trace_id),
        };
        let trace_id = HeaderValue::try_from(trace_id).expect("hexadecimal digits are a header's value");
        response.headers_mut().insert("x-clerk-trace-id", trace_id);
        response
    }

    fn call(
        &self,
        endpoint: Endpoint,
        parameters: Parameters,
        query: Query,
        content_type: String,
        body: Bytes,
    ) -> Answer {
        let parameters = parameters
            .map(|parameters| parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        let mut call = Call { parameters: parameters.unwrap_or_default(), query, content_type, body };
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.expire(clock::now());
        endpoint.answer(&mut world, &mut call)
    }
}

/// JSON, but for the one page there is.
fn success(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let content_type = match body.first() {
        None => None,
        Some(b'<') => Some("text/html"),
        Some(_) => Some("application/json"),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    if let Some(content_type) = content_type {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}
