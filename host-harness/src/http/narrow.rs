//! Headers by which a request wants less than the operator allows.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::Refusal;
use crate::policy::{self, Unwilling};
use crate::server::{Narrowed, Server};

/// Finds the policies of the request, for what is behind this. An instance where the operator allows less than it wants is closed
/// to it; where that is so of all, it is refused.
pub(super) async fn narrow(State(server): State<Server>, mut request: Request, next: Next) -> Response<Body> {
    let mut policies = Vec::new();
    let mut refusal = None;
    for instance in server.instances() {
        let narrowed = policy::narrowed(&instance.policy, request.headers());
        let (status, message) = match narrowed {
            Ok(None) => return next.run(request).await,
            Ok(Some(policy)) => match server.problem_of(&policy).await {
                Ok(None) => {
                    policies.push(Ok(policy));
                    continue;
                }
                Ok(Some(problem)) => (StatusCode::BAD_REQUEST, problem),
                Err(aborted) => (StatusCode::SERVICE_UNAVAILABLE, aborted.to_string()),
            },
            Err(Unwilling::Wider(message)) => (StatusCode::FORBIDDEN, message),
            Err(Unwilling::Malformed(message)) => (StatusCode::BAD_REQUEST, message),
        };
        policies.push(Err(message.clone()));
        refusal.get_or_insert((status, message));
    }
    match refusal {
        Some((status, message)) if policies.iter().all(Result::is_err) => Refusal::policy(status, message).answer(None),
        _ => {
            request.extensions_mut().insert(Narrowed(policies.into()));
            next.run(request).await
        }
    }
}
