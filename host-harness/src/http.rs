//! MCP over Streamable HTTP, and the health of it.

use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use rmcp::model::ErrorCode;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::auth::AuthToken;
use crate::health::Health;
use crate::key::SecretKey;
use crate::server::{Mode, RequestKey, Server};

/// How HTTP is served.
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    /// Names by which clients may call this server besides loopback's, for the `Host` check.
    pub(crate) allowed_hosts: Vec<String>,
    /// Web pages that may call this server.
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) auth_token: Option<AuthToken>,
}

/// The headers that bring a key; the first is the documented one.
const KEY_HEADERS: [&str; 2] = ["x-clerk-secret-key", "clerk_secret_key"];

/// Binds the address.
pub(crate) async fn bind(settings: &Settings, mode: &Mode) -> anyhow::Result<TcpListener> {
    let is_open = !settings.listen.ip().is_loopback() && settings.auth_token.is_none();
    if is_open && matches!(mode, Mode::Hosted(_)) {
        anyhow::bail!(
            "{} is reachable from other machines, and anyone there could use your secret key: set \
             CLERK_MCP_AUTH_TOKEN, or listen on 127.0.0.1",
            settings.listen
        );
    }
    TcpListener::bind(settings.listen).await.with_context(|| format!("cannot listen on {}", settings.listen))
}

/// Serves until `stop` resolves, then lets calls in flight finish.
///
/// Each core gets a thread with a runtime and connections to the API of its own, and whichever thread accepts a client
/// serves it: no call moves between threads.
pub(crate) async fn serve(
    listener: TcpListener,
    settings: Settings,
    server: Server,
    health: Health,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let listener = listener.into_std()?;
    let health = Arc::new(health);
    let (stopping, stopped) = watch::channel(());
    let mut others = Vec::new();
    for _ in 1..thread::available_parallelism().map_or(1, NonZero::get) {
        let router = router(&settings, &server.with_own_connections(), &health);
        let (listener, stopped) = (listener.try_clone()?, stopped.clone());
        let run = move || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(serve_here(listener, router, stopped))
        };
        others.push(thread::Builder::new().name("http".into()).spawn(run)?);
    }
    tokio::spawn(async move {
        stop.await;
        drop(stopping);
    });
    serve_here(listener, router(&settings, &server, &health), stopped).await?;
    for other in others {
        other.join().map_err(|_| anyhow::anyhow!("a thread that served HTTP panicked"))??;
    }
    Ok(())
}

async fn serve_here(
    listener: std::net::TcpListener,
    router: Router,
    mut stopped: watch::Receiver<()>,
) -> anyhow::Result<()> {
    // The sender is dropped when serving is to stop.
    let stop = async move { while stopped.changed().await.is_ok() {} };
    let served = axum::serve(TcpListener::from_std(listener)?, router).with_graceful_shutdown(stop);
    served.await.context("serving HTTP failed")
}

fn router(settings: &Settings, server: &Server, health: &Arc<Health>) -> Router {
    let mcp = Router::new()
        .route_service("/mcp", mcp(settings, server))
        .layer(middleware::from_fn(name_parse_errors))
        .layer(middleware::from_fn_with_state(server.clone(), take_key))
        .layer(middleware::from_fn_with_state(settings.auth_token.clone(), authorize));
    let reports = Router::new().route("/health", get(report)).route("/api/health", get(report));
    mcp.merge(reports.with_state(Arc::clone(health)))
}

/// Stateless, so that any replica can serve any request.
fn mcp(settings: &Settings, server: &Server) -> StreamableHttpService<Server, NeverSessionManager> {
    let mut config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_origins(settings.allowed_origins.iter().cloned())
        .enforce_origin_validation();
    config.allowed_hosts.extend(settings.allowed_hosts.iter().cloned());
    let server = server.clone();
    StreamableHttpService::new(move || Ok(server.for_session()), Arc::new(NeverSessionManager::default()), config)
}

async fn report(State(health): State<Arc<Health>>) -> Json<Value> {
    Json(health.report().await)
}

async fn authorize(State(token): State<Option<AuthToken>>, request: Request, next: Next) -> Response {
    match token {
        Some(token) if !token.admits(request.headers()) => {
            let refusal = refuse(StatusCode::UNAUTHORIZED, "a bearer token is required: Authorization: Bearer …");
            ([("www-authenticate", "Bearer")], refusal).into_response()
        }
        _ => next.run(request).await,
    }
}

/// Takes the caller's key out of the headers, so that nothing behind this sees it but as a key.
async fn take_key(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    match request_key(request.headers_mut()) {
        Ok(None) => {}
        Ok(Some(_)) if matches!(server.mode(), Mode::Hosted(_)) => {
            let message = "this server uses the secret key of its operator and takes none from requests";
            return refuse(StatusCode::BAD_REQUEST, message);
        }
        Ok(Some(key)) => {
            request.extensions_mut().insert(RequestKey(key));
        }
        Err(message) => return refuse(StatusCode::UNAUTHORIZED, &message),
    }
    next.run(request).await
}

fn request_key(headers: &mut HeaderMap) -> Result<Option<SecretKey>, String> {
    let mut keys = Vec::new();
    for name in KEY_HEADERS {
        for value in headers.get_all(name) {
            let key = SecretKey::parse(value.to_str().unwrap_or_default());
            keys.push(key.map_err(|error| format!("{name}: {error}"))?);
        }
        headers.remove(name);
    }
    let key = keys.pop();
    if keys.is_empty() { Ok(key) } else { Err("the request brings more than one secret key".into()) }
}

/// A body that is no JSON-RPC message gets the error that JSON-RPC names for it.
async fn name_parse_errors(request: Request, next: Next) -> Response {
    let claims_json =
        request.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    let response = next.run(request).await;
    if !claims_json || response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return response;
    }
    let text = to_bytes(response.into_body(), 4096).await.unwrap_or_default();
    let message = String::from_utf8_lossy(&text).into_owned();
    // rmcp's words for JSON that is well-formed and no message.
    let is_well_formed = message.contains("unrecognized JSON-RPC message");
    let code = if is_well_formed { ErrorCode::INVALID_REQUEST } else { ErrorCode::PARSE_ERROR };
    let error = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code, "message": message } });
    (StatusCode::BAD_REQUEST, Json(error)).into_response()
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
