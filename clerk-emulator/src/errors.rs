//! Clerk's errors: a status and one or more faults, each with a short and a long message and a code.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

/// One entry of an error body's `errors`.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    message: String,
    long_message: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Value>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, long_message: impl Into<String>) -> Self {
        Self { message: message.into(), long_message: long_message.into(), code, meta: None }
    }

    pub(crate) fn with_meta(mut self, meta: Value) -> Self {
        self.meta = Some(meta);
        self
    }

    fn of_parameter(code: &'static str, parameter: &str, message: &str, long_message: String) -> Self {
        Self::new(code, message, long_message).with_meta(json!({ "param_name": parameter }))
    }

    pub(crate) fn is_about(&self, parameter: &str) -> bool {
        self.meta.as_ref().and_then(|meta| meta.get("param_name")).is_some_and(|name| name == parameter)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::of_parameter("form_param_missing", parameter, "is missing", format!("{parameter} must be included."))
    }

    pub(crate) fn unknown(parameter: &str) -> Self {
        let detail = format!("{parameter} is not a valid parameter for this request.");
        Self::of_parameter("form_param_unknown", parameter, "is unknown", detail)
    }

    pub(crate) fn wrong_type(parameter: &str, expected: &str) -> Self {
        let detail = format!("`{parameter}` must be a `{expected}`.");
        Self::of_parameter("form_param_type_invalid", parameter, "is invalid", detail)
    }

    pub(crate) fn format(parameter: &str, rule: &str) -> Self {
        Self::of_parameter("form_param_format_invalid", parameter, "is invalid", format!("{parameter} {rule}."))
    }

    pub(crate) fn value(parameter: &str, rule: &str) -> Self {
        Self::of_parameter("form_param_value_invalid", parameter, "is invalid", format!("{parameter} {rule}."))
    }

    pub(crate) fn too_long(parameter: &str, limit: usize) -> Self {
        let detail = format!("{parameter} should not exceed {limit} characters.");
        Self::of_parameter("form_param_max_length_exceeded", parameter, "exceeds maximum length", detail)
    }

    pub(crate) fn too_many(parameter: &str, limit: usize) -> Self {
        let detail = format!("{parameter} should not exceed {limit} items.");
        Self::of_parameter("form_param_array_size_exceeded", parameter, "exceeds maximum size", detail)
    }

    pub(crate) fn too_large(parameter: &str, limit: usize) -> Self {
        let detail = format!("{parameter} should not exceed {limit} bytes.");
        Self::of_parameter("form_param_exceeds_allowed_size", parameter, "exceeds the allowed size", detail)
    }

    pub(crate) fn taken(parameter: &str) -> Self {
        let message = format!("That {parameter} is taken.");
        Self::of_parameter("form_identifier_exists", parameter, &message, format!("{message} Please choose another."))
    }

    pub(crate) fn incorrect(parameter: &str) -> Self {
        let code = if parameter == "password" { "form_password_incorrect" } else { "form_code_incorrect" };
        Self::of_parameter(code, parameter, "is incorrect", format!("The {parameter} is not the right one."))
    }

    pub(crate) fn password_too_short(limit: usize) -> Self {
        let message = format!("Passwords must be {limit} characters or more.");
        Self::of_parameter("form_password_length_too_short", "password", &message, message.clone())
    }

    pub(crate) fn username_length(limit: usize) -> Self {
        let message = format!("Your username must be between 1 and {limit} characters long.");
        Self::of_parameter("form_username_invalid_length", "username", &message, message.clone())
    }

    pub(crate) fn username_character() -> Self {
        let message = "Your username can only contain letters, digits, underscores, dashes and dots.";
        Self::of_parameter("form_username_invalid_character", "username", message, message.to_owned())
    }

    pub(crate) fn not_a_date(parameter: &str) -> Self {
        let detail = format!("{parameter} must be a date and time as RFC 3339 writes it.");
        Self::of_parameter("form_param_invalid_time", parameter, "invalid format", detail)
    }

    pub(crate) fn requires(parameter: &str, other: &str) -> Self {
        let detail = format!("`{parameter}` is required when `{other}` is present.");
        Self::of_parameter("form_conditional_param_missing", parameter, "is missing", detail)
    }

    pub(crate) fn excluded_by(parameter: &str, other: &str) -> Self {
        let detail = format!("`{parameter}` isn't allowed when {other}.");
        Self::of_parameter("form_conditional_param_disallowed", parameter, "is not allowed", detail)
    }

    pub(crate) fn no_such_resource(parameter: &str) -> Self {
        let detail = format!("What {parameter} refers to was not found.");
        Self::of_parameter("form_resource_not_found", parameter, "is missing", detail)
    }
}

/// Why a request was not answered with what it asked for.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    faults: Vec<Fault>,
    retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, fault: Fault) -> Self {
        Self { status, faults: vec![fault], retry_after: None }
    }

    pub(crate) fn with(status: StatusCode, faults: Vec<Fault>) -> Self {
        Self { status, faults, retry_after: None }
    }

    /// The same faults with another status, for operations whose document has no other.
    pub(crate) fn at(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// 422, with everything that is wrong with the parameters.
    pub(crate) fn unprocessable(faults: Vec<Fault>) -> Self {
        Self::with(StatusCode::UNPROCESSABLE_ENTITY, faults)
    }

    pub(crate) fn bad_request(code: &'static str, message: &str, long_message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Fault::new(code, message, long_message))
    }

    pub(crate) fn body_invalid(expected: &str) -> Self {
        let detail = format!("The request body is not the {expected} that this endpoint takes.");
        Self::bad_request("request_body_invalid", "Request body invalid", detail)
    }

    pub(crate) fn bulk_size_exceeded(limit: usize) -> Self {
        let detail = format!("Parameters exceed the maximum allowed bulk processing size of {limit}.");
        Self::bad_request("bulk_size_exceeded", "bulk size exceeded", detail)
    }

    pub(crate) fn missing_one_of(parameters: &[&str]) -> Self {
        let detail = format!("One of these query parameters must be given: {}.", parameters.join(", "));
        Self::bad_request("missing_query_parameter", "Missing query parameter", detail)
    }

    pub(crate) fn missing_data(parameters: &[&str]) -> Self {
        let detail = format!("A user needs at least one of these: {}.", parameters.join(", "));
        let fault = Fault::new("form_data_missing", "missing data", detail);
        Self::unprocessable(vec![fault.with_meta(json!({ "param_names": parameters }))])
    }

    pub(crate) fn unauthorized(code: &'static str, message: &str, long_message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Fault::new(code, message, long_message))
    }

    pub(crate) fn forbidden(fault: Fault) -> Self {
        Self::new(StatusCode::FORBIDDEN, fault)
    }

    pub(crate) fn not_allowed(detail: &str) -> Self {
        Self::forbidden(Fault::new("authorization_invalid", "not allowed", detail))
    }

    pub(crate) fn organization_full(limit: usize) -> Self {
        let detail = format!("The organization has {limit} members and pending invitations, which is its limit.");
        let message = "organization membership quota exceeded";
        Self::forbidden(Fault::new("organization_membership_quota_exceeded", message, detail))
    }

    pub(crate) fn already_a_member(who: &str) -> Self {
        let detail = format!("{who} is already a member of the organization.");
        Self::bad_request("already_a_member_in_organization", "already a member", detail)
    }

    pub(crate) fn not_found(long_message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, Fault::new("resource_not_found", "not found", long_message))
    }

    pub(crate) fn wrong_method() -> Self {
        let detail = "The endpoint at this path does not take this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Fault::new("method_not_allowed", "method not allowed", detail))
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let detail = format!("The request body exceeds {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Fault::new("request_body_too_large", "Request body too large", detail))
    }

    pub(crate) fn unexpected() -> Self {
        let fault = Fault::new("internal_clerk_error", "unexpected error", "The answer could not be written as JSON.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, fault)
    }

    pub(crate) fn too_many_requests(retry_after: u64) -> Self {
        let fault = Fault::new(
            "too_many_requests",
            "Too many requests",
            "Too many requests in too short a time. Wait before you send another.",
        );
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::TOO_MANY_REQUESTS, fault) }
    }

    /// The whole response, but for the header with the trace id, which every answer carries.
    pub(crate) fn into_response(self, trace_id: &str) -> Response<Body> {
        let body = json!({ "errors": self.faults, "clerk_trace_id": trace_id });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
