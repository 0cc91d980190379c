//! How it came that a call that may write did or did not, in the words of the audit log.

use crate::component::Decision;

/// What was decided of a call, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    Allowed,
    DryRun,
    AskedPerson,
    AskedForToken,
    ConfirmedByPerson,
    ConfirmedByToken,
    Declined,
    Cancelled,
    DeclinedUnseen,
    NoChoice,
    CannotAsk,
    NoAnswer,
    Denied,
    Invalid,
    InvalidToken,
    InvalidState,
    /// Of a call that is begun.
    NotKnownYet,
    /// The call ended before anything was decided.
    Nothing,
}

/// The word for each of them, in their order.
const WORDS: [&str; 18] = [
    "allowed",
    "dry run",
    "asked a person",
    "asked for a token",
    "confirmed by a person",
    "confirmed by token",
    "declined",
    "cancelled",
    "declined unseen",
    "no choice",
    "cannot ask",
    "no answer",
    "denied",
    "invalid",
    "invalid token",
    "invalid state",
    "not known yet",
    "none",
];

const _: () = assert!(WORDS.len() == Decided::Nothing as usize + 1, "there is a word for each");

impl Decided {
    pub(super) fn word(self) -> &'static str {
        WORDS[self as usize]
    }
}

impl From<Decision> for Decided {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allowed => Self::Allowed,
            Decision::DryRun => Self::DryRun,
            Decision::ConfirmedByPerson => Self::ConfirmedByPerson,
            Decision::ConfirmedByToken => Self::ConfirmedByToken,
            Decision::Declined => Self::Declined,
            Decision::Cancelled => Self::Cancelled,
            Decision::DeclinedUnseen => Self::DeclinedUnseen,
            Decision::NoChoice => Self::NoChoice,
            Decision::CannotAsk => Self::CannotAsk,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_is_explained() {
        let safety = include_str!("../../../docs/safety.md");
        let line = safety.lines().find(|line| line.starts_with("| `decision` |")).expect("there is a table");
        for word in WORDS {
            assert!(line.contains(&format!("`{word}`")), "{word}");
        }
        assert_eq!((Decided::DryRun.word(), Decided::InvalidState.word()), ("dry run", "invalid state"));
    }
}
