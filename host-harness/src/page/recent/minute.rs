//! The figures of one minute.

use std::time::Duration;

use super::Ended;

/// The upper bound of the first step of durations.
const FIRST_STEP: Duration = Duration::from_micros(250);
/// Steps that double a duration: a duration is told to less than a fifth.
const STEPS_TO_DOUBLE: f64 = 4.0;
/// Steps up to a minute and a half.
const STEPS: usize = 75;

/// The calls that ended in a minute. The minute 0 is none.
#[derive(Clone)]
pub(super) struct Minute {
    pub(super) number: u64,
    calls: u32,
    failed: u32,
    durations: [u32; STEPS],
}

/// The figures of a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) calls: u32,
    /// Those of them that did not end well.
    pub(crate) failed: u32,
    /// The duration that half of the calls did not exceed; none without calls.
    pub(crate) median: Option<Duration>,
    /// The duration that nineteen of twenty calls did not exceed.
    pub(crate) slow: Option<Duration>,
}

impl Minute {
    pub(super) fn of(number: u64) -> Self {
        Self { number, calls: 0, failed: 0, durations: [0; STEPS] }
    }

    pub(super) fn add(&mut self, call: &Ended) {
        self.calls = self.calls.saturating_add(1);
        self.failed = self.failed.saturating_add(call.has_failed().into());
        let step = &mut self.durations[step_of(call.took)];
        *step = step.saturating_add(1);
    }

    pub(super) fn figures(&self) -> Figures {
        Figures {
            calls: self.calls,
            failed: self.failed,
            median: self.duration_of(self.calls.div_ceil(2)),
            slow: self.duration_of(self.calls.saturating_sub(self.calls / 20)),
        }
    }

    /// The upper bound of the duration of the call at this place, from the fastest on.
    fn duration_of(&self, place: u32) -> Option<Duration> {
        let mut seen = 0_u32;
        let step = self.durations.iter().position(|count| {
            seen = seen.saturating_add(*count);
            place > 0 && seen >= place
        })?;
        let doublings = f64::from(u32::try_from(step).unwrap_or(u32::MAX)) / STEPS_TO_DOUBLE;
        Some(FIRST_STEP.mul_f64(doublings.exp2()))
    }
}

/// The first step whose upper bound a duration does not exceed.
fn step_of(took: Duration) -> usize {
    let doublings = (took.as_secs_f64() / FIRST_STEP.as_secs_f64()).max(1.0).log2();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a small number, and not below zero"
    )]
    let step = (doublings * STEPS_TO_DOUBLE).ceil() as usize;
    step.min(STEPS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_of_a_step_whatever_it_is() {
        for took in [Duration::ZERO, Duration::from_micros(250), Duration::from_hours(3), Duration::MAX] {
            assert!(step_of(took) < STEPS);
        }
        assert_eq!((step_of(Duration::ZERO), step_of(Duration::MAX)), (0, STEPS - 1));
    }
}
