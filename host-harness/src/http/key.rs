//! The caller's key, taken out of the headers.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::key::SecretKey;
use crate::server::{Mode, RequestKey, Server};

/// The headers that bring a key; the first is the documented one.
const KEY_HEADERS: [&str; 2] = ["x-clerk-secret-key", "clerk_secret_key"];

/// Takes the caller's key out of the headers, so that nothing behind this sees it but as a key.
pub(super) async fn take(State(server): State<Server>, mut request: Request, next: Next) -> Response {
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

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
