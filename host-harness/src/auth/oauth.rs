//! This server as an OAuth 2.1 resource: who has an access token of the issuer may do what its scopes allow.

use axum::http::HeaderMap;

use super::bearer;
use super::caller::Caller;
use super::denial::Denial;
use super::metadata::Resource;
use super::scope::Purpose;
use super::settings::Settings;
use super::verifier::Verifier;

/// Lets callers in by their access tokens.
pub(crate) struct OAuth {
    resource: Resource,
    verifier: Verifier,
    public_host: String,
    public_url: String,
    issuer: String,
}

impl OAuth {
    /// Asks nothing of the network: keys are fetched when the first token comes.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            resource: Resource::new(settings),
            verifier: Verifier::new(settings),
            public_host: settings.public_url.host().to_owned(),
            public_url: settings.public_url.as_str().to_owned(),
            issuer: settings.issuer.as_str().to_owned(),
        }
    }

    pub(super) fn resource(&self) -> &Resource {
        &self.resource
    }

    pub(super) fn public_host(&self) -> &str {
        &self.public_host
    }

    /// The URL of MCP on this server, as clients know it.
    pub(super) fn public_url(&self) -> &str {
        &self.public_url
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who sends a request, if they may. `writes`: whether a tool needs the scope for writing.
    pub(super) async fn admit(&self, headers: &HeaderMap, writes: impl Fn(&str) -> bool) -> Result<Caller, Denial> {
        let caller = self.verifier.check(bearer::token(headers)?).await?;
        if !caller.scopes.read {
            match Purpose::of(headers) {
                Purpose::Discovery => {}
                Purpose::Call(tool) if writes(tool) => return Err(Denial::NoWriteScope),
                Purpose::Call(_) | Purpose::Other => return Err(Denial::NoScope),
            }
        }
        let Caller { subject, client_id, scopes, .. } = &caller;
        tracing::debug!(subject, client_id, write = scopes.write, "a request was let in");
        Ok(caller)
    }
}
