//! JSON values of which every string is changed: keys and values.

use serde_json::{Map, Value};

/// How deep a value may be nested: as deep as one that is read from a text.
const DEEPEST: usize = 128;

/// The value with each string changed, keys too. Keys that are the same after that are numbered, and what is nested deeper
/// than a text may be is left out.
#[must_use]
pub fn map_strings(value: Value, change: &dyn Fn(&str) -> String) -> Value {
    map_within(value, change, DEEPEST)
}

fn map_within(value: Value, change: &dyn Fn(&str) -> String, depth: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if depth == 0 => Value::Null,
        Value::String(text) => change(&text).into(),
        Value::Array(items) => items.into_iter().map(|item| map_within(item, change, depth - 1)).collect(),
        Value::Object(fields) => {
            let mut changed = Map::new();
            for (name, value) in fields {
                let name = unique(change(&name), |name| changed.contains_key(name));
                changed.insert(name, map_within(value, change, depth - 1));
            }
            changed.into()
        }
        other => other,
    }
}

/// The key with a number behind it where it is taken.
fn unique(key: String, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&key) {
        return key;
    }
    let numbered = (2_u64..).map(|number| format!("{key} ({number})"));
    numbered.into_iter().find(|key| !is_taken(key)).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean;
    use serde_json::json;

    fn cleaned(value: &Value) -> Value {
        map_strings(value.clone(), &|text| clean(text).into_owned())
    }

    #[test]
    fn plain_values_stay_as_they_are() {
        let value = json!({"a": [1, "b\n\"\\/", null, {"c": {}}], "Zoë": true, "1.5": 1.5});
        assert_eq!(cleaned(&value), value);
    }

    #[test]
    fn strings_are_cleaned_whole_whatever_is_escaped_in_them() {
        for (written, seen) in [
            (json!("sk_\u{7}live_X"), json!("sk_live_(not shown)")),
            (json!("ticket\u{8}=abc\"def"), json!("ticket=(not shown)\"def")),
            (json!({"sk_\u{0}live_X": ["a\u{1}b"]}), json!({"sk_live_(not shown)": ["ab"]})),
        ] {
            assert_eq!(cleaned(&written), seen, "{written}");
        }
    }

    #[test]
    fn keys_that_look_the_same_stay_apart() {
        let value =
            json!({"k": 1, "k\u{200b}": 2, "k\u{200b}\u{200b}": 3, "deep": [{"\u{feff}k": 4, "k": 5}], "k (2)": 6});
        let cleaned = cleaned(&value);
        assert_eq!(cleaned.as_object().map(Map::len), Some(5), "{cleaned}");
        assert_eq!(cleaned["deep"][0].as_object().map(Map::len), Some(2), "{cleaned}");
    }
}
