//! Secrets: values that leave apart from an answer, for a host that keeps them, or not at all.

use serde_json::Value;
use text_cleaning::map_strings;

/// Stands in the place of a secret.
pub(crate) const NOT_SHOWN: &str = "(secret, not shown)";

/// The least length of a secret that is looked for inside of other texts, in bytes. Shorter ones are a part of too much.
const SHORTEST: usize = 6;

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
    if repeated.is_empty() { value } else { map_strings(value, &|text| replaced(text, &repeated)) }
}

/// The texts in a value that are secrets of their own.
pub(crate) fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if is_telling(text) => found.push(text),
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

/// A text in which these secrets are replaced, wherever the API has repeated them.
pub(crate) fn replaced(text: &str, secrets: &[&str]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, NOT_SHOWN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_is_found_in_what_repeats_it_and_a_short_one_leaves_words_alone() {
        let value = json!({ "codes": ["abc123", "x", "password"], "deep": { "token": "t-secret" }, "on": true });
        let mut secrets = Vec::new();
        texts(&value, &mut secrets);
        assert_eq!(secrets, ["abc123", "t-secret"]);
        assert_eq!(replaced("x: abc123, t-secret!", &secrets), "x: (secret, not shown), (secret, not shown)!");
    }

    #[test]
    fn a_text_is_kept_as_it_is_and_anything_else_as_json() {
        let kept = |value| Secret { name: "a.0".into(), value }.into_text();
        assert_eq!(kept(json!("a\"b")), ("a.0".into(), "a\"b".into()));
        assert_eq!(kept(json!(["a"])), ("a.0".into(), r#"["a"]"#.into()));
    }
}
