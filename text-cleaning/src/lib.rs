//! Sanitizes untrusted text before it is shown or recorded: characters that nobody sees are removed, then secrets are
//! redacted, both on whole strings. The component uses it for what it answers, the host for what it records, so that
//! both follow the same tables.

mod invisible;
mod json;
mod secrets;
mod spelling;

use std::borrow::Cow;

pub use invisible::{is_invisible, without_invisible};
pub use json::map_strings;
pub use secrets::{REDACTED, without_secrets};

/// A text without invisible characters, its secrets redacted. Cleaning it again changes nothing.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    match without_invisible(text) {
        Cow::Borrowed(text) => without_secrets(text),
        Cow::Owned(text) => Cow::Owned(without_secrets(&text).into_owned()),
    }
}

/// The longest name of a request that is taken, in bytes.
const LONGEST_TRACE_ID: usize = 64;

/// Whether a text from an upstream can be its name for a request: letters, digits, `-`, `_` and `.`, not many, and no secret.
#[must_use]
pub fn is_trace_id(text: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=LONGEST_TRACE_ID).contains(&text.len()) && text.bytes().all(is_usual) && clean(text) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pair: a text from outside, and what is left of it.
    fn corpus() -> Vec<(String, String)> {
        serde_json::from_str(include_str!("corpus.json")).expect("the corpus is JSON")
    }

    #[test]
    fn the_corpus_comes_out_clean() {
        assert!(corpus().len() > 150);
        for (written, seen) in corpus() {
            assert_eq!(clean(&written), seen, "{written:?}");
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing_more() {
        for (_, seen) in corpus() {
            assert_eq!(clean(&seen), seen);
        }
    }

    #[test]
    fn no_text_takes_long() {
        for part in [
            ".eyJ",
            "bearer+",
            "bearer ",
            " ak_",
            "%25",
            "&#",
            "\\u00",
            "ticket",
            "\u{200d}",
            "Authorization: Basic ",
            "=token",
        ] {
            let text = part.repeat(200_000 / part.len());
            let begun = std::time::Instant::now();
            let _ = clean(&text);
            assert!(begun.elapsed().as_secs() < 5, "{part}");
        }
    }

    #[test]
    fn a_trace_id_is_short_and_no_secret() {
        for id in ["f63bcdcb3d3d4ae9a9b1e3f4ffeed4f1", "8f1c2d3e4f5a6b7c-FRA", "trace_1"] {
            assert!(is_trace_id(id), "{id}");
        }
        for id in ["", "a b", "a\u{202e}", "sk_test_abc", "ak_3beecc9c60adb5f9b850e91a8ee1e992", &"a".repeat(65)] {
            assert!(!is_trace_id(id), "{id}");
        }
    }

    #[test]
    fn a_secret_is_redacted_wherever_invisible_characters_split_it() {
        for hidden in
            ['\u{7}', '\u{7f}', '\u{85}', '\u{200b}', '\u{200d}', '\u{fe0f}', '\u{2800}', '\u{e000}', '\u{e0041}']
        {
            for at in 1.."sk_live_abc".len() {
                let mut text = String::from("sk_live_abc");
                text.insert(at, hidden);
                assert_eq!(clean(&text), "sk_live_(not shown)", "{text:?}");
            }
        }
    }
}
