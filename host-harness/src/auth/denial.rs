//! Why a request is not let in, and how that is answered: RFC 6750 with what RFC 9728 and MCP add.

use std::time::Duration;

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::caller::{READ, WRITE};
use super::metadata::Resource;

/// Why a request is not let in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Denial {
    #[error("an access token is required: Authorization: Bearer …")]
    NoToken,
    #[error("the request has more than one Authorization header")]
    ManyTokens,
    #[error("the access token is not accepted: {0}")]
    Invalid(#[from] Flaw),
    #[error("the access token has neither the scope {} nor {}", READ, WRITE)]
    NoScope,
    #[error("this needs the scopes {} and {}, and the access token lacks {}", READ, WRITE, WRITE)]
    NoWriteScope,
    #[error("the issuer's keys cannot be fetched just now, so no access token can be checked; try again later")]
    Unavailable(Duration),
}

/// What is wrong with a token. What the token says is not repeated.
#[derive(Debug, thiserror::Error)]
pub(super) enum Flaw {
    #[error("it is longer than 8 KiB")]
    TooLong,
    #[error("it is not a JWT that is signed with a known algorithm")]
    Unreadable,
    #[error("its algorithm is not accepted")]
    Algorithm,
    #[error("it is a JWT of another type than at+jwt or JWT")]
    Type,
    #[error("it demands an extension (crit) that this server does not know")]
    Extension,
    #[error("it does not name its key (kid)")]
    NoKey,
    #[error("the issuer has no key of the name that it gives (kid)")]
    UnknownKey,
    #[error("the key that it names is not for its algorithm")]
    KeyMismatch,
    #[error("its signature is wrong")]
    Signature,
    #[error("it has expired (exp)")]
    Expired,
    #[error("it is not valid yet (nbf)")]
    NotYetValid,
    #[error("it is from another issuer (iss)")]
    Issuer,
    #[error("it is for another audience (aud)")]
    Audience,
    #[error("its claim {0} is missing or malformed")]
    Missing(String),
    #[error("its claims are malformed")]
    Claims,
}

/// A request that is not let in, for who says so in a form of their own.
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    /// The header `WWW-Authenticate`.
    pub(crate) challenge: Option<String>,
    pub(crate) message: String,
}

impl Denial {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoToken | Self::Invalid(_) => StatusCode::UNAUTHORIZED,
            Self::ManyTokens => StatusCode::BAD_REQUEST,
            Self::NoScope | Self::NoWriteScope => StatusCode::FORBIDDEN,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The same for who answers in another form.
    pub(super) fn refused(&self, resource: &Resource) -> Refused {
        let challenge = (!matches!(self, Self::Unavailable(_))).then(|| self.challenge(resource));
        Refused { status: self.status(), challenge, message: self.to_string() }
    }

    pub(super) fn response(&self, resource: &Resource) -> Response {
        tracing::debug!("a request was not let in: {self}");
        let status = self.status();
        let body = Json(json!({ "error": self.to_string() }));
        match self {
            // Another token would not help, so none is asked for.
            Self::Unavailable(wait) => {
                let seconds = wait.as_secs() + 1;
                (status, [(RETRY_AFTER, seconds.to_string())], body).into_response()
            }
            _ => (status, [(WWW_AUTHENTICATE, self.challenge(resource))], body).into_response(),
        }
    }

    /// An answer that says the same of one request, as a challenge.
    pub(super) fn challenging(&self, mut answer: Response, resource: &Resource) -> Response {
        *answer.status_mut() = StatusCode::FORBIDDEN;
        if let Ok(challenge) = HeaderValue::try_from(self.challenge(resource)) {
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        answer
    }

    /// The challenge of RFC 6750. An error is named only where a token was sent.
    fn challenge(&self, resource: &Resource) -> String {
        let scope = match self {
            Self::NoScope => READ.to_owned(),
            _ => format!("{READ} {WRITE}"),
        };
        let error = self.error().map_or_else(String::new, |(error, description)| {
            format!("error=\"{error}\", error_description=\"{description}\", ")
        });
        format!("Bearer {error}resource_metadata=\"{}\", scope=\"{scope}\"", resource.metadata_url())
    }

    fn error(&self) -> Option<(&'static str, String)> {
        match self {
            Self::NoToken | Self::Unavailable(_) => None,
            Self::ManyTokens => Some(("invalid_request", self.to_string())),
            Self::Invalid(_) => Some(("invalid_token", self.to_string())),
            Self::NoScope | Self::NoWriteScope => Some(("insufficient_scope", self.to_string())),
        }
    }
}
