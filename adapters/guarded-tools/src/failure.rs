//! Why calls do not take place, as the tools give their failures: what a model can act on.

use serde_json::{Value, json};

use crate::mcp_types::{Error, Problem};

/// Why a call did not take place or did not succeed: the JSON object that the tools give their failures as.
pub type Failure = Value;

/// Why no call took place, as the tools give their failures: what a model can act on.
///
/// # Errors
///
/// It is about the protocol, and not for a model.
pub fn in_words(error: Error) -> Result<Failure, Error> {
    match error {
        Error::Denied(message) => Ok(failure("denied", &message, "Ask the operator to allow it.")),
        Error::InvalidArguments(problems) => Ok(invalid_arguments(&problems)),
        Error::Failed(text) => Ok(serde_json::from_str(&text).unwrap_or_else(|_| failure("failed", &text, CHECK))),
        other => Err(other),
    }
}

/// All that is wrong with the arguments.
#[must_use]
pub fn invalid_arguments(problems: &[Problem]) -> Failure {
    let list: Vec<Value> =
        problems.iter().map(|problem| json!({ "pointer": problem.pointer, "message": problem.message })).collect();
    json!({
        "code": "invalid_arguments",
        "message": "the arguments are not valid; nothing was sent",
        "problems": list,
    })
}

pub(crate) fn failed(failure: &Failure) -> Error {
    Error::Failed(failure.to_string())
}

pub(crate) fn failure(code: &str, message: &str, hint: &str) -> Failure {
    json!({ "code": code, "message": message, "hint": hint })
}

/// What helps where nobody knows how far a call has come.
pub(crate) const CHECK: &str =
    "If it changes data, part of it may have been done: read the current state before you repeat it.";
