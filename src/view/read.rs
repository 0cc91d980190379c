//! Reads answers by views. The value of a secret is taken out of the answer here, before anything else sees it.

use core::mem;

use serde_json::{Map, Value};

use super::{LEFT_OUT, Shape, View};
use crate::error::Failure;
use crate::kind::time;
use crate::secret::{self, NOT_SHOWN, Secret};

/// A part of a report as its view shows it, and the secrets in it.
pub(crate) type Part = Result<(Value, Vec<Secret>), Failure>;

/// One reading of an answer.
#[derive(Default)]
pub(crate) struct Reading {
    /// True where private metadata is left out, as nobody has asked for it.
    without_private: bool,
    /// The fields that hold something else than their kind, each once: names with dots in between.
    left_out: Vec<String>,
    secrets: Vec<Secret>,
    path: Vec<Step>,
}

/// A step on the way to a field.
#[derive(Clone, Copy)]
enum Step {
    Field(&'static str),
    Item(usize),
}

impl Reading {
    /// The part of an object that the view names; null where it is no object.
    pub(crate) fn object(&mut self, view: &View, value: Value) -> Value {
        if !value.is_object() {
            return Value::Null;
        }
        let makers = view.0.iter().filter_map(|field| Some((field.name, field.shape.make()?)));
        let made: Vec<_> = makers.map(|(name, make)| (name, make(&value))).collect();
        let Value::Object(mut fields) = value else { return Value::Null };
        fields.retain(|name, value| {
            let field = view.field(name).filter(|field| field.shape.make().is_none());
            let Some(field) = field.filter(|field| !self.is_absent(field.shape, value)) else { return false };
            self.path.push(Step::Field(field.name));
            *value = self.value(field.shape, value.take());
            if value.is_null() {
                self.note();
            }
            self.path.pop();
            !value.is_null()
        });
        fields.extend(made.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.into(), value)));
        fields.into()
    }

    /// A reading of the items of a list in an answer, one by one.
    pub(crate) fn of_list(name: &'static str) -> Self {
        Self { path: vec![Step::Field(name)], ..Self::default() }
    }

    /// A reading of the items of a page, one by one.
    pub(crate) fn of_items(without_private: bool) -> Self {
        Self { without_private, ..Self::of_list("data") }
    }

    /// The part of the item at this place that the view names; null where it is no object.
    pub(crate) fn item(&mut self, view: &View, index: usize, item: Value) -> Value {
        self.path.push(Step::Item(index));
        let object = self.object(view, item);
        self.path.pop();
        if object.is_null() {
            self.note();
        }
        object
    }

    /// The objects of a list. Items that are no objects are left out.
    fn objects(&mut self, view: &View, items: Vec<Value>) -> Value {
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            let object = self.item(view, read.len(), item);
            if !object.is_null() {
                read.push(object);
            }
        }
        read.into()
    }

    /// Takes over from a part of the answer the names of the fields that were left out of it.
    pub(crate) fn note_within(&mut self, part: &str, answer: &mut Value) {
        let left_out = answer.as_object_mut().and_then(|answer| answer.remove(LEFT_OUT));
        let names = left_out.as_ref().and_then(Value::as_str).unwrap_or_default();
        self.left_out.extend(names.split(", ").filter(|name| !name.is_empty()).map(|name| format!("{part}.{name}")));
    }

    /// A report of parts, by name, besides what it has already. One that could not be had is named in `failed`.
    pub(crate) fn report(mut self, mut report: Map<String, Value>, parts: Vec<(&str, Part)>) -> Value {
        let mut failed = Vec::new();
        for (name, part) in parts {
            match part {
                Ok((mut part, _)) => {
                    self.note_within(name, &mut part);
                    report.insert(name.into(), part);
                }
                Err(failure) => failed.push(failure.into_step(name)),
            }
        }
        report.insert("failed".into(), failed.into());
        self.finish(report.into())
    }

    /// Names the fields that were left out in the answer.
    pub(crate) fn finish(self, mut answer: Value) -> Value {
        if let (Value::Object(answer), false) = (&mut answer, self.left_out.is_empty()) {
            answer.insert(LEFT_OUT.into(), self.left_out.join(", ").into());
        }
        answer
    }

    /// The secrets that were read so far, and the answer without them, wherever else the API has repeated them.
    pub(crate) fn take_secrets(&mut self, answer: Value) -> (Value, Vec<Secret>) {
        let secrets = mem::take(&mut self.secrets);
        (secret::without(answer, &secrets), secrets)
    }

    /// The place of the field that is read.
    fn place(&self) -> String {
        let steps = self.path.iter().map(|step| match step {
            Step::Field(name) => (*name).to_owned(),
            Step::Item(index) => index.to_string(),
        });
        steps.collect::<Vec<_>>().join(".")
    }

    fn is_absent(&self, shape: Shape, value: &Value) -> bool {
        match shape {
            Shape::PrivateMetadata if self.without_private => true,
            Shape::Any(_) => value.is_null() || value.as_array().is_some_and(Vec::is_empty),
            Shape::Secret => value.is_null() || *value == "" || value.as_array().is_some_and(Vec::is_empty),
            _ => value.is_null(),
        }
    }

    /// The value, or null where it is of another kind.
    fn value(&mut self, shape: Shape, value: Value) -> Value {
        match (shape, value) {
            (Shape::One(view), value) => self.object(view, value),
            (Shape::Many(view) | Shape::Any(view), Value::Array(items)) => self.objects(view, items),
            (Shape::Texts | Shape::UntrustedTexts, Value::Array(mut items)) => {
                items.retain(Value::is_string);
                items.into()
            }
            (Shape::Time, value) => time::rfc3339(&value).into(),
            (Shape::Count, value) => whole(&value).into(),
            (Shape::Secret, value) => {
                self.secrets.push(Secret { name: self.place(), value });
                NOT_SHOWN.into()
            }
            (Shape::Json, value)
            | (Shape::Text | Shape::Untrusted, value @ Value::String(_))
            | (Shape::Number, value @ Value::Number(_))
            | (Shape::Flag, value @ Value::Bool(_))
            | (Shape::Object | Shape::Metadata | Shape::PrivateMetadata, value @ Value::Object(_)) => value,
            _ => Value::Null,
        }
    }

    /// Notes that something was left out here.
    pub(crate) fn note(&mut self) {
        let names = self.path.iter().filter_map(|step| if let Step::Field(name) = step { Some(*name) } else { None });
        let path = names.collect::<Vec<_>>().join(".");
        if !self.left_out.contains(&path) {
            self.left_out.push(path);
        }
    }
}

/// A whole number that is not negative.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| u64::try_from(time::timestamp(value).filter(|_| value.is_f64())?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{self, count, flag, made, many, metadata, one, private, secret, text, texts};
    use serde_json::json;

    static PART: View = View(&[text("id"), count("size")]);
    static WHOLE: View = View(&[
        text("id"),
        flag("on"),
        count("size"),
        view::time("at"),
        metadata("meta"),
        private("secret"),
        one("part", &PART),
        many("parts", &PART),
        texts("words"),
        made("name", |whole| whole["id"].clone()),
    ]);

    fn read(value: Value) -> Value {
        let mut reading = Reading::default();
        let object = reading.object(&WHOLE, value);
        reading.finish(object)
    }

    #[test]
    fn only_what_is_named_is_read() {
        let whole = json!({
            "id": "a", "on": true, "size": 2.0, "at": 0, "meta": {"x": null}, "secret": {}, "part": {"id": "b", "y": 1},
            "parts": [{"size": 3}], "words": ["w"], "other": "o", "name": 7,
        });
        assert_eq!(
            read(whole),
            json!({
                "id": "a", "on": true, "size": 2, "at": "1970-01-01T00:00:00Z", "meta": {"x": null}, "secret": {},
                "part": {"id": "b"}, "parts": [{"size": 3}], "words": ["w"], "name": "a",
            })
        );
        assert_eq!(read(json!({"id": null, "parts": null})), json!({}));
    }

    #[test]
    fn what_is_of_another_kind_is_left_out_and_named() {
        let odd = json!({
            "id": 1, "on": "true", "size": -1, "at": "soon", "meta": [], "secret": "x", "part": "p", "parts": {},
            "words": {}, "name": {},
        });
        let names = "at, id, meta, on, part, parts, secret, size, words";
        assert_eq!(read(odd), json!({ "name": 1, "left_out": names }));
        let deep = json!({"parts": [{"id": "a", "size": {}}, {"size": []}, 7], "part": {"size": "many"}});
        assert_eq!(
            read(deep),
            json!({"part": {}, "parts": [{"id": "a"}, {}], "left_out": "part.size, parts.size, parts"})
        );
    }

    #[test]
    fn a_secret_is_taken_out_of_the_answer_with_its_place() {
        static KEY: View = View(&[text("id"), secret("token")]);
        static KEYS: View = View(&[secret("url"), secret("codes"), one("key", &KEY), many("keys", &KEY)]);
        let mut reading = Reading::default();
        let given = json!({
            "url": "https://x.example/?t=1", "codes": ["a"], "key": {"token": ""},
            "keys": [{"id": "1", "token": "one"}, 7, {"id": "2", "token": null}, {"token": {"jwt": "two"}}],
        });
        let read = reading.object(&KEYS, given);
        let hidden = "(secret, not shown)";
        assert_eq!(
            read,
            json!({
                "url": hidden, "codes": hidden, "key": {}, "keys": [{"id": "1", "token": hidden}, {"id": "2"}, {"token": hidden}],
            })
        );
        let (repeated, secrets) = reading.take_secrets(json!({ "note": "see https://x.example/?t=1" }));
        assert_eq!(repeated["note"], format!("see {hidden}"));
        let secrets: Vec<_> = secrets.into_iter().map(|secret| (secret.name, secret.value)).collect();
        let expected = [
            ("codes", json!(["a"])),
            ("keys.0.token", json!("one")),
            ("keys.2.token", json!({"jwt": "two"})),
            ("url", json!("https://x.example/?t=1")),
        ];
        assert_eq!(secrets, expected.map(|(name, value)| (name.to_owned(), value)));
        assert!(reading.take_secrets(Value::Null).1.is_empty());
    }

    #[test]
    fn private_metadata_is_left_out_where_nobody_asked_for_it() {
        let mut reading = Reading::of_items(true);
        let read = reading.object(&WHOLE, json!({"id": "a", "secret": {"pin": 1}, "meta": {"secret": 2}}));
        assert_eq!(reading.finish(read), json!({"id": "a", "name": "a", "meta": {"secret": 2}}));
    }
}
