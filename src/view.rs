//! The parts of Clerk's answers that are passed on: dates readable, private metadata hidden, strings clean.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;
use time::format_description::well_known::Rfc3339;

use crate::error::Failure;
use crate::parameter::{Offset, from_milliseconds};
use crate::policy::PrivateMetadata;

/// Reads the body of a successful answer.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| Failure::unexpected_body(&error))
}

/// Compact JSON, each string cleaned: the one way out for text from outside.
pub(crate) fn write(output: &impl Serialize) -> String {
    // Maps have string keys, so this does not fail.
    text_cleaning::clean_json(&serde_json::to_string(output).unwrap_or_default())
}

/// A text as it leaves.
pub(crate) fn shown(text: &str) -> String {
    text_cleaning::clean(text).into_owned()
}

/// The field with metadata that only the backend may see.
pub(crate) const PRIVATE_METADATA: &str = "private_metadata";

/// Removes the values, or all, of metadata that only the backend may see from a tool's answer, however deep the object is that
/// has it. Keys inside of other metadata are data, whatever they are called.
pub(crate) fn hide_private_metadata(answer: &mut Value, shown: PrivateMetadata) {
    match answer {
        _ if shown == PrivateMetadata::Show => {}
        Value::Array(items) => items.iter_mut().for_each(|item| hide_private_metadata(item, shown)),
        Value::Object(fields) => {
            if shown == PrivateMetadata::Hide {
                fields.remove(PRIVATE_METADATA);
            }
            for (name, value) in fields {
                match name.as_str() {
                    PRIVATE_METADATA => hide_values(value),
                    "public_metadata" | "unsafe_metadata" => {}
                    _ => hide_private_metadata(value, shown),
                }
            }
        }
        _ => {}
    }
}

pub(crate) fn hide_values(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(hide_values),
        other => *other = text_cleaning::REDACTED.into(),
    }
}

/// Hides private metadata in an answer that is JSON already.
pub(crate) fn without_private_metadata(json: String, shown: PrivateMetadata) -> String {
    if shown == PrivateMetadata::Show || !json.contains(PRIVATE_METADATA) {
        return json;
    }
    let mut answer = serde_json::from_str(&json).unwrap_or_default();
    hide_private_metadata(&mut answer, shown);
    write(&answer)
}

/// A JSON object with one more field, a text that needs no escapes; unchanged where the text is empty.
pub(crate) fn with_field(mut json: String, name: &str, text: &str) -> String {
    if !text.is_empty() && json.ends_with('}') {
        json.pop();
        let comma = if json.ends_with('{') { "" } else { "," };
        json.extend([comma, "\"", name, "\":\"", text, "\"}"]);
    }
    json
}

/// A point in time as everywhere in answers.
pub(crate) fn time(milliseconds: i64) -> Value {
    serde_json::to_value(Time(milliseconds)).unwrap_or_default()
}

/// Milliseconds since 1970 on Clerk's side, ISO 8601 in UTC on ours.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Time(i64);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match from_milliseconds(self.0).and_then(|time| time.format(&Rfc3339).ok()) {
            Some(text) => serializer.serialize_str(&text),
            None => serializer.serialize_i64(self.0),
        }
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// Metadata as stored: any JSON object.
pub(crate) type StoredMetadata = Map<String, Value>;

/// Something with metadata that only the backend may see.
pub(crate) trait HasPrivateMetadata {
    fn private_metadata(&mut self) -> &mut Option<StoredMetadata>;
}

/// One page of a list.
#[skip_serializing_none]
#[derive(JsonSchema, Serialize, Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<T>,
    /// How many there are on all pages.
    pub(crate) total_count: Option<u64>,
    /// Whether another page follows.
    pub(crate) has_more: bool,
    /// The `offset` of the next page.
    pub(crate) next_offset: Option<u64>,
    /// The `starting_after` of the next page.
    pub(crate) next_cursor: Option<String>,
}

/// Clerk's envelope around most lists.
#[derive(Deserialize)]
struct Envelope<T> {
    data: Vec<T>,
    total_count: Option<u64>,
}

impl<T: DeserializeOwned + HasPrivateMetadata> List<T> {
    /// Reads `{data, total_count}`, the page at `offset`.
    pub(crate) fn read(body: &[u8], offset: Option<Offset>, with_private_metadata: bool) -> Result<Self, Failure> {
        let Envelope { data, total_count } = read(body)?;
        let next = offset.map_or(0, Offset::get) + data.len() as u64;
        let has_more = !data.is_empty() && total_count.is_some_and(|total| next < total);
        let list = Self { data, total_count, has_more, next_offset: has_more.then_some(next), next_cursor: None };
        Ok(list.with_private_metadata(with_private_metadata))
    }

    /// Leaves private metadata out unless the caller asked for it.
    pub(crate) fn with_private_metadata(mut self, wanted: bool) -> Self {
        if !wanted {
            for item in &mut self.data {
                *item.private_metadata() = None;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Deserialize)]
    struct Item {
        private_metadata: Option<StoredMetadata>,
    }

    impl HasPrivateMetadata for Item {
        fn private_metadata(&mut self) -> &mut Option<StoredMetadata> {
            &mut self.private_metadata
        }
    }

    /// The page at `offset` of a list.
    fn list(body: &Value, offset: u64) -> List<Item> {
        let offset = serde_json::from_value(json!(offset)).unwrap();
        List::read(body.to_string().as_bytes(), Some(offset), false).ok().unwrap()
    }

    #[test]
    fn times_are_written_as_iso_8601() {
        assert_eq!(write(&Time(1_769_860_800_123)), r#""2026-01-31T12:00:00.123Z""#);
        assert_eq!(write(&Time(0)), r#""1970-01-01T00:00:00Z""#);
        assert_eq!(write(&Time(-1)), r#""1969-12-31T23:59:59.999Z""#);
    }

    #[test]
    fn a_time_beyond_the_calendar_stays_a_number() {
        assert_eq!(write(&Time(i64::MAX)), i64::MAX.to_string());
        assert_eq!(write(&Time(i64::MIN)), i64::MIN.to_string());
    }

    #[test]
    fn private_metadata_is_hidden_at_any_depth() {
        let answer = json!({"data": [{"private_metadata": {"a": {"b": [1], "c": "x"}}, "public_metadata": {"a": 1}}]});
        let seen = |shown| {
            let mut answer = answer.clone();
            hide_private_metadata(&mut answer, shown);
            answer
        };
        assert_eq!(seen(PrivateMetadata::Show), answer);
        assert_eq!(
            seen(PrivateMetadata::Keys)["data"][0]["private_metadata"],
            json!({"a": {"b": "(not shown)", "c": "(not shown)"}})
        );
        assert_eq!(seen(PrivateMetadata::Hide), json!({"data": [{"public_metadata": {"a": 1}}]}));
    }

    #[test]
    fn a_key_of_that_name_inside_of_other_metadata_stays() {
        let stored = json!({"private_metadata": {"pin": 1}, "list": [{"private_metadata": 2}]});
        let mut answer =
            json!({"organization": {"public_metadata": stored, "unsafe_metadata": stored, "private_metadata": stored}});
        hide_private_metadata(&mut answer, PrivateMetadata::Hide);
        assert_eq!(answer, json!({"organization": {"public_metadata": stored, "unsafe_metadata": stored}}));
    }

    #[test]
    fn one_more_field_leaves_the_others() {
        assert_eq!(with_field("{}".into(), "a", "b"), r#"{"a":"b"}"#);
        assert_eq!(with_field(r#"{"x":1}"#.into(), "a", "b"), r#"{"x":1,"a":"b"}"#);
        assert_eq!(with_field("{}".into(), "a", ""), "{}");
    }

    #[test]
    fn another_page_follows_while_the_total_is_not_reached() {
        let first = list(&json!({"data": [{}, {}], "total_count": 3}), 0);
        assert_eq!((first.total_count, first.has_more, first.next_offset), (Some(3), true, Some(2)));
        let last = list(&json!({"data": [{}], "total_count": 3}), 2);
        assert_eq!((last.has_more, last.next_offset), (false, None));
    }

    #[test]
    fn no_page_follows_an_empty_one() {
        let beyond = list(&json!({"data": [], "total_count": 3}), 7);
        assert_eq!((beyond.has_more, beyond.next_offset), (false, None));
    }

    #[test]
    fn a_list_without_a_total_claims_none() {
        let list = list(&json!({"data": [{}]}), 0);
        assert_eq!((list.total_count, list.has_more), (None, false));
    }

    #[test]
    fn private_metadata_leaves_a_list_only_when_wanted() {
        let body = br#"{"data":[{"private_metadata":{"key":1}}],"total_count":1}"#;
        let is_shown = |wanted| List::<Item>::read(body, None, wanted).ok().unwrap().data[0].private_metadata.is_some();
        assert!(is_shown(true));
        assert!(!is_shown(false));
    }
}
