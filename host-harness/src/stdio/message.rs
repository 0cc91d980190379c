//! Reads a line as a JSON-RPC message, or says in JSON-RPC's terms why it is none.

use rmcp::model::{
    CallToolRequest, ClientJsonRpcMessage, ClientRequest, CustomRequest, ErrorCode, JsonRpcRequest, RequestId,
};
use serde_json::{Map, Value, json};

use crate::room::{MOST_VALUES, Size};
use crate::twice::has_member_twice;

/// A line as it was understood.
pub(crate) enum Line {
    /// A message that is well-formed; whether its parameters fit its method is for the server to say.
    Message(Box<ClientJsonRpcMessage>, Size),
    /// Something that gets this error response.
    Refused(Value),
    /// Nothing at all, or what gets no answer even where it is malformed: a response or a notification.
    Ignored,
}

/// Editors put one at the beginning of a file, and RFC 8259 allows to pass over it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(crate) fn read(line: &[u8]) -> Line {
    let text = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii();
    if text.is_empty() {
        return Line::Ignored;
    }
    let size = Size::of(text);
    if size.has_too_many_values() {
        let message = format!("the message has more than the {MOST_VALUES} values that this server reads");
        return Line::Refused(refusal(None, ErrorCode::INVALID_REQUEST, &message));
    }
    // What is no message is read a second time, to find out why.
    match message(text) {
        Ok(message) if !has_member_twice(text) => Line::Message(Box::new(message), size),
        _ => examine(text, size),
    }
}

/// Most messages are calls. rmcp would try each kind of message, and of request, that comes before them.
fn message(text: &[u8]) -> serde_json::Result<ClientJsonRpcMessage> {
    match serde_json::from_slice::<JsonRpcRequest<CallToolRequest>>(text) {
        Ok(call) => Ok(ClientJsonRpcMessage::request(ClientRequest::CallToolRequest(call.request), call.id)),
        Err(_) => serde_json::from_slice(text),
    }
}

/// An error response. Without an id it says `null`, as JSON-RPC has it for requests whose id cannot be read.
pub(crate) fn refusal(id: Option<RequestId>, code: ErrorCode, message: &str) -> Value {
    let id = id.map_or(Value::Null, RequestId::into_json_value);
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

fn examine(text: &[u8], size: Size) -> Line {
    let invalid = |id, message: &str| Line::Refused(refusal(id, ErrorCode::INVALID_REQUEST, message));
    let message = match serde_json::from_slice(text) {
        Ok(Value::Object(message)) => message,
        Ok(Value::Array(_)) => {
            return invalid(
                None,
                "a batch of messages, which MCP does without since version 2025-06-18: send each on a line of its own",
            );
        }
        Ok(_) => return invalid(None, "not a message: a message is a JSON object"),
        Err(error) => {
            return Line::Refused(refusal(None, ErrorCode::PARSE_ERROR, &format!("not JSON: {error}")));
        }
    };
    // Two programs that answered each other's errors would never come to an end.
    if is_response(&message) {
        return Line::Ignored;
    }
    let id = message.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
    match (fault(&message, id.as_ref()), id) {
        (Err(fault), id) => invalid(id, fault),
        (Ok(_), None) => Line::Ignored,
        (Ok(_), id) if has_readable_parameters(&message) => invalid(id, "a member is given twice"),
        // Which methods there are is known to the server, so the request goes on without what cannot be read.
        (Ok(method), Some(id)) => {
            let request = ClientRequest::CustomRequest(CustomRequest::new(method, None));
            Line::Message(Box::new(ClientJsonRpcMessage::request(request, id)), size)
        }
    }
}

fn is_response(message: &Map<String, Value>) -> bool {
    !message.contains_key("method") && (message.contains_key("result") || message.contains_key("error"))
}

/// The method of a request or notification, or what keeps the message from being one.
fn fault<'a>(message: &'a Map<String, Value>, id: Option<&RequestId>) -> Result<&'a str, &'static str> {
    if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err("`jsonrpc` is not \"2.0\"");
    }
    if message.contains_key("id") && id.is_none() {
        return Err("`id` is neither a string nor an integer of 64 bits");
    }
    if message.contains_key("result") || message.contains_key("error") {
        return Err("a message with a `method` has neither `result` nor `error`");
    }
    message.get("method").and_then(Value::as_str).ok_or("`method` is missing or no string")
}

/// Tells whether the parameters have the shape that all methods share: an object, and in it an object `_meta`, if any.
fn has_readable_parameters(message: &Map<String, Value>) -> bool {
    let is_readable = |value: Option<&Value>| value.is_none_or(|value| value.is_object() || value.is_null());
    let parameters = message.get("params");
    is_readable(parameters) && is_readable(parameters.and_then(|parameters| parameters.get("_meta")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message as it would be written, and all of it for developers; or none.
    fn written(read: serde_json::Result<ClientJsonRpcMessage>) -> Option<(Value, String)> {
        let message = read.ok()?;
        Some((serde_json::to_value(&message).expect("a message is JSON"), format!("{message:?}")))
    }

    #[test]
    fn a_message_is_what_rmcp_reads_in_it() {
        let call = |params: &str| format!(r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{params}}}"#);
        let calls = [
            r#"{"name":"a"}"#,
            r#"{"name":"a","arguments":null}"#,
            r#"{"name":"a","arguments":{"b":[1,{"c":"\u00e9"}]},"_meta":{"progressToken":3,"x/y":{}},"unknown":true}"#,
            r#"{"name":"a","requestState":"s","inputResponses":{"q":{"action":"decline"}}}"#,
        ];
        for text in calls.map(call) {
            let read = written(message(text.as_bytes()));
            assert!(read.is_some(), "{text}");
            assert_eq!(read, written(serde_json::from_str(&text)), "{text}");
        }
        let others = [
            &call("{}"),
            &call("[]"),
            &call(r#"{"name":1}"#),
            r#"{"jsonrpc":"1.0","id":7,"method":"tools/call","params":{"name":"a"}}"#,
            r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"a"}}"#,
            r#"{"jsonrpc":"2.0","id":7,"method":"tools/calls","params":{"name":"a"}}"#,
            r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":7,"result":{}}"#,
            "{}",
        ];
        for text in others {
            assert_eq!(written(message(text.as_bytes())), written(serde_json::from_str(text)), "{text}");
        }
    }
}
