//! When a read is sent again. Writes never are.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

/// How often one read is sent at most.
pub(crate) const MOST_ATTEMPTS: u32 = 3;
/// The longest that all waiting of one call takes.
const MOST_WAITING: Duration = Duration::from_secs(15);
/// The first pause where the answer names none; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);

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
    let asked = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let pause = asked.map_or(PAUSE * 2u32.pow(attempt - 1), Duration::from_secs) + PAUSE.mul_f64(jitter);
    (waited + pause <= MOST_WAITING && pause < left).then_some(pause)
}
