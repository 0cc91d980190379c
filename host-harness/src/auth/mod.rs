//! Who may call over HTTP: anyone, whoever knows the operator's token, or whoever an issuer gave an access token.

mod bearer;
pub(crate) mod caller;
mod denial;
mod issuer;
mod key_cache;
mod key_set;
mod metadata;
mod oauth;
pub(crate) mod scope;
mod secure_url;
mod settings;
mod signature;
mod token;
mod verifier;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use serde_json::json;

use crate::cli::OAuthOptions;
use crate::server::Server;
use caller::Caller;
use denial::Denial;
pub(crate) use denial::Refused;
use oauth::OAuth;
use scope::NeedsWriting;
use settings::Settings;
use token::AuthToken;

const NO_TOKEN: &str = "a bearer token is required: Authorization: Bearer …";
const WRONG_TOKEN: &str = "this is not the token of this server";

/// Who may call. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Access {
    Anyone,
    Token(AuthToken),
    OAuth(Arc<OAuth>),
}

impl Access {
    /// As the operator's token and the options say. Asks nothing of the network.
    pub(crate) fn new(auth_token: Option<&str>, options: &OAuthOptions) -> anyhow::Result<Self> {
        match (auth_token, Settings::read(options)?) {
            (Some(_), Some(_)) => anyhow::bail!(
                "CLERK_MCP_AUTH_TOKEN and CLERK_MCP_OAUTH_ISSUER (--oauth-issuer) both say who may call: set only one"
            ),
            (Some(token), None) => Ok(Self::Token(AuthToken::parse(token)?)),
            (None, Some(settings)) => Ok(Self::OAuth(Arc::new(OAuth::new(&settings)))),
            (None, None) => Ok(Self::Anyone),
        }
    }

    /// The name by which clients call this server, where the options tell it.
    pub(crate) fn public_host(&self) -> Option<&str> {
        match self {
            Self::OAuth(oauth) => Some(oauth.public_host()),
            Self::Anyone | Self::Token(_) => None,
        }
    }

    /// The URL of MCP on this server, where the options tell it.
    pub(crate) fn public_url(&self) -> Option<&str> {
        self.issuer().map(|(_, resource)| resource)
    }

    /// The issuer of access tokens, and the resource that they are for.
    pub(crate) fn issuer(&self) -> Option<(&str, &str)> {
        match self {
            Self::OAuth(oauth) => Some((oauth.issuer(), oauth.public_url())),
            Self::Anyone | Self::Token(_) => None,
        }
    }

    /// Tells whether anyone may call who reaches this server.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Anyone)
    }

    /// Lets in who may call, by the header `Authorization` alone, and returns the holder of an access token.
    ///
    /// # Errors
    ///
    /// They may not.
    pub(crate) async fn admit(&self, headers: &HeaderMap) -> Result<Option<Caller>, Refused> {
        match self {
            Self::Anyone => Ok(None),
            Self::Token(token) if token.admits(headers) => Ok(None),
            Self::Token(_) => Err(Refused {
                status: StatusCode::UNAUTHORIZED,
                challenge: Some("Bearer".into()),
                message: if headers.contains_key(AUTHORIZATION) { WRONG_TOKEN } else { NO_TOKEN }.into(),
            }),
            Self::OAuth(oauth) => {
                // Other headers say what a request of MCP is for, and this is none.
                let values = headers.get_all(AUTHORIZATION).iter().cloned();
                let only = values.map(|value| (AUTHORIZATION, value)).collect();
                oauth.admit(&only, |_| false).await.map(Some).map_err(|denial| denial.refused(oauth.resource()))
            }
        }
    }

    /// What clients may read without a token: how to get one.
    pub(crate) fn metadata(&self) -> Router {
        match self {
            Self::OAuth(oauth) => metadata::routes(oauth.resource()),
            Self::Anyone | Self::Token(_) => Router::new(),
        }
    }
}

/// Lets a request pass that may call. One with an access token carries its [`caller::Caller`] on.
pub(crate) async fn authorize(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    match &door.access {
        Access::Anyone => {}
        Access::Token(token) if token.admits(request.headers()) => {}
        Access::Token(_) => return token_required(),
        Access::OAuth(oauth) => return let_in_by_scopes(oauth, &door, request, next).await,
    }
    // It was meant for this check and goes no further.
    request.headers_mut().remove(AUTHORIZATION);
    next.run(request).await
}

/// Who may call, and what there is to call.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) access: Access,
    pub(crate) server: Server,
}

async fn let_in_by_scopes(oauth: &OAuth, door: &Door, mut request: Request, next: Next) -> Response {
    match oauth.admit(request.headers(), |tool| door.server.writes(tool)).await {
        Ok(caller) => request.extensions_mut().insert(caller),
        Err(denial) => return denial.response(oauth.resource()),
    };
    let needs_writing = NeedsWriting::default();
    request.extensions_mut().insert(needs_writing.clone());
    request.headers_mut().remove(AUTHORIZATION);
    let response = next.run(request).await;
    if needs_writing.is_set() { Denial::NoWriteScope.challenging(response, oauth.resource()) } else { response }
}

fn token_required() -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], Json(json!({ "error": NO_TOKEN }))).into_response()
}
