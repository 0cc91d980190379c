//! What came back for a JSON-RPC request.

use serde_json::Value;

/// A JSON-RPC response.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) Value);

impl Answer {
    /// The `result` of a request that was not refused.
    pub(crate) fn result(&self) -> &Value {
        assert!(self.0["error"].is_null(), "{self:?}");
        &self.0["result"]
    }

    /// The structured content of a tool's success.
    pub(crate) fn output(&self) -> Value {
        assert_eq!(self.result()["isError"], false, "{self:?}");
        let text = self.text();
        assert_eq!(text, self.result()["structuredContent"]);
        text
    }

    /// What a tool's failure says: as text only, because it does not fit the tool's output schema.
    pub(crate) fn failure(&self) -> Value {
        assert_eq!(self.result()["isError"], true, "{self:?}");
        assert_eq!(self.result()["structuredContent"], Value::Null, "{self:?}");
        self.text()
    }

    /// The JSON in the only block of content.
    fn text(&self) -> Value {
        let result = self.result();
        let blocks = result["content"].as_array().expect("a result has content");
        assert_eq!((blocks.len(), &blocks[0]["type"]), (1, &Value::from("text")), "{self:?}");
        serde_json::from_str(blocks[0]["text"].as_str().expect("a text")).expect("the text is JSON")
    }

    /// The code and the message of a JSON-RPC error.
    pub(crate) fn error(&self) -> (i64, &str) {
        let error = &self.0["error"];
        (error["code"].as_i64().expect("an error code"), error["message"].as_str().expect("a message"))
    }

    /// The problems of arguments that were refused, each as `pointer: message`.
    pub(crate) fn problems(&self) -> Vec<String> {
        let failure = self.failure();
        assert_eq!(failure["code"], "invalid_arguments");
        assert_eq!(failure["message"], "the arguments are not valid; nothing was sent");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let problems = failure["problems"].as_array().expect("a list of problems");
        problems.iter().map(|problem| format!("{}: {}", text(&problem["pointer"]), text(&problem["message"]))).collect()
    }
}

/// Whether a value is a point in time as ISO 8601 writes it, in UTC.
pub(crate) fn is_date(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let is_separator = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19.. => byte == b'.' || byte == b'Z' || byte.is_ascii_digit(),
        _ => byte.is_ascii_digit(),
    };
    text.len() >= 20 && text.ends_with('Z') && text.bytes().enumerate().all(is_separator)
}
