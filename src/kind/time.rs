//! Points in time, as callers and Clerk give them.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Numbers below are no times in milliseconds that anybody means: they would be before March 1973. Seconds until the year
/// 5138 are below.
const LEAST: i64 = 100_000_000_000;

/// Numbers from here on are more likely a date without its signs, `20250131120000`: in milliseconds they are after the year 2200.
const MOST: i64 = 7_258_118_400_000;

/// A text as a point in time: a date (midnight UTC), or a date and time as in RFC 3339, whose seconds and zone (UTC) may be
/// absent.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let (date, time) = text.split_at_checked(10)?;
    if time.is_empty() {
        return OffsetDateTime::parse(&format!("{date}T00:00:00Z"), &Rfc3339).ok();
    }
    let time = time.strip_prefix(['T', 't', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let zone = if zone.is_empty() { "Z".to_owned() } else { zone.to_ascii_uppercase() };
    OffsetDateTime::parse(&format!("{date}T{clock}{seconds}{zone}"), &Rfc3339).ok()
}

/// The point in time that many milliseconds after the start of 1970, if RFC 3339 can write it: years 0 to 9999.
pub(super) fn from_milliseconds(milliseconds: i64) -> Option<OffsetDateTime> {
    let date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()?;
    (date.year() >= 0).then_some(date)
}

pub(super) fn milliseconds(date: OffsetDateTime) -> i64 {
    date.unix_timestamp() * 1000 + i64::from(date.millisecond())
}

/// Tells whether a number is more likely one of seconds, or a date that is written as a number.
pub(super) fn is_ambiguous(number: i64) -> bool {
    (number != 0 && number.unsigned_abs() < LEAST.unsigned_abs()) || (MOST..MOST * 10).contains(&number)
}

/// A point in time as in RFC 3339; empty where it cannot be written so.
pub(super) fn text(date: OffsetDateTime) -> String {
    date.format(&Rfc3339).unwrap_or_default()
}

/// A point in time of an answer, in milliseconds since 1970 or as a text, in RFC 3339 and UTC.
pub(crate) fn rfc3339(value: &Value) -> Option<String> {
    let date = match value {
        Value::String(text) => parse(text)?.checked_to_offset(time::UtcOffset::UTC)?,
        other => from_milliseconds(whole(other)?)?,
    };
    (0..=9999).contains(&date.year()).then(|| text(date))
}

/// A point in time of an answer, in milliseconds since 1970.
pub(crate) fn timestamp(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => parse(text).map(milliseconds),
        other => whole(other),
    }
}

/// A number without a fraction. JSON does not tell 20 from 20.0, and some senders write the latter.
pub(super) fn whole(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let number = value.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "what changes it is refused")]
    let whole = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "so large a number has no fraction to lose")]
    let is_same = (whole as f64).to_bits() == number.to_bits();
    (is_same && number.abs() < 9e15).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_written_as_rfc_3339() {
        for (given, written) in [
            (json!(1_769_860_800_123_i64), Some("2026-01-31T12:00:00.123Z")),
            (json!(1_769_860_800_123.0), Some("2026-01-31T12:00:00.123Z")),
            (json!(0), Some("1970-01-01T00:00:00Z")),
            (json!(-1), Some("1969-12-31T23:59:59.999Z")),
            (json!("2021-01-05T14:29:48.385449Z"), Some("2021-01-05T14:29:48.385449Z")),
            (json!("2021-01-05T14:29:48+02:00"), Some("2021-01-05T12:29:48Z")),
            (json!("2021-01-05"), Some("2021-01-05T00:00:00Z")),
            (json!(i64::MAX), None),
            (json!(i64::MIN), None),
            (json!(253_402_300_800_000_i64), None),
            (json!(1.5), None),
            (json!("soon"), None),
            (json!("9999-12-31T23:59:59-23:59"), None),
            (json!("0000-01-01T00:00:00+23:59"), None),
            (json!({}), None),
        ] {
            assert_eq!(rfc3339(&given).as_deref(), written, "{given}");
        }
    }
}
