//! Keys that sign tokens, and tokens put together by hand, so that they can be as wrong as a test wants them.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaKeyPair,
};
use serde_json::{Value, json};

/// A private key of an issuer. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SigningKey {
    /// The name of the key, `kid`.
    pub(crate) id: String,
    /// The algorithm that it is used with.
    pub(crate) algorithm: &'static str,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<RsaKeyPair>),
    Curve(Arc<EcdsaKeyPair>),
    Edwards(Arc<Ed25519KeyPair>),
}

impl SigningKey {
    /// A key for this algorithm; the RSA ones are all the same key.
    pub(crate) fn new(id: &str, algorithm: &'static str) -> Self {
        let pair = match algorithm {
            "ES256" => Pair::Curve(Arc::new(curve(&ECDSA_P256_SHA256_FIXED_SIGNING))),
            "ES384" => Pair::Curve(Arc::new(curve(&ECDSA_P384_SHA384_FIXED_SIGNING))),
            "EdDSA" => {
                let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("there is randomness");
                Pair::Edwards(Arc::new(Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("just made")))
            }
            _ => {
                let der = include_bytes!("../../fixtures/issuer/rsa.der");
                Pair::Rsa(Arc::new(RsaKeyPair::from_der(der).expect("the fixture is an RSA key")))
            }
        };
        Self { id: id.into(), algorithm, pair }
    }

    /// The same key by another name.
    pub(crate) fn renamed(&self, id: &str) -> Self {
        Self { id: id.into(), ..self.clone() }
    }

    /// What the issuer publishes of it.
    pub(crate) fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": encode(&public.n), "e": encode(&public.e) })
            }
            Pair::Curve(pair) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({ "kty": "EC", "crv": curve, "x": encode(x), "y": encode(y) })
            }
            Pair::Edwards(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref()) }),
        };
        jwk["kid"] = json!(self.id);
        jwk["alg"] = json!(self.algorithm);
        jwk["use"] = json!("sig");
        jwk
    }

    /// A token with the usual header.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({ "alg": self.algorithm, "typ": "at+jwt", "kid": self.id }), claims)
    }

    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        token(header, claims, |message| self.sign(message))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let padding: &dyn ring::signature::RsaEncoding = match self.algorithm {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    "PS512" => &RSA_PSS_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &random, message, &mut signature).expect("the key fits");
                signature
            }
            Pair::Curve(pair) => pair.sign(&random, message).expect("the key fits").as_ref().to_vec(),
            Pair::Edwards(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// A token of these parts, signed by `sign`.
pub(crate) fn token(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
    let signature = encode(&sign(message.as_bytes()));
    format!("{message}.{signature}")
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn curve(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("there is randomness");
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("just made")
}
