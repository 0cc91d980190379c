//! Which parts of Clerk's answers are passed on, and how: dates readable, secrets left out, invisible text removed.

use std::borrow::Cow;
use std::io;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
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

/// Writes JSON, less the characters that a person does not see but a model reads, and less what opens a door.
struct VisibleText;

impl Formatter for VisibleText {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if is_plain(fragment) {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        CompactFormatter.write_string_fragment(writer, &without_secrets(visible(fragment)))
    }

    /// Of the control characters, only those that lay out text.
    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(_) | CharEscape::Backspace | CharEscape::FormFeed => Ok(()),
            other => CompactFormatter.write_char_escape(writer, other),
        }
    }
}

/// Whether there is nothing to take out, as in most texts.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = |end: usize, word: &[u8]| bytes[..end].ends_with(word);
    let is_odd = |(place, byte): (usize, &u8)| match byte {
        b'_' => ends(place, b"sk") || ends(place, b"whsec"),
        b'=' => ends(place, b"ticket"),
        b'D' => ends(place, b"ticket%3"),
        b'\x7f' => true,
        _ => false,
    };
    text.is_ascii() && !bytes.iter().enumerate().any(is_odd)
}

/// A text as it is written: without what a person does not see.
fn visible(text: &str) -> Cow<'_, str> {
    let mut joins = false;
    let is_seen = |character: &char| {
        if is_invisible(*character) {
            return false;
        }
        // Scripts and emoji need single joiners; more in a row join nothing, and may spell something.
        let joined = std::mem::replace(&mut joins, is_joiner(*character));
        !(joined && joins)
    };
    text.chars().filter(is_seen).collect::<String>().into()
}

/// What several scripts and emoji need between what is seen.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Characters that hide or reorder text: controls, zero-width ones, direction controls, fillers, tags, variation
/// selectors.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// How texts begin that open a door: secret keys, tickets of invitations and sign-ins, secrets of webhooks.
const SECRETS: [&str; 7] = ["sk_live_", "sk_test_", "__clerk_ticket=", "?ticket=", "&ticket=", "ticket%3D", "whsec_"];

/// A text with the rest of each secret left out.
fn without_secrets(mut text: Cow<'_, str>) -> Cow<'_, str> {
    for beginning in SECRETS {
        let mut from = 0;
        while let Some(place) = text[from..].find(beginning) {
            let start = from + place + beginning.len();
            let is_part = |character: char| character.is_ascii_alphanumeric() || "._-~+/=%$".contains(character);
            let end = text[start..].find(|character| !is_part(character)).map_or(text.len(), |length| start + length);
            if end > start {
                text.to_mut().replace_range(start..end, REDACTED);
            }
            from = start;
        }
    }
    text
}

/// A text as it leaves.
pub(crate) fn shown(text: &str) -> String {
    without_secrets(visible(text)).into_owned()
}

/// What stands in the place of what is not shown.
const REDACTED: &str = "(not shown)";

const PRIVATE_METADATA: &str = "private_metadata";

/// Takes the values, or all, of metadata that only the backend may see out of an answer, however deep it is.
pub(crate) fn hide_private_metadata(answer: &mut Value, shown: PrivateMetadata) {
    match answer {
        _ if shown == PrivateMetadata::Show => {}
        Value::Array(items) => items.iter_mut().for_each(|item| hide_private_metadata(item, shown)),
        Value::Object(fields) => {
            if shown == PrivateMetadata::Hide {
                fields.remove(PRIVATE_METADATA);
            }
            for (name, value) in fields {
                if name == PRIVATE_METADATA { hide_values(value) } else { hide_private_metadata(value, shown) }
            }
        }
        _ => {}
    }
}

pub(crate) fn hide_values(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(hide_values),
        other => *other = REDACTED.into(),
    }
}

/// The same of an answer that is JSON already.
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
        for text in ["Zoë 李", "👩\u{200d}💻", "می\u{200c}خواهم", "❤\u{fe0f}", "line\nbreak \"quoted\"\t\\"]
        {
            assert_eq!(write(&text), json!(text).to_string());
        }
    }

    /// Each pair: what somebody has written, and what is left of it.
    #[test]
    fn the_corpus_of_hidden_text_comes_out_visible() {
        let corpus: Vec<(String, String)> =
            serde_json::from_str(include_str!("hidden_text.json")).expect("the corpus is JSON");
        assert!(corpus.len() > 50);
        for (written, seen) in corpus {
            assert_eq!(write(&written), json!(seen).to_string(), "{written:?}");
            assert_eq!(write(&json!({ written.clone(): 1 })), json!({ seen: 1 }).to_string(), "{written:?}");
        }
    }

    #[test]
    fn what_opens_a_door_is_left_out() {
        for (text, seen) in [
            ("The key sk_live_abc.DEF-1 is invalid", "The key sk_live_(not shown) is invalid"),
            ("sk_test_a sk_test_b", "sk_test_(not shown) sk_test_(not shown)"),
            ("sk_\u{200b}live_abc", "sk_live_(not shown)"),
            ("https://x.example/v1?__clerk_ticket=eyJ.a_b&x=1", "https://x.example/v1?__clerk_ticket=(not shown)&x=1"),
            ("https://x.example/accept?ticket=eyJ.a_b", "https://x.example/accept?ticket=(not shown)"),
            ("x?redirect_url=y%3F__clerk_ticket%3DeyJ.a", "x?redirect_url=y%3F__clerk_ticket%3D(not shown)"),
            ("a&ticket=b whsec_c", "a&ticket=(not shown) whsec_(not shown)"),
            ("keys begin with sk_test_ or sk_live_", "keys begin with sk_test_ or sk_live_"),
        ] {
            assert_eq!(write(&text), json!(seen).to_string());
        }
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
