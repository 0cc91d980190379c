//! The MCP endpoint: a message in each request, whose headers have to agree with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guarded_tools::Tools;
use stateless_mcp::{Error, Message, NEWEST_VERSION, Response, answer, is_known_version, refuse};

use crate::accept::Accepted;
use crate::access;
use crate::reply::Reply;
use crate::request::Request;

const VERSION: &str = "mcp-protocol-version";
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";

/// Answers a POST.
///
/// # Errors
///
/// It is refused before its message is looked at.
pub(crate) fn post(request: &Request, tools: &Tools) -> Result<Reply, Reply> {
    let _lent = access::admit(request, tools)?;
    let accepted = check_media_types(request)?;
    let body = request.body(tools)?;
    let response = match Message::read(&body) {
        Err((id, error)) => Some(refuse(id, &error)),
        Ok(message) => check_headers(request, &message).or_else(|| answer(&message, tools)),
    };
    let reply = Reply::to_message(response);
    Ok(if accepted.json { reply } else { reply.into_event() })
}

fn check_media_types(request: &Request) -> Result<Accepted, Reply> {
    let content_type = request.header("content-type").map_err(Reply::malformed)?.unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Reply::refused(415, "the Content-Type has to be application/json"));
    }
    let accepted = Accepted::read(request.values("accept").filter_map(|value| str::from_utf8(value).ok()));
    if accepted.nothing() {
        return Err(Reply::refused(406, "clients have to accept application/json or text/event-stream"));
    }
    Ok(accepted)
}

/// What the headers say of the message has to be so.
fn check_headers(request: &Request, message: &Message<'_>) -> Option<Response> {
    let refused = |error: &Error| Some(refuse(message.id(), error));
    let mismatch = |name: &str, said: Option<&str>, meant: Option<&str>| {
        let (said, meant) = (said.unwrap_or("nothing"), meant.unwrap_or("nothing"));
        refused(&Error::header_mismatch(format!("the header {name} says {said}, and the message {meant}")))
    };
    let (version, method, name) = match (request.header(VERSION), request.header(METHOD), request.header(NAME)) {
        (Ok(version), Ok(method), Ok(name)) => (version, method, name.map(decoded)),
        (Err(problem), _, _) | (_, Err(problem), _) | (_, _, Err(problem)) => {
            return refused(&Error::header_mismatch(problem));
        }
    };
    match (message.version(), version) {
        (meant @ Some(_), said) if said != meant => return mismatch("MCP-Protocol-Version", said, meant),
        (_, Some(version)) if !is_known_version(version) => return refused(&Error::unsupported_version(version)),
        // A message that wants no answer need not say what it is.
        (None, Some(NEWEST_VERSION)) => return message.id().and_then(|_| refused(&Error::missing_meta())),
        // Older versions know no other headers.
        (None | Some(_), _) if message.version() != Some(NEWEST_VERSION) => return None,
        _ => {}
    }
    if method != Some(message.method()) {
        return mismatch("Mcp-Method", method, Some(message.method()));
    }
    if name.as_deref() != message.target() {
        return mismatch("Mcp-Name", name.as_deref(), message.target());
    }
    None
}

/// A value that is no plain text comes as `=?base64?…?=`.
fn decoded(value: &str) -> String {
    let encoded = value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?="));
    let bytes = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| value.to_owned())
}
