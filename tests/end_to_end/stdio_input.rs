//! Lines on standard input that are no messages, or no messages in place: each gets its answer, and the next one works.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Clerk, Client, Reply, StdioSession, Upstream};

/// A session with nothing said yet, for sample data that must not be reached.
pub(crate) struct Guarded {
    pub(crate) clerk: Clerk,
    pub(crate) session: StdioSession,
}

impl Guarded {
    pub(crate) fn new() -> Self {
        let clerk = Clerk::sample();
        let session = StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"]));
        Self { clerk, session }
    }

    /// The id, the code and the message of the error that a line is answered with; a ping after it works.
    fn refusal(&self, line: impl AsRef<[u8]>) -> (Value, i64, String) {
        let line = line.as_ref();
        self.session.write_bytes(&[line, b"\n"].concat());
        let answer = self.session.read();
        let said = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
        assert!(answer["error"].is_object(), "{said} got {answer}");
        assert_eq!(answer["jsonrpc"], "2.0");
        assert!(answer.as_object().is_some_and(|answer| answer.contains_key("id")), "{said} got {answer}");
        self.session.request("ping", json!({})).result();
        self.clerk.assert_nothing_sent();
        let code = answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{said} got {answer}"));
        (answer["id"].clone(), code, answer["error"]["message"].as_str().expect("a message").to_owned())
    }

    pub(crate) fn assert_refused(&self, line: impl AsRef<[u8]>, id: impl Into<Value>, code: i64, because: &str) {
        let refusal = self.refusal(line.as_ref());
        let said = String::from_utf8_lossy(&line.as_ref()[..line.as_ref().len().min(200)]).into_owned();
        assert_eq!((&refusal.0, refusal.1), (&id.into(), code), "{said} got {refusal:?}");
        assert!(refusal.2.contains(because), "{said} got {refusal:?}");
    }

    /// Whether the line is passed over: the next answer is that to a ping after it.
    fn assert_ignored(&self, line: impl AsRef<[u8]>) {
        self.session.write_bytes(&[line.as_ref(), b"\n"].concat());
        self.session.request("ping", json!({})).result();
    }
}

#[test]
fn what_is_no_json_is_a_parse_error() {
    let guarded = Guarded::new();
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    guarded.assert_refused("not json", Value::Null, -32700, "not JSON");
    guarded.assert_refused(&ping[..20], Value::Null, -32700, "not JSON");
    guarded.assert_refused(format!("{ping} {ping}"), Value::Null, -32700, "trailing characters");
    guarded.assert_refused(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\xC3\"}", Value::Null, -32700, "unicode");
    guarded.assert_refused(b"\x00\xFF\x1B[2J\xFE", Value::Null, -32700, "not JSON");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#, Value::Null, -32700, "not JSON");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":1e999,"method":"ping"}"#, Value::Null, -32700, "number");
}

#[test]
fn nesting_without_end_is_a_parse_error() {
    let guarded = Guarded::new();
    for opening in ["[", "{\"a\":"] {
        guarded.assert_refused(opening.repeat(8000), Value::Null, -32700, "recursion limit");
    }
    let arguments = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let call = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"arguments":{arguments}}}}}"#);
    guarded.assert_refused(call, Value::Null, -32700, "recursion limit");
}

#[test]
fn json_that_is_no_message_is_an_invalid_request() {
    let guarded = Guarded::new();
    for line in ["1", "null", "\"ping\"", "true"] {
        guarded.assert_refused(line, Value::Null, -32600, "a message is a JSON object");
    }
    for line in ["[]", r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#] {
        guarded.assert_refused(line, Value::Null, -32600, "2025-06-18");
    }
    guarded.assert_refused("{}", Value::Null, -32600, "jsonrpc");
    guarded.assert_refused(r#"{"id":7,"method":"ping"}"#, 7, -32600, "jsonrpc");
    guarded.assert_refused(r#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#, "a", -32600, "jsonrpc");
    guarded.assert_refused(r#"{"jsonrpc":2.0,"id":7,"method":"ping"}"#, 7, -32600, "jsonrpc");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":7}"#, 7, -32600, "method");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":7,"method":null}"#, 7, -32600, "method");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}"#, 7, -32600, "result");
    guarded.assert_refused(r#"{"jsonrpc":"2.0","method":"ping","id":7,"id":8}"#, 8, -32600, "given twice");
    let call = |arguments: &str| {
        let parameters = format!(r#"{{"name":"clerk_get_user","arguments":{arguments}}}"#);
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{parameters}}}"#)
    };
    for arguments in [r#"{"user_id":"user_1","user_id":"user_2"}"#, r#"{"user_id":"user_1","user\u005fid":"user_1"}"#] {
        guarded.assert_refused(call(arguments), 7, -32600, "given twice");
    }
}

#[test]
fn an_id_of_another_type_is_not_repeated() {
    let guarded = Guarded::new();
    for id in ["null", "{}", "[1]", "true", "1.5", "18446744073709551616"] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        guarded.assert_refused(line, Value::Null, -32600, "`id` is neither");
    }
}

#[test]
fn parameters_of_another_shape_are_invalid_parameters() {
    let guarded = Guarded::new();
    for parameters in ["[1]", "5", "\"x\"", r#"{"_meta":5}"#, r#"{"_meta":[],"cursor":"a"}"#] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{parameters}}}"#);
        guarded.assert_refused(line, 7, -32602, "the parameters of tools/list");
    }
    for parameters in ["{}", r#"{"name":5}"#, r#"{"name":"clerk_list_users","arguments":[]}"#] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{parameters}}}"#);
        guarded.assert_refused(line, 7, -32602, "the parameters of tools/call");
    }
    guarded.assert_refused(r#"{"jsonrpc":"2.0","id":7,"method":"tea","params":[1]}"#, 7, -32601, "no method tea");
}

#[test]
fn a_line_that_is_too_long_is_refused_and_passed_over() {
    let guarded = Guarded::new();
    let before = guarded.session.peak_memory();
    let long = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(100 << 20));
    guarded.assert_refused(long, Value::Null, -32600, "longer than the 256 KiB");
    let grown = guarded.session.peak_memory() - before;
    assert!(grown < 64 << 20, "{} MiB", grown >> 20);
    let padded = format!("{}{}", r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, " ".repeat((256 << 10) - 40));
    assert_eq!(padded.len(), 256 << 10);
    guarded.session.write(&padded);
    assert_eq!(guarded.session.read(), json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
    guarded.assert_refused(format!("{padded} "), Value::Null, -32600, "longer than");
}

#[test]
fn empty_lines_and_all_line_endings_are_fine() {
    let guarded = Guarded::new();
    for line in ["", "\r", "  \t ", "\u{FEFF}", "\u{FEFF}\r"] {
        guarded.assert_ignored(line);
    }
    for (start, end) in [("\u{FEFF}", ""), ("  ", " \t\r"), ("", "\r"), ("\r\n\n", "\r\n\r\n")] {
        guarded.session.write(&format!(r#"{start}{{"jsonrpc":"2.0","id":1,"method":"ping"}}{end}"#));
        assert_eq!(guarded.session.read(), json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
    }
}

/// Otherwise two programs that answer each other's errors would never end.
#[test]
fn a_response_is_never_answered() {
    let guarded = Guarded::new();
    guarded.session.write("not json");
    let error = guarded.session.read().to_string();
    for line in [
        error.as_str(),
        r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"?"}}"#,
        r#"{"jsonrpc":"2.0","id":7,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":null,"result":{}}"#,
        r#"{"jsonrpc":"2.0","error":"?"}"#,
        r#"{"id":[],"error":null,"result":1}"#,
    ] {
        guarded.assert_ignored(line);
    }
}

#[test]
fn a_notification_is_never_answered() {
    let guarded = Guarded::new();
    for line in [
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/unheard_of","params":{"_meta":7}}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"clerk_list_users"}}"#,
    ] {
        guarded.assert_ignored(line);
    }
    guarded.clerk.assert_nothing_sent();
}

#[test]
fn a_second_request_with_the_id_of_one_in_flight_leaves_that_one_alone() {
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    let session =
        Upstream::always(Reply::nothing().then_pause(Duration::from_millis(300)).then(page)).program().stdio();
    let parameters = json!({ "name": "clerk_list_users", "arguments": {} });
    let call = json!({ "jsonrpc": "2.0", "id": "same", "method": "tools/call", "params": parameters }).to_string();
    session.write(&call);
    session.write(&call);
    let refused = session.read();
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!("same"), &json!(-32600)), "{refused}");
    assert_eq!(session.read()["result"]["isError"], false);
    session.write(&call);
    assert_eq!(session.read()["result"]["isError"], false);
}
