//! Answers to requests that do not leave: what Clerk would say, had it been asked.

use http::header::RETRY_AFTER;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use serde_json::json;
use wasmtime_wasi_http::WasiBody;

use crate::budget::Exhausted;

/// The answer to a request that has to wait for the budget.
pub(super) fn budget_exhausted(exhausted: &Exhausted) -> Response<WasiBody> {
    let seconds = exhausted.retry_after.as_secs_f64().ceil().max(1.0);
    let mut response = answer(StatusCode::TOO_MANY_REQUESTS, "budget_exhausted", &exhausted.message);
    if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// The answer to a write that cannot be recorded.
pub(super) fn audit_unavailable(reason: &str) -> Response<WasiBody> {
    answer(StatusCode::FAILED_DEPENDENCY, "audit_unavailable", reason)
}

/// An error as Clerk has it.
fn answer(status: StatusCode, code: &str, message: &str) -> Response<WasiBody> {
    let error = json!({ "code": code, "message": message });
    let body = Full::from(json!({ "errors": [error] }).to_string());
    let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    response
}
