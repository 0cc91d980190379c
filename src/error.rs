//! Failures of calls, in words that let a model correct itself: what happened, why, and what to do next.

mod hints;

use core::mem;

use serde_json::{Map, Value, json};
use text_cleaning::map_strings;

use crate::json_text;

/// An answer of the API, whatever its status.
#[derive(Default)]
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

    /// Tells whether the host has answered in the API's place, because the request may not leave.
    pub(crate) fn is_kept_back(&self) -> bool {
        let body = json_text::parse_bytes(&self.body).unwrap_or_default();
        let errors = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().any(|error| error["code"].as_str().is_some_and(|code| KEPT_BACK.contains(&code)))
    }

    /// Of a write: whether it may have happened.
    pub(crate) fn may_have_written(&self) -> bool {
        self.is_success() || self.status >= 500
    }
}

/// The reason for which there is no answer.
pub(crate) struct SendError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The remedy that the caller or the operator has.
    pub(crate) remedy: &'static str,
    /// True where the request may have reached the API.
    pub(crate) sent: bool,
}

/// A tool's answer in place of its output, boxed to keep results small. It leaves as the text of a result with `isError`
/// set.
#[derive(Debug)]
pub(crate) struct Failure(Box<Details>);

#[derive(Debug, Default)]
struct Details {
    /// The HTTP status, if Clerk answered.
    status: Option<u16>,
    /// Clerk's code of its first error, or one of ours: a stable word for programs.
    code: String,
    message: String,
    /// The parameter that Clerk's first error is about.
    param: Option<String>,
    /// All of Clerk's errors.
    errors: Vec<Value>,
    /// Clerk's name for this request, for its support.
    trace_id: Option<String>,
    retry_after_seconds: Option<u32>,
    /// The next step.
    hint: Option<String>,
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
        Self::new(NOT_FOUND, message, hint)
    }

    /// Clerk's code of its first error, or one of ours.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    /// Says of a look that was taken before a write that nothing was written yet.
    pub(crate) fn before_write(mut self) -> Self {
        let hint = self.0.hint.take().unwrap_or_default();
        let is_of_a_write = hint.is_empty() || self.0.status.is_some_and(|status| status >= 500);
        let hint = if is_of_a_write { "Check that the API URL is right, and try again later.".into() } else { hint };
        let is_said = hint.contains("othing changed") || hint.contains("othing was changed");
        self.0.hint = Some(if is_said { hint } else { format!("Nothing was changed. {hint}") });
        self
    }

    /// Says of a call that a token was brought for that it was good for this one call.
    pub(crate) fn with_spent_token(mut self) -> Self {
        let hint = self.0.hint.get_or_insert_default();
        hint.push_str(" The confirmation token is used up: call without it for a new preview and a new token.");
        self
    }

    /// The failure as one of several steps, of which `of` says what it was for: `{of, code, message, …}`.
    pub(crate) fn into_step(self, of: &str) -> Value {
        let Details { code, message, retry_after_seconds, hint, .. } = *self.0;
        let mut step = Map::new();
        step.insert("of".into(), of.into());
        step.insert("code".into(), code.into());
        step.insert("message".into(), message.into());
        insert(&mut step, "retry_after_seconds", retry_after_seconds);
        insert(&mut step, "hint", hint);
        step.into()
    }

    /// Tells whether there were too many requests: this one was not served.
    pub(crate) fn is_too_many(&self) -> bool {
        self.0.status == Some(429)
    }

    /// Tells whether the host's budget was used up: the request has not left.
    pub(crate) fn is_out_of_budget(&self) -> bool {
        self.0.code == OUT_OF_BUDGET
    }

    /// Tells whether what was asked for does not exist.
    pub(crate) fn is_not_found(&self) -> bool {
        self.0.status == Some(404) || self.0.code == NOT_FOUND
    }

    /// A 2xx answer whose body is no JSON. What it holds is not repeated: it may be private.
    pub(crate) fn no_json(why: &str, is_read: bool) -> Self {
        Self::unexpected(format!("the API answered with success, but its body cannot be read: {why}"), is_read)
    }

    /// A 2xx answer that is JSON and no object, where the API promises one.
    pub(crate) fn no_object(is_read: bool) -> Self {
        Self::unexpected("the API answered with success, but not with an object".into(), is_read)
    }

    fn unexpected(message: String, is_read: bool) -> Self {
        if is_read {
            return Self::unusable(message);
        }
        Self::new(UNEXPECTED, message, "The change most likely took place: look before you repeat it.")
    }

    /// A 2xx answer to a read that cannot be used.
    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        let hint = "Nothing was changed. Check that the API URL points to Clerk's Backend API.";
        Self::new(UNEXPECTED, message, hint)
    }

    /// An answer other than 2xx.
    pub(crate) fn refused(response: Response, is_read: bool) -> Self {
        let Response { status, body, retry_after_seconds, trace_id } = response;
        let body = json_text::parse_bytes(&body).unwrap_or_default();
        let errors: Vec<Value> = body["errors"].as_array().into_iter().flatten().map(readable).collect();
        let first = errors.first().unwrap_or(&Value::Null);
        let text = |name: &str| first[name].as_str().map(ToOwned::to_owned);
        let told = body["clerk_trace_id"].as_str().filter(|id| text_cleaning::is_trace_id(id));
        let param = first["meta"]["param_name"].as_str();
        Self::from(Details {
            status: Some(status),
            code: text("code").unwrap_or_else(|| format!("http_{status}")),
            message: text("long_message")
                .or_else(|| text("message"))
                .unwrap_or_else(|| format!("the API answered with status {status} and no error that could be read")),
            hint: hints::of(status, retry_after_seconds, !errors.is_empty(), param, is_read),
            param: param.map(Into::into),
            trace_id: told.map(Into::into).or(trace_id),
            retry_after_seconds,
            errors,
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
        Self::new(error.code, error.message.clone(), &hint)
    }

    /// Changes each of its texts.
    pub(crate) fn map_texts(mut self, change: &dyn Fn(&str) -> String) -> Self {
        let Details { code, message, param, errors, trace_id, hint, .. } = &mut *self.0;
        for text in [code, message].into_iter().chain([param, trace_id, hint].into_iter().flatten()) {
            *text = change(text);
        }
        *errors = mem::take(errors).into_iter().map(|error| map_strings(error, change)).collect();
        self
    }

    /// Its fields in the order in which they leave.
    pub(crate) fn fields(self) -> Vec<(&'static str, Value)> {
        let Details { status, code, message, param, errors, trace_id, retry_after_seconds, hint } = *self.0;
        let mut fields = vec![
            ("status", json!(status)),
            ("code", code.into()),
            ("message", message.into()),
            ("param", param.into()),
            ("errors", errors.into()),
            ("trace_id", trace_id.into()),
            ("retry_after_seconds", retry_after_seconds.into()),
            ("hint", hint.into()),
        ];
        fields.retain(|(_, value)| !value.is_null() && *value != json!([]));
        fields
    }
}

/// The fields of an error of Clerk's that help to correct a call. Whatever else it may hold is left out.
fn readable(error: &Value) -> Value {
    let mut readable = Map::new();
    for name in ["code", "message", "long_message"] {
        insert(&mut readable, name, error[name].as_str());
    }
    let mut meta = Map::new();
    for name in ["param_name", "param_names", "email_addresses", "identifiers", "permissions", "session_id"] {
        match &error["meta"][name] {
            Value::String(text) => drop(meta.insert(name.into(), text.as_str().into())),
            Value::Array(items) => {
                let texts = items.iter().filter(|item| item.is_string()).cloned();
                meta.insert(name.into(), texts.collect());
            }
            _ => {}
        }
    }
    if error["meta"].is_object() {
        readable.insert("meta".into(), meta.into());
    }
    readable.into()
}

/// Inserts a value if there is one.
fn insert(map: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.insert(name.into(), value.into());
    }
}

/// The codes of the host's own refusals: of these requests, nothing has left.
const KEPT_BACK: [&str; 2] = [OUT_OF_BUDGET, "audit_unavailable"];
const NOT_FOUND: &str = "resource_not_found";
const OUT_OF_BUDGET: &str = "budget_exhausted";

/// The code of a body that is not what the API promises.
const UNEXPECTED: &str = "unexpected_response";

impl From<Details> for Failure {
    fn from(details: Details) -> Self {
        Self(Box::new(details))
    }
}

#[cfg(test)]
mod tests;
