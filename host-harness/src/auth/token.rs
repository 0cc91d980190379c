//! The operator's token, the simplest way to say who may call.

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use super::bearer;

/// A bearer token, kept as its hash: comparing hashes takes the same time wherever they differ.
#[derive(Clone)]
pub(crate) struct AuthToken([u8; 32]);

impl AuthToken {
    pub(super) fn new(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Whether a request brings this token.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        bearer::token(headers).is_ok_and(|token| Self::new(token).0 == self.0)
    }
}
