//! What a write changes, and what would change it back.

use serde::Serialize;
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::policy::PrivateMetadata;
use crate::view;

/// Fields that change by themselves.
const VOLATILE: [&str; 5] =
    ["updated_at", "last_active_at", "last_sign_in_at", "lockout_expires_in_seconds", "members_count"];
/// How many changes are told.
const MOST: usize = 100;

/// One value that is different afterwards. Absent means that there is none.
#[skip_serializing_none]
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Change {
    /// JSON Pointer (RFC 6901).
    pub(crate) path: String,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// What is different, of the fields that `after` has.
pub(crate) fn between(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, now) in after.as_object().into_iter().flatten().filter(|(name, _)| !VOLATILE.contains(&name.as_str())) {
        compare(&mut changes, &pointer("", name), before.get(name), Some(now));
    }
    changes.truncate(MOST);
    changes
}

/// The changes as far as they are shown: of hidden metadata, that there are some.
pub(crate) fn hide_private(changes: Vec<Change>, shown: PrivateMetadata) -> Vec<Change> {
    const PLACE: &str = "/private_metadata";
    let (private, mut open): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| change.path.starts_with(PLACE) && shown != PrivateMetadata::Show);
    let hidden = |value: Option<Value>| {
        let mut value = value;
        value.iter_mut().for_each(view::hide_values);
        value
    };
    match shown {
        PrivateMetadata::Keys => open.extend(private.into_iter().map(|Change { path, before, after }| Change {
            path,
            before: hidden(before),
            after: hidden(after),
        })),
        _ if private.is_empty() => {}
        _ => open.push(Change { path: PLACE.into(), before: None, after: None }),
    }
    open
}

/// What of `expected` the changes do not show, because what is shown of it is the same before and after.
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
        changes.push(Change { path: path.into(), before: before.cloned(), after: after.cloned() });
        return;
    };
    for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
        compare(changes, &pointer(path, name), was.get(name), is.get(name));
    }
}

fn pointer(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// What metadata is after Clerk has merged `changes` into it: objects merge, null removes, the rest is replaced.
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

    #[test]
    fn what_is_different_is_named_by_its_place() {
        let before = json!({"role": "a", "meta": {"x": 1, "y": {"z": [1]}, "a/b": 1}, "updated_at": 1, "gone": 1});
        let after = json!({"role": "a", "meta": {"y": {"z": [2]}, "a/b": 1, "new": true}, "updated_at": 2});
        let places: Vec<(String, Option<Value>, Option<Value>)> =
            between(&before, &after).into_iter().map(|Change { path, before, after }| (path, before, after)).collect();
        assert_eq!(
            places,
            [
                ("/meta/x".into(), Some(json!(1)), None),
                ("/meta/y/z".into(), Some(json!([1])), Some(json!([2]))),
                ("/meta/new".into(), None, Some(json!(true))),
            ]
        );
        assert_eq!(between(&json!({"a~": 1}), &json!({"a~": 2}))[0].path, "/a~0");
    }

    #[test]
    fn hidden_changes_are_told_without_what_they_are() {
        let both = || between(&json!({}), &json!({"name": "x", "private_metadata": {"a": {"b": 1}}}));
        let told = |shown| json!(hide_private(both(), shown));
        assert_eq!(told(PrivateMetadata::Show), json!(both()));
        let name = json!({"path": "/name", "after": "x"});
        let keys = json!({"path": "/private_metadata", "after": {"a": {"b": "(not shown)"}}});
        assert_eq!(told(PrivateMetadata::Keys), json!([name, keys]));
        assert_eq!(told(PrivateMetadata::Hide), json!([name, {"path": "/private_metadata"}]));
    }

    #[test]
    fn what_looks_the_same_is_told_all_the_same() {
        let change = |path: &str| Change { path: path.into(), before: None, after: None };
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
    fn what_merging_cannot_bring_back_has_no_inverse() {
        assert_eq!(inverse(&json!({"a": null}), &json!({"a": 1})), None);
        assert_eq!(inverse(&json!({"a": {"b": {"c": null}}}), &json!({"a": null})), None);
        assert_eq!(inverse(&json!({"a": null}), &json!({"b": 1})), Some(json!({"b": null})));
    }
}
