//! Changes that a write makes, and those that would take them back.

use serde_json::{Map, Value};

use crate::exit::hide_values;
use crate::policy::PrivateMetadata;
use crate::view::LEFT_OUT;

/// The field with metadata that only the backend may see.
const PRIVATE_METADATA: &str = "private_metadata";
/// Fields that change by themselves, or follow from others.
const VOLATILE: [&str; 7] = [
    "updated_at",
    "last_active_at",
    "last_sign_in_at",
    "lockout_expires_in_seconds",
    "lock_note",
    "members_count",
    LEFT_OUT,
];
/// The most changes that an answer or a preview lists.
const MOST: usize = 100;

/// One value that is different afterwards. Absent means that there is none.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    /// JSON Pointer (RFC 6901).
    pub(crate) path: String,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
    pub(crate) note: Option<&'static str>,
}

/// Stands beside a change of private metadata: told whether or not the value is another one, so that nobody finds out a
/// hidden value by guessing.
const MAY_CHANGE: &str = "may change; private metadata is not shown";

/// The differences, of the fields that `after` has. Those of private metadata are told by [`of_private`] unless it is shown.
pub(crate) fn between(before: &Value, after: &Value, shown: PrivateMetadata) -> Vec<Change> {
    let mut changes = Vec::new();
    let is_hidden = |name: &str| name == PRIVATE_METADATA && shown != PrivateMetadata::Show;
    for (name, now) in after.as_object().into_iter().flatten() {
        if !VOLATILE.contains(&name.as_str()) && !is_hidden(name) {
            compare(&mut changes, &pointer("", name), before.get(name), some(now));
        }
    }
    changes
}

/// Adds changes to an answer or a preview: those that decide most first, and how many more there are than it lists.
pub(crate) fn add_to(answer: &mut Map<String, Value>, changes: &[Change]) {
    let ranked = (0..=2).flat_map(|rank| changes.iter().filter(move |change| change.rank() == rank));
    let listed: Vec<Value> = ranked.take(MOST).map(Change::to_value).collect();
    let more = changes.len() - listed.len();
    answer.insert("changes".into(), listed.into());
    if more > 0 {
        answer.insert("more_changes".into(), more.into());
    }
}

impl Change {
    fn to_value(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("path".into(), self.path.as_str().into());
        for (name, value) in [("before", &self.before), ("after", &self.after)] {
            if let Some(value) = value {
                fields.insert(name.into(), value.clone());
            }
        }
        if let Some(note) = self.note {
            fields.insert("note".into(), note.into());
        }
        fields.into()
    }

    /// Its place in a list that may be cut short: Clerk's own fields first, then private metadata, then the rest.
    fn rank(&self) -> u8 {
        match self.path.split('/').nth(1) {
            Some(PRIVATE_METADATA) => 1,
            Some("public_metadata" | "unsafe_metadata") => 2,
            _ => 0,
        }
    }
}

/// The changes that `change` may make to private metadata, as far as it is shown. They depend on nothing that is hidden.
pub(crate) fn of_private(stored: &Value, change: &Value, shown: PrivateMetadata) -> Vec<Change> {
    let path = pointer("", PRIVATE_METADATA);
    let mut changes = Vec::new();
    match shown {
        PrivateMetadata::Show => compare(&mut changes, &path, some(stored), Some(&merged(stored, change))),
        PrivateMetadata::Keys => name_keys(&mut changes, &path, some(stored), change),
        PrivateMetadata::Hide => changes.push(Change { path, before: None, after: None, note: Some(MAY_CHANGE) }),
    }
    changes
}

fn some(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| !value.is_null())
}

/// Names each key that is given, with the values of both sides hidden.
fn name_keys(changes: &mut Vec<Change>, path: &str, stored: Option<&Value>, change: &Value) {
    if let (Some(Value::Object(stored)), Value::Object(change)) = (stored, change) {
        for (name, change) in change {
            name_keys(changes, &pointer(path, name), stored.get(name), change);
        }
        return;
    }
    let hidden = |mut value: Value| {
        hide_values(&mut value);
        value
    };
    let before = stored.cloned().map(hidden);
    let after = some(change).map(|change| hidden(merged(&Value::Null, change)));
    if before.is_some() || after.is_some() {
        changes.push(Change { path: path.into(), before, after, note: Some(MAY_CHANGE) });
    }
}

/// Adds those of the `expected` changes that the others do not show, as what is shown of them is the same before and after.
pub(crate) fn complete(changes: &mut Vec<Change>, expected: Vec<Change>) {
    let is_within =
        |one: &str, other: &str| one == other || one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
    for change in expected {
        let shows = |shown: &Change| is_within(&shown.path, &change.path) || is_within(&change.path, &shown.path);
        if !changes.iter().any(shows) {
            changes.push(change);
        }
    }
}

fn compare(changes: &mut Vec<Change>, path: &str, before: Option<&Value>, after: Option<&Value>) {
    if before == after {
        return;
    }
    let (Some(Value::Object(was)), Some(Value::Object(is))) = (before, after) else {
        changes.push(Change { path: path.into(), before: before.cloned(), after: after.cloned(), note: None });
        return;
    };
    for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
        compare(changes, &pointer(path, name), was.get(name), is.get(name));
    }
}

fn pointer(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The changes that put `value` in the place of what is stored when they are merged into it.
pub(crate) fn replacing(stored: &Value, value: &Value) -> Value {
    let (Value::Object(stored), Value::Object(given)) = (stored, value) else { return value.clone() };
    let mut changes = Map::new();
    for name in stored.keys().filter(|name| !given.contains_key(*name)) {
        changes.insert(name.clone(), Value::Null);
    }
    for (name, value) in given {
        changes.insert(name.clone(), replacing(stored.get(name).unwrap_or(&Value::Null), value));
    }
    changes.into()
}

/// Metadata after Clerk has merged `changes` into it: objects merge, null removes, the rest is replaced.
pub(crate) fn merged(stored: &Value, changes: &Value) -> Value {
    let Value::Object(changes) = changes else { return changes.clone() };
    let mut merged = stored.as_object().cloned().unwrap_or_default();
    for (name, change) in changes {
        match change {
            Value::Null => {
                merged.remove(name);
            }
            change => {
                let value = self::merged(merged.get(name).unwrap_or(&Value::Null), change);
                merged.insert(name.clone(), value);
            }
        }
    }
    merged.into()
}

/// The changes that take `changes` back; none where merging cannot bring back what was stored.
pub(crate) fn inverse(stored: &Value, changes: &Value) -> Option<Value> {
    let (Some(stored), Some(changes)) = (stored.as_object(), changes.as_object()) else { return None };
    let mut inverse = Map::new();
    for (name, change) in changes {
        let back = match (stored.get(name), change) {
            (None, Value::Null) => continue,
            (None, _) => Value::Null,
            // Merging removes what is null.
            (Some(was), _) if has_null(was) => return None,
            (Some(was @ Value::Object(_)), Value::Object(_)) => self::inverse(was, change)?,
            (Some(was), change) if was == change => continue,
            (Some(was), _) => was.clone(),
        };
        inverse.insert(name.clone(), back);
    }
    Some(inverse.into())
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.values().any(has_null),
        // Arrays are replaced as they are.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHOW: PrivateMetadata = PrivateMetadata::Show;

    #[test]
    fn what_is_different_is_named_by_its_place() {
        let before = json!({"role": "a", "meta": {"x": 1, "y": {"z": [1]}, "a/b": 1}, "updated_at": 1, "gone": 1});
        let after = json!({"role": "a", "meta": {"y": {"z": [2]}, "a/b": 1, "new": true}, "updated_at": 2});
        let places: Vec<(String, Option<Value>, Option<Value>)> = between(&before, &after, SHOW)
            .into_iter()
            .map(|change| (change.path, change.before, change.after))
            .collect();
        assert_eq!(
            places,
            [
                ("/meta/x".into(), Some(json!(1)), None),
                ("/meta/y/z".into(), Some(json!([1])), Some(json!([2]))),
                ("/meta/new".into(), None, Some(json!(true))),
            ]
        );
        assert_eq!(between(&json!({"a~": 1}), &json!({"a~": 2}), SHOW)[0].path, "/a~0");
    }

    #[test]
    fn changes_of_hidden_metadata_do_not_depend_on_its_values() {
        let told = |stored: Value, shown| {
            of_private(&stored, &json!({"pin": "1234", "a": {"b": 1, "c": null}}), shown)
                .iter()
                .map(Change::to_value)
                .collect::<Value>()
        };
        let stored = json!({"pin": "1234", "a": {"b": 1}});
        assert_eq!(told(stored.clone(), PrivateMetadata::Show), json!([]));
        for other in [json!({"pin": "1234", "a": {"b": 2}}), json!({"pin": null, "a": {"b": [1]}})] {
            assert_eq!(told(stored.clone(), PrivateMetadata::Keys), told(other, PrivateMetadata::Keys));
        }
        let hidden = json!({"path": "/private_metadata", "note": MAY_CHANGE});
        for stored in [stored, json!({}), Value::Null, json!("pin 1234")] {
            assert_eq!(told(stored, PrivateMetadata::Hide), json!([hidden]));
        }
        let leaf =
            |path: &str| json!({"path": path, "before": "(not shown)", "after": "(not shown)", "note": MAY_CHANGE});
        let keys = told(json!({"pin": 0, "a": {"b": 0}}), PrivateMetadata::Keys);
        assert_eq!(keys, json!([leaf("/private_metadata/a/b"), leaf("/private_metadata/pin")]));
    }

    #[test]
    fn what_decides_most_is_listed_first_and_the_rest_is_counted() {
        let many: Map<String, Value> = (0..150).map(|number| (format!("k{number}"), json!(number))).collect();
        let after = json!({"public_metadata": many, "private_metadata": {"a": 1}, "role": "admin"});
        let mut answer = Map::new();
        add_to(&mut answer, &between(&json!({"public_metadata": {}, "private_metadata": {}}), &after, SHOW));
        let paths: Vec<&str> =
            answer["changes"].as_array().into_iter().flatten().filter_map(|change| change["path"].as_str()).collect();
        assert_eq!((paths.len(), &paths[..2]), (MOST, &["/role", "/private_metadata/a"][..]));
        assert_eq!(answer["more_changes"], 52);
    }

    #[test]
    fn what_looks_the_same_is_told_all_the_same() {
        let change = |path: &str| Change { path: path.into(), before: None, after: None, note: None };
        let mut changes = vec![change("/a/b"), change("/c")];
        complete(&mut changes, vec![change("/a"), change("/c/d"), change("/ab"), change("/c")]);
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["/a/b", "/c", "/ab"]);
    }

    /// Each pair of stored metadata and changes to it.
    fn cases() -> Vec<(Value, Value)> {
        let stored = [
            json!({}),
            json!({"a": 1}),
            json!({"a": {"b": 1, "c": {"d": [1, null]}}}),
            json!({"a": [1], "b": {"c": 2}}),
            json!({"a": {"b": {}}}),
        ];
        let changes = [
            json!({}),
            json!({"a": null}),
            json!({"a": 2}),
            json!({"a": {"b": 2}}),
            json!({"a": {"b": null, "x": {"y": 1}}}),
            json!({"b": {"c": 3}, "a": {}}),
        ];
        stored.iter().flat_map(|one| changes.iter().map(|other| (one.clone(), other.clone()))).collect()
    }

    #[test]
    fn the_inverse_brings_back_what_was_stored() {
        for (stored, changes) in cases() {
            let after = merged(&stored, &changes);
            let back = inverse(&stored, &changes).expect("nothing is null in an object");
            assert_eq!(merged(&after, &back), stored, "{stored} {changes}");
        }
    }

    #[test]
    fn a_replacement_leaves_nothing_of_what_was_stored() {
        for (stored, given) in cases().into_iter().filter(|(_, given)| !given.to_string().contains("null")) {
            assert_eq!(merged(&stored, &replacing(&stored, &given)), given, "{stored} {given}");
        }
        let replaced = replacing(&json!({"a": {"b": 1, "c": 2}, "d": 3}), &json!({"a": {"b": 1}}));
        assert_eq!(replaced, json!({"d": null, "a": {"c": null, "b": 1}}));
    }

    #[test]
    fn what_merging_cannot_bring_back_has_no_inverse() {
        assert_eq!(inverse(&json!({"a": null}), &json!({"a": 1})), None);
        assert_eq!(inverse(&json!({"a": {"b": {"c": null}}}), &json!({"a": null})), None);
        assert_eq!(inverse(&json!({"a": null}), &json!({"b": 1})), Some(json!({"b": null})));
    }
}
