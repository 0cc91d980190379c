//! The settings of HTTP, and what the threads of one process share.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::idle::IdleConnections;
use super::sessions::Sessions;
use crate::auth::Access;
use crate::cli::Limits;
use crate::health::Health;
use crate::page::Page;
use crate::room::{self, Room};
use crate::server::{Mode, Server};

/// The settings of HTTP.
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    /// Names by which clients may call this server besides loopback's, for the `Host` check.
    pub(crate) allowed_hosts: Vec<String>,
    /// Web pages that may call this server.
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) access: Access,
    pub(crate) limits: Limits,
    /// Secrets that the API gives are written to files of this machine.
    pub(crate) keeps_secrets: bool,
    /// How long a call may take.
    pub(crate) call_timeout: Duration,
}

impl Settings {
    /// The reason for which callers may be elsewhere than on this machine, if they may.
    fn callers_elsewhere(&self, mode: &Mode) -> Option<&'static str> {
        [
            (matches!(mode, Mode::Public), "each request brings a key of its own"),
            (!self.listen.ip().is_loopback(), "this server listens beyond loopback"),
            (matches!(self.access, Access::OAuth(_)), "callers have access tokens of an issuer"),
            (!self.allowed_hosts.is_empty(), "this server has other names than this machine's (--allowed-hosts)"),
        ]
        .into_iter()
        .find_map(|(is_so, why)| is_so.then_some(why))
    }
}

/// The state that the threads of one process share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) settings: Arc<Settings>,
    /// One permit for each connection that may be open.
    pub(super) connections: Arc<Semaphore>,
    pub(super) idle: IdleConnections,
    /// One permit for each request that may be served at once.
    pub(super) in_flight: Arc<Semaphore>,
    /// One permit for each stream that may be open: no more than leaves half of the connections to others.
    pub(super) streams: Arc<Semaphore>,
    /// Memory for messages that are parsed and served.
    pub(super) for_messages: Room,
    /// Memory for bodies that have not arrived whole.
    pub(super) for_bodies: Room,
    pub(super) sessions: Arc<Sessions>,
    pub(super) health: Arc<Health>,
    /// None where it is switched off.
    pub(super) page: Option<Arc<Page>>,
    /// Cancelled when the server is to stop.
    pub(super) stopping: CancellationToken,
}

impl Shared {
    pub(super) fn new(settings: Settings, health: Health, server: &Server) -> Self {
        let limits = &settings.limits;
        let (stopping, is_hosted) = (CancellationToken::new(), matches!(server.mode(), Mode::Hosted(_)));
        let recent = server.telemetry().recent().cloned();
        let page = recent.map(|recent| Page::new(recent, server.audit_file().map(Path::to_owned)));
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
            page: page.map(Arc::new),
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
    if settings.keeps_secrets
        && let Some(why) = settings.callers_elsewhere(mode)
    {
        anyhow::bail!(
            "--secrets-dir (CLERK_SECRETS_DIR) writes to files of this machine, which callers elsewhere cannot read, and {why}: \
             leave it out"
        );
    }
    TcpListener::bind(settings.listen).await.map_err(|error| {
        anyhow::anyhow!(
            "cannot listen on {}: {error}; name another address with --listen (CLERK_MCP_LISTEN)",
            settings.listen
        )
    })
}

/// The origins of pages that this server itself would serve, if it listens on loopback: their names mean this machine
/// whatever page asks.
pub(crate) fn own_origins(address: SocketAddr) -> Vec<String> {
    if !address.ip().is_loopback() {
        return Vec::new();
    }
    ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{}", address.port())).into()
}
