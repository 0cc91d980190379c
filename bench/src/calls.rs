//! The calls that are measured, and the messages that make them.

use serde_json::{Value, json};

/// A call of a tool.
pub(crate) struct Call {
    /// The call as the tables name it.
    pub(crate) label: &'static str,
    tool: &'static str,
    /// A JSON object in one line.
    arguments: &'static str,
    /// A part of each right answer.
    answer: &'static str,
}

pub(crate) const GET_USER: Call = Call {
    label: "`clerk_get_user` (2.5 kB)",
    tool: "clerk_get_user",
    arguments: r#"{"user_id":"user_2bench"}"#,
    answer: r#""id":"user_2bench""#,
};

/// The call of the table of transports, then the others.
pub(crate) const CALLS: [Call; 9] = [
    GET_USER,
    Call {
        label: "`clerk_list_users` (20 users, 50 kB)",
        tool: "clerk_list_users",
        arguments: "{}",
        answer: r#""id":"user_2bench19""#,
    },
    Call {
        label: "`clerk_update_user_metadata`",
        tool: "clerk_update_user_metadata",
        arguments: r#"{"user_id":"user_2bench","public_metadata":{"plan":"team"}}"#,
        answer: r#""id":"user_2bench""#,
    },
    Call {
        label: "access report",
        tool: "clerk_get_user_access_report",
        arguments: r#"{"user_id":"user_2bench"}"#,
        answer: r#""id":"sess_2bench2""#,
    },
    Call {
        label: "dry run of an off-boarding",
        tool: "clerk_offboard_user",
        arguments: r#"{"user_id":"user_2bench","dry_run":true}"#,
        answer: r#""active_sessions":2"#,
    },
    Call {
        label: "ten invitations",
        tool: "clerk_create_invitations_bulk",
        arguments: concat!(
            r#"{"organization_id":"org_2bench","role":"org:member","email_address":["a@x.example","b@x.example","#,
            r#""c@x.example","d@x.example","e@x.example","f@x.example","g@x.example","h@x.example","i@x.example","#,
            r#""j@x.example"]}"#
        ),
        answer: r#""email_address":"j@x.example""#,
    },
    Call {
        label: "12 sessions signed out",
        tool: "clerk_revoke_all_user_sessions",
        arguments: r#"{"user_id":"user_2twelve"}"#,
        answer: r#""sess_2bench12""#,
    },
    Call {
        label: "off-boarding (2 sessions, 1 membership)",
        tool: "clerk_offboard_user",
        arguments: r#"{"user_id":"user_2bench"}"#,
        answer: r#""is_complete":true"#,
    },
    Call {
        label: "security review of an instance",
        tool: "clerk_security_review",
        arguments: "{}",
        answer: r#""failed":[]"#,
    },
];

impl Call {
    /// The message that makes the call, in one line.
    pub(crate) fn message(&self, id: u64) -> String {
        let Self { tool, arguments, .. } = self;
        let params = format!(r#"{{"name":"{tool}","arguments":{arguments}}}"#);
        format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{params}}}"#)
    }

    /// Stops at a wrong answer, which would be no call.
    pub(crate) fn check(&self, answer: &str) {
        let is_right = answer.contains(self.answer) && answer.contains(r#""isError":false"#);
        assert!(is_right, "not the answer to {}: {answer}", self.label);
    }
}

/// A JSON-RPC request in one line.
fn request(id: u64, method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

/// The first message of a client.
pub(crate) fn initialize() -> String {
    let client = json!({ "name": "bench", "version": "1" });
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
    request(0, "initialize", &params)
}

/// Asks for the tools.
pub(crate) fn list() -> String {
    request(1, "tools/list", &json!({}))
}

/// Stops at an answer without tools.
pub(crate) fn check_list(answer: &str) {
    assert!(answer.contains("clerk_get_user"), "no list of tools: {answer}");
}
