//! Calls that were begun and have no line of their end.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::entry::BEGUN;

/// The names of the calls that are begun and not ended, as far as a log has been read.
#[derive(Default)]
pub(super) struct Pending(BTreeSet<String>);

/// How a line tells of a call's beginning or end.
#[derive(Deserialize)]
struct Mark {
    #[serde(default)]
    call: String,
    #[serde(default)]
    outcome: String,
}

impl Pending {
    /// Reads one more line, and returns whether it is of a beginning.
    pub(super) fn read(&mut self, line: &[u8]) -> bool {
        let Ok(Mark { call, outcome }) = serde_json::from_slice(line) else { return false };
        if outcome == BEGUN {
            return self.0.insert(call);
        }
        self.0.remove(&call);
        false
    }

    /// Whether this line is of the beginning of one of them.
    pub(super) fn has(&self, line: &[u8]) -> bool {
        serde_json::from_slice::<Mark>(line).is_ok_and(|mark| mark.outcome == BEGUN && self.0.contains(&mark.call))
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// A sentence about them; nothing where there are none.
    pub(super) fn in_words(count: usize) -> String {
        match count {
            0 => String::new(),
            1 => "1 call was begun and has no end: it may have happened".into(),
            count => format!("{count} calls were begun and have no end: they may have happened"),
        }
    }
}
