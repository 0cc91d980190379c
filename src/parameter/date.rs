//! Points in time, as callers give them.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339 as Format;

/// A date (midnight UTC), a date and time as in RFC 3339, or milliseconds since 1970. Clerk's filters take
/// the latter, so that is what is sent.
pub(crate) struct Date(OffsetDateTime);

/// The same, sent as RFC 3339, which is what Clerk takes in request bodies.
pub(crate) struct Rfc3339(Date);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(milliseconds(self.0))
    }
}

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.0.format(&Format).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DateVisitor)
    }
}

impl<'de> Deserialize<'de> for Rfc3339 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Date::deserialize(deserializer).map(Self)
    }
}

/// The point in time that many milliseconds after the start of 1970, if RFC 3339 can write it: years 0 to 9999.
pub(crate) fn from_milliseconds(milliseconds: i64) -> Option<OffsetDateTime> {
    let date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()?;
    (date.year() >= 0).then_some(date)
}

fn milliseconds(date: OffsetDateTime) -> i64 {
    date.unix_timestamp() * 1000 + i64::from(date.millisecond())
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = Date;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a date such as `2026-01-31` or `2026-01-31T12:00:00Z`, or milliseconds since 1970")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
        let date = match text.len() {
            10 => OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Format),
            _ => OffsetDateTime::parse(text, &Format),
        };
        date.map(Date).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: de::Error>(self, milliseconds: i64) -> Result<Date, E> {
        from_milliseconds(milliseconds)
            .map(Date)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Signed(milliseconds), &self))
    }

    fn visit_u64<E: de::Error>(self, milliseconds: u64) -> Result<Date, E> {
        self.visit_i64(i64::try_from(milliseconds).unwrap_or(i64::MAX))
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "integer"], "format": "date-time"})
    }
}

impl JsonSchema for Rfc3339 {
    fn schema_name() -> Cow<'static, str> {
        Date::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Date::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// What is sent in a query for what a caller gives.
    fn sent(given: Value) -> Option<i64> {
        let date: Date = serde_json::from_value(given).ok()?;
        serde_json::to_value(date).ok()?.as_i64()
    }

    #[test]
    fn a_date_is_its_midnight() {
        assert_eq!(sent(json!("2026-01-31")), Some(1_769_817_600_000));
    }

    #[test]
    fn an_offset_counts() {
        assert_eq!(sent(json!("2026-01-31T02:00:00.250+02:00")), Some(1_769_817_600_250));
    }

    #[test]
    fn milliseconds_pass_as_they_are() {
        for milliseconds in [0, 1_769_817_600_000, -1] {
            assert_eq!(sent(json!(milliseconds)), Some(milliseconds));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let texts = ["", "yesterday", "2026-13-01", "2026-02-30", "2026-01-31T12:00", "éééééé", "1769817600000"];
        for text in texts {
            assert_eq!(sent(json!(text)), None, "{text}");
        }
        for other in [json!(i64::MAX), json!(u64::MAX), json!(i64::MIN), json!(true), json!([]), json!({})] {
            assert_eq!(sent(other.clone()), None, "{other}");
        }
    }

    #[test]
    fn a_body_holds_rfc_3339() {
        let body = |given: Value| {
            serde_json::from_value::<Rfc3339>(given).ok().and_then(|date| serde_json::to_value(date).ok())
        };
        assert_eq!(body(json!("2026-01-31")), Some(json!("2026-01-31T00:00:00Z")));
        assert_eq!(body(json!(1_769_817_600_250_i64)), Some(json!("2026-01-31T00:00:00.25Z")));
        // RFC 3339 has no years before 0.
        assert_eq!(body(json!(-99_999_999_999_999_i64)), None);
    }
}
