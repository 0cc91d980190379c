//! A call tells how far it is, if its client wants to know.

use std::time::Duration;

use serde_json::{Value, json};

use super::{modern_call, post, program, session, text};
use crate::harness::event_stream::messages;
use crate::harness::{Client as _, Reply, StdioSession, Upstream};

const TOOL: &str = "test_tool_with_progress";

fn assert_tells_of_each_step(messages: &[Value]) {
    let (answer, notifications) = messages.split_last().expect("an answer");
    assert_eq!(text(answer), "All steps are done.");
    let told: Vec<_> = notifications.iter().map(|message| (&message["method"], &message["params"])).collect();
    let expected = [0.0, 50.0, 100.0].map(|progress| {
        let message = format!("{progress} of 100");
        json!({ "progressToken": "token-1", "progress": progress, "total": 100.0, "message": message })
    });
    assert_eq!(told.len(), expected.len(), "{messages:?}");
    for ((method, parameters), expected) in told.into_iter().zip(&expected) {
        assert_eq!((method, parameters), (&json!("notifications/progress"), expected));
    }
}

fn up_to_the_answer(session: &StdioSession) -> Vec<Value> {
    let mut messages = Vec::new();
    while messages.last().is_none_or(|message: &Value| message["id"].is_null()) {
        messages.push(session.read());
    }
    messages
}

#[test]
fn a_client_on_stdio_hears_of_each_step() {
    let session = session(&json!({}));
    let parameters = json!({ "name": TOOL, "_meta": { "progressToken": "token-1" } });
    session.write(&json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": parameters }).to_string());
    assert_tells_of_each_step(&up_to_the_answer(&session));
}

#[test]
fn a_client_on_stdio_that_gives_no_token_hears_only_the_answer() {
    let session = session(&json!({}));
    assert_eq!(text(&session.call(TOOL, json!({})).0), "All steps are done.");
}

#[test]
fn a_client_of_http_hears_of_each_step_as_events() {
    let server = program().http();
    let parameters = json!({ "name": TOOL, "_meta": { "progressToken": "token-1" } });
    let older = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
    let newer = modern_call(json!({ "_meta": { "progressToken": "token-1" } }), TOOL);
    for answer in [server.post(&[], &older.to_string()), post(&server, &newer)] {
        assert_eq!(
            (answer.status, &answer.headers["content-type"]),
            (200, &"text/event-stream".parse().expect("text"))
        );
        assert_tells_of_each_step(&messages(&answer.body));
    }
}

#[test]
fn a_client_hears_that_a_long_call_still_runs() {
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    let late = Reply::nothing().then_pause(Duration::from_millis(4500)).then(page);
    let session = Upstream::always(late).program().stdio();
    let parameters = json!({ "name": "clerk_list_users", "_meta": { "progressToken": 9 } });
    session.write(&json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": parameters }).to_string());
    let messages = up_to_the_answer(&session);
    let (answer, notifications) = messages.split_last().expect("an answer");
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    assert!(!notifications.is_empty(), "nothing was heard for four seconds");
    let progress: Vec<f64> =
        notifications.iter().filter_map(|message| message["params"]["progress"].as_f64()).collect();
    assert!(
        progress.len() == notifications.len() && progress.is_sorted_by(|one, next| one < next),
        "{notifications:?}"
    );
    assert!(notifications.iter().all(|message| message["params"]["progressToken"] == 9), "{notifications:?}");
}

#[test]
fn a_client_of_http_that_gives_no_token_gets_one_document() {
    let server = program().http();
    assert_eq!(text(&server.call(TOOL, json!({})).0), "All steps are done.");
    let answer = post(&server, &modern_call(json!({}), TOOL));
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(text(&answer.json()), "All steps are done.");
}
