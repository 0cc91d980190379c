//! Which parts of Clerk's answers are passed on, and how: dates readable, secrets left out, invisible text removed.

use std::borrow::Cow;
use std::io;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;
use time::format_description::well_known::Rfc3339;

use crate::error::Failure;
use crate::parameter::{Offset, from_milliseconds};

/// Reads the body of a successful answer.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| Failure::unexpected_body(&error))
}

/// Compact JSON without invisible text: the one way out for what people outside have written.
pub(crate) fn write(output: &impl Serialize) -> String {
    let mut text = Vec::with_capacity(2048);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, VisibleText);
    // Maps have string keys and writing to memory does not fail, so neither does this.
    if output.serialize(&mut serializer).is_err() {
        text.clear();
    }
    String::from_utf8(text).unwrap_or_default()
}

/// Writes JSON, less the characters that a person does not see but a model reads.
struct VisibleText;

impl Formatter for VisibleText {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        fragment.split(is_invisible).try_for_each(|visible| writer.write_all(visible.as_bytes()))
    }
}

/// A text as it is written: without what a person does not see.
pub(crate) fn visible(text: &str) -> String {
    text.split(is_invisible).collect()
}

/// Characters that hide or reorder text: zero-width ones, direction controls, tags, variation selectors of the
/// supplement. The joiners U+200C and U+200D stay: several scripts and emoji need them.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
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
    fn invisible_characters_are_left_out_wherever_they_are() {
        let seen = write(&json!({"na\u{200b}me": "a\u{202e}b", "metadata": {"k\u{e0041}": ["\u{feff}v"]}}));
        assert_eq!(seen, r#"{"metadata":{"k":["v"]},"name":"ab"}"#);
    }

    #[test]
    fn escaped_invisible_characters_are_left_out_too() {
        let stored: Value = read(br#"{"name":"a\u200bb\udb40\udc41c"}"#).ok().unwrap();
        assert_eq!(write(&stored), r#"{"name":"abc"}"#);
    }

    #[test]
    fn visible_text_and_joiners_stay() {
        for text in ["Zoë 李", "👩\u{200d}💻", "می\u{200c}خواهم", "line\nbreak \"quoted\""] {
            assert_eq!(write(&text), json!(text).to_string());
        }
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
