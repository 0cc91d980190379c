//! Calls of the guarded tools, and what keeps one from taking place in this host.

use serde_json::{Value, json};
use wasip2::clocks::monotonic_clock;

use crate::Host;
use crate::access::{self, Problem};
use crate::mcp_tools::{self, CallResult, Outcome};
use crate::mcp_types::{CallContext, ContentBlock, Error, Policy, Problem as Invalid};
use crate::settings::Settings;

/// The guarded tools for one request from outside.
pub struct Tools {
    host: &'static Host,
    settings: Result<Settings, String>,
    /// On the monotonic clock, in nanoseconds.
    deadline: u64,
}

/// Why a call did not take place or did not succeed: the JSON object that the tools give their failures as.
pub type Failure = Value;

impl Tools {
    /// The tools in `host`, as the environment sets them. The time of a call runs from here.
    #[must_use]
    pub fn new(host: &'static Host) -> Self {
        let settings = Settings::read();
        let seconds = settings.as_ref().map_or(1, |settings| settings.timeout);
        Self { host, settings, deadline: monotonic_clock::now() + u64::from(seconds) * 1_000_000_000 }
    }

    /// What the operator allows. Where a setting is wrong, nothing can be called, and what only reads is listed.
    #[must_use]
    pub fn policy(&self) -> Policy {
        match &self.settings {
            Ok(settings) => Policy { read_only: settings.read_only, toolsets: settings.toolsets.clone() },
            Err(_) => Policy { read_only: true, toolsets: Vec::new() },
        }
    }

    /// When the request has to be answered, on the monotonic clock, in nanoseconds.
    #[must_use]
    pub fn deadline(&self) -> u64 {
        self.deadline
    }

    /// What a call needs to know. The client is not asked for anything: there is no way to it from here.
    ///
    /// # Errors
    ///
    /// The host has not granted what a call needs, or a setting is wrong.
    pub fn context(&self) -> Result<CallContext, Failure> {
        if let Err(problem) = &self.settings {
            return Err(failure("configuration_error", problem, self.host.set_variable));
        }
        access::check().map_err(|problem| self.explain(&problem))?;
        let left = self.deadline.saturating_sub(monotonic_clock::now()) / 1_000_000;
        Ok(CallContext {
            policy: self.policy(),
            api_url: access::base_url().map_err(|problem| self.explain(&problem))?,
            timeout_ms: u32::try_from(left).unwrap_or(u32::MAX).max(1),
            client_capabilities: "{}".into(),
            input_responses: Vec::new(),
            request_state: None,
            trace: None,
        })
    }

    /// Runs a tool to its end.
    ///
    /// # Errors
    ///
    /// No call took place.
    pub fn call(&self, name: &str, arguments: &str) -> Result<CallResult, Error> {
        let failed = |failure: Failure| Error::Failed(failure.to_string());
        let mut state = None;
        loop {
            let context = CallContext { request_state: state, ..self.context().map_err(failed)? };
            match mcp_tools::call(name, arguments, &context)? {
                Outcome::Complete(result) => return Ok(self.in_words_of_the_host(result)),
                Outcome::InProgress(progress) if monotonic_clock::now() < self.deadline => state = Some(progress.state),
                Outcome::InProgress(_) => return Err(failed(failure("timeout", OVERDUE, CHECK))),
                Outcome::InputRequired(_) => return Err(failed(failure("cannot_ask", ASKS, ASK_ELSEWHERE))),
            }
        }
    }

    /// Why requests cannot be made, and what would help.
    #[must_use]
    pub fn explain(&self, problem: &Problem) -> Failure {
        match problem {
            Problem::NoKey => {
                failure("missing_secret_key", "there is no secret key to call Clerk with", self.host.grant_key)
            }
            Problem::MalformedKey => {
                let message = "the secret key is empty or has characters that no key has";
                let hint = if access::has_key() {
                    self.host.set_variable
                } else {
                    "Send a key as Clerk's Dashboard shows it."
                };
                failure("malformed_secret_key", message, hint)
            }
            Problem::KeyNotWanted => {
                let message = "this server uses the secret key of its operator and takes none from requests";
                failure("secret_key_not_wanted", message, "Leave the key out.")
            }
            Problem::MalformedUrl(problem) => failure("configuration_error", problem, self.host.set_variable),
        }
    }

    /// Where the host or the guard let nothing out, the tools cannot say what to do about it.
    fn in_words_of_the_host(&self, mut result: CallResult) -> CallResult {
        if let (true, [ContentBlock::Text(text)]) = (result.is_error, result.content.as_mut_slice())
            && let Ok(mut failure) = serde_json::from_str::<Failure>(text)
            && failure["code"] == "request_denied"
        {
            failure["hint"] = self.host.grant_network.into();
            *text = failure.to_string();
        }
        result
    }
}

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
pub fn invalid_arguments(problems: &[Invalid]) -> Failure {
    let list: Vec<Value> =
        problems.iter().map(|problem| json!({ "pointer": problem.pointer, "message": problem.message })).collect();
    json!({
        "code": "invalid_arguments",
        "message": "the arguments are not valid; nothing was sent",
        "problems": list,
    })
}

const OVERDUE: &str = "the call took too long";
const CHECK: &str = "If it changes data, part of it may have been done: read the current state before you repeat it.";
const ASKS: &str = "the tool asks the person at the client, and cannot from here";
const ASK_ELSEWHERE: &str = "Call it through a host that can ask, such as the program clerk-mcp.";

fn failure(code: &str, message: &str, hint: &str) -> Failure {
    json!({ "code": code, "message": message, "hint": hint })
}
