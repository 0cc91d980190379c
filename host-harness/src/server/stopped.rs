//! Reasons for which a call has come to nothing.

use rmcp::ErrorData;
use rmcp::model::ErrorCode;

use crate::component::{Aborted, Error};
use crate::telemetry::Status;

/// The reason for which a call has come to nothing.
pub(super) enum Stopped {
    /// The component refused it.
    Refused(Error),
    Aborted(Aborted),
    /// What it asked has no answer.
    Unanswered(Unanswered),
    /// It cannot be answered but by this error.
    Protocol(ErrorData),
}

impl Stopped {
    /// The status that the operator sees.
    pub(super) fn status(&self) -> Status {
        match self {
            Self::Refused(Error::Unknown(_) | Error::NotFound(_)) => Status::Unknown,
            Self::Refused(Error::InvalidArguments(_)) => Status::InvalidArguments,
            Self::Refused(Error::Denied(_) | Error::MissingCapability(_)) | Self::Unanswered(_) => Status::Denied,
            Self::Refused(Error::Failed(_)) => Status::Error,
            Self::Protocol(error) if error.code == ErrorCode::INVALID_PARAMS => Status::InvalidArguments,
            Self::Aborted(Aborted::TimedOut(_) | Aborted::Busy | Aborted::TooManyQuestions(_) | Aborted::NoRoom) => {
                Status::Timeout
            }
            Self::Aborted(Aborted::Unattended) => Status::Cancelled,
            Self::Aborted(_) | Self::Protocol(_) => Status::Failed,
        }
    }
}

/// The reason for which a question has no answer.
pub(super) enum Unanswered {
    /// The client cannot or does not ask, for this reason.
    Refused(String),
    /// Nobody answered in time.
    Late,
}
