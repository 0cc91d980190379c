//! Time the way Clerk writes it: whole milliseconds since 1970, as an integer.

use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const HOUR: i64 = 60 * 60 * 1000;
pub(crate) const DAY: i64 = 24 * HOUR;

/// The machine's clock.
pub(crate) fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}

/// When a write to something last written at `previous` happened: always later than that.
pub(crate) fn after(previous: i64) -> i64 {
    now().max(previous + 1)
}

/// Milliseconds of a date written as RFC 3339, if it is one.
pub(crate) fn parse(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// Milliseconds as RFC 3339 writes them.
pub(crate) fn written(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).unwrap_or_default().to_string()
}
