//! Secrets: values that leave apart from an answer, for a host that keeps them, or not at all.

use serde_json::Value;
use text_cleaning::map_strings;

/// Stands in the place of a secret.
pub(crate) const NOT_SHOWN: &str = "(secret, not shown)";

/// The least length of a secret that is looked for inside of other words, in bytes. Shorter ones are a part of too much.
const SHORTEST: usize = 6;
/// The least length of a secret that is looked for as a whole word.
const SHORTEST_WORD: usize = 3;

/// A secret that the API gave. It has no `Debug`, so that nothing prints it.
#[derive(PartialEq)]
pub(crate) struct Secret {
    /// The place of the field in the answer: names and indices with dots in between.
    pub(crate) name: String,
    pub(crate) value: Value,
}

impl Secret {
    /// The value as it is kept: a text as it is, anything else as JSON.
    pub(crate) fn into_text(self) -> (String, String) {
        let text = match self.value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        (self.name, text)
    }
}

/// Replaces these secrets in a value, wherever the API has repeated them.
pub(crate) fn without(value: Value, secrets: &[Secret]) -> Value {
    let mut repeated = Vec::new();
    for secret in secrets {
        texts(&secret.value, &mut repeated);
    }
    repeated.retain(|text| is_telling(text));
    if repeated.is_empty() { value } else { map_strings(value, &|text| replaced(text, &repeated)) }
}

/// The texts in a value.
pub(crate) fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => {
            for item in items {
                texts(item, found);
            }
        }
        Value::Object(fields) => {
            for field in fields.values() {
                texts(field, found);
            }
        }
        _ => {}
    }
}

/// Tells whether a text can be told from others. What consists of small letters only is a word, perhaps one of ours: to replace it
/// would take fields apart, and would tell what it is.
fn is_telling(text: &str) -> bool {
    text.len() >= SHORTEST && !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Tells whether a secret of a caller's can be looked for: it is no part of what stands in its place, and not as short as many
/// other words.
pub(crate) fn can_be_found(text: &str) -> bool {
    text.len() >= SHORTEST_WORD && !NOT_SHOWN.contains(text)
}

/// A text in which these secrets are replaced, wherever the API has repeated them. Those that may be words are replaced where they
/// stand alone.
pub(crate) fn replaced(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        text = if is_telling(secret) { text.replace(secret, NOT_SHOWN) } else { word_replaced(&text, secret) };
    }
    text
}

/// A text in which this word is replaced where it is no part of a longer one.
fn word_replaced(text: &str, word: &str) -> String {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let mut parts = text.split(word);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_within = is_part(replaced.as_bytes().last()) || is_part(part.as_bytes().first());
        replaced.push_str(if is_within { word } else { NOT_SHOWN });
        replaced.push_str(part);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_of_the_api_is_found_in_what_repeats_it_and_a_short_one_leaves_words_alone() {
        let value = json!({ "codes": ["abc123", "x", "password"], "deep": { "token": "t-secret" }, "on": true });
        let secrets = [Secret { name: String::new(), value }];
        let repeated = json!("x password: abc123, xt-secretx!");
        assert_eq!(without(repeated, &secrets), "x password: (secret, not shown), x(secret, not shown)x!");
    }

    #[test]
    fn a_word_is_replaced_where_it_stands_alone() {
        for (text, seen) in [
            ("horse", "(secret, not shown)"),
            ("“horse”, horse: a horse's", "“(secret, not shown)”, (secret, not shown): a (secret, not shown)'s"),
            ("horses, seahorse, horse_1, 1horse", "horses, seahorse, horse_1, 1horse"),
            ("1horsehorse horse", "1horsehorse (secret, not shown)"),
        ] {
            assert_eq!(replaced(text, &["horse"]), seen);
        }
        assert_eq!(replaced("a-a é-é", &["a-a", "é-é"]), "(secret, not shown) (secret, not shown)");
    }

    #[test]
    fn what_is_as_short_as_many_words_is_not_looked_for_and_no_part_of_what_stands_for_secrets() {
        assert!(["abc", "a1b2", "hunterhunter"].iter().all(|text| can_be_found(text)));
        assert!(!["", "ab", "secret", "not", "shown", "not shown"].iter().any(|text| can_be_found(text)));
    }

    #[test]
    fn a_text_is_kept_as_it_is_and_anything_else_as_json() {
        let kept = |value| Secret { name: "a.0".into(), value }.into_text();
        assert_eq!(kept(json!("a\"b")), ("a.0".into(), "a\"b".into()));
        assert_eq!(kept(json!(["a"])), ("a.0".into(), r#"["a"]"#.into()));
    }
}
