//! What a key looks like, and what that tells (pure).

use crate::configuration::{DEVELOPMENT, EMULATED, PRODUCTION};

/// The longest key, in bytes.
const LONGEST: usize = 200;

/// The key that a text holds, with white space around it, as files and shells add it.
pub(crate) fn read(text: &str) -> Option<String> {
    let key = text.trim();
    let rest = key.strip_prefix(DEVELOPMENT).or_else(|| key.strip_prefix(PRODUCTION))?;
    let is_of_a_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let is_key = !rest.is_empty() && key.len() <= LONGEST && rest.bytes().all(is_of_a_key);
    is_key.then(|| key.to_owned())
}

/// Whether a key is, or may be, one of a production instance.
pub(crate) fn is_production(key: &str) -> bool {
    !key.starts_with(DEVELOPMENT)
}

/// Whether a key is the emulator's own, which opens nothing else.
pub(crate) fn is_emulated(key: &str) -> bool {
    key == EMULATED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_known_form() {
        for key in ["sk_test_1", "sk_live_aZ09_-", EMULATED] {
            assert_eq!(read(&format!(" {key}\n")), Some(key.into()));
        }
        for text in [
            "",
            " ",
            "sk_test_",
            "sk_live_",
            "sk_prod_1",
            "SK_TEST_1",
            "test_1",
            "pk_test_1",
            "ak_1",
            "Bearer sk_test_1",
            "sk_test_1 2",
            "sk_test_1\r\nx: y",
            "sk_test_…",
            "sk_test_<key>",
            "${KEY}",
            "sk_live_1,sk_live_2",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("sk_test_{}", "1".repeat(LONGEST))), None);
    }

    #[test]
    fn only_a_key_of_a_development_instance_is_none_of_production() {
        assert!(!is_production("sk_test_1"));
        for key in ["sk_live_1", "sk_prod_1", "", "SK_TEST_1"] {
            assert!(is_production(key), "{key}");
        }
    }

    #[test]
    fn the_key_of_the_emulator_is_its_own() {
        assert_eq!(
            EMULATED,
            include_str!("../../../clerk-emulator/src/emulator.rs")
                .split('"')
                .find(|text| text.starts_with("sk_test_"))
                .unwrap_or_default()
        );
        assert!(is_emulated(EMULATED) && !is_emulated("sk_test_1"));
    }
}
