//! What every request passes before its endpoint: the rate limit, the secret key and the API version.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};

use crate::errors::Refusal;
use crate::query::Query;

const VERSION_HEADER: &str = "clerk-api-version";
const VERSION_PARAMETER: &str = "__clerk_api_version";
const VERSIONS: [&str; 2] = ["2025-11-10", "2026-05-12"];

/// How many requests are answered in which time; the ones over it get 429 with `Retry-After`.
///
/// All requests count together, refused ones and those to unknown paths too, in windows that start with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many requests one window lets through.
    pub requests: u32,
    /// How long a window lasts. `Retry-After` is what is left of it, in whole seconds, rounded up.
    pub per: Duration,
}

/// The checks, with what they remember.
pub(crate) struct Gate {
    secret_key: String,
    rate_limit: Option<RateLimit>,
    window: Mutex<Option<Window>>,
}

struct Window {
    start: Instant,
    requests: u32,
}

impl Gate {
    pub(crate) fn new(secret_key: String, rate_limit: Option<RateLimit>) -> Self {
        Self { secret_key, rate_limit, window: Mutex::new(None) }
    }

    pub(crate) fn check(&self, headers: &HeaderMap, query: &Query) -> Result<(), Refusal> {
        self.check_rate(Instant::now())?;
        self.check_key(headers)?;
        check_version(headers, query)
    }

    fn check_rate(&self, now: Instant) -> Result<(), Refusal> {
        let Some(limit) = self.rate_limit else { return Ok(()) };
        let mut slot = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let window = match slot.take() {
            Some(window) if now.duration_since(window.start) < limit.per => slot.insert(window),
            _ => slot.insert(Window { start: now, requests: 0 }),
        };
        if window.requests >= limit.requests {
            let left = limit.per.saturating_sub(now.duration_since(window.start));
            return Err(Refusal::too_many_requests(whole_seconds(left)));
        }
        window.requests += 1;
        Ok(())
    }

    fn check_key(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            let detail = "The request names no secret key in its Authorization header.";
            return Err(Refusal::unauthorized("authentication_invalid", "Invalid authentication", detail));
        };
        let Some(("Bearer", key)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
            let message = "Invalid Authorization header format";
            let detail = "The Authorization header must be the word Bearer, a space and a secret key.";
            return Err(Refusal::unauthorized("authorization_header_format_invalid", message, detail));
        };
        if key == self.secret_key {
            return Ok(());
        }
        let detail = "No instance has this secret key. Check that it was copied as a whole.";
        Err(Refusal::unauthorized("clerk_key_invalid", "The provided Clerk Secret Key is invalid.", detail))
    }
}

fn check_version(headers: &HeaderMap, query: &Query) -> Result<(), Refusal> {
    let refuse = |detail: String| Err(Refusal::bad_request("api_version_invalid", "invalid API version", detail));
    let in_header = headers.get(VERSION_HEADER).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    if in_header.is_some() && query.has(VERSION_PARAMETER) {
        return refuse(format!("Give the version in {VERSION_HEADER} or in {VERSION_PARAMETER}, not in both."));
    }
    match in_header.or_else(|| query.text(VERSION_PARAMETER)) {
        Some(version) if !VERSIONS.contains(&version.as_str()) => refuse(format!("There is no API version {version}.")),
        _ => Ok(()),
    }
}

/// Rounded up, and at least one: a client that waits that long is never too early.
fn whole_seconds(left: Duration) -> u64 {
    (left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lets_requests_through_again_when_it_is_over() {
        let per = Duration::from_secs(10);
        let gate = Gate::new(String::new(), Some(RateLimit { requests: 1, per }));
        let start = Instant::now();
        assert!(gate.check_rate(start).is_ok());
        assert!(gate.check_rate(start + Duration::from_secs(9)).is_err());
        assert!(gate.check_rate(start + per).is_ok());
    }

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_millis(2001)), 3);
        assert_eq!(whole_seconds(Duration::from_secs(2)), 2);
    }
}
