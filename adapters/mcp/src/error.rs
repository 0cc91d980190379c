//! JSON-RPC errors: which code says what, and where in the contract they come from.

use guarded_tools::mcp_types::{self as contract, Problem};
use guarded_tools::{Failure, invalid_arguments};
use serde::Serialize;
use serde_json::{Value, json};

use crate::versions::supported_versions;

/// A JSON-RPC error.
#[derive(Debug, Serialize)]
pub struct Error {
    code: i32,
    message: String,
    #[serde(skip_serializing_if = "Value::is_null")]
    data: Value,
    /// What it is for a transport.
    #[serde(skip)]
    pub(crate) status: Status,
}

/// What became of a message, for a transport that tells it by a status of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was answered, be it with an error.
    Ok,
    /// It is not as MCP has it.
    Malformed,
    /// There is no such method.
    NoSuchMethod,
}

impl Error {
    fn new(code: i32, message: impl Into<String>, status: Status) -> Self {
        Self { code, message: message.into(), data: Value::Null, status }
    }

    /// This is no JSON.
    pub fn parse(message: impl Into<String>) -> Self {
        Self::new(-32700, message, Status::Malformed)
    }

    /// This is no JSON-RPC request.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(-32600, message, Status::Malformed)
    }

    /// What came beside the message contradicts it.
    pub fn header_mismatch(message: impl Into<String>) -> Self {
        Self::new(-32020, message, Status::Malformed)
    }

    /// Older versions take the status for something else.
    pub(crate) fn no_such_method(name: &str, is_older: bool) -> Self {
        let name: String = name.chars().take(100).collect();
        let status = if is_older { Status::Ok } else { Status::NoSuchMethod };
        Self::new(-32601, format!("there is no method {name}"), status)
    }

    /// A message of the newest version does not say that it is one.
    #[must_use]
    pub fn missing_meta() -> Self {
        Self::malformed_params("`_meta` lacks io.modelcontextprotocol/protocolVersion")
    }

    pub(crate) fn malformed_params(message: impl Into<String>) -> Self {
        Self::new(-32602, message, Status::Malformed)
    }

    pub(crate) fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(-32602, message, Status::Ok)
    }

    /// The client names a version that is not known here.
    #[must_use]
    pub fn unsupported_version(requested: &str) -> Self {
        let data = json!({ "requested": requested, "supported": supported_versions() });
        Self { data, ..Self::new(-32022, "Unsupported protocol version", Status::Malformed) }
    }

    /// MCP wants to be told which resource is not there.
    pub(crate) fn of_resource(uri: &str, error: contract::Error) -> Self {
        let is_not_found = matches!(error, contract::Error::NotFound(_));
        let error = Self::from(error);
        if is_not_found { Self { data: json!({ "uri": uri }), ..error } } else { error }
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(-32603, message, Status::Ok)
    }
}

/// A failure as the tools give it.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let message = failure["message"].as_str().unwrap_or("it could not be had").to_owned();
        Self { data: failure, ..Self::internal(message) }
    }
}

impl From<contract::Error> for Error {
    fn from(error: contract::Error) -> Self {
        match error {
            contract::Error::Unknown(message) | contract::Error::NotFound(message) => Self::invalid_params(message),
            contract::Error::InvalidArguments(problems) => {
                let words: Vec<String> = problems.iter().map(in_words).collect();
                Self { data: invalid_arguments(&problems), ..Self::invalid_params(words.join("; ")) }
            }
            contract::Error::Denied(message) => Self::new(-32600, message, Status::Ok),
            contract::Error::MissingCapability(missing) => {
                let data =
                    json!({ "requiredCapabilities": serde_json::from_str::<Value>(&missing).unwrap_or_default() });
                Self { data, ..Self::new(-32021, "the client cannot be asked for what this needs", Status::Ok) }
            }
            contract::Error::Failed(failure) => serde_json::from_str::<Failure>(&failure).unwrap_or_default().into(),
        }
    }
}

fn in_words(problem: &Problem) -> String {
    match problem.pointer.trim_start_matches('/') {
        "" => problem.message.clone(),
        name => format!("{name}: {}", problem.message),
    }
}
