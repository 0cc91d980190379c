//! Metadata: how changes merge into it, and how large it may grow.

use serde_json::{Map, Value};

use crate::errors::{Fault, Refusal};

pub(crate) type Metadata = Map<String, Value>;

/// How many bytes of JSON one metadata field may hold.
pub(crate) const LIMIT: usize = 8 * 1024;

pub(crate) fn fits(metadata: &Metadata) -> bool {
    serde_json::to_vec(metadata).is_ok_and(|json| json.len() <= LIMIT)
}

/// Merges deeply: objects merge key by key, null removes a key, everything else replaces what was there.
pub(crate) fn merge(target: &mut Metadata, changes: Metadata) {
    for (key, change) in changes {
        match change {
            Value::Null => {
                target.remove(&key);
            }
            Value::Object(changes) => {
                let slot = target.entry(key).or_insert(Value::Null);
                if !slot.is_object() {
                    *slot = Value::Object(Map::new());
                }
                if let Value::Object(nested) = slot {
                    merge(nested, changes);
                }
            }
            other => {
                target.insert(key, other);
            }
        }
    }
}

/// Several metadata fields of one thing, merged all or not at all.
pub(crate) fn merge_all<const N: usize>(targets: [(&str, &mut Metadata, Option<Metadata>); N]) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let mut merged = Vec::new();
    for (name, target, changes) in targets {
        let Some(changes) = changes else { continue };
        let mut result = target.clone();
        merge(&mut result, changes);
        if !fits(&result) {
            faults.push(Fault::too_large(name, LIMIT));
        }
        merged.push((target, result));
    }
    if !faults.is_empty() {
        return Err(Refusal::unprocessable(faults));
    }
    for (target, result) in merged {
        *target = result;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(target: Value, changes: Value) -> Value {
        let (Value::Object(mut target), Value::Object(changes)) = (target, changes) else { panic!("objects") };
        merge(&mut target, changes);
        Value::Object(target)
    }

    #[test]
    fn nested_objects_merge_key_by_key() {
        let result = merged(json!({ "a": { "b": 1, "c": 2 } }), json!({ "a": { "c": 3, "d": 4 } }));
        assert_eq!(result, json!({ "a": { "b": 1, "c": 3, "d": 4 } }));
    }

    #[test]
    fn null_removes_a_key_at_any_level() {
        let result = merged(json!({ "a": { "b": 1, "c": 2 }, "d": 3 }), json!({ "a": { "b": null }, "d": null }));
        assert_eq!(result, json!({ "a": { "c": 2 } }));
        assert_eq!(merged(json!({}), json!({ "a": { "b": null } })), json!({ "a": {} }));
    }

    #[test]
    fn arrays_and_scalars_are_replaced() {
        let result = merged(json!({ "a": [1, 2], "b": 1 }), json!({ "a": [3], "b": { "c": 1 } }));
        assert_eq!(result, json!({ "a": [3], "b": { "c": 1 } }));
    }
}
