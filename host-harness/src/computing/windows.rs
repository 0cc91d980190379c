//! Windows counts the time of a thread in steps of its scheduler, 16 ms and more: time that has passed stands for it.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

pub(super) fn computed_by_thread() -> Duration {
    START.elapsed()
}
