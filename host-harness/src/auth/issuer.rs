//! Asks the issuer for its keys: where they are (RFC 8414, or OpenID Connect Discovery), and what they are.

use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use tokio::time::timeout;

use super::key_set::KeySet;
use super::secure_url::{InvalidUrl, SecureUrl};
use super::settings::Settings;
use crate::connector::{self, Connector};

/// How long all requests for the keys may take together.
const WITHIN: Duration = Duration::from_secs(5);
/// The largest document that is read, in bytes.
const MOST_BYTES: usize = 256 * 1024;

/// Whoever issues access tokens.
pub(super) struct Issuer {
    url: SecureUrl,
    jwks_url: Option<SecureUrl>,
    client: Client<Connector, Empty<Bytes>>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoKeys {
    #[error("the issuer did not answer within {} s", WITHIN.as_secs())]
    TimedOut,
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, String),
    #[error("{0} answered with status {1}")]
    Status(String, StatusCode),
    #[error("{0} did not answer with what is expected there: {1}")]
    Malformed(String, String),
    #[error("{0} is the metadata of another issuer")]
    AnotherIssuer(String),
    #[error("the metadata names a jwks_uri that is not to be trusted: {0}")]
    Untrusted(#[from] InvalidUrl),
    #[error("{0} holds no key that can have signed a token")]
    Empty(SecureUrl),
}

/// What is read of an issuer's metadata.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl Issuer {
    pub(super) fn new(settings: &Settings) -> Self {
        // Keys are fetched rarely, and each time perhaps by another thread: no connection is kept.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector::connector());
        Self { url: settings.issuer.clone(), jwks_url: settings.jwks_url.clone(), client }
    }

    /// The keys as they are now.
    pub(super) async fn keys(&self) -> Result<KeySet, NoKeys> {
        timeout(WITHIN, self.fetch_keys()).await.unwrap_or(Err(NoKeys::TimedOut))
    }

    async fn fetch_keys(&self) -> Result<KeySet, NoKeys> {
        let url = match &self.jwks_url {
            Some(url) => url.clone(),
            None => self.discover().await?,
        };
        let text = self.get(url.as_str()).await?;
        let keys = KeySet::parse(&text).map_err(|error| NoKeys::Malformed(url.to_string(), error.to_string()))?;
        if keys.is_empty() { Err(NoKeys::Empty(url)) } else { Ok(keys) }
    }

    /// Where the keys are. The first well-known document that is there decides.
    async fn discover(&self) -> Result<SecureUrl, NoKeys> {
        let oauth = self.url.well_known("oauth-authorization-server");
        let openid = format!("{}/.well-known/openid-configuration", self.url.as_str().trim_end_matches('/'));
        let (url, text) = match self.get(&oauth).await {
            Ok(text) => (oauth, text),
            Err(NoKeys::Status(..)) => {
                let text = self.get(&openid).await?;
                (openid, text)
            }
            Err(error) => return Err(error),
        };
        let metadata: Metadata =
            serde_json::from_slice(&text).map_err(|error| NoKeys::Malformed(url.clone(), error.to_string()))?;
        if metadata.issuer != self.url.as_str() {
            return Err(NoKeys::AnotherIssuer(url));
        }
        Ok(SecureUrl::parse(&metadata.jwks_uri)?)
    }

    /// What is at `url` itself: redirects are not followed.
    async fn get(&self, url: &str) -> Result<Bytes, NoKeys> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = url.parse().map_err(|_| InvalidUrl::NotAUrl)?;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.client.request(request).await;
        let response = answer.map_err(|error| NoKeys::Unreachable(url.into(), connector::in_one_line(&error)))?;
        if response.status() != StatusCode::OK {
            return Err(NoKeys::Status(url.into(), response.status()));
        }
        let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
        Ok(body.map_err(|error| NoKeys::Malformed(url.into(), error.to_string()))?.to_bytes())
    }
}
