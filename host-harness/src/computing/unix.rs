//! The time that a thread has computed, by the kernel.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub(super) fn computed_by_thread() -> Duration {
    // Neither is ever negative, and the second one is less than a second.
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}
