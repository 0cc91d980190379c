//! The one exit for answers: ordered by their view, private metadata shown or hidden, untrusted text cleaned and named, printed
//! once.

use serde_json::{Map, Value};
use text_cleaning::{clean, map_strings};

use crate::error::Failure;
use crate::policy::PrivateMetadata;
use crate::secret::NOT_SHOWN;
use crate::view::{Field, Shape, UNTRUSTED, View};

/// Fields beside a view's in which untrusted text may stand.
const UNTRUSTED_BESIDE: [&str; 3] = ["arguments", "changes", "undo"];

/// A tool's answer as compact JSON: the fields of its view, and then whatever else it holds.
pub(crate) fn print(view: &[Field], answer: Value, shown: PrivateMetadata) -> String {
    let mut exit = Exit { json: String::with_capacity(1024), untrusted: Vec::new(), shown };
    exit.json.push('{');
    exit.everything(view, answer);
    exit.finish()
}

/// A dry run's answer as compact JSON: its preview.
pub(crate) fn print_preview(view: &[Field], preview: Value) -> String {
    let mut exit = Exit { json: String::from("{\"preview\":{"), untrusted: Vec::new(), shown: PrivateMetadata::Show };
    exit.everything(view, preview);
    exit.json.push('}');
    exit.finish()
}

/// A failure as compact JSON.
pub(crate) fn print_failure(failure: Failure) -> String {
    let mut exit = Exit { json: String::from("{"), untrusted: Vec::new(), shown: PrivateMetadata::Show };
    for (name, value) in failure.fields() {
        exit.member(name, &cleaned(value).to_string());
    }
    exit.json.push('}');
    exit.json
}

/// A value with each of its strings cleaned as a whole.
pub(crate) fn cleaned(value: Value) -> Value {
    map_strings(value, &|text| clean(text).into_owned())
}

/// A text as it leaves.
pub(crate) fn shown(text: &str) -> String {
    clean(text).into_owned()
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
    json: String,
    /// The names of the fields printed so far that people outside have written.
    untrusted: Vec<String>,
    shown: PrivateMetadata,
}

impl Exit {
    fn everything(&mut self, view: &[Field], answer: Value) {
        let Value::Object(mut fields) = answer else { return };
        self.fields(view, &mut fields);
        for (name, value) in fields {
            if UNTRUSTED_BESIDE.contains(&name.as_str()) {
                self.untrusted.push(name.clone());
            }
            self.member(&name, &cleaned(value).to_string());
        }
    }

    fn finish(mut self) -> String {
        if !self.untrusted.is_empty() {
            let names = Value::from(self.untrusted.join(", "));
            self.member(UNTRUSTED, &names.to_string());
        }
        self.json.push('}');
        self.json
    }

    /// Takes what the view names out of the fields and prints it.
    fn fields(&mut self, view: &[Field], fields: &mut Map<String, Value>) {
        for field in view {
            if let Some(value) = fields.remove(field.name) {
                self.field(field, value);
            }
        }
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
        match (field.shape, value) {
            (Shape::One(view), Value::Object(fields)) => {
                self.name(field.name);
                self.object(view, fields);
            }
            (Shape::Many(view) | Shape::Any(view), Value::Array(items)) => {
                self.name(field.name);
                self.json.push('[');
                for item in items {
                    self.separate();
                    match item {
                        Value::Object(fields) => self.object(view, fields),
                        other => self.json.push_str(&cleaned(other).to_string()),
                    }
                }
                self.json.push(']');
            }
            // It was taken out where the answer was read.
            (Shape::Secret, _) => self.member(field.name, &Value::from(NOT_SHOWN).to_string()),
            (Shape::Text, Value::String(text)) if is_id_of_credential(&text) => {
                self.member(field.name, &Value::from(text).to_string());
            }
            (_, value) => self.member(field.name, &cleaned(value).to_string()),
        }
    }

    fn object(&mut self, view: &View, mut fields: Map<String, Value>) {
        self.json.push('{');
        self.fields(view.0, &mut fields);
        self.json.push('}');
    }

    fn member(&mut self, name: &str, json: &str) {
        self.name(name);
        self.json.push_str(json);
    }

    /// Begins a member whose name is one of ours.
    fn name(&mut self, name: &str) {
        self.separate();
        self.json.extend(["\"", name, "\":"]);
    }

    fn separate(&mut self) {
        if !self.json.ends_with(['{', '[']) {
            self.json.push(',');
        }
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
