//! Metadata objects, as they are written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::arguments::Problem;

/// The most that Clerk stores per kind of metadata, in bytes of JSON
/// (<https://clerk.com/docs/users/metadata>).
const MOST_BYTES: usize = 8 * 1024;

/// A JSON object to merge into what is stored: nested objects merge too, and `null` removes a key.
#[derive(Serialize)]
pub(crate) struct Metadata(Map<String, Value>);

impl Metadata {
    /// A write needs something to write.
    ///
    /// # Errors
    ///
    /// All of them are absent.
    pub(crate) fn at_least_one(choices: &[(&str, &Option<Self>)]) -> Result<(), Problem> {
        if choices.iter().any(|(_, metadata)| metadata.is_some()) {
            return Ok(());
        }
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        Err(Problem::overall(format!("give at least one of {}", names.join(", "))))
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = match Value::deserialize(deserializer)? {
            Value::Object(map) => map,
            other => {
                let found = kind(&other);
                return Err(de::Error::custom(format_args!("invalid type: {found}, expected a JSON object")));
            }
        };
        let bytes = serde_json::to_string(&map).map_or(0, |text| text.len());
        if bytes > MOST_BYTES {
            return Err(de::Error::custom(format_args!(
                "{bytes} bytes of JSON are too many: Clerk stores at most {MOST_BYTES} (8 KB) in each kind of metadata"
            )));
        }
        Ok(Self(map))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

impl JsonSchema for Metadata {
    fn schema_name() -> Cow<'static, str> {
        "Metadata".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(given: Value) -> Result<Metadata, String> {
        serde_json::from_value(given).map_err(|error| error.to_string())
    }

    #[test]
    fn only_an_object_is_metadata() {
        for other in [json!([]), json!("{}"), json!(1), json!(true)] {
            assert!(read(other).is_err_and(|message| message.contains("expected a JSON object")));
        }
    }

    #[test]
    fn metadata_may_fill_8_kilobytes_and_no_more() {
        let of_size = |bytes: usize| json!({"key": "x".repeat(bytes - r#"{"key":""}"#.len())});
        assert!(read(of_size(8192)).is_ok());
        assert!(read(of_size(8193)).is_err_and(|message| message.starts_with("8193 bytes of JSON are too many")));
    }

    #[test]
    fn a_write_needs_something_to_write() {
        let some = read(json!({})).ok();
        assert_eq!(Metadata::at_least_one(&[("first", &None), ("second", &some)]), Ok(()));
        let problem = Metadata::at_least_one(&[("first", &None), ("second", &None)]);
        assert_eq!(problem, Err(Problem::overall("give at least one of `first`, `second`")));
    }
}
