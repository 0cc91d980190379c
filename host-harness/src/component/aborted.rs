//! Reasons for which a call ended without an answer.

use std::time::Duration;

use super::clock::MOST_COMPUTING;

/// The reason for which a call ended without an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Aborted {
    #[error("all places for calls were taken for too long; nothing was sent")]
    Busy,
    #[error(
        "{0} questions wait for an answer already, which is all that may wait at once; nothing was asked or changed"
    )]
    TooManyQuestions(usize),
    #[error("the answer is too large to be kept beside others that their clients have not read yet")]
    NoRoom,
    #[error("nobody is there any more to answer what was asked; nothing was changed")]
    Unattended,
    #[error("the tool did not answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    #[error("the tool computed for more than {} s", MOST_COMPUTING.as_secs())]
    Overran,
    #[error("the tool failed inside the sandbox: {0}")]
    Trapped(String),
}
