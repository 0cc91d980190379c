//! Why a call failed, in words that let a model correct itself: what happened, why, and what to do next.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

/// An answer of the API, whatever its status.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) retry_after_seconds: Option<u32>,
    pub(crate) trace_id: Option<String>,
}

/// Why there is no answer.
pub(crate) struct SendError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// What the caller or the operator can do about it.
    pub(crate) remedy: &'static str,
    /// Whether the request may have reached the API.
    pub(crate) sent: bool,
}

/// What a tool answers instead of its output. It leaves as the structured content of a result with `isError` set.
#[skip_serializing_none]
#[derive(Default, Serialize)]
pub(crate) struct Failure {
    /// The HTTP status, if Clerk answered.
    status: Option<u16>,
    /// Clerk's code of its first error, or one of ours: a stable word for programs.
    code: String,
    message: String,
    /// The parameter that Clerk's first error is about.
    param: Option<String>,
    /// All of Clerk's errors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ClerkError>,
    /// Clerk's name for this request, for its support.
    trace_id: Option<String>,
    retry_after_seconds: Option<u32>,
    /// What to do next.
    hint: Option<String>,
}

/// One error as Clerk reports it.
#[skip_serializing_none]
#[derive(Deserialize, Serialize)]
struct ClerkError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    long_message: Option<String>,
    meta: Option<Value>,
}

#[derive(Default, Deserialize)]
struct ClerkErrors {
    #[serde(default)]
    errors: Vec<ClerkError>,
    clerk_trace_id: Option<String>,
}

impl Failure {
    /// Nothing matches what the caller asked for.
    pub(crate) fn not_found(message: impl Into<String>, hint: &str) -> Self {
        Self {
            code: "resource_not_found".into(),
            message: message.into(),
            hint: Some(hint.into()),
            ..Self::default()
        }
    }

    /// A 2xx answer whose body is not what the API promises.
    pub(crate) fn unexpected_body(error: &serde_json::Error) -> Self {
        Self {
            code: "unexpected_response".into(),
            message: format!("the API answered with success, but its body cannot be read: {error}"),
            hint: Some(
                "If this was a write, it most likely took place: look before you repeat it. Otherwise check that the \
                 API URL points to Clerk's Backend API."
                    .into(),
            ),
            ..Self::default()
        }
    }

    /// An answer other than 2xx.
    pub(crate) fn refused(response: Response) -> Self {
        let Response { status, body, retry_after_seconds, trace_id } = response;
        let parsed: ClerkErrors = serde_json::from_slice(&body).unwrap_or_default();
        let first = parsed.errors.first();
        let message = match first {
            Some(error) => error.long_message.clone().unwrap_or_else(|| error.message.clone()),
            None => format!("the API answered with status {status} and no error that could be read"),
        };
        let param = first.and_then(|error| error.meta.as_ref()?.get("param_name")?.as_str().map(Into::into));
        Self {
            status: Some(status),
            code: first.map_or_else(|| format!("http_{status}"), |error| error.code.clone()),
            message,
            param,
            hint: hint(status, retry_after_seconds),
            trace_id: parsed.clerk_trace_id.or(trace_id),
            retry_after_seconds,
            errors: parsed.errors,
        }
    }

    /// The request could not be sent, or its answer not be received.
    pub(crate) fn from_send(error: &SendError, is_read: bool) -> Self {
        let hint = match (error.sent, is_read) {
            (false, _) => format!("Nothing was sent, so nothing changed. {}", error.remedy),
            (true, true) => format!("Nothing was changed. {}", error.remedy),
            (true, false) => {
                "The change may or may not have been made: read the current state before you repeat this call.".into()
            }
        };
        Self {
            code: error.code.into(),
            message: error.message.clone(),
            hint: Some(hint),
            ..Self::default()
        }
    }
}

/// What to do about a status, where Clerk's own words do not say it.
fn hint(status: u16, retry_after_seconds: Option<u32>) -> Option<String> {
    let hint = match status {
        300..=399 => "The API redirects elsewhere, which is never followed. Check the API URL.",
        400 | 422 => "Correct the arguments and call again; nothing was changed.",
        401 => "Clerk does not accept the secret key. The operator has to set a valid one (Clerk Dashboard, API keys).",
        402 => "The instance's plan lacks this feature. Nothing was changed; only a change of plan helps.",
        403 => "The instance does not allow this, for example because organizations are switched off.",
        404 => "Check the ids; the list tools show those that exist.",
        409 => "It conflicts with what exists. Read the current state first.",
        429 => {
            return Some(match retry_after_seconds {
                Some(seconds) => format!("Too many requests. Call again after {seconds} s; nothing was changed."),
                None => "Too many requests. Wait ten seconds and call again; nothing was changed.".into(),
            });
        }
        500..=599 => "Clerk has a problem. Read the current state before you repeat a change; try again later.",
        _ => return None,
    };
    Some(hint.into())
}
