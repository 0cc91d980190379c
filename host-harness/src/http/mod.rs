//! MCP over Streamable HTTP, and the health of it: what is served where, and in which order a request is looked at.

#[path = "../../../adapters/mcp-http/src/accept.rs"]
mod accept;
#[path = "../../../adapters/mcp-http/src/address.rs"]
mod address;
mod addressing;
mod body;
mod connections;
mod endpoint;
mod expiry;
mod given;
mod idle;
mod key;
mod message;
mod narrow;
mod negotiation;
mod refusal;
mod sessions;
mod threads;
mod tied;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::State;
use axum::routing::{any, get};
use axum::{Json, Router, middleware};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::auth::{self, Access, Door};
use crate::cli::Limits;
use crate::health::Health;
use crate::room::{self, Room};
use crate::server::{Mode, Server};

use self::endpoint::Endpoint;
use self::idle::IdleConnections;
use self::sessions::Sessions;

pub(crate) use self::threads::serve;

/// How HTTP is served.
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    /// Names by which clients may call this server besides loopback's, for the `Host` check.
    pub(crate) allowed_hosts: Vec<String>,
    /// Web pages that may call this server.
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) access: Access,
    pub(crate) limits: Limits,
    /// How long a call may take.
    pub(crate) call_timeout: Duration,
}

/// What the threads of one process have in common.
#[derive(Clone)]
struct Shared {
    settings: Arc<Settings>,
    /// One permit for each connection that may be open.
    connections: Arc<Semaphore>,
    idle: IdleConnections,
    /// One permit for each request that may be served at once.
    in_flight: Arc<Semaphore>,
    /// One permit for each stream that may be open: no more than leaves half of the connections to others.
    streams: Arc<Semaphore>,
    /// Memory for messages that are parsed and served.
    for_messages: Room,
    /// Memory for bodies that have not arrived whole.
    for_bodies: Room,
    sessions: Arc<Sessions>,
    health: Arc<Health>,
    /// Cancelled when the server is to stop.
    stopping: CancellationToken,
}

impl Shared {
    fn new(settings: Settings, health: Health, mode: &Mode) -> Self {
        let limits = &settings.limits;
        let (stopping, is_hosted) = (CancellationToken::new(), matches!(mode, Mode::Hosted(_)));
        let sessions = Sessions::new(limits.max_sessions as usize, limits.session_timeout, is_hosted, &stopping);
        Self {
            connections: Arc::new(Semaphore::new(limits.max_connections as usize)),
            idle: IdleConnections::default(),
            in_flight: Arc::new(Semaphore::new(limits.max_in_flight as usize)),
            streams: Arc::new(Semaphore::new(limits.most_streams())),
            for_messages: Room::new(room::FOR_MESSAGES),
            for_bodies: Room::new(room::FOR_BODIES),
            sessions: Arc::new(sessions),
            health: Arc::new(health),
            stopping,
            settings: Arc::new(settings),
        }
    }
}

/// Binds the address.
pub(crate) async fn bind(settings: &Settings, mode: &Mode) -> anyhow::Result<TcpListener> {
    let is_open = !settings.listen.ip().is_loopback() && matches!(settings.access, Access::Anyone);
    if is_open && matches!(mode, Mode::Hosted(_)) {
        anyhow::bail!(
            "{} is reachable from other machines, and anyone there could use your secret key: set \
             CLERK_MCP_AUTH_TOKEN or CLERK_MCP_OAUTH_ISSUER, or listen on 127.0.0.1",
            settings.listen
        );
    }
    TcpListener::bind(settings.listen).await.with_context(|| format!("cannot listen on {}", settings.listen))
}

/// The origins of pages that this server itself would serve, if it listens on loopback: their names mean this machine
/// whatever page asks.
pub(crate) fn own_origins(address: SocketAddr) -> Vec<String> {
    if !address.ip().is_loopback() {
        return Vec::new();
    }
    ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{}", address.port())).into()
}

/// What one thread serves. Who may call is looked at first, so that a stranger takes no place of a caller.
fn router(shared: &Shared, server: &Server) -> Router {
    let settings = &shared.settings;
    let door = Door { access: settings.access.clone(), server: server.clone() };
    let mcp = Router::new()
        .route("/mcp", any(endpoint::serve))
        // Some clients add the slash, and follow no redirect.
        .route("/mcp/", any(endpoint::serve))
        .with_state(Arc::new(Endpoint::new(shared, server)))
        .layer(middleware::from_fn(expiry::end_with_token))
        .layer(middleware::from_fn(negotiation::negotiate))
        .layer(middleware::from_fn_with_state(server.clone(), narrow::narrow))
        .layer(middleware::from_fn_with_state(server.clone(), key::take))
        .layer(middleware::from_fn_with_state(door.clone(), auth::authorize));
    let reports = Router::new().route("/health", get(report)).route("/api/health", get(report));
    let metrics = server.telemetry().metrics_route();
    let metrics = metrics.layer(middleware::from_fn_with_state(door, auth::authorize));
    let reports = reports.with_state(Arc::clone(&shared.health)).merge(metrics);
    let reports = reports.layer(middleware::from_fn_with_state(Arc::clone(settings), addressing::demand_own_address));
    let metadata = settings.access.metadata();
    let metadata = metadata.layer(middleware::from_fn_with_state(Arc::clone(settings), addressing::demand_own_host));
    let all = mcp.merge(reports).merge(metadata).layer(middleware::from_fn(addressing::demand_one_address));
    server.telemetry().count_responses(all)
}

async fn report(State(health): State<Arc<Health>>) -> Json<Value> {
    Json(health.report().await)
}
