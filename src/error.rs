//! Why a call failed, in words that let a model correct itself: what happened, why, and what to do next.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use crate::tools::FailedStep;

/// An answer of the API, whatever its status.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) retry_after_seconds: Option<u32>,
    pub(crate) trace_id: Option<String>,
}

impl Response {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the host has answered in the API's place, because the request may not leave.
    pub(crate) fn is_kept_back(&self) -> bool {
        let is_of_host = |error: &ClerkError| error.code.as_deref().is_some_and(|code| KEPT_BACK.contains(&code));
        serde_json::from_slice(&self.body).is_ok_and(|errors: ClerkErrors| errors.errors.iter().any(is_of_host))
    }

    /// Of a write: whether it may have happened.
    pub(crate) fn may_have_written(&self) -> bool {
        self.is_success() || self.status >= 500
    }
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

/// What a tool answers instead of its output, boxed to keep results small. It leaves as the text of a result
/// with `isError` set.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Failure(Box<Details>);

#[skip_serializing_none]
#[derive(Default, Serialize)]
struct Details {
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
    code: Option<String>,
    message: Option<String>,
    long_message: Option<String>,
    meta: Option<Meta>,
}

/// What an error is about: what helps to correct a call, and nothing else that Clerk may put there.
#[skip_serializing_none]
#[derive(Deserialize, Serialize)]
struct Meta {
    param_name: Option<Value>,
    param_names: Option<Value>,
    email_addresses: Option<Value>,
    identifiers: Option<Value>,
    permissions: Option<Value>,
    session_id: Option<Value>,
}

impl Meta {
    /// Leaves out what is neither a text nor a list of texts: it may hold anything.
    fn keep_texts(&mut self) {
        let Self { param_name, param_names, email_addresses, identifiers, permissions, session_id } = self;
        for field in [param_name, param_names, email_addresses, identifiers, permissions, session_id] {
            match field {
                Some(Value::Array(items)) => items.retain(Value::is_string),
                Some(Value::String(_)) | None => {}
                Some(_) => *field = None,
            }
        }
    }
}

#[derive(Default, Deserialize)]
struct ClerkErrors {
    #[serde(default)]
    errors: Vec<ClerkError>,
    clerk_trace_id: Option<String>,
}

impl Failure {
    /// One of ours: a stable word for programs, what happened, and what to do.
    pub(crate) fn new(code: &str, message: impl Into<String>, hint: &str) -> Self {
        Self::from(Details {
            code: code.into(),
            message: message.into(),
            hint: Some(hint.into()),
            ..Details::default()
        })
    }

    /// Nothing matches what the caller asked for.
    pub(crate) fn not_found(message: impl Into<String>, hint: &str) -> Self {
        Self::new("resource_not_found", message, hint)
    }

    /// Clerk's code of its first error, or one of ours.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    /// The same of a look that was taken before a write: nothing was written yet.
    pub(crate) fn before_write(mut self) -> Self {
        let hint = self.0.hint.take().unwrap_or_default();
        let is_of_a_write =
            hint.is_empty() || self.0.code == UNEXPECTED || self.0.status.is_some_and(|status| status >= 500);
        let hint = if is_of_a_write { "Check that the API URL is right, and try again later.".into() } else { hint };
        let is_said = hint.contains("othing changed") || hint.contains("othing was changed");
        self.0.hint = Some(if is_said { hint } else { format!("Nothing was changed. {hint}") });
        self
    }

    /// The same of a call that a token was brought for: it was good for this one call.
    pub(crate) fn with_spent_token(mut self) -> Self {
        let hint = self.0.hint.get_or_insert_default();
        hint.push_str(" The confirmation token is used up: call without it for a new preview and a new token.");
        self
    }

    /// The same as one of several steps, of which `of` says what it was for.
    pub(crate) fn into_step(self, of: String) -> FailedStep {
        let Details { code, message, retry_after_seconds, hint, .. } = *self.0;
        FailedStep { of, code, message, retry_after_seconds, hint }
    }

    /// Whether there were too many requests: this one was not served.
    pub(crate) fn is_too_many(&self) -> bool {
        self.0.status == Some(429)
    }

    /// Whether what was asked for does not exist.
    pub(crate) fn is_not_found(&self) -> bool {
        self.0.status == Some(404)
    }

    /// A 2xx answer whose body is not what the API promises. What it holds is not repeated: it may be private.
    pub(crate) fn unexpected_body(error: &serde_json::Error) -> Self {
        Self::from(Details {
            code: UNEXPECTED.into(),
            message: format!("the API answered with success, but its body cannot be read: {}", unreadable(error)),
            hint: Some(
                "If this was a write, it most likely took place: look before you repeat it. Otherwise check that the \
                 API URL points to Clerk's Backend API."
                    .into(),
            ),
            ..Details::default()
        })
    }

    /// A 2xx answer to a read that cannot be read.
    pub(crate) fn unusable(message: &str) -> Self {
        let hint = "Nothing was changed. Check that the API URL points to Clerk's Backend API.";
        Self::new(UNEXPECTED, message, hint)
    }

    /// An answer other than 2xx.
    pub(crate) fn refused(response: Response) -> Self {
        let Response { status, body, retry_after_seconds, trace_id } = response;
        let mut parsed: ClerkErrors = serde_json::from_slice(&body).unwrap_or_default();
        parsed.errors.iter_mut().filter_map(|error| error.meta.as_mut()).for_each(Meta::keep_texts);
        let told = parsed.clerk_trace_id.filter(|id| text_cleaning::is_trace_id(id));
        let first = parsed.errors.first();
        let words = first.and_then(|error| error.long_message.clone().or_else(|| error.message.clone()));
        let param = first.and_then(|error| error.meta.as_ref()?.param_name.as_ref()?.as_str().map(Into::into));
        Self::from(Details {
            status: Some(status),
            code: first.and_then(|error| error.code.clone()).unwrap_or_else(|| format!("http_{status}")),
            message: words
                .unwrap_or_else(|| format!("the API answered with status {status} and no error that could be read")),
            param,
            hint: hint(status, retry_after_seconds),
            trace_id: told.or(trace_id),
            retry_after_seconds,
            errors: parsed.errors,
        })
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
        Self::from(Details {
            code: error.code.into(),
            message: error.message.clone(),
            hint: Some(hint),
            ..Details::default()
        })
    }
}

/// Why a body cannot be read, and where. The error's own words are none of a text's values only where it is no JSON.
fn unreadable(error: &serde_json::Error) -> String {
    if error.is_data() {
        let (line, column) = (error.line(), error.column());
        return format!("a value is of another kind than expected, or missing, at line {line} column {column}");
    }
    error.to_string()
}

/// The codes of the host's own refusals: of these requests, nothing has left.
const KEPT_BACK: [&str; 2] = ["budget_exhausted", "audit_unavailable"];

/// The code of a body that is not what the API promises.
const UNEXPECTED: &str = "unexpected_response";

impl From<Details> for Failure {
    fn from(details: Details) -> Self {
        Self(Box::new(details))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> Failure {
        let trace_id = Some("from the header".into());
        Failure::refused(Response { status, body: body.into(), retry_after_seconds: None, trace_id })
    }

    fn interrupted(sent: bool) -> SendError {
        SendError { code: "timeout", message: "no answer".into(), remedy: "Call again.", sent }
    }

    #[test]
    fn all_of_clerks_errors_are_kept() {
        let failure = refused(422, r#"{"errors":[{"code":"one","message":"1"},{"code":"two","message":"2"}]}"#);
        assert_eq!((failure.0.code.as_str(), failure.0.message.as_str()), ("one", "1"));
        let codes: Vec<&str> = failure.0.errors.iter().map(|error| error.code.as_deref().unwrap_or_default()).collect();
        assert_eq!(codes, ["one", "two"]);
    }

    #[test]
    fn the_longer_message_is_preferred() {
        let failure = refused(422, r#"{"errors":[{"code":"c","message":"short","long_message":"longer"}]}"#);
        assert_eq!(failure.0.message, "longer");
    }

    #[test]
    fn the_parameter_is_named() {
        let failure = refused(422, r#"{"errors":[{"code":"c","message":"m","meta":{"param_name":"slug"}}]}"#);
        assert_eq!(failure.0.param.as_deref(), Some("slug"));
    }

    #[test]
    fn clerks_trace_is_preferred_to_the_headers() {
        assert_eq!(refused(404, r#"{"errors":[],"clerk_trace_id":"abc"}"#).0.trace_id.as_deref(), Some("abc"));
        assert_eq!(refused(404, "").0.trace_id.as_deref(), Some("from the header"));
    }

    #[test]
    fn what_cannot_be_a_trace_is_none() {
        for echoed in ["sk_test_abc", "a b", "a\u{202e}b", "", &"a".repeat(65)] {
            let body = serde_json::json!({"errors": [], "clerk_trace_id": echoed}).to_string();
            assert_eq!(refused(404, &body).0.trace_id.as_deref(), Some("from the header"), "{echoed}");
        }
    }

    #[test]
    fn of_what_an_error_is_about_only_texts_are_kept() {
        let meta = r#"{"param_name":{"private_metadata":1},"identifiers":["a",{"b":1}],"session_id":"sess_1"}"#;
        let failure = refused(422, &format!(r#"{{"errors":[{{"code":"c","message":"m","meta":{meta}}}]}}"#));
        let kept = serde_json::to_value(&failure).unwrap()["errors"][0]["meta"].clone();
        assert_eq!(kept, serde_json::json!({"identifiers": ["a"], "session_id": "sess_1"}));
    }

    #[test]
    fn an_unreadable_body_is_not_repeated() {
        let error = serde_json::from_str::<Vec<u8>>(r#""pin 1234""#).unwrap_err();
        let failure = Failure::unexpected_body(&error);
        assert!(!failure.0.message.contains("1234") && failure.0.message.contains("line 1"), "{}", failure.0.message);
    }

    #[test]
    fn a_body_that_is_not_clerks_still_makes_a_failure() {
        for body in ["", "<html>Bad gateway</html>", "[]", "null", r#"{"errors":"none"}"#] {
            let failure = refused(502, body);
            assert_eq!((failure.0.status, failure.0.code.as_str()), (Some(502), "http_502"), "{body}");
            assert!(!failure.0.message.contains("html") && failure.0.errors.is_empty(), "{body}");
        }
    }

    #[test]
    fn the_time_to_wait_is_told() {
        let response = Response { status: 429, body: Vec::new(), retry_after_seconds: Some(7), trace_id: None };
        let failure = Failure::refused(response);
        assert_eq!(failure.0.retry_after_seconds, Some(7));
        assert!(failure.0.hint.is_some_and(|hint| hint.contains("after 7 s")));
    }

    #[test]
    fn a_redirect_is_a_failure_with_a_reason() {
        assert!(refused(302, "").0.hint.is_some_and(|hint| hint.contains("never followed")));
    }

    #[test]
    fn a_write_that_was_cut_off_may_have_happened() {
        let hint = |sent, is_read| Failure::from_send(&interrupted(sent), is_read).0.hint.unwrap();
        assert!(hint(true, false).starts_with("The change may or may not have been made"));
        assert_eq!(hint(true, true), "Nothing was changed. Call again.");
        assert_eq!(hint(false, false), "Nothing was sent, so nothing changed. Call again.");
    }

    #[test]
    fn absent_parts_are_not_written() {
        let failure = Failure::not_found("nobody", "Look elsewhere.");
        let expected = r#"{"code":"resource_not_found","message":"nobody","hint":"Look elsewhere."}"#;
        assert_eq!(serde_json::to_string(&failure).unwrap(), expected);
    }
}
