//! A gate before an upstream that lets requests through in waves: round trips are counted without a clock.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use super::patience::PATIENCE;

/// The time for which a wave is held when it is complete, so that a request too many would show.
const MOMENT: Duration = Duration::from_millis(50);

/// Holds requests until as many are in flight as belong to a wave, one wave after the other.
pub(crate) struct Waves {
    /// The number of requests that have come when a wave is complete.
    ends: Vec<usize>,
    counts: Mutex<Counts>,
    come: Condvar,
}

#[derive(Default)]
struct Counts {
    come: usize,
    in_flight: usize,
    most_in_flight: usize,
}

impl Waves {
    pub(crate) fn of(sizes: &[usize]) -> Self {
        let mut sum = 0;
        let end = |size: &usize| {
            sum += size;
            sum
        };
        Self { ends: sizes.iter().map(end).collect(), counts: Mutex::default(), come: Condvar::new() }
    }

    /// Waits until the wave of a request that has come is complete.
    pub(crate) fn hold(&self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.come += 1;
        counts.in_flight += 1;
        counts.most_in_flight = counts.most_in_flight.max(counts.in_flight);
        self.come.notify_all();
        let number = counts.come;
        let end = self.ends.iter().copied().find(|end| number <= *end).unwrap_or(number);
        let (held, waited) = self
            .come
            .wait_timeout_while(counts, PATIENCE, |counts| counts.come < end)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "{} requests have come, and {end} belong to the wave", held.come);
        drop(held);
        sleep(MOMENT);
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).in_flight -= 1;
    }

    /// The number of requests that have come, and the most that were in flight at once.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        (counts.come, counts.most_in_flight)
    }
}
