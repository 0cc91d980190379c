//! A JSON-RPC message, and the version of MCP that it is to be answered by.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::versions::NEWEST_VERSION;

/// A request, or a message that wants no answer.
#[derive(Deserialize)]
pub struct Message<'a> {
    jsonrpc: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    result: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
    #[serde(skip)]
    about: About<'a>,
}

/// What the parameters of every method may have.
#[derive(Default, Deserialize)]
struct About<'a> {
    #[serde(borrow, rename = "_meta")]
    meta: Option<Meta<'a>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    uri: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
    version: Option<Cow<'a, str>>,
    #[serde(rename = "io.modelcontextprotocol/clientCapabilities")]
    capabilities: Option<Map<String, Value>>,
}

impl<'a> Message<'a> {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// It is none; with its id, if it has one that can be repeated.
    pub fn read(bytes: &'a [u8]) -> Result<Self, (Option<&'a RawValue>, Error)> {
        let text = str::from_utf8(bytes).map_err(|error| {
            (None, Error::parse(format!("this is not JSON: it is not UTF-8 from byte {} on", error.valid_up_to())))
        })?;
        let mut message: Self = serde_json::from_str(text).map_err(|_| (id_of(text), diagnose(text)))?;
        let is_answer = message.result.is_some() || message.error.is_some();
        let has_id = message.id.is_none_or(is_id);
        if message.jsonrpc != "2.0" || !has_id || (message.method.is_empty() && !is_answer) {
            return Err((message.id.filter(|id| is_id(id)), Error::invalid_request(NO_MESSAGE)));
        }
        if is_answer {
            message.id = None;
        }
        if let Some(params) = message.params {
            message.about = serde_json::from_str(params.get()).map_err(|error| {
                (message.id, Error::malformed_params(format!("the parameters are not valid: {error}")))
            })?;
        }
        Ok(message)
    }

    /// The id of a request; what has none wants no answer.
    #[must_use]
    pub fn id(&self) -> Option<&'a RawValue> {
        self.id
    }

    /// The method that is asked for.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// What the method is applied to: a tool's or a prompt's name, or a resource's URI.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match self.method() {
            "tools/call" | "prompts/get" => self.about.name.as_deref(),
            "resources/read" => self.about.uri.as_deref(),
            _ => None,
        }
    }

    /// The version that the message itself names; older clients name none.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.about.meta.as_ref().and_then(|meta| meta.version.as_deref())
    }

    /// Whether it is of a client that introduces itself with `initialize`.
    pub(crate) fn is_older(&self) -> bool {
        self.version().is_none() && self.method != "server/discover"
    }

    /// How the client of the newest version lets a person be asked; others cannot be asked in the middle of a call.
    pub(crate) fn elicitation(&self) -> Option<&Value> {
        let meta = self.about.meta.as_ref().filter(|_| !self.is_older())?;
        meta.capabilities.as_ref()?.get("elicitation").filter(|kinds| !kinds.is_null())
    }

    /// Those of the client's capabilities that the tools may use: MCP's `ClientCapabilities` as JSON.
    pub(crate) fn capabilities_to_ask(&self) -> String {
        self.elicitation().map_or_else(|| "{}".into(), |kinds| json!({ "elicitation": kinds }).to_string())
    }

    pub(crate) fn params<P: Deserialize<'a>>(&self) -> Result<P, Error> {
        let params = self.params.map_or("{}", RawValue::get);
        serde_json::from_str(params).map_err(|error| {
            Error::invalid_params(format!(
                "the parameters of {} are missing or not as MCP defines them: {error}",
                self.method
            ))
        })
    }

    /// Whether a message of the newest version says what each one has to say.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.is_older() {
            return Ok(());
        }
        match self.version() {
            Some(version) if version != NEWEST_VERSION => Err(Error::unsupported_version(version)),
            None => Err(Error::missing_meta()),
            Some(_) if self.about.meta.as_ref().is_none_or(|meta| meta.capabilities.is_none()) => {
                Err(Error::malformed_params("`_meta` lacks io.modelcontextprotocol/clientCapabilities"))
            }
            Some(_) => Ok(()),
        }
    }
}

const NO_MESSAGE: &str = "this is JSON, but no JSON-RPC 2.0 message";

/// Null is there too, and is no id.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// A text or a whole number.
fn is_id(id: &RawValue) -> bool {
    let text = id.get();
    text.starts_with('"') || text.parse::<i64>().is_ok()
}

fn id_of(text: &str) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    serde_json::from_str(text).ok().map(|Identified { id }| id).filter(|id| is_id(id))
}

fn diagnose(text: &str) -> Error {
    match serde_json::from_str::<IgnoredAny>(text) {
        Err(error) => Error::parse(format!("this is not JSON: {error}")),
        Ok(_) if text.trim_start().starts_with('[') => {
            Error::invalid_request("this is an array; send each JSON-RPC message by itself")
        }
        Ok(_) => Error::invalid_request(NO_MESSAGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        let (id, error) = Message::read(text.as_bytes()).err().expect("this is no message");
        let error = serde_json::to_value(error).expect("an error is JSON");
        format!("{} {}", id.map_or("none", RawValue::get), error["code"])
    }

    #[test]
    fn what_is_no_message_is_refused_with_its_id() {
        assert_eq!(refusal(""), "none -32700");
        assert_eq!(refusal("{"), "none -32700");
        assert_eq!(refusal("[]"), "none -32600");
        assert_eq!(refusal("null"), "none -32600");
        assert_eq!(refusal(r#"{"id":7,"method":"ping"}"#), "7 -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#), "\"a\" -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#), "none -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#), "none -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#), "none -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1,"method":7}"#), "1 -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1}"#), "1 -32600");
        assert_eq!(refusal(r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#), "1 -32602");
        assert_eq!(Message::read(b"{\"\xff").err().map(|(id, _)| id.is_none()), Some(true));
    }

    #[test]
    fn notifications_and_answers_want_no_answer() {
        for text in [
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}"#,
        ] {
            assert!(Message::read(text.as_bytes()).is_ok_and(|message| message.id().is_none()), "{text}");
        }
    }

    #[test]
    fn the_version_decides_what_a_message_has_to_say() {
        let check = |meta: &str| {
            let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{"_meta":{meta}}}}}"#);
            let message = Message::read(text.as_bytes()).map_err(|(_, error)| error).expect("a message");
            message.check().map_err(|error| serde_json::to_value(error).expect("an error is JSON")["code"].clone())
        };
        let version = "io.modelcontextprotocol/protocolVersion";
        let capabilities = "io.modelcontextprotocol/clientCapabilities";
        assert_eq!(check("{}"), Ok(()));
        assert_eq!(check(r#"{"progressToken":1}"#), Ok(()));
        assert_eq!(check(&format!(r#"{{"{version}":"2026-07-28","{capabilities}":{{}}}}"#)), Ok(()));
        assert_eq!(check(&format!(r#"{{"{version}":"2026-07-28"}}"#)), Err((-32602).into()));
        assert_eq!(check(&format!(r#"{{"{version}":"2030-01-01","{capabilities}":{{}}}}"#)), Err((-32022).into()));
    }

    #[test]
    fn only_clients_of_the_newest_version_can_be_asked() {
        let to_ask = |version: &str, declared: &str| {
            let meta = format!(r#"{{{version}"io.modelcontextprotocol/clientCapabilities":{{{declared}}}}}"#);
            let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"_meta":{meta}}}}}"#);
            Message::read(text.as_bytes()).map(|message| message.capabilities_to_ask()).ok()
        };
        let newest = r#""io.modelcontextprotocol/protocolVersion":"2026-07-28","#;
        let forms = r#"{"elicitation":{"form":{}}}"#;
        assert_eq!(to_ask(newest, r#""sampling":{},"elicitation":{"form":{}}"#).as_deref(), Some(forms));
        for (version, declared) in [("", r#""elicitation":{}"#), (newest, r#""elicitation":null"#), (newest, "")] {
            assert_eq!(to_ask(version, declared).as_deref(), Some("{}"), "{version}{declared}");
        }
    }
}
