//! Clients up to 2025-11-25 are asked by requests, in the middle of a call.

use serde_json::{Value, json};

use super::{program, session, text};
use crate::harness::{Client as _, StdioSession};

/// A session whose client can be asked to fill in forms, and the id with which it has called a tool.
fn called(tool: &str, arguments: &Value) -> (StdioSession, u64) {
    let session = StdioSession::with_person(program());
    let id = session.begin("tools/call", &json!({ "name": tool, "arguments": arguments }));
    (session, id)
}

fn accept(content: &Value) -> Value {
    json!({ "action": "accept", "content": content })
}

#[test]
fn a_person_is_asked_and_the_reply_reaches_the_tool() {
    let (session, id) = called("test_elicitation", &json!({ "message": "Who are you?" }));
    let form = session.reply_to_question(&accept(&json!({ "username": "ada", "email": "ada@acme.example" })));
    assert_eq!(form["message"], "Who are you?");
    assert_eq!(form["requestedSchema"]["required"], json!(["username", "email"]));
    let answer = session.read();
    assert_eq!(answer["id"], id);
    assert!(text(&answer).starts_with("User response: action=accept"), "{answer}");
    assert!(text(&answer).contains(r#""username":"ada""#), "{answer}");
}

#[test]
fn a_tool_is_told_that_the_person_refused() {
    for action in ["decline", "cancel"] {
        let (session, _) = called("test_elicitation", &json!({ "message": "Who are you?" }));
        session.reply_to_question(&json!({ "action": action }));
        assert_eq!(text(&session.read()), format!("User response: action={action}, content={{}}"));
    }
}

#[test]
fn a_call_may_ask_more_than_once() {
    let (session, _) = called("test_input_required_result_multi_round", &json!({}));
    let first = session.reply_to_question(&accept(&json!({ "name": "Ada" })));
    let second = session.reply_to_question(&accept(&json!({ "color": "green" })));
    assert_eq!(
        (&first["message"], &second["message"]),
        (&json!("Step 1: What is your name?"), &json!("Step 2: What is your favorite color?"),)
    );
    assert_eq!(text(&session.read()), "Ada likes green.");
}

#[test]
fn a_call_that_never_has_enough_comes_to_an_end() {
    let (session, id) = called("test_input_required_result_elicitation", &json!({}));
    for _ in 0..10 {
        session.reply_to_question(&accept(&json!({ "nickname": "Ada" })));
    }
    let answer = session.read();
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(id), &json!(-32603)), "{answer}");
}

#[test]
fn defaults_and_choices_survive() {
    let (session, _) = called("test_elicitation_sep1034_defaults", &json!({}));
    let form = session.reply_to_question(&accept(&json!({})));
    let defaults = ["name", "age", "score", "status", "verified"]
        .map(|name| form["requestedSchema"]["properties"][name]["default"].clone());
    assert_eq!(defaults, [json!("John Doe"), json!(30), json!(95.5), json!("active"), json!(true)]);
    let (session, _) = called("test_elicitation_sep1330_enums", &json!({}));
    let form = session.reply_to_question(&accept(&json!({})));
    let properties = &form["requestedSchema"]["properties"];
    assert_eq!(properties["titledSingle"]["oneOf"][0], json!({ "const": "value1", "title": "First Option" }));
    assert_eq!(properties["legacyEnum"]["enumNames"][2], "Option Three");
    assert_eq!(properties["untitledMulti"]["items"]["enum"], json!(["option1", "option2", "option3"]));
    assert_eq!(properties["titledMulti"]["items"]["anyOf"][1], json!({ "const": "value2", "title": "Second Choice" }));
}

#[test]
fn a_client_that_answers_with_an_error_ends_the_call() {
    let (session, id) = called("test_elicitation", &json!({ "message": "Who are you?" }));
    let error = json!({ "code": -32000, "message": "nobody is here" });
    session.write(&json!({ "jsonrpc": "2.0", "id": session.read()["id"], "error": error }).to_string());
    let answer = session.read();
    assert_eq!((&answer["id"], &answer["result"]["isError"]), (&json!(id), &json!(true)), "{answer}");
    assert!(text(&answer).contains("nobody is here"), "{answer}");
}

#[test]
fn a_client_that_cannot_be_asked_is_told_what_it_lacks() {
    let session = session(&json!({}));
    let answer = session.call("test_elicitation", json!({ "message": "Who are you?" }));
    assert_eq!(answer.error().0, -32021, "{answer:?}");
    assert_eq!(answer.0["error"]["data"]["requiredCapabilities"], json!({ "elicitation": {} }));
}

/// Requests for the client's model and its directories are deprecated: tools do not learn that they are possible.
#[test]
fn of_an_older_client_only_forms_are_asked() {
    let session = session(&json!({ "sampling": {}, "roots": {}, "elicitation": {} }));
    for (tool, capability) in [
        ("test_missing_capability", "sampling"),
        ("test_input_required_result_sampling", "sampling"),
        ("test_input_required_result_list_roots", "roots"),
    ] {
        let answer = session.call(tool, json!({}));
        assert_eq!(answer.error().0, -32021, "{answer:?}");
        assert_eq!(answer.0["error"]["data"]["requiredCapabilities"], json!({ capability: {} }));
    }
}

#[test]
fn a_prompt_may_ask_too() {
    let session = StdioSession::with_person(program());
    session.begin("prompts/get", &json!({ "name": "test_input_required_result_prompt" }));
    session.reply_to_question(&accept(&json!({ "context": "a test" })));
    let answer = session.read();
    assert_eq!(answer["result"]["messages"][0]["content"]["text"], "Use this context: a test", "{answer}");
}
