//! The operator's token, the simplest way to say who may call.

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use super::bearer;

/// A bearer token, kept as its hash: all hashes are of one length, and comparing them tells nothing by the time it takes.
#[derive(Clone)]
pub(crate) struct AuthToken([u8; 32]);

/// The fewest characters of a token: a shorter one can be guessed.
const SHORTEST: usize = 16;

impl AuthToken {
    /// Reads a token; white space around it, as files and shells add it, is dropped.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let token = text.trim();
        let can_be_sent = !token.is_empty() && token.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        anyhow::ensure!(
            can_be_sent && token.len() <= bearer::LONGEST,
            "CLERK_MCP_AUTH_TOKEN is no token that a client can send: it needs ASCII letters, digits and signs, at most {}",
            bearer::LONGEST
        );
        anyhow::ensure!(
            token.len() >= SHORTEST,
            "CLERK_MCP_AUTH_TOKEN is shorter than {SHORTEST} characters, so that it could be guessed: make one with \
             `openssl rand -hex 32`"
        );
        Ok(Self::new(token))
    }

    fn new(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Whether a request brings this token.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        bearer::token(headers).is_ok_and(|token| Self::new(token).0.ct_eq(&self.0).into())
    }
}
