//! When a read is sent again. Writes never are.

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// How often one read is sent at most.
pub(crate) const MOST_ATTEMPTS: u32 = 3;
/// The longest that all waiting of one call takes.
const MOST_WAITING: Duration = Duration::from_secs(15);
/// The first pause where the answer names none; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest time that an answer can ask for: whatever is longer means this.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// How long to wait before a read that got this answer is sent again; `None` to pass the answer on.
///
/// `attempt` counts from 1; `waited` is the sum of pauses so far; `left` is the time until the deadline; `jitter` is
/// from 0 to 1 and spreads the callers.
pub(crate) fn pause(
    status: StatusCode,
    headers: &HeaderMap,
    attempt: u32,
    waited: Duration,
    left: Duration,
    jitter: f64,
) -> Option<Duration> {
    let is_passing = matches!(status.as_u16(), 429 | 502 | 503 | 504);
    if !is_passing || attempt >= MOST_ATTEMPTS {
        return None;
    }
    let pause = asked(headers).unwrap_or(PAUSE * 2u32.pow(attempt - 1)).saturating_add(PAUSE.mul_f64(jitter));
    (waited.saturating_add(pause) <= MOST_WAITING && pause < left).then_some(pause)
}

/// The time that an answer names in `Retry-After`: a number of seconds, or a date, which counts from the answer's own
/// `Date` where it has one.
fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let now = self::text(headers, &DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let wait = date.duration_since(now.unwrap_or_else(SystemTime::now)).unwrap_or_default();
    Some(wait.min(LONGEST))
}

/// Says `Retry-After` in seconds, as the component reads it: it has no clock to hold a date against.
pub(crate) fn in_seconds(headers: &mut HeaderMap) {
    if let Some(asked) = asked(headers) {
        headers.insert(RETRY_AFTER, HeaderValue::from(asked.as_secs()));
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Duration = Duration::from_secs(30);

    fn headers(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    fn pause_of(lines: &[(HeaderName, &'static str)], waited: Duration) -> Option<Duration> {
        pause(StatusCode::TOO_MANY_REQUESTS, &headers(lines), 2, waited, LEFT, 0.0)
    }

    #[test]
    fn a_number_of_any_size_is_read() {
        assert_eq!(pause_of(&[(RETRY_AFTER, "1")], Duration::ZERO), Some(Duration::from_secs(1)));
        for endless in ["18446744073709551615", "18446744073709551616", "99999999999999999999999999"] {
            assert_eq!(pause_of(&[(RETRY_AFTER, endless)], Duration::from_secs(1)), None);
            assert_eq!(asked(&headers(&[(RETRY_AFTER, endless)])), Some(LONGEST));
        }
        for none in ["", "-1", "1.5", "soon"] {
            assert_eq!(asked(&headers(&[(RETRY_AFTER, none)])), None);
        }
    }

    #[test]
    fn a_date_counts_from_that_of_the_answer() {
        let at = (RETRY_AFTER, "Wed, 25 Nov 2026 12:00:03 GMT");
        let wait = |date| asked(&headers(&[at.clone(), (DATE, date)]));
        assert_eq!(wait("Wed, 25 Nov 2026 12:00:00 GMT"), Some(Duration::from_secs(3)));
        assert_eq!(wait("Wed, 25 Nov 2026 13:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("Thu, 01 Jan 1970 00:00:00 GMT"), Some(LONGEST));
    }

    #[test]
    fn a_date_is_passed_on_in_seconds() {
        let mut headers =
            headers(&[(RETRY_AFTER, "Wed, 25 Nov 2026 12:00:03 GMT"), (DATE, "Wed, 25 Nov 2026 12:00:00 GMT")]);
        in_seconds(&mut headers);
        assert_eq!(headers[RETRY_AFTER], "3");
    }
}
