//! What the HTTP layer has to know of a message before rmcp reads it, and what is wrong with one that rmcp cannot read.

use std::borrow::Cow;

use rmcp::model::{ErrorCode, RequestId};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A JSON-RPC message, read as far as it matters for where it is served.
#[derive(Default, Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    id: Option<IgnoredAny>,
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    capabilities: Option<Capabilities>,
    notifications: Option<Notifications>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notifications {
    resource_subscriptions: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
struct Capabilities {
    elicitation: Option<IgnoredAny>,
}

impl<'a> Message<'a> {
    /// Reads a message; nothing is known of what is none, and rmcp refuses it.
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// Whether it only tells something: a notification, or the client's answer to a request of the server.
    pub(super) fn asks_nothing(&self) -> bool {
        self.method.is_none() || self.id.is_none()
    }

    /// Whether its answer is a stream that lasts until the client ends it.
    pub(super) fn subscribes(&self) -> bool {
        self.method.as_deref() == Some("subscriptions/listen")
    }

    /// How many resources it subscribes to.
    pub(super) fn subscriptions(&self) -> usize {
        let notifications = self.params.as_ref().and_then(|params| params.notifications.as_ref());
        notifications.and_then(|wanted| wanted.resource_subscriptions.as_ref()).map_or(0, Vec::len)
    }

    /// Whether it comes from a client that can be asked something in the middle of a call.
    pub(super) fn introduces_who_can_be_asked(&self) -> bool {
        let capabilities = self.params.as_ref().and_then(|params| params.capabilities.as_ref());
        self.method.as_deref() == Some("initialize")
            && capabilities.is_some_and(|capabilities| capabilities.elicitation.is_some())
    }
}

/// The id of a request, if it has one that can be repeated.
pub(super) fn id(body: &[u8]) -> Option<RequestId> {
    #[derive(Deserialize)]
    struct Identified {
        id: RequestId,
    }
    serde_json::from_str(str::from_utf8(body).ok()?).ok().map(|Identified { id }| id)
}

/// What is wrong with a body that is no message.
pub(super) fn diagnose(body: &[u8]) -> (ErrorCode, String) {
    if let Err(error) = str::from_utf8(body) {
        let position = error.valid_up_to();
        return (ErrorCode::PARSE_ERROR, format!("the body is not JSON: it is not UTF-8 from byte {position} on"));
    }
    match serde_json::from_slice::<IgnoredAny>(body) {
        Err(error) => (ErrorCode::PARSE_ERROR, format!("the body is not JSON: {error}")),
        Ok(_) if body.trim_ascii_start().starts_with(b"[") => {
            (ErrorCode::INVALID_REQUEST, "the body is an array; send each JSON-RPC message by itself".into())
        }
        Ok(_) => (ErrorCode::INVALID_REQUEST, "the body is JSON, but no JSON-RPC 2.0 message".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Message<'_> {
        Message::read(text.as_bytes()).expect("the text is a message")
    }

    #[test]
    fn only_a_client_that_can_be_asked_wants_a_session() {
        let introduces = |text: &str| read(text).introduces_who_can_be_asked();
        assert!(introduces(r#"{"id":1,"method":"initialize","params":{"capabilities":{"elicitation":{}}}}"#));
        assert!(!introduces(r#"{"id":1,"method":"initialize","params":{"capabilities":{"elicitation":null}}}"#));
        assert!(!introduces(r#"{"id":1,"method":"initialize","params":{"capabilities":{"sampling":{}}}}"#));
        assert!(!introduces(r#"{"id":1,"method":"initialize"}"#));
        assert!(!introduces(r#"{"id":1,"method":"ping","params":{"capabilities":{"elicitation":{}}}}"#));
    }

    #[test]
    fn notifications_and_answers_ask_nothing() {
        assert!(read(r#"{"method":"notifications/initialized"}"#).asks_nothing());
        assert!(read(r#"{"id":1,"result":{}}"#).asks_nothing());
        assert!(!read(r#"{"id":1,"method":"ping"}"#).asks_nothing());
        assert!(!read(r#"{"id":0,"method":"tools/call","params":{"name":"x","arguments":{}}}"#).asks_nothing());
    }

    #[test]
    fn an_id_is_repeated_if_it_is_one() {
        assert_eq!(id(br#"{"id":7}"#), Some(RequestId::Number(7)));
        assert_eq!(id(br#"{"method":"ping","id":"a"}"#), Some(RequestId::String("a".into())));
        for body in [
            &br#"{"id":{}}"#[..],
            br#"{"id":null}"#,
            br#"{"id":1.5}"#,
            b"{}",
            b"[]",
            b"{\"id\":7",
            b"{\"id\":7,\"\xc3\":1}",
        ] {
            assert_eq!(id(body), None);
        }
    }

    #[test]
    fn what_is_no_json_is_told_from_what_is_no_message() {
        for body in [&b""[..], b"{", b"nonsense", b"\"\xc3\"", b"{}{}", b"\x00\x01"] {
            assert_eq!(diagnose(body).0, ErrorCode::PARSE_ERROR);
        }
        for body in [&b"{}"[..], b"[]", b"1", b"null", b" [ {} ] "] {
            assert_eq!(diagnose(body).0, ErrorCode::INVALID_REQUEST);
        }
    }
}
