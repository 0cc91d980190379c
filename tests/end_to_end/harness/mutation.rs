//! Messages of both eras of the protocol, broken in ways that nobody wrote down. The same seed makes the same ones.

use fastrand::Rng;
use serde_json::{Value, json};

/// Makes messages without end.
pub(crate) struct Mutations {
    random: Rng,
    messages: Vec<Value>,
}

impl Mutations {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), messages: messages() }
    }

    /// The bytes of one message, which may be none any more.
    pub(crate) fn message(&mut self) -> Vec<u8> {
        let mut message = self.choose_message();
        for _ in 0..self.random.usize(0..3) {
            self.change_value(&mut message);
        }
        let mut bytes = message.to_string().into_bytes();
        for _ in 0..self.random.usize(0..3) {
            self.change_bytes(&mut bytes);
        }
        bytes
    }

    /// Headers that a client might send with a message, or should not.
    pub(crate) fn headers(&mut self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        for (name, values) in HEADERS {
            for _ in 0..self.random.usize(0..12).saturating_sub(9) {
                let chosen = values[self.random.usize(..values.len())].to_owned();
                let mut invented = || (0..20).map(|_| self.random.char(' '..='~')).collect();
                headers.push((name, if chosen == INVENTED { invented() } else { chosen }));
            }
        }
        headers
    }

    fn choose_message(&mut self) -> Value {
        self.messages[self.random.usize(..self.messages.len())].clone()
    }

    /// Replaces, removes, renames or adds something at any depth.
    fn change_value(&mut self, value: &mut Value) {
        let goes_deeper = self.random.u8(..4) > 0;
        match value {
            Value::Object(members) if goes_deeper && !members.is_empty() => {
                let name = members.keys().nth(self.random.usize(..members.len())).expect("it has as many").clone();
                match self.random.u8(..8) {
                    0 => drop(members.remove(&name)),
                    1 => {
                        let member = members.remove(&name).unwrap_or_default();
                        members.insert(self.text(), member);
                    }
                    2 => drop(members.insert(self.text(), self.value())),
                    _ => self.change_value(&mut members[&name]),
                }
            }
            Value::Array(items) if goes_deeper && !items.is_empty() => {
                let place = self.random.usize(..items.len());
                self.change_value(&mut items[place]);
            }
            _ => *value = self.value(),
        }
    }

    /// A value of any type.
    fn value(&mut self) -> Value {
        let depth = self.random.usize(..150);
        let nested = |wrap: fn(Value) -> Value| (0..depth).fold(json!(1), |inner, _| wrap(inner));
        match self.random.u8(..12) {
            0 => Value::Null,
            1 => json!(self.random.bool()),
            2 => json!(self.random.i64(..)),
            3 => json!(self.random.u64(..)),
            4 => json!(self.random.f64() * 10f64.powi(self.random.i32(-300..300))),
            5 => json!([]),
            6 => json!({}),
            7 => nested(|inner| json!([inner])),
            8 => nested(|inner| json!({ "a": inner })),
            9 => self.choose_message(),
            _ => json!(self.text()),
        }
    }

    fn text(&mut self) -> String {
        let known =
            ["id", "method", "params", "result", "error", "_meta", "tools/call", "ping", "2026-07-28", "2.0", ""];
        match self.random.u8(..4) {
            0 => "x".repeat(self.random.usize(..20_000)),
            1 => (0..self.random.usize(..20)).map(|_| self.random.char(..)).collect(),
            _ => known[self.random.usize(..known.len())].to_owned(),
        }
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>) {
        let mut places = [self.random.usize(..=bytes.len()), self.random.usize(..=bytes.len())];
        places.sort_unstable();
        let [from, to] = places;
        match self.random.u8(..10) {
            0 => bytes.truncate(from),
            1 => drop(bytes.drain(from..to)),
            2 => {
                let repeated = bytes[from..to].to_vec();
                bytes.splice(from..from, repeated);
            }
            3 => {
                let other = self.message();
                let tail = self.random.usize(..=other.len());
                bytes.splice(from.., other[tail..].iter().copied());
            }
            4 => bytes.extend([b" ".to_vec(), self.message()].concat()),
            5 => drop(bytes.splice(from..to.min(from + 3), (0..3).map(|_| self.random.u8(..)))),
            6 if from < bytes.len() => bytes[from] ^= 1 << self.random.u8(..8),
            7 => bytes.splice(from..from, self.random.choice(ODD_BYTES).unwrap_or_default().bytes()).for_each(drop),
            8 => self.repeat_member(bytes),
            _ => drop(bytes.splice(..0, "[".repeat(self.random.usize(..2000)).into_bytes())),
        }
    }

    /// A member that is there already, in all likelihood.
    fn repeat_member(&mut self, bytes: &mut Vec<u8>) {
        let braces: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place] == b'{').collect();
        let members = [r#""id":7,"#, r#""method":"ping","#, r#""jsonrpc":"2.0","#, r#""params":{},"#, r#""name":"x","#];
        if let (Some(brace), Some(member)) = (self.random.choice(braces), self.random.choice(members)) {
            bytes.splice(brace + 1..=brace, member.bytes());
        }
    }
}

/// Stands for a value that is made up anew each time.
const INVENTED: &str = "?";

const HEADERS: [(&str, &[&str]); 6] = [
    ("mcp-protocol-version", &["2024-11-05", "2025-06-18", "2025-11-25", "2026-07-28", "2099-01-01", "", INVENTED]),
    ("mcp-method", &["initialize", "ping", "tools/call", "tools/list", "server/discover", "", INVENTED]),
    ("mcp-name", &["clerk_list_users", "=?base64?Y2xlcms=?=", "=?base64?!?=", "", INVENTED]),
    ("accept", &["application/json", "text/event-stream", "*/*", "application/json;q=0, text/*", "", INVENTED]),
    ("content-type", &["application/json", "application/json; charset=utf-16", "text/plain", "", INVENTED]),
    ("mcp-session-id", &["1", "00000000-0000-0000-0000-000000000000", "", INVENTED]),
];

const ODD_BYTES: [&str; 12] =
    ["\0", "\\ud800", "\\u0000", "\u{FEFF}", "\r", "\n", "\\", "\"", "-0", "1e999", "99999999999999999999", "\u{2028}"];

fn messages() -> Vec<Value> {
    let client = json!({ "name": "tests", "version": "1" });
    let requests = [
        ("initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client })),
        ("ping", json!({})),
        ("tools/list", json!({ "cursor": "a" })),
        ("tools/call", json!({ "name": "clerk_list_users", "arguments": { "limit": 2, "query": "ada" } })),
        ("tools/call", json!({ "name": "clerk_get_organization", "arguments": { "slug": "acme" } })),
        ("tools/call", json!({ "name": "clerk_list_organization_members", "arguments": { "role": ["org:admin"] } })),
        (
            "tools/call",
            json!({ "name": "clerk_create_organization", "arguments": { "public_metadata": { "a": [1] } } }),
        ),
        ("server/discover", json!({})),
        ("resources/read", json!({ "uri": "test://a" })),
        ("subscriptions/listen", json!({ "notifications": { "toolsListChanged": true } })),
    ];
    let notifications = [
        ("notifications/initialized", json!({})),
        ("notifications/cancelled", json!({ "requestId": 7, "reason": "enough" })),
        ("notifications/progress", json!({ "progressToken": 7, "progress": 0.5 })),
    ];
    let mut messages = vec![
        json!({ "jsonrpc": "2.0", "id": 7, "result": {} }),
        json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "not JSON" } }),
    ];
    for (method, parameters) in notifications {
        messages.push(json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }
    for (method, mut parameters) in requests {
        messages.push(json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": parameters }));
        parameters["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": client,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        messages.push(json!({ "jsonrpc": "2.0", "id": "seven", "method": method, "params": parameters }));
    }
    messages
}
