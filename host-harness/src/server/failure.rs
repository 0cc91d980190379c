//! Failures of ours, in the shapes that clients know: results of tools that a model can act on, and JSON-RPC errors.

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ClientCapabilities, ContentBlock};
use serde_json::{Value, json};

use super::instances::ServedInstance;
use super::mode::{MissingKey, Mode};
use super::naming;
use super::stopped::{Stopped, Unanswered};
use crate::audit::Unwritable;
use crate::component::{Aborted, Error, Problem};

/// What a tool's caller is told.
///
/// # Errors
///
/// Where MCP wants an error instead of a result.
pub(super) fn of_tool(stopped: Stopped) -> Result<CallToolResult, ErrorData> {
    match stopped {
        Stopped::Refused(Error::Denied(message)) => Ok(failure("denied", &message, "Ask the operator to allow it.")),
        Stopped::Refused(Error::InvalidArguments(problems)) => Ok(in_text(&invalid_arguments(&problems))),
        Stopped::Refused(Error::Failed(json)) => Ok(CallToolResult::error(vec![ContentBlock::text(json)])),
        Stopped::Aborted(aborted) => {
            tracing::warn!("{aborted}");
            Ok(in_text(&broken_off(&aborted)))
        }
        Stopped::Unanswered(unanswered) => Ok(in_text(&not_asked(&unanswered))),
        other => Err(of_request(other)),
    }
}

/// What the caller of anything but a tool is told.
pub(super) fn of_request(stopped: Stopped) -> ErrorData {
    match stopped {
        Stopped::Refused(Error::Unknown(message) | Error::NotFound(message)) => {
            ErrorData::invalid_params(message, None)
        }
        Stopped::Refused(Error::Denied(message)) => ErrorData::invalid_request(message, None),
        Stopped::Refused(Error::InvalidArguments(problems)) => {
            let words: Vec<String> = problems.iter().map(in_words).collect();
            ErrorData::invalid_params(words.join("; "), Some(invalid_arguments(&problems)))
        }
        Stopped::Refused(Error::MissingCapability(json)) => {
            let missing: ClientCapabilities = serde_json::from_str(&json).unwrap_or_default();
            ErrorData::missing_required_client_capability(missing)
        }
        Stopped::Refused(Error::Failed(json)) => {
            let details: Value = serde_json::from_str(&json).unwrap_or(Value::Null);
            let message = details["message"].as_str().unwrap_or("it could not be had").to_owned();
            ErrorData::internal_error(message, Some(details))
        }
        Stopped::Aborted(aborted) => {
            tracing::warn!("{aborted}");
            ErrorData::internal_error(aborted.to_string(), Some(broken_off(&aborted)))
        }
        Stopped::Unanswered(unanswered) => {
            let details = not_asked(&unanswered);
            ErrorData::internal_error(details["message"].as_str().unwrap_or_default().to_owned(), Some(details))
        }
        Stopped::Protocol(error) => error,
    }
}

/// The call cannot be recorded, so it was not made.
pub(super) fn unrecorded(error: &Unwritable) -> CallToolResult {
    let message = format!("{error}; calls that may write are stopped until it can, and nothing was changed");
    failure("audit_unavailable", &message, "Tell the operator. Tools that only read still work.")
}

/// The call was made, and its line waits to be written.
pub(super) fn recorded_later(error: &Unwritable) -> CallToolResult {
    let message = format!("the call was made, but {error}; its record is kept until it can be written");
    failure("audit_unavailable", &message, "Do not repeat the call: read the current state. Tell the operator.")
}

/// The caller's access token does not allow a tool that the operator allows.
pub(super) fn missing_scope(tool: &str) -> CallToolResult {
    let message = format!("{tool} changes data, and the access token lacks the scope clerk:write");
    failure("insufficient_scope", &message, GET_SCOPE)
}

/// The same for a prompt, and as a challenge.
pub(super) fn missing_scope_for_request(name: &str) -> ErrorData {
    let message = format!("{name} leads to changes, and the access token lacks the scope clerk:write. {GET_SCOPE}");
    ErrorData::invalid_request(message, None)
}

const GET_SCOPE: &str = "Ask for an access token with the scope clerk:write.";

/// There is no key for the call of a tool on this instance.
pub(super) fn missing_key(instance: &ServedInstance) -> CallToolResult {
    let MissingKey { code, message, hint } = without_key(&instance.mode);
    let failure = failure(code, &message, hint);
    match &instance.name {
        Some(name) => naming::in_result(failure, name),
        None => failure,
    }
}

/// The same for anything else.
pub(super) fn missing_key_for_request(mode: &Mode) -> ErrorData {
    let MissingKey { message, hint, .. } = without_key(mode);
    ErrorData::invalid_request(format!("{message}. {hint}"), None)
}

fn without_key(mode: &Mode) -> MissingKey {
    match mode {
        Mode::WithoutKey(missing) => missing.clone(),
        Mode::Hosted(_) | Mode::Public => {
            MissingKey { code: "missing_secret_key", message: NO_KEY.into(), hint: BRING_ONE }
        }
    }
}

const NO_KEY: &str = "this server has no secret key of its own, and the request brought none";
const BRING_ONE: &str = "Send the Clerk secret key (sk_test_… or sk_live_…) in the HTTP header X-Clerk-Secret-Key.";

pub(super) fn internal(message: &str) -> ErrorData {
    ErrorData::internal_error(message.to_owned(), None)
}

/// In the shape that the tools give their failures.
pub(super) fn failure(code: &str, message: &str, hint: &str) -> CallToolResult {
    in_text(&json!({ "code": code, "message": message, "hint": hint }))
}

/// As text only: clients hold structured content against the output schema, also that of an error.
fn in_text(value: &Value) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(value.to_string())])
}

fn invalid_arguments(problems: &[Problem]) -> Value {
    let list: Vec<Value> =
        problems.iter().map(|problem| json!({ "pointer": problem.pointer, "message": problem.message })).collect();
    json!({
        "code": "invalid_arguments",
        "message": "the arguments are not valid; nothing was sent",
        "problems": list,
    })
}

fn in_words(problem: &Problem) -> String {
    match problem.pointer.trim_start_matches('/') {
        "" => problem.message.clone(),
        name => format!("{name}: {}", problem.message),
    }
}

/// A call asks before it changes anything, so that one without an answer has changed nothing.
fn not_asked(unanswered: &Unanswered) -> Value {
    let (code, message, hint) = match unanswered {
        Unanswered::Refused(why) => (
            "cannot_confirm",
            format!(
                "somebody has to answer a question first, and this client does not ask it: {why}; nothing was changed"
            ),
            "Use a client that shows such questions. For runs that nobody watches, the operator can set --confirm \
             token-only (CLERK_CONFIRM), or leave out the tools that ask.",
        ),
        Unanswered::Late => (
            "not_answered",
            "nobody answered the question within ten minutes; nothing was changed".to_owned(),
            "Call again when somebody is there to answer.",
        ),
    };
    json!({ "code": code, "message": message, "hint": hint })
}

fn broken_off(aborted: &Aborted) -> Value {
    let may_have_happened =
        "If the tool changes data, the change may have been made: read the current state before you repeat it.";
    let (code, hint) = match aborted {
        Aborted::TooManyQuestions(_) => ("busy", "Have the open questions answered first, or call again later."),
        Aborted::NoRoom => {
            ("busy", "Ask for less at once, or call again later; what the tool changes has been changed.")
        }
        Aborted::Unattended => ("unattended", "Call again: the question is asked anew."),
        Aborted::Busy => ("busy", "Call again later, and make fewer calls at once."),
        Aborted::TimedOut(_) => ("timeout", may_have_happened),
        Aborted::Overran | Aborted::Trapped(_) => ("tool_failed", may_have_happened),
    };
    json!({ "code": code, "message": aborted.to_string(), "hint": hint })
}
