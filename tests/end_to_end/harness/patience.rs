//! How long a test waits for what should happen soon.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Enough for everything that is not slow on purpose, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until `is_so`.
pub(crate) fn wait_until(what: &str, is_so: impl FnMut() -> bool) {
    let mut is_so = is_so;
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited too long: {what}");
        sleep(Duration::from_millis(5));
    }
}
