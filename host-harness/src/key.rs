//! Clerk secret keys: where they come from, and how they stay secret.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use http::HeaderValue;
use ring::hmac;
use sha2::{Digest as _, Sha256};

/// The longest secret key accepted, in bytes; Clerk's have about 50.
const LONGEST: usize = 200;

/// A secret key of a Clerk instance, `sk_test_…` or `sk_live_…`. It never shows in a log, an error or a debug print.
#[derive(Clone)]
pub(crate) struct SecretKey(Arc<Secret>);

struct Secret {
    authorization: HeaderValue,
    digest: KeyDigest,
}

/// The SHA-256 of a secret key: what is kept of a key where something is counted or remembered for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyDigest([u8; 32]);

/// How the keys of development instances begin.
const DEVELOPMENT: &str = "sk_test_";
/// How the keys of production instances begin.
const PRODUCTION: &str = "sk_live_";

/// The use of a mask key.
const MASKS: &[u8] = b"clerk-mcp masks, version 1";

/// Whether a byte may stand in a key, after how it begins.
fn is_of_a_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Why a text is no secret key. The text itself is not repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidKey {
    #[error("the secret key is empty")]
    Empty,
    #[error("this is a publishable key (pk_…); the Backend API needs the secret key (sk_test_… or sk_live_…)")]
    Publishable,
    #[error("this is longer than the {LONGEST} bytes that a secret key may have")]
    TooLong,
    #[error("a secret key begins with sk_test_ or sk_live_ and goes on with letters and digits")]
    Malformed,
}

/// The text of a file. Editors and shells of Windows write UTF-16 too, and a mark before either.
fn text_of(bytes: Vec<u8>) -> anyhow::Result<String> {
    let text = match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(units) => {
            let units: Vec<u16> =
                units.chunks(2).map(|unit| u16::from_le_bytes([unit[0], *unit.get(1).unwrap_or(&0)])).collect();
            String::from_utf16(&units).ok()
        }
        None => String::from_utf8(bytes).ok(),
    };
    let text = text.context("it is no text in UTF-8 or UTF-16")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

impl SecretKey {
    /// Tells whether a text has a key in it.
    pub(crate) fn is_in(text: &str) -> bool {
        let is_key = |(at, prefix): (usize, &str)| text[at + prefix.len()..].bytes().next().is_some_and(is_of_a_key);
        [DEVELOPMENT, PRODUCTION].iter().any(|prefix| text.match_indices(prefix).any(is_key))
    }

    /// Reads a key; white space around it, as files and shells add it, is dropped.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidKey> {
        let text = text.trim();
        let rest = text.strip_prefix(DEVELOPMENT).or_else(|| text.strip_prefix(PRODUCTION));
        match rest {
            _ if text.is_empty() => Err(InvalidKey::Empty),
            _ if text.starts_with("pk_") => Err(InvalidKey::Publishable),
            _ if text.len() > LONGEST => Err(InvalidKey::TooLong),
            Some(rest) if !rest.is_empty() && rest.bytes().all(is_of_a_key) => {
                let value = HeaderValue::try_from(format!("Bearer {text}"));
                let mut authorization = value.map_err(|_| InvalidKey::Malformed)?;
                authorization.set_sensitive(true);
                let digest = KeyDigest(Sha256::digest(text).into());
                Ok(Self(Arc::new(Secret { authorization, digest })))
            }
            _ => Err(InvalidKey::Malformed),
        }
    }

    /// Refuses a key in the place of the path of its file, and does not repeat it. `setting` is where it was given.
    pub(crate) fn refuse_as_path(setting: &str, path: &Path) -> anyhow::Result<()> {
        anyhow::ensure!(
            !Self::is_in(&path.to_string_lossy()),
            "{setting} holds a secret key, and takes the path of a file: put the key into CLERK_SECRET_KEY, or run `clerk-mcp init`"
        );
        Ok(())
    }

    /// Reads a key from a file, for example a mounted secret.
    pub(crate) fn from_file(path: &Path) -> anyhow::Result<Self> {
        Self::refuse_as_path("CLERK_SECRET_KEY_FILE", path)?;
        let setting = || format!("CLERK_SECRET_KEY_FILE {}", path.display());
        let read = std::fs::read(path);
        let bytes = read.map_err(|error| {
            anyhow::anyhow!("{}: {error}; name the file that holds the key, or run `clerk-mcp init`", setting())
        })?;
        Self::from_bytes(bytes).map_err(|error| anyhow::anyhow!("{}: {error}", setting()))
    }

    /// Reads a key from what a file holds.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> anyhow::Result<Self> {
        Ok(Self::parse(&text_of(bytes)?)?)
    }

    /// Whether the key is of a production instance, or of one that is not known to be anything else.
    pub(crate) fn is_live(&self) -> bool {
        let key = self.0.authorization.as_bytes().strip_prefix(b"Bearer ");
        key.is_none_or(|key| !key.starts_with(DEVELOPMENT.as_bytes()))
    }

    /// A secret for another `purpose` that only who has the key can derive, and that does not tell the key.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update("clerk-mcp ")
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(&self.0.authorization)
            .finalize()
            .into()
    }

    /// The key by which what is masked for this instance is told again (HMAC-SHA256). The guard of other hosts derives the same one.
    pub(crate) fn mask_key(&self) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.text().as_bytes());
        let mut derived = [0; 32];
        derived.copy_from_slice(hmac::sign(&key, MASKS).as_ref());
        derived
    }

    fn text(&self) -> &str {
        self.0.authorization.to_str().unwrap_or_default().trim_start_matches("Bearer ")
    }

    /// A text without the key.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let key = self.text();
        if key.is_empty() { text.to_owned() } else { text.replace(key, text_cleaning::REDACTED) }
    }

    /// Writes the key to the file that keeps it.
    pub(crate) fn write_to(&self, file: &mut impl Write) -> io::Result<()> {
        let authorization = self.0.authorization.as_bytes();
        file.write_all(authorization.strip_prefix(b"Bearer ").unwrap_or(authorization))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> HeaderValue {
        self.0.authorization.clone()
    }

    /// The digest by which the key is told from others.
    pub(crate) fn digest(&self) -> KeyDigest {
        self.0.digest
    }
}

impl KeyDigest {
    /// A number below `most`, about as often each.
    pub(crate) fn spread(self, most: usize) -> usize {
        usize::from(self.0[0]) % most
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_largest_size() {
        let key = |length: usize| SecretKey::parse(&format!("sk_test_{}", "x".repeat(length - 8))).map(drop);
        assert_eq!((key(LONGEST), key(LONGEST + 1)), (Ok(()), Err(InvalidKey::TooLong)));
    }

    /// The test of the guard has the same key and the same bytes.
    #[test]
    fn a_mask_key_is_that_of_the_instance_in_every_host() {
        let key = |text| SecretKey::parse(text).expect("it is a key").mask_key();
        assert_eq!(key("sk_test_1")[..4], [66, 163, 179, 31]);
        assert_ne!(key("sk_test_1"), key("sk_test_2"));
    }

    #[test]
    fn a_key_is_found_in_a_text() {
        for (text, has) in
            [("{\"K\": \"sk_live_1\"}", true), ("K: sk_test_a", true), ("sk_test_...", false), ("pk_test_1", false)]
        {
            assert_eq!(SecretKey::is_in(text), has, "{text}");
        }
    }

    #[test]
    fn a_file_has_a_key_in_whatever_a_shell_writes() {
        let path = std::env::temp_dir().join(format!("clerk-mcp-key-{}", std::process::id()));
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let key = SecretKey::parse("sk_test_1").map(|key| key.digest()).expect("it is a key");
        for bytes in [b"sk_test_1\n".to_vec(), b"\xef\xbb\xbfsk_test_1\r\n".to_vec(), utf_16("\u{feff}sk_test_1\r\n")] {
            std::fs::write(&path, bytes).expect("it can be written");
            assert_eq!(SecretKey::from_file(&path).expect("it has a key").digest(), key);
        }
        for (bytes, why) in [(b"sk_test_\xff".to_vec(), "no text"), (b"\xff\xfes".to_vec(), "begins with sk_test_")] {
            std::fs::write(&path, bytes).expect("it can be written");
            let error = SecretKey::from_file(&path).expect_err("it has none").to_string();
            assert!(error.contains(why) && error.contains("clerk-mcp-key-"), "{error}");
        }
        std::fs::remove_file(path).expect("it is there");
    }

    #[test]
    fn a_key_is_told_from_others_by_its_digest() {
        let [one, same, other] =
            ["sk_test_1", " sk_test_1\n", "sk_live_1"].map(|text| SecretKey::parse(text).map(|key| key.digest()));
        assert_eq!(one, same);
        assert_ne!(one, other);
    }
}
