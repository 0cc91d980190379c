//! The operator's token, the simplest way to say who may call.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};

/// A bearer token, kept as its hash: comparing hashes takes the same time wherever they differ.
#[derive(Clone)]
pub(crate) struct AuthToken([u8; 32]);

impl AuthToken {
    pub(super) fn new(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Whether a request brings this token.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).map(Self::new);
        token.is_some_and(|token| token.0 == self.0)
    }
}
