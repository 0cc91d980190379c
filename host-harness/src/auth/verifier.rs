//! Checks access tokens: signature, issuer, audience and time.

use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};

use super::caller::{Caller, Claims};
use super::denial::{Denial, Flaw};
use super::issuer::Issuer;
use super::key_cache::{KeyCache, Missing};
use super::settings::Settings;
use super::signature;

/// By how many seconds clocks may differ.
const LEEWAY: u64 = 30;

/// What says that a JWT is an access token (RFC 9068), or leaves it open. Nothing else may stand there: other JWTs of the
/// same issuer are good for other things.
const TYPES: [&str; 3] = ["at+jwt", "application/at+jwt", "jwt"];

/// Algorithms whose keys only the issuer has.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Checks tokens of one issuer for one resource.
pub(super) struct Verifier {
    keys: Arc<KeyCache>,
    /// All but the algorithm, which has to be that of the token's key.
    validation: Validation,
    organization_claim: Option<String>,
}

impl Verifier {
    pub(super) fn new(settings: &Settings) -> Self {
        signature::install();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[settings.issuer.as_str()]);
        validation.set_audience(&settings.audiences);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let organization_claim = settings.organization_claim.clone();
        Self { keys: Arc::new(KeyCache::new(Issuer::new(settings))), validation, organization_claim }
    }

    /// Whom a valid token was issued to.
    pub(super) async fn check(&self, token: &str) -> Result<Caller, Denial> {
        let header = decode_header(token).map_err(|_| Flaw::Unreadable)?;
        // Before anything is fetched for it.
        let id = admissible(&header)?;
        let keys = self.keys.with_key(id).await.map_err(|missing| match missing {
            Missing::Unknown => Denial::Invalid(Flaw::UnknownKey),
            Missing::Unavailable(wait) => Denial::Unavailable(wait),
        })?;
        let key = keys.find(id, header.alg).ok_or(Flaw::KeyMismatch)?;
        let validation = Validation { algorithms: vec![header.alg], ..self.validation.clone() };
        let decoded = decode::<Claims>(token, &key.decoding, &validation).map_err(|error| flaw(error.into_kind()))?;
        let missing = |claim: &str| Denial::from(Flaw::Missing(claim.into()));
        let organization = match &self.organization_claim {
            Some(claim) => Some(decoded.claims.organization(claim).ok_or_else(|| missing(claim))?),
            None => None,
        };
        let caller = decoded.claims.caller().ok_or_else(|| missing("sub"))?;
        Ok(Caller { organization, ..caller })
    }
}

/// The name of the key of a token that may be valid.
fn admissible(header: &Header) -> Result<&str, Flaw> {
    let is_access_token =
        header.typ.as_ref().is_none_or(|named| TYPES.iter().any(|known| named.eq_ignore_ascii_case(known)));
    match &header.kid {
        _ if !ALGORITHMS.contains(&header.alg) => Err(Flaw::Algorithm),
        _ if !is_access_token => Err(Flaw::Type),
        _ if header.crit.is_some() => Err(Flaw::Extension),
        Some(id) => Ok(id),
        None => Err(Flaw::NoKey),
    }
}

fn flaw(error: ErrorKind) -> Flaw {
    match error {
        ErrorKind::InvalidSignature => Flaw::Signature,
        ErrorKind::ExpiredSignature => Flaw::Expired,
        ErrorKind::ImmatureSignature => Flaw::NotYetValid,
        ErrorKind::InvalidIssuer => Flaw::Issuer,
        ErrorKind::InvalidAudience => Flaw::Audience,
        ErrorKind::MissingRequiredClaim(name) | ErrorKind::InvalidClaimFormat(name) => Flaw::Missing(name),
        ErrorKind::Json(_) | ErrorKind::Utf8(_) => Flaw::Claims,
        _ => Flaw::Unreadable,
    }
}
