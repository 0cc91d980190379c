//! Headers by which a request wants less than the operator allows.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::Refusal;
use crate::policy::{self, Unwilling};
use crate::server::{Narrowed, Server};

/// Finds the policy of the request, for what is behind this.
pub(super) async fn narrow(State(server): State<Server>, mut request: Request, next: Next) -> Response<Body> {
    let policy = match policy::narrowed(server.policy(), request.headers()) {
        Ok(None) => return next.run(request).await,
        Ok(Some(policy)) => policy,
        Err(Unwilling::Wider(message)) => return Refusal::policy(StatusCode::FORBIDDEN, message).answer(None),
        Err(Unwilling::Malformed(message)) => return Refusal::policy(StatusCode::BAD_REQUEST, message).answer(None),
    };
    match server.problem_of(&policy).await {
        Ok(None) => {
            request.extensions_mut().insert(Narrowed(policy));
            next.run(request).await
        }
        Ok(Some(problem)) => Refusal::policy(StatusCode::BAD_REQUEST, problem).answer(None),
        Err(aborted) => Refusal::policy(StatusCode::SERVICE_UNAVAILABLE, aborted.to_string()).answer(None),
    }
}
