//! Lets requests through in waves, so that round trips can be counted.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time without another request after which a wave is complete.
pub(crate) const MOMENT: Duration = Duration::from_millis(100);

/// Holds requests until no more of them come: then everything that the program can have in flight is there.
pub(crate) struct Gate {
    moment: Duration,
    state: Mutex<State>,
    opened: Condvar,
}

struct State {
    waves: u32,
    last_came: Instant,
}

impl Gate {
    /// A wave is complete when no request has come for this moment.
    pub(crate) fn new(moment: Duration) -> Self {
        Self { moment, state: Mutex::new(State { waves: 0, last_came: Instant::now() }), opened: Condvar::new() }
    }

    /// Waits until the wave of a request that has come is complete.
    pub(crate) fn hold(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last_came = Instant::now();
        let wave = state.waves;
        while state.waves == wave {
            let left = self.moment.saturating_sub(state.last_came.elapsed());
            if left.is_zero() {
                state.waves += 1;
                self.opened.notify_all();
                return;
            }
            state = self.opened.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The number of waves so far.
    pub(crate) fn waves(&self) -> u32 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).waves
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn requests_beside_each_other_are_one_wave() {
        let gate = Gate::new(Duration::from_secs(1));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| gate.hold());
            }
        });
        assert_eq!(gate.waves(), 1);
        gate.hold();
        assert_eq!(gate.waves(), 2);
    }
}
