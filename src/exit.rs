//! The one exit for answers: ordered by their view, private metadata shown or hidden, untrusted text cleaned and named, printed
//! once.

use std::borrow::Cow;

use serde_json::{Map, Value};
use text_cleaning::{clean, map_strings};

use crate::error::Failure;
use crate::masks;
use crate::policy::PrivateMetadata;
use crate::secret::NOT_SHOWN;
use crate::view::{self, Field, Shape, UNTRUSTED, View};

/// Fields beside a view's in which untrusted text may stand.
const UNTRUSTED_BESIDE: [&str; 3] = ["arguments", "changes", "undo"];

/// The usual depth of a value at most. One that is deeper is cleaned, which bounds it.
const USUAL_DEPTH: usize = 32;

/// A tool's answer as compact JSON: the fields of its view, and then whatever else it holds.
pub(crate) fn print(view: &[Field], answer: Value, shown: PrivateMetadata) -> String {
    let mut exit = Exit::beginning("{", shown);
    exit.everything(view, answer);
    exit.finish()
}

/// A dry run's answer as compact JSON: its preview.
pub(crate) fn print_preview(view: &[Field], preview: Value) -> String {
    let mut exit = Exit::beginning("{\"preview\":{", PrivateMetadata::Show);
    exit.everything(view, preview);
    exit.json.push(b'}');
    exit.finish()
}

/// A failure as compact JSON.
pub(crate) fn print_failure(failure: Failure) -> String {
    let mut exit = Exit::beginning("{", PrivateMetadata::Show);
    for (name, value) in failure.fields() {
        exit.member(name, value);
    }
    exit.finish()
}

/// A value as it leaves: each of its strings cleaned as a whole, and masked.
pub(crate) fn cleaned(value: Value) -> Value {
    masks::member("", map_strings(value, &|text| clean(text).into_owned()))
}

/// Tells whether cleaning leaves a value as it is, which is not looked at further than this deep.
fn is_clean(value: &Value, depth: usize) -> bool {
    let stays = |text: &str| matches!(clean(text), Cow::Borrowed(_));
    match value {
        Value::String(text) => stays(text),
        Value::Array(_) | Value::Object(_) if depth == 0 => false,
        Value::Array(items) => items.iter().all(|item| is_clean(item, depth - 1)),
        Value::Object(fields) => fields.iter().all(|(name, value)| stays(name) && is_clean(value, depth - 1)),
        _ => true,
    }
}

/// A text as it leaves.
pub(crate) fn shown(text: &str) -> String {
    masks::text(clean(text)).into_owned()
}

/// Replaces each value of private metadata, however deep it is.
pub(crate) fn hide_values(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(hide_values),
        other => *other = text_cleaning::REDACTED.into(),
    }
}

/// Tells whether a text is the id of an API key, an OAuth access token or a machine's token. The credential can look like its id:
/// only a field of Clerk's own tells that it is none.
pub(crate) fn is_id_of_credential(text: &str) -> bool {
    text.split_once('_').is_some_and(|(kind, digits)| {
        let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        ["ak", "mt", "oat"].contains(&kind) && digits.len() == 32 && is_hexadecimal
    })
}

fn is_empty(value: &Value) -> bool {
    *value == "" || value.as_object().is_some_and(Map::is_empty)
}

struct Exit {
    json: Vec<u8>,
    /// The names of the fields printed so far that people outside have written.
    untrusted: Vec<String>,
    shown: PrivateMetadata,
}

impl Exit {
    fn beginning(json: &str, shown: PrivateMetadata) -> Self {
        let mut exit = Self { json: Vec::with_capacity(4096), untrusted: Vec::new(), shown };
        exit.json.extend_from_slice(json.as_bytes());
        exit
    }

    fn everything(&mut self, view: &[Field], answer: Value) {
        let Value::Object(fields) = answer else { return };
        for (name, value) in self.fields(view, fields) {
            if UNTRUSTED_BESIDE.contains(&name.as_str()) {
                self.untrusted.push(name.clone());
            }
            self.member(&name, value);
        }
    }

    fn finish(mut self) -> String {
        if !self.untrusted.is_empty() {
            let names = self.untrusted.join(", ").into();
            self.member(UNTRUSTED, names);
        }
        self.json.push(b'}');
        String::from_utf8(self.json).expect("JSON of texts is a text")
    }

    /// Prints the fields that the view names, in its order, and gives back the others.
    fn fields(&mut self, view: &[Field], fields: Map<String, Value>) -> Vec<(String, Value)> {
        let (mut named, mut others) = (Vec::new(), Vec::new());
        named.resize_with(view.len(), || None);
        for (name, value) in fields {
            match view::place(view, &name) {
                Some(place) => named[place] = Some(value),
                None => others.push((name, value)),
            }
        }
        for (field, value) in view.iter().zip(named) {
            if let Some(value) = value {
                self.field(field, value);
            }
        }
        others
    }

    fn field(&mut self, field: &Field, mut value: Value) {
        if matches!(field.shape, Shape::PrivateMetadata) {
            match self.shown {
                PrivateMetadata::Show => {}
                PrivateMetadata::Keys => hide_values(&mut value),
                PrivateMetadata::Hide => return,
            }
        }
        if field.shape.is_untrusted() && !is_empty(&value) && !self.untrusted.iter().any(|name| name == field.name) {
            self.untrusted.push(field.name.into());
        }
        self.name(field.name);
        match (field.shape, value) {
            (Shape::One(view), Value::Object(fields)) => self.object(view, fields),
            (Shape::Many(view) | Shape::Any(view), Value::Array(items)) => {
                self.json.push(b'[');
                for item in items {
                    self.separate();
                    match item {
                        Value::Object(fields) => self.object(view, fields),
                        other => self.value(field.name, other),
                    }
                }
                self.json.push(b']');
            }
            // It was taken out where the answer was read.
            (Shape::Secret, _) => self.verbatim(&NOT_SHOWN.into()),
            (Shape::Text, Value::String(text)) if is_id_of_credential(&text) => self.verbatim(&text.into()),
            (_, value) => self.value(field.name, value),
        }
    }

    fn object(&mut self, view: &View, fields: Map<String, Value>) {
        self.json.push(b'{');
        self.fields(view.0, fields);
        self.json.push(b'}');
    }

    fn member(&mut self, name: &str, value: Value) {
        self.name(name);
        self.value(name, value);
    }

    /// Begins a member whose name is one of ours.
    fn name(&mut self, name: &str) {
        self.separate();
        self.plain(name);
        self.json.push(b':');
    }

    /// A text in which nothing has to be escaped.
    fn plain(&mut self, text: &str) {
        self.json.push(b'"');
        self.json.extend_from_slice(text.as_bytes());
        self.json.push(b'"');
    }

    fn separate(&mut self) {
        if !matches!(self.json.last(), Some(b'{' | b'[')) {
            self.json.push(b',');
        }
    }

    /// The value of a member of this name as it leaves.
    fn value(&mut self, name: &str, value: Value) {
        let is_clean = is_clean(&value, USUAL_DEPTH);
        let value = if is_clean { value } else { map_strings(value, &|text| clean(text).into_owned()) };
        self.verbatim(&masks::member(name, value));
    }

    fn verbatim(&mut self, value: &Value) {
        // Most values are such texts.
        if let Value::String(text) = value
            && text.bytes().all(|byte| !matches!(byte, ..b' ' | b'"' | b'\\'))
        {
            return self.plain(text);
        }
        serde_json::to_writer(&mut self.json, value).expect("memory takes all, and names are texts");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{many, private, secret, text, untrusted};
    use serde_json::json;

    static PERSON: View = View(&[untrusted("name"), text("id"), private("private_metadata")]);
    static PAGE: View = View(&[many("data", &PERSON), text("next")]);

    fn printed(answer: Value, shown: PrivateMetadata) -> String {
        print(PAGE.0, answer, shown)
    }

    #[test]
    fn an_answer_is_ordered_by_its_view_and_names_its_untrusted_text() {
        let answer = json!({ "next": "n", "changes": [], "data": [{ "id": "1", "name": "sk_live_abc\u{200b}" }, {}] });
        assert_eq!(
            printed(answer, PrivateMetadata::Show),
            r#"{"data":[{"name":"sk_live_(not shown)","id":"1"},{}],"next":"n","changes":[],"untrusted_text":"name, changes"}"#
        );
        assert_eq!(printed(json!({ "data": [] }), PrivateMetadata::Show), r#"{"data":[]}"#);
    }

    #[test]
    fn a_secret_that_comes_as_far_as_here_goes_no_further() {
        static KEY: View = View(&[secret("token")]);
        let leaving = print(KEY.0, json!({ "token": "t_1" }), PrivateMetadata::Show);
        assert_eq!(leaving, r#"{"token":"(secret, not shown)"}"#);
    }

    #[test]
    fn the_id_of_a_credential_leaves_where_an_id_stands_and_nowhere_else() {
        for (id, seen) in [
            ("ak_3beecc9c60adb5f9b850e91a8ee1e992", "ak_3beecc9c60adb5f9b850e91a8ee1e992"),
            ("oat_0ef5a7a33d87ed87ee7954c845d80450", "oat_0ef5a7a33d87ed87ee7954c845d80450"),
            ("ak_3beecc9c60adb5f9b850e91a8ee1e9920", "ak_(not shown)"),
            ("ak_3beecc9c60adb5f9b850e91a8ee1e99z", "ak_(not shown)"),
            ("sk_live_3beecc9c60adb5f9b850e91a8ee1e992", "sk_live_(not shown)"),
        ] {
            let answer = json!({ "data": [{ "id": id, "name": id }], "note": id });
            let printed: Value = serde_json::from_str(&printed(answer, PrivateMetadata::Show)).expect("it is JSON");
            assert_eq!(printed["data"][0]["id"], seen);
            let elsewhere = [&printed["data"][0]["name"], &printed["note"]];
            assert!(elsewhere.iter().all(|text| text.to_string().contains("_(not shown)")), "{printed}");
        }
    }

    #[test]
    fn private_metadata_leaves_as_the_policy_says() {
        let answer = json!({ "data": [{ "private_metadata": { "a": { "b": [1], "c": "x" } } }] });
        let inside = |shown| {
            let printed: Value = serde_json::from_str(&printed(answer.clone(), shown)).expect("it is JSON");
            printed["data"][0]["private_metadata"].clone()
        };
        assert_eq!(inside(PrivateMetadata::Show), answer["data"][0]["private_metadata"]);
        assert_eq!(inside(PrivateMetadata::Keys), json!({ "a": { "b": "(not shown)", "c": "(not shown)" } }));
        assert_eq!(inside(PrivateMetadata::Hide), Value::Null);
    }

    #[test]
    fn strings_are_cleaned_whole_and_keys_stay_apart() {
        let answer = json!({ "undo": { "sk_\u{7}live_X": "a\u{1}b", "k": 1, "k\u{200b}": 2 } });
        assert_eq!(
            printed(answer, PrivateMetadata::Show),
            r#"{"undo":{"k":1,"k (2)":2,"sk_live_(not shown)":"ab"},"untrusted_text":"undo"}"#
        );
    }
}
