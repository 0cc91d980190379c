//! What this server says about itself as an OAuth resource (RFC 9728): clients read it to find out who issues tokens.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::caller::{READ, WRITE};
use super::settings::Settings;

const NAME: &str = "oauth-protected-resource";

/// This server as clients know it.
#[derive(Clone)]
pub(super) struct Resource(Arc<Known>);

struct Known {
    metadata_url: String,
    /// Where the document is served: without a path, with the path of MCP here, and with that of the public URL, which
    /// differs behind a proxy.
    paths: [String; 3],
    document: Value,
}

impl Resource {
    pub(super) fn new(settings: &Settings) -> Self {
        let root = format!("/.well-known/{NAME}");
        let paths = [format!("{root}/mcp"), format!("{root}{}", settings.public_url.path()), root];
        let document = json!({
            "resource": settings.public_url.as_str(),
            "resource_name": "clerk-mcp",
            "authorization_servers": [settings.issuer.as_str()],
            "scopes_supported": [READ, WRITE],
            "bearer_methods_supported": ["header"],
        });
        Self(Arc::new(Known { metadata_url: settings.public_url.well_known(NAME), paths, document }))
    }

    pub(super) fn metadata_url(&self) -> &str {
        &self.0.metadata_url
    }
}

/// The document for everybody, web pages included.
pub(super) fn routes(resource: &Resource) -> Router {
    let document = get(document).options(preflight);
    Router::new()
        .route(&format!("/.well-known/{NAME}"), document.clone())
        .route(&format!("/.well-known/{NAME}/{{*path}}"), document)
        .with_state(resource.clone())
}

async fn document(State(resource): State<Resource>, uri: Uri) -> Response {
    if !resource.0.paths.iter().any(|path| path == uri.path()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(resource.0.document.clone())).into_response()
}

/// Clients in browsers send the version of the protocol along, for which browsers ask first.
async fn preflight() -> impl IntoResponse {
    let allowed = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "MCP-Protocol-Version"),
    ];
    (StatusCode::NO_CONTENT, allowed)
}
