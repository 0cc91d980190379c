//! What the operator says about OAuth. Half a setting stops the start: it would leave a server open.

use anyhow::Context as _;

use crate::cli::OAuthOptions;

use super::secure_url::SecureUrl;

/// Whose tokens are accepted, and for what.
pub(super) struct Settings {
    pub(super) issuer: SecureUrl,
    /// The URL of MCP on this server, as clients know it.
    pub(super) public_url: SecureUrl,
    /// A token has to be for one of these.
    pub(super) audiences: Vec<String>,
    /// Where the issuer's keys are, unless its metadata tells.
    pub(super) jwks_url: Option<SecureUrl>,
    /// The claim that says to which organization the holder of a token is kept.
    pub(super) organization_claim: Option<String>,
}

impl Settings {
    /// None if OAuth is not wanted.
    pub(super) fn read(options: &OAuthOptions) -> anyhow::Result<Option<Self>> {
        let audiences: Vec<String> =
            options.oauth_audience.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
        let Some(issuer) = &options.oauth_issuer else {
            let is_half_set = !audiences.is_empty()
                || options.public_url.is_some()
                || options.oauth_jwks_url.is_some()
                || options.organization_claim.is_some();
            anyhow::ensure!(!is_half_set, "OAuth is set up without an issuer: set CLERK_MCP_OAUTH_ISSUER as well");
            return Ok(None);
        };
        let issuer = SecureUrl::parse_identifier(issuer).context("CLERK_MCP_OAUTH_ISSUER (--oauth-issuer)")?;
        let public_url = options.public_url.as_deref().context(
            "with CLERK_MCP_OAUTH_ISSUER, clients have to know this server's URL: set CLERK_MCP_PUBLIC_URL, for \
             example https://mcp.example.com/mcp",
        )?;
        let public_url = SecureUrl::parse_identifier(public_url).context("CLERK_MCP_PUBLIC_URL (--public-url)")?;
        let jwks_url = options.oauth_jwks_url.as_deref().map(SecureUrl::parse).transpose();
        let jwks_url = jwks_url.context("CLERK_MCP_OAUTH_JWKS_URL (--oauth-jwks-url)")?;
        let audiences = if audiences.is_empty() { vec![public_url.as_str().to_owned()] } else { audiences };
        let organization_claim = options.organization_claim.clone();
        anyhow::ensure!(
            organization_claim.as_ref().is_none_or(|claim| !claim.trim().is_empty()),
            "CLERK_MCP_ORGANIZATION_CLAIM (--organization-claim) names no claim: name one, or leave it out"
        );
        Ok(Some(Self { issuer, public_url, audiences, jwks_url, organization_claim }))
    }
}
