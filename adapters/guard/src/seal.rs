//! Texts that others carry and cannot change (pure): `base64url(tag, expiry, text)`. The tag is an HMAC of the rest and of
//! what the text belongs to, under a secret that comes of the API's key and does not tell it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What the secret is for: with the same key, nothing else derives the same one.
const PURPOSE: &str = "clerk-mcp guard: sealed text, version 1";
const MASKS: &str = "clerk-mcp masks, version 1";
/// Half of the HMAC, as RFC 2104 allows: what is sealed is repeated by models, and has to be short.
const TAG_BYTES: usize = 16;
const EXPIRY_BYTES: usize = 8;

/// Why something is not opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unopened {
    Foreign,
    Expired,
}

/// Seals a text that belongs to something, until a point in time. Without what it belongs to, it cannot be opened.
pub(crate) fn seal(key: &str, text: &str, belonging: &str, expiry: u64) -> String {
    let content = [&expiry.to_be_bytes(), text.as_bytes()].concat();
    let tag = authentication(key, belonging, &content).finalize().into_bytes();
    URL_SAFE_NO_PAD.encode([&tag[..TAG_BYTES], &content].concat())
}

/// The text of what was sealed with the same key and belongs to the same. Nothing of it is looked at before its tag.
///
/// # Errors
///
/// It was not sealed that way, or its time is over.
pub(crate) fn open(key: &str, sealed: &str, belonging: &str, now: u64) -> Result<String, Unopened> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unopened::Foreign)?;
    let (tag, content) = bytes.split_at_checked(TAG_BYTES).ok_or(Unopened::Foreign)?;
    authentication(key, belonging, content).verify_truncated_left(tag).map_err(|_| Unopened::Foreign)?;
    let (expiry, text) = content.split_first_chunk::<EXPIRY_BYTES>().ok_or(Unopened::Foreign)?;
    if now >= u64::from_be_bytes(*expiry) {
        return Err(Unopened::Expired);
    }
    String::from_utf8(text.into()).map_err(|_| Unopened::Foreign)
}

/// The length tells where what the content belongs to ends and the content begins.
fn authentication(key: &str, belonging: &str, content: &[u8]) -> Hmac<Sha256> {
    let secret = keyed(key.as_bytes()).chain_update(PURPOSE).finalize().into_bytes();
    let length = (belonging.len() as u64).to_be_bytes();
    keyed(&secret).chain_update(length).chain_update(belonging).chain_update(content)
}

/// A secret to mask values by. The program `clerk-mcp` derives the same one.
pub(crate) fn mask_key(key: &str) -> Vec<u8> {
    keyed(key.as_bytes()).chain_update(MASKS).finalize().into_bytes().to_vec()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("a key of any length will do")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk_test_1";
    const NOW: u64 = 1_000;

    fn sealed() -> String {
        seal(KEY, "état", "delete org_1", NOW + 10)
    }

    fn opened(sealed: &str) -> Result<String, Unopened> {
        open(KEY, sealed, "delete org_1", NOW)
    }

    #[test]
    fn what_was_sealed_is_opened() {
        assert_eq!(opened(&sealed()), Ok("état".into()));
        assert_eq!(open(KEY, &seal(KEY, "", "", 1), "", 0), Ok(String::new()));
        assert!(!sealed().contains(['+', '/', '=']));
    }

    /// The test of the program has the same key and the same bytes.
    #[test]
    fn a_mask_key_is_that_of_the_instance_in_every_host() {
        assert_eq!(mask_key(KEY)[..4], [66, 163, 179, 31]);
        assert_ne!(mask_key(KEY), mask_key("sk_test_2"));
    }

    #[test]
    fn what_was_edited_is_foreign() {
        let sealed = sealed();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).expect("it is base64url");
        for place in 0..bytes.len() {
            let mut edited = bytes.clone();
            edited[place] ^= 1;
            assert_eq!(opened(&URL_SAFE_NO_PAD.encode(edited)), Err(Unopened::Foreign), "{place}");
        }
        for length in 0..sealed.len() {
            assert_eq!(opened(&sealed[..length]), Err(Unopened::Foreign), "{length}");
        }
        for other in [format!("{sealed}A"), format!("{sealed}="), format!(" {sealed}"), "état".into()] {
            assert_eq!(opened(&other), Err(Unopened::Foreign), "{other}");
        }
    }

    #[test]
    fn one_spelling_of_it_is_opened() {
        let sealed = seal(KEY, "ab", "", NOW);
        // Its last character has bits that stand for nothing.
        assert_eq!(sealed.len() % 4, 3);
        let spellings = ('-'..='z').map(|last| format!("{}{last}", &sealed[..sealed.len() - 1]));
        assert_eq!(spellings.filter(|spelling| open(KEY, spelling, "", 0).is_ok()).count(), 1);
    }

    #[test]
    fn what_belongs_to_something_else_is_foreign() {
        for other in ["", "delete org_2", "delete org_1 "] {
            assert_eq!(open(KEY, &sealed(), other, NOW), Err(Unopened::Foreign), "{other}");
        }
        // The end of the one does not count as the beginning of the other.
        let bytes = URL_SAFE_NO_PAD.decode(seal(KEY, "", "x", NOW)).expect("it is base64url");
        let moved = [&bytes[..TAG_BYTES], b"x", &bytes[TAG_BYTES..]].concat();
        assert_eq!(open(KEY, &URL_SAFE_NO_PAD.encode(moved), "", 0), Err(Unopened::Foreign));
    }

    #[test]
    fn what_another_key_sealed_is_foreign() {
        assert_eq!(open("sk_test_2", &sealed(), "delete org_1", NOW), Err(Unopened::Foreign));
    }

    #[test]
    fn what_is_too_old_is_expired_if_it_is_genuine() {
        assert_eq!(open(KEY, &sealed(), "delete org_1", NOW + 9), Ok("état".into()));
        assert_eq!(open(KEY, &sealed(), "delete org_1", NOW + 10), Err(Unopened::Expired));
        assert_eq!(open(KEY, &sealed(), "delete org_2", NOW + 10), Err(Unopened::Foreign));
    }
}
