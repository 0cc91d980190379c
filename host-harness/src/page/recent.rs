//! The calls of the last hour: figures for each minute, the latest of them one by one, and the questions that wait for somebody.
//! All of it is bounded, however many calls there are.

mod minute;

use std::array;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

pub(crate) use minute::Figures;
use minute::Minute;

use crate::who::Who;

/// The minutes that figures are kept of.
pub(crate) const MINUTES: usize = 60;
/// The most calls that are kept one by one.
pub(crate) const MOST_CALLS: usize = 200;
/// The most questions that are kept; for one more, the oldest is forgotten.
const MOST_QUESTIONS: usize = 256;

/// What has been recorded of the last hour. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Recent(Arc<Kept>);

struct Kept {
    started: Instant,
    in_flight: AtomicI64,
    state: Mutex<State>,
}

struct State {
    minutes: [Minute; MINUTES],
    calls: VecDeque<Ended>,
    questions: VecDeque<(Place, Question)>,
    /// The number of questions so far that waited within a call.
    asked: u64,
}

/// A call that has ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) at: SystemTime,
    /// A method of MCP.
    pub(crate) method: &'static str,
    /// The name of a tool, a prompt or a resource that there is, or `unknown`.
    pub(crate) name: Arc<str>,
    /// The name of the instance, where there are several.
    pub(crate) instance: Option<Arc<str>>,
    pub(crate) who: Who,
    pub(crate) outcome: &'static str,
    pub(crate) took: Duration,
}

/// A question that waits for somebody. What it asks is not kept.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) name: Arc<str>,
    /// The name of the instance, where there are several.
    pub(crate) instance: Option<Arc<str>>,
    pub(crate) who: Who,
    pub(crate) since: SystemTime,
    pub(crate) until: SystemTime,
}

/// The place that a question waits at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Within a call that runs, by its number.
    Within(u64),
    /// At a client that has to make the call again, by a digest of the call.
    With([u8; 32]),
}

/// A question that waits within a call until this is dropped.
pub(crate) struct Waiting {
    recent: Recent,
    place: Place,
}

impl Default for Recent {
    fn default() -> Self {
        let state = State {
            minutes: array::from_fn(|_| Minute::of(0)),
            calls: VecDeque::new(),
            questions: VecDeque::new(),
            asked: 0,
        };
        Self(Arc::new(Kept { started: Instant::now(), in_flight: AtomicI64::new(0), state: Mutex::new(state) }))
    }
}

impl Recent {
    /// Counts a call that begins.
    pub(crate) fn begin(&self) {
        self.0.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// Records a call that was counted when it began.
    pub(crate) fn end(&self, call: Ended) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
        let number = self.minute_at(Instant::now());
        let mut state = self.state();
        let minute = &mut state.minutes[place_of(number)];
        if minute.number != number {
            *minute = Minute::of(number);
        }
        minute.add(&call);
        if state.calls.len() >= MOST_CALLS {
            state.calls.pop_front();
        }
        state.calls.push_back(call);
    }

    /// The number of calls that have not ended.
    pub(crate) fn in_flight(&self) -> u64 {
        self.0.in_flight.load(Ordering::Relaxed).try_into().unwrap_or_default()
    }

    /// The figures of the last hour's minutes, the oldest first.
    pub(crate) fn figures(&self) -> Vec<Figures> {
        self.figures_at(Instant::now())
    }

    fn figures_at(&self, now: Instant) -> Vec<Figures> {
        let last = self.minute_at(now);
        let state = self.state();
        let figures = |past: u64| {
            let number = last.checked_sub(past).filter(|number| *number > 0)?;
            let minute = &state.minutes[place_of(number)];
            (minute.number == number).then(|| minute.figures())
        };
        (0..MINUTES as u64).rev().map(|past| figures(past).unwrap_or_default()).collect()
    }

    /// The latest calls, the last one first: those that are to be seen.
    pub(crate) fn calls(&self, is_seen: impl Fn(&Who) -> bool) -> Vec<Ended> {
        let state = self.state();
        state.calls.iter().rev().filter(|call| is_seen(&call.who)).cloned().collect()
    }

    /// The questions that wait, the oldest first: those that are to be seen.
    pub(crate) fn questions(&self, is_seen: impl Fn(&Who) -> bool) -> Vec<Question> {
        let now = SystemTime::now();
        let mut state = self.state();
        state.questions.retain(|(_, question)| question.until > now);
        let questions = state.questions.iter().map(|(_, question)| question);
        questions.filter(|question| is_seen(&question.who)).cloned().collect()
    }

    /// Shows a question that a call waits for.
    pub(crate) fn ask(&self, question: Question) -> Waiting {
        let mut state = self.state();
        state.asked += 1;
        let place = Place::Within(state.asked);
        state.add(place, question);
        drop(state);
        Waiting { recent: self.clone(), place }
    }

    /// Shows a question that a client was given with the answer to a call, by a digest of the call.
    pub(crate) fn give_out(&self, call: [u8; 32], question: Question) {
        let mut state = self.state();
        state.remove(Place::With(call));
        state.add(Place::With(call), question);
    }

    /// Removes the question of a call that was made again with its answer.
    pub(crate) fn take_back(&self, call: [u8; 32]) {
        self.state().remove(Place::With(call));
    }

    fn minute_at(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.0.started).as_secs() / 60 + 1
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.recent.state().remove(self.place);
    }
}

impl Ended {
    /// Tells whether a call came to nothing.
    pub(crate) fn has_failed(&self) -> bool {
        !matches!(self.outcome, "ok" | "input_required")
    }
}

impl State {
    fn add(&mut self, place: Place, question: Question) {
        if self.questions.len() >= MOST_QUESTIONS {
            self.questions.pop_front();
        }
        self.questions.push_back((place, question));
    }

    fn remove(&mut self, place: Place) {
        self.questions.retain(|(other, _)| *other != place);
    }
}

fn place_of(minute: u64) -> usize {
    usize::try_from(minute % MINUTES as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests;
