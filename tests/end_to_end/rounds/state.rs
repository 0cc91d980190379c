//! The state of a call is carried by the client, and good only for that call.

use serde_json::{Value, json};

use super::{modern_call, post, program, text};
use crate::harness::HttpServer;
use crate::harness::canary::KEY;

const TOOL: &str = "test_input_required_result_request_state";
/// The same tool under another name.
const ITS_TWIN: &str = "test_input_required_result_tampered_state";

/// The state that the first round hands out.
fn first_round(server: &HttpServer) -> String {
    let answer = post(server, &modern_call(json!({ "arguments": {} }), TOOL)).json();
    answer["result"]["requestState"].as_str().unwrap_or_else(|| panic!("no state: {answer}")).to_owned()
}

fn second_round(server: &HttpServer, tool: &str, arguments: &Value, state: &str) -> Value {
    let responses = json!({ "confirm": { "action": "accept", "content": { "ok": true } } });
    let parameters = json!({ "arguments": arguments, "inputResponses": responses, "requestState": state });
    post(server, &modern_call(parameters, tool)).json()
}

fn assert_refused(answer: &Value) {
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    assert!(message.ends_with("make the call again, without a requestState"), "{message}");
}

#[test]
fn state_that_is_unchanged_is_accepted() {
    let server = program().http();
    let answer = second_round(&server, TOOL, &json!({}), &first_round(&server));
    assert_eq!(text(&answer), "state-ok, and the answer is true");
}

#[test]
fn state_that_was_edited_is_refused() {
    let server = program().http();
    let state = first_round(&server);
    let middle = state.len() / 2;
    let other = if state[middle..].starts_with('A') { "B" } else { "A" };
    let replaced = format!("{}{other}{}", &state[..middle], &state[middle + 1..]);
    for edited in [replaced, format!("{state}-"), format!("A{state}"), state[..middle].to_owned(), "asked".to_owned()] {
        assert_refused(&second_round(&server, TOOL, &json!({}), &edited));
    }
}

#[test]
fn state_is_refused_with_other_arguments() {
    let server = program().http();
    let state = first_round(&server);
    assert_refused(&second_round(&server, TOOL, &json!({ "user_id": "user_2" }), &state));
}

#[test]
fn state_is_refused_for_another_tool() {
    let server = program().http();
    let state = first_round(&server);
    assert_refused(&second_round(&server, ITS_TWIN, &json!({}), &state));
}

#[test]
fn state_is_good_for_every_process_with_the_same_key_and_for_no_other() {
    let (server, replica) = (program().http(), program().http());
    let stranger = program().variable("CLERK_SECRET_KEY", &format!("{KEY}other")).http();
    let state = first_round(&server);
    assert_refused(&second_round(&stranger, TOOL, &json!({}), &state));
    assert_eq!(text(&second_round(&replica, TOOL, &json!({}), &state)), "state-ok, and the answer is true");
}
