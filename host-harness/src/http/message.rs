//! A message as the HTTP layer reads it to find out where it is served, and what is wrong with one that it cannot read.
//!
//! rmcp reads the same text by itself. So that the two never differ in what a message is, nothing reaches rmcp that could
//! not be read here: a member given twice wherever it is, members of another type than the protocol has, lists for objects.

use rmcp::model::{ErrorCode, RequestId};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::given::Given;
use crate::room::LONGEST_ID;
use crate::twice::has_member_twice;

/// A JSON-RPC message, read as far as it matters for where it is served.
pub(super) struct Message {
    method: Option<String>,
    id: Option<RequestId>,
    params: Params,
}

/// The members of a message. Where one is there, it is `Some`, also if it is null.
#[derive(Deserialize)]
struct Members {
    jsonrpc: Option<String>,
    #[serde(default, deserialize_with = "present")]
    method: Option<String>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Id>,
    #[serde(default)]
    params: Given<Params>,
    #[serde(default, deserialize_with = "present")]
    result: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    error: Option<IgnoredAny>,
}

/// An id, which is null in answers to what could not be read.
#[derive(Deserialize)]
struct Id(Option<RequestId>);

#[derive(Default, Deserialize)]
struct Params {
    #[serde(default, rename = "_meta")]
    meta: Given<Meta>,
    #[serde(default)]
    capabilities: Given<Capabilities>,
    #[serde(default)]
    notifications: Given<Notifications>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    progress_token: Option<RequestId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notifications {
    resource_subscriptions: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
struct Capabilities {
    elicitation: Option<IgnoredAny>,
    #[serde(default)]
    extensions: Given<Extensions>,
}

#[derive(Deserialize)]
struct Extensions {
    #[serde(rename = "io.modelcontextprotocol/ui")]
    views: Option<IgnoredAny>,
}

/// Why a text is no message.
pub(super) type Fault = (ErrorCode, String);

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// It is none, or not one that everybody would read alike.
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let text = str::from_utf8(body).map_err(|_| diagnose(body))?;
        let members: Given<Members> = serde_json::from_str(text).map_err(|error| {
            let (code, message) = diagnose(body);
            (code, if code == ErrorCode::INVALID_REQUEST { format!("{message} ({})", brief(&error)) } else { message })
        })?;
        let Given::Read(members) = members else { return Err(diagnose(body)) };
        let message = members.message().map_err(|what| {
            (ErrorCode::INVALID_REQUEST, format!("the body is JSON, but no JSON-RPC 2.0 message: {what}"))
        })?;
        message.check().map_err(|what| (ErrorCode::INVALID_PARAMS, what))?;
        if has_member_twice(body) {
            return Err((
                ErrorCode::INVALID_REQUEST,
                "a member is given twice, and not everybody would read the same one".into(),
            ));
        }
        Ok(message)
    }

    /// Looks at what has to be of one kind for some methods, or of limited size.
    fn check(&self) -> Result<(), String> {
        let token = match &self.params.meta {
            Given::Read(meta) => meta.progress_token.as_ref(),
            Given::Nothing => None,
            Given::Other => return Err("`_meta` is no object".into()),
        };
        let is_long = |id: &RequestId| matches!(id, RequestId::String(text) if text.len() > LONGEST_ID);
        if [self.id.as_ref(), token].into_iter().flatten().any(is_long) {
            return Err(format!("an `id` or a `progressToken` is longer than {LONGEST_ID} bytes"));
        }
        if self.is("initialize") && matches!(self.params.capabilities, Given::Other) {
            return Err("`capabilities` is no object".into());
        }
        if self.subscribes() && matches!(self.params.notifications, Given::Other) {
            return Err("`notifications` is no object".into());
        }
        Ok(())
    }

    /// The id of a request, or of the request that it answers.
    pub(super) fn id(&self) -> Option<&RequestId> {
        self.id.as_ref()
    }

    fn is(&self, method: &str) -> bool {
        self.method.as_deref() == Some(method)
    }

    /// Whether it only tells something: a notification, or the client's answer to a request of the server.
    pub(super) fn asks_nothing(&self) -> bool {
        self.method.is_none() || self.id.is_none()
    }

    /// Whether its answer is a stream that lasts until the client ends it.
    pub(super) fn subscribes(&self) -> bool {
        self.is("subscriptions/listen")
    }

    /// How many resources it subscribes to.
    pub(super) fn subscriptions(&self) -> usize {
        let Given::Read(wanted) = &self.params.notifications else { return 0 };
        wanted.resource_subscriptions.as_ref().map_or(0, Vec::len)
    }

    /// Whether a client introduces itself with it.
    pub(super) fn introduces(&self) -> bool {
        self.is("initialize") && !self.asks_nothing()
    }

    /// Whether it comes from a client that can be asked something in the middle of a call.
    pub(super) fn introduces_who_can_be_asked(&self) -> bool {
        let Given::Read(capabilities) = &self.params.capabilities else { return false };
        self.introduces() && capabilities.elicitation.is_some()
    }

    /// Whether it comes from a client that shows views.
    pub(super) fn introduces_who_shows_views(&self) -> bool {
        let Given::Read(Capabilities { extensions: Given::Read(extensions), .. }) = &self.params.capabilities else {
            return false;
        };
        self.introduces() && extensions.views.is_some()
    }
}

impl Members {
    /// The message that these are the members of, or what keeps them from being one.
    fn message(self) -> Result<Message, &'static str> {
        if self.jsonrpc.as_deref() != Some("2.0") {
            return Err("`jsonrpc` is not \"2.0\"");
        }
        match (&self.method, &self.result, &self.error) {
            (Some(_), None, None) | (None, Some(_), None) | (None, None, Some(_)) => {}
            _ => return Err("it has not one of `method`, `result` and `error`"),
        }
        let id = match self.id {
            Some(Id(None)) if self.error.is_none() => return Err("`id` is null"),
            id => id.and_then(|Id(id)| id),
        };
        let params = match self.params {
            Given::Read(params) => params,
            Given::Nothing => Params::default(),
            Given::Other => return Err("`params` is no object"),
        };
        Ok(Message { method: self.method, id, params })
    }
}

/// A member that is there, whatever its value is.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What serde finds wrong, without what the client has sent.
fn brief(error: &serde_json::Error) -> String {
    format!("a member is given twice or is of the wrong type, before line {} column {}", error.line(), error.column())
}

/// The id of a request, if it has one that can be repeated.
pub(super) fn id(body: &[u8]) -> Option<RequestId> {
    #[derive(Deserialize)]
    struct Identified {
        id: RequestId,
    }
    let Identified { id } = serde_json::from_str(str::from_utf8(body).ok()?).ok()?;
    (!matches!(&id, RequestId::String(text) if text.len() > LONGEST_ID)).then_some(id)
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

    fn read(text: &str) -> Message {
        Message::read(text.as_bytes()).unwrap_or_else(|(_, fault)| panic!("{fault}: {text}"))
    }

    /// A message with these members.
    fn with(members: &str) -> String {
        format!(r#"{{"jsonrpc":"2.0",{members}}}"#)
    }

    #[test]
    fn only_a_client_that_can_be_asked_or_shows_views_wants_a_session() {
        let introduces = |text: &str| read(&with(text)).introduces_who_can_be_asked();
        assert!(introduces(r#""id":1,"method":"initialize","params":{"capabilities":{"elicitation":{}}}"#));
        assert!(!introduces(r#""id":1,"method":"initialize","params":{"capabilities":{"elicitation":null}}"#));
        assert!(!introduces(r#""id":1,"method":"initialize","params":{"capabilities":{"sampling":{}}}"#));
        assert!(!introduces(r#""id":1,"method":"initialize""#));
        assert!(!introduces(r#""method":"initialize","params":{"capabilities":{"elicitation":{}}}"#));
        assert!(!introduces(r#""id":1,"method":"ping","params":{"capabilities":{"elicitation":{}}}"#));
        let introduces = |text: &str| read(&with(text)).introduces_who_shows_views();
        let with_extensions = |method: &str, extensions: &str| {
            format!(r#""id":1,"method":"{method}","params":{{"capabilities":{{"extensions":{extensions}}}}}"#)
        };
        assert!(introduces(&with_extensions("initialize", r#"{"a":{},"io.modelcontextprotocol/ui":{}}"#)));
        assert!(!introduces(&with_extensions("ping", r#"{"io.modelcontextprotocol/ui":{}}"#)));
        for other in [r#"{"io.modelcontextprotocol/skills":{}}"#, "null", "[]", "1"] {
            assert!(!introduces(&with_extensions("initialize", other)), "{other}");
        }
    }

    #[test]
    fn notifications_and_answers_ask_nothing() {
        for text in [
            r#""method":"notifications/initialized""#,
            r#""id":1,"result":{}"#,
            r#""id":null,"error":{}"#,
            r#""error":{}"#,
        ] {
            assert!(read(&with(text)).asks_nothing(), "{text}");
        }
        assert!(!read(&with(r#""id":1,"method":"ping""#)).asks_nothing());
        assert!(!read(&with(r#""id":0,"method":"tools/call","params":{"name":"x","arguments":{}}"#)).asks_nothing());
    }

    #[test]
    fn what_is_said_otherwise_than_in_the_usual_form_is_understood() {
        assert!(read(&with(r#""id":"a","m\u0065thod":"subscriptions\/listen","params":null"#)).subscribes());
        let wants = r#""id":1,"method":"subscriptions/listen","params":{"capabilities":5,"notifications":{"resourceSubscriptions":[1,{}]}}"#;
        assert!(read(&with(wants)).subscribes() && read(&with(wants)).subscriptions() == 2);
        assert!(!read(&with(r#""id":1,"method":"ping","params":{"notifications":5,"capabilities":[]}"#)).subscribes());
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            r#""id":1,"method":"ping","method":"subscriptions/listen""#,
            r#""id":1,"id":2,"method":"ping""#,
            r#""id":1,"method":"ping","params":{},"params":{}"#,
            r#""id":1,"method":"ping","m\u0065thod":"ping""#,
            r#""id":1,"method":"ping","jsonrpc":"2.0""#,
            r#""id":1,"method":"subscriptions/listen","params":{"notifications":{},"notifications":{}}"#,
            r#""id":1,"method":"tools/call","params":{"arguments":{"user_id":"a","user_id":"b"}}"#,
            r#""id":1,"method":"subscriptions/listen","params":{"notifications":[]}"#,
            r#""id":1,"method":"initialize","params":{"capabilities":[{}]}"#,
            r#""id":1,"method":"initialize","params":[{},{}]"#,
            r#""id":1,"method":"ping","params":5"#,
            r#""id":1,"method":"ping","params":{"_meta":5}"#,
            r#""id":1,"method":"ping","params":{"_meta":{"progressToken":{}}}"#,
            r#""id":null,"method":"ping""#,
            r#""id":1.5,"method":"ping""#,
            r#""id":{},"method":"ping""#,
            r#""id":1,"method":null"#,
            r#""id":1,"method":5"#,
            r#""id":1,"method":"ping","result":{}"#,
            r#""id":1,"method":"ping","error":null"#,
            r#""id":1,"result":{},"error":{}"#,
            r#""id":1"#,
        ] {
            assert!(Message::read(with(text).as_bytes()).is_err(), "{text}");
        }
        for text in [
            r#"{"id":1,"method":"ping"}"#,
            r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
            r#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#,
            r#"["2.0","ping",1]"#,
            "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
            r#"{"jsonrpc":"2.0","id":1,"method":"ping"} {}"#,
        ] {
            assert!(Message::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_repeated_to_the_client_has_a_largest_size() {
        let long = "x".repeat(LONGEST_ID + 1);
        for text in [
            format!(r#""id":"{long}","method":"ping""#),
            format!(r#""id":1,"method":"ping","params":{{"_meta":{{"progressToken":"{long}"}}}}"#),
        ] {
            assert!(Message::read(with(&text).as_bytes()).is_err_and(|(code, _)| code == ErrorCode::INVALID_PARAMS));
        }
        assert_eq!(id(with(&format!(r#""id":"{long}""#)).as_bytes()), None);
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
