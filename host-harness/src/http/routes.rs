//! The routes of HTTP: what is served where, and in which order a request is looked at.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{any, get};
use axum::{Json, Router, middleware};
use serde_json::Value;

use super::endpoint::{self, Endpoint};
use super::shared::Shared;
use super::{addressing, expiry, key, narrow, negotiation};
use crate::auth::{self, Door};
use crate::health::Health;
use crate::page;
use crate::server::Server;

/// The routes of one thread. Who may call is looked at first, so that a stranger takes no place of a caller.
pub(super) fn router(shared: &Shared, server: &Server) -> Router {
    let settings = &shared.settings;
    let door = Door { access: settings.access.clone(), server: server.clone() };
    let mcp = Router::new()
        .route("/mcp", any(endpoint::serve))
        // Some clients add the slash, and follow no redirect.
        .route("/mcp/", any(endpoint::serve))
        .with_state(Arc::new(Endpoint::new(shared, server)))
        // The first one looks at a request first. One stack: each layer of its own would box and copy the request once more.
        .layer((
            middleware::from_fn_with_state(door.clone(), auth::authorize),
            middleware::from_fn_with_state(server.clone(), key::take),
            middleware::from_fn_with_state(server.clone(), narrow::narrow),
            middleware::from_fn(negotiation::negotiate),
            middleware::from_fn(expiry::end_with_token),
        ));
    let reports = Router::new().route("/health", get(report)).route("/api/health", get(report));
    let metrics = server.telemetry().metrics_route();
    let metrics = metrics.layer(middleware::from_fn_with_state(door, auth::authorize));
    let reports = reports.with_state(Arc::clone(&shared.health)).merge(metrics);
    let reports = reports.layer(middleware::from_fn_with_state(Arc::clone(settings), addressing::demand_own_address));
    let metadata = settings.access.metadata();
    let metadata = metadata.layer(middleware::from_fn_with_state(Arc::clone(settings), addressing::demand_own_host));
    let page = shared.page.as_ref().map(|page| {
        let routes = page::routes(page, server, &settings.access, &shared.health);
        routes.layer((
            middleware::from_fn(page::guard),
            middleware::from_fn_with_state(Arc::clone(settings), addressing::demand_own_page),
        ))
    });
    let all = mcp
        .merge(reports)
        .merge(metadata)
        .merge(page.unwrap_or_default())
        .layer(middleware::from_fn(addressing::demand_one_address));
    server.telemetry().count_responses(all)
}

async fn report(State(health): State<Arc<Health>>) -> Json<Value> {
    Json(health.report().await)
}
