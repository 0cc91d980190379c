//! MCP as messages in and messages out, without sessions: 2026-07-28, and `initialize` for older clients.
//!
//! 1. `message.rs` reads a JSON-RPC message and finds out by which version it is to be answered.
//! 2. `method.rs` has the contract's interfaces answer it, `round.rs` a call that may take several rounds.
//! 3. `object/` prints the contract's records as MCP's objects.
//!
//! How messages come and go is the business of the adapters that use this.

mod error;
mod message;
mod method;
mod object;
mod round;
mod versions;

pub use error::{Error, Status};
pub use message::Message;
pub use versions::{NEWEST_VERSION, is_known_version};

use guarded_tools::Tools;
use serde::Serialize;
use serde_json::value::RawValue;

/// The longest message that is read, in bytes.
pub const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// A response to a request.
pub struct Response {
    /// A JSON-RPC message.
    pub json: String,
    /// What it is for a transport that tells refusals by a status of its own.
    pub status: Status,
}

/// Answers a message, if it is a request.
#[must_use]
pub fn answer(message: &Message<'_>, tools: &Tools) -> Option<Response> {
    let id = message.id()?;
    Some(match message.check().and_then(|()| method::answer(message, tools)) {
        Ok(result) => Response { json: print(&Success { jsonrpc: "2.0", id, result: &result }), status: Status::Ok },
        Err(error) => refuse(Some(id), &error),
    })
}

/// The response that says why a message is not answered otherwise; without an id where it has none.
#[must_use]
pub fn refuse(id: Option<&RawValue>, error: &Error) -> Response {
    Response { json: print(&Failure { jsonrpc: "2.0", id, error }), status: error.status }
}

#[derive(Serialize)]
struct Success<'a> {
    jsonrpc: &'static str,
    id: &'a RawValue,
    result: &'a RawValue,
}

#[derive(Serialize)]
struct Failure<'a> {
    jsonrpc: &'static str,
    id: Option<&'a RawValue>,
    error: &'a Error,
}

/// What is printed here are structs with text keys and JSON that was read before: it cannot fail.
fn print(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
