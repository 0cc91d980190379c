//! Protects what a client carries between two rounds of a call: nobody can change it, keep it for long, or bring it along
//! with another call, other arguments, another key or as somebody else. Any replica with the same key can open it.

use rmcp::ErrorData;
use rmcp::model::{RequestStateCodec, RequestStateError, SealOptions};

use super::failure;
use super::redemption::{Digest, GOOD_FOR};
use crate::key::SecretKey;

/// What seals texts of one kind that belong to one call.
pub(super) struct Seal<'a> {
    pub(super) key: &'a SecretKey,
    /// The kind: what is sealed as the one is never opened as the other.
    pub(super) kind: &'static str,
    /// A digest of the call.
    pub(super) belonging: Digest,
}

/// What was sealed, and when, in microseconds since 1970.
pub(super) struct Opened {
    pub(super) text: String,
    pub(super) given_at: u64,
}

impl Seal<'_> {
    fn codec(&self) -> Result<RequestStateCodec, ErrorData> {
        RequestStateCodec::try_new(self.key.derive(self.kind)).map_err(|error| failure::internal(&error.to_string()))
    }

    pub(super) fn seal(&self, text: &str, now: u64) -> Result<String, ErrorData> {
        let options = SealOptions::new().associated_data(&self.belonging).ttl(GOOD_FOR);
        let content = [&now.to_be_bytes()[..], text.as_bytes()].concat();
        Ok(self.codec()?.seal_with(&content, &options))
    }

    /// # Errors
    ///
    /// It is not one that was given out for this call, or was given out too long ago.
    pub(super) fn open(&self, sealed: &str) -> Result<Opened, RequestStateError> {
        let codec = self.codec().map_err(|_| RequestStateError::IntegrityCheckFailed)?;
        let content = codec.open_with(sealed, &self.belonging)?;
        let (given_at, text) = content.split_first_chunk().ok_or(RequestStateError::MalformedFormat)?;
        let text = String::from_utf8(text.into()).map_err(|_| RequestStateError::InvalidEncoding)?;
        Ok(Opened { text, given_at: u64::from_be_bytes(*given_at) })
    }
}
