//! The public keys of an issuer (RFC 7517), those of them that can have signed a token.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// The keys, in the issuer's order.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Key>);

/// A key, with the algorithms that it may be used with.
#[derive(Debug)]
pub(super) struct Key {
    id: String,
    algorithms: Vec<Algorithm>,
    pub(super) decoding: DecodingKey,
}

/// A key set as it is published. A key of a kind that is not known here does not spoil the others.
#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a published key set.
    pub(super) fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        let document: Document = serde_json::from_slice(text)?;
        let known = document.keys.into_iter().filter_map(|key| Jwk::deserialize(key).ok());
        Ok(Self(known.filter_map(|key| Key::new(&key)).collect()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }

    /// The key of this name, if it is for this algorithm. Keys of different kinds may share a name.
    pub(super) fn find(&self, id: &str, algorithm: Algorithm) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id && key.algorithms.contains(&algorithm))
    }
}

impl Key {
    /// None for a key without a name, and for one that is not for checking signatures.
    fn new(jwk: &Jwk) -> Option<Self> {
        let common = &jwk.common;
        let is_for_signatures = common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
        let operations = common.key_operations.as_ref();
        let verifies = operations.is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        let algorithms = algorithms(jwk);
        if !is_for_signatures || !verifies || algorithms.is_empty() {
            return None;
        }
        Some(Self { id: common.key_id.clone()?, algorithms, decoding: DecodingKey::from_jwk(jwk).ok()? })
    }
}

/// What a key may be used with: what its type allows, and of that only its `alg` where it names one. Shared secrets are
/// good for nothing here, whatever their `alg`.
fn algorithms(jwk: &Jwk) -> Vec<Algorithm> {
    let by_type: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => &[
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[Algorithm::ES384],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        _ => &[],
    };
    let named = jwk.common.key_algorithm;
    by_type.iter().copied().filter(|algorithm| named.is_none_or(|named| named == (*algorithm).into())).collect()
}
