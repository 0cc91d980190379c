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

/// The point in time that many milliseconds after the start of 1970, if a calendar reaches that far.
pub(crate) fn from_milliseconds(milliseconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()
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
