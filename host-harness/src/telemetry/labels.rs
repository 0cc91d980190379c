//! The words by which calls are counted and logged: method, status and instance.

use crate::key::SecretKey;

/// The method of MCP that a client calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    CallTool,
    GetPrompt,
    ReadResource,
    Complete,
}

impl Method {
    /// Its name in MCP.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CallTool => "tools/call",
            Self::GetPrompt => "prompts/get",
            Self::ReadResource => "resources/read",
            Self::Complete => "completion/complete",
        }
    }
}

/// The end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ok,
    /// The tool answered with an error, its own or the API's.
    Error,
    InvalidArguments,
    /// The policy forbids it, or there is no key.
    Denied,
    /// There is nothing of that name.
    Unknown,
    InputRequired,
    Cancelled,
    Timeout,
    /// This program or the tool broke.
    Failed,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::InvalidArguments => "invalid_arguments",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
            Self::InputRequired => "input_required",
            Self::Cancelled => "cancelled",
            Self::Timeout => "timeout",
            Self::Failed => "failed",
        }
    }
}

/// The kind of Clerk instance that a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instance {
    Development,
    Production,
    /// There is no key that would tell.
    Unknown,
}

impl Instance {
    pub(crate) fn of(key: &SecretKey) -> Self {
        if key.is_live() { Self::Production } else { Self::Development }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
            Self::Unknown => "unknown",
        }
    }
}
