//! JSON whose every string is clean: keys and values.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::clean;

/// JSON with each string cleaned as a whole, whatever is escaped in it. Keys of an object that are the same after that are
/// numbered: `name (2)`.
#[must_use]
pub fn clean_json(json: &str) -> String {
    let mut printer = Printer::default();
    printer.print(json);
    if printer.has_changed_key {
        // Once more, with an eye on the keys.
        printer = Printer { keys: Some(Vec::new()), ..Printer::default() };
        printer.print(json);
    }
    printer.text
}

/// Prints JSON again that was printed before.
#[derive(Default)]
struct Printer {
    text: String,
    has_changed_key: bool,
    /// The keys so far of each object that is open, where they are watched.
    keys: Option<Vec<Map<String, Value>>>,
}

impl Printer {
    fn print(&mut self, json: &str) {
        self.text.reserve(json.len());
        let mut rest = json;
        while let Some(start) = rest.find('"') {
            let (between, string) = rest.split_at(start);
            self.follow(between);
            self.text.push_str(between);
            let (string, after) = string.split_at(end_of_string(string.as_bytes()));
            self.string(string, after.starts_with(':'));
            rest = after;
        }
        self.text.push_str(rest);
    }

    /// Notes where objects begin and end.
    fn follow(&mut self, between: &str) {
        let Some(keys) = &mut self.keys else { return };
        for byte in between.bytes() {
            match byte {
                b'{' => keys.push(Map::new()),
                b'}' => drop(keys.pop()),
                _ => {}
            }
        }
    }

    /// Prints a string with its quotes.
    fn string(&mut self, string: &str, is_key: bool) {
        let inside = string.get(1..string.len().saturating_sub(1)).unwrap_or_default();
        let text: Cow<'_, str> =
            if inside.contains('\\') { serde_json::from_str(string).unwrap_or_default() } else { inside.into() };
        let mut cleaned = clean(&text);
        self.has_changed_key |= is_key && cleaned != text;
        if let Some(keys) = self.keys.as_mut().and_then(|keys| keys.last_mut()).filter(|_| is_key) {
            let key = unique(cleaned.into_owned(), |key| keys.contains_key(key));
            keys.insert(key.clone(), Value::Null);
            cleaned = key.into();
        }
        if cleaned == text {
            self.text.push_str(string);
        } else {
            self.text.push_str(&Value::from(cleaned).to_string());
        }
    }
}

/// Where a string ends, behind its last quote.
fn end_of_string(json: &[u8]) -> usize {
    let mut at = 1;
    loop {
        match json.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return json.len(),
        }
    }
}

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
    use serde_json::json;

    #[test]
    fn plain_json_is_printed_as_it_is() {
        let value = json!({"a": [1, "b\n\"\\/", null, {"c": {}}], "Zoë": true, "1.5": 1.5});
        assert_eq!(clean_json(&value.to_string()), value.to_string());
        assert_eq!(map_strings(value.clone(), &|text| clean(text).into_owned()), value);
    }

    #[test]
    fn strings_are_cleaned_whole_whatever_is_escaped_in_them() {
        assert_eq!(clean_json(&json!("sk_\u{7}live_X").to_string()), r#""sk_live_(not shown)""#);
        assert_eq!(clean_json(&json!("ticket\u{8}=abc\"def").to_string()), r#""ticket=(not shown)\"def""#);
        assert_eq!(
            clean_json(&json!({"sk_\u{0}live_X": ["a\u{1}b"]}).to_string()),
            r#"{"sk_live_(not shown)":["ab"]}"#
        );
    }

    #[test]
    fn keys_that_look_the_same_stay_apart() {
        let value =
            json!({"k": 1, "k\u{200b}": 2, "k\u{200b}\u{200b}": 3, "deep": [{"\u{feff}k": 4, "k": 5}], "k (2)": 6});
        let printed: Value = serde_json::from_str(&clean_json(&value.to_string())).expect("it is JSON");
        assert_eq!(printed.as_object().map(Map::len), Some(5), "{printed}");
        assert_eq!(printed["deep"][0].as_object().map(Map::len), Some(2), "{printed}");
        let cleaned = map_strings(value, &|text| clean(text).into_owned());
        assert_eq!(cleaned.as_object().map(Map::len), Some(5), "{cleaned}");
    }
}
