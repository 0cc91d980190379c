//! Clients of 2026-07-28 are asked by a result, and make the call again with their answers.

use serde_json::{Value, json};

use super::{modern_call, modern_request, post, program, text};
use crate::harness::{Client as _, HttpServer, StdioSession};

const TOOL: &str = "test_input_required_result_elicitation";

fn call(server: &HttpServer, tool: &str, parameters: Value) -> Value {
    post(server, &modern_call(parameters, tool)).json()
}

fn accepted(id: &str, content: &Value) -> Value {
    json!({ id: { "action": "accept", "content": content } })
}

#[test]
fn a_result_asks_and_a_second_call_completes() {
    let server = program().http();
    let first = call(&server, TOOL, json!({ "arguments": {} }));
    assert_eq!(first["result"]["resultType"], "input_required", "{first}");
    let request = &first["result"]["inputRequests"]["user_name"];
    assert_eq!(request["method"], "elicitation/create");
    assert_eq!(request["params"]["requestedSchema"]["required"], json!(["name"]));
    let responses = accepted("user_name", &json!({ "name": "Ada" }));
    let second = call(&server, TOOL, json!({ "arguments": {}, "inputResponses": responses }));
    assert_eq!((&second["result"]["resultType"], text(&second)), (&json!("complete"), "Hello, Ada!"));
}

#[test]
fn it_is_the_same_on_stdio() {
    let session = StdioSession::start_without_greeting(program().arguments(&["stdio"]));
    let first = session.exchange(modern_call(json!({}), TOOL));
    assert_eq!(first.result()["resultType"], "input_required");
    let responses = accepted("user_name", &json!({ "name": "Ada" }));
    let second = session.exchange(modern_call(json!({ "inputResponses": responses }), TOOL));
    assert_eq!(text(&second.0), "Hello, Ada!");
}

#[test]
fn answers_to_other_questions_are_passed_over() {
    let server = program().http();
    let wrong = accepted("wrong_key", &json!({ "name": "Ada" }));
    assert_eq!(call(&server, TOOL, json!({ "inputResponses": wrong }))["result"]["resultType"], "input_required");
    let mut more = accepted("user_name", &json!({ "name": "Ada" }));
    more["unknown"] = json!({ "action": "accept", "content": {} });
    assert_eq!(text(&call(&server, TOOL, json!({ "inputResponses": more }))), "Hello, Ada!");
}

#[test]
fn a_form_without_what_it_asks_for_is_asked_again() {
    let server = program().http();
    for content in [json!({}), json!({ "name": 5 }), json!({ "nickname": "Ada" })] {
        let answer = call(&server, TOOL, json!({ "inputResponses": accepted("user_name", &content) }));
        assert_eq!(answer["result"]["resultType"], "input_required", "{content}: {answer}");
    }
}

#[test]
fn state_is_carried_through_several_rounds() {
    const TOOL: &str = "test_input_required_result_multi_round";
    let server = program().http();
    let first = call(&server, TOOL, json!({}));
    let second = call(
        &server,
        TOOL,
        json!({
            "inputResponses": accepted("step1", &json!({ "name": "Ada" })),
            "requestState": first["result"]["requestState"],
        }),
    );
    assert!(second["result"]["inputRequests"]["step2"].is_object(), "{second}");
    let third = call(
        &server,
        TOOL,
        json!({
            "inputResponses": accepted("step2", &json!({ "color": "green" })),
            "requestState": second["result"]["requestState"],
        }),
    );
    assert_eq!(text(&third), "Ada likes green.");
}

#[test]
fn a_client_is_asked_only_for_what_it_has_declared() {
    const TOOL: &str = "test_input_required_result_capabilities";
    let server = program().http();
    let asked = |capabilities: &Value| {
        post(&server, &modern_request("tools/call", json!({ "name": TOOL }), capabilities)).json()
    };
    let requests = asked(&json!({ "sampling": {} }))["result"]["inputRequests"].clone();
    assert_eq!(requests["greeting"]["method"], "sampling/createMessage", "{requests}");
    assert_eq!(requests.as_object().map(serde_json::Map::len), Some(1), "{requests}");
    assert_eq!(asked(&json!({}))["error"]["code"], -32021);
}

/// Even if the tool does not look at what the client has declared.
#[test]
fn a_client_is_not_asked_for_what_it_has_not_declared() {
    let server = program().http();
    let answer = post(&server, &modern_request("tools/call", json!({ "name": TOOL }), &json!({ "sampling": {} })));
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.json()["error"]["code"], -32021);
    assert_eq!(answer.json()["error"]["data"]["requiredCapabilities"], json!({ "elicitation": {} }));
}
