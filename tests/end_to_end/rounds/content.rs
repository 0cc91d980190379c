//! Content of each type, prompts, resources and completion survive the contract.

use serde_json::{Value, json};

use super::program;
use crate::harness::Client;

/// The files that the component holds.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC";
const SILENCE: &str = "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==";

fn content_of(client: &dyn Client, tool: &str) -> Value {
    let answer = client.call(tool, json!({}));
    assert_eq!(answer.result()["isError"], false, "{answer:?}");
    assert!(answer.result()["structuredContent"].is_null(), "{answer:?}");
    answer.result()["content"].clone()
}

#[test]
fn images_audio_and_resources_arrive_as_they_were_sent() {
    let (server, session) = (program().http(), program().stdio());
    let image = json!({ "type": "image", "data": PIXEL, "mimeType": "image/png" });
    let audio = json!({ "type": "audio", "data": SILENCE, "mimeType": "audio/wav" });
    let resource = |uri: &str, kind: &str, text: &str| json!({ "type": "resource", "resource": { "uri": uri, "mimeType": kind, "text": text } });
    let mixed = resource("test://mixed-content-resource", "application/json", r#"{"test":"data","value":123}"#);
    let embedded = resource("test://embedded-resource", "text/plain", "This is an embedded resource content.");
    let text = json!({ "type": "text", "text": "Multiple content types test:" });
    for client in [&server as &dyn Client, &session] {
        assert_eq!(content_of(client, "test_image_content"), json!([image]));
        assert_eq!(content_of(client, "test_audio_content"), json!([audio]));
        assert_eq!(content_of(client, "test_embedded_resource"), json!([embedded]));
        assert_eq!(content_of(client, "test_multiple_content_types"), json!([text, image, mixed]));
    }
}

#[test]
fn an_answer_that_reports_a_failure_says_so() {
    let answer = program().http().call("test_error_handling", json!({}));
    assert_eq!(answer.result()["isError"], true, "{answer:?}");
    assert_eq!(answer.result()["content"][0]["text"], "This tool intentionally returns an error for testing");
}

#[test]
fn a_tool_without_structured_content_lists_no_schema_of_it() {
    let server = program().http();
    let tools = server.tools();
    assert!(tools.iter().all(|tool| tool["outputSchema"].is_null()), "{tools:?}");
    let contact = tools.iter().find(|tool| tool["name"] == "json_schema_2020_12_tool").expect("it is listed");
    assert_eq!(contact["inputSchema"]["$defs"]["address"]["$anchor"], "addressDef");
    assert_eq!(contact["inputSchema"]["else"], json!({ "required": ["email"] }));
}

#[test]
fn prompts_are_filled_in() {
    let session = program().stdio();
    let arguments = json!({ "arg1": "hello", "arg2": "world" });
    let answer =
        session.request("prompts/get", json!({ "name": "test_prompt_with_arguments", "arguments": arguments }));
    let text = "Prompt with arguments: arg1='hello', arg2='world'";
    let message = json!({ "role": "user", "content": { "type": "text", "text": text } });
    assert_eq!(answer.result()["messages"], json!([message]));
    let answer = session.request("prompts/get", json!({ "name": "test_prompt_with_arguments" }));
    assert_eq!(answer.error(), (-32602, "arg1: a text is required"));
    let answer = session.request("prompts/get", json!({ "name": "test_prompt_with_image" }));
    assert_eq!(answer.result()["messages"][0]["content"]["data"], PIXEL);
}

#[test]
fn resources_are_read_by_their_uri() {
    let session = program().stdio();
    let read = |uri: &str| session.request("resources/read", json!({ "uri": uri }));
    let binary = json!({ "uri": "test://static-binary", "mimeType": "image/png", "blob": PIXEL });
    assert_eq!(read("test://static-binary").result()["contents"], json!([binary]));
    let data = read("test://template/42/data").result()["contents"][0]["text"].clone();
    assert!(data.as_str().is_some_and(|data| data.contains("Data for ID: 42")), "{data}");
    for uri in ["test://nothing", "test://template//data", "test://template/4/2/data"] {
        assert!(read(uri).error().1.contains(uri));
    }
}

#[test]
fn completion_offers_what_begins_as_typed() {
    let session = program().stdio();
    let complete = |reference: Value, name: &str, value: &str| {
        let argument = json!({ "name": name, "value": value });
        session.request("completion/complete", json!({ "ref": reference, "argument": argument }))
    };
    let prompt = json!({ "type": "ref/prompt", "name": "test_prompt_with_arguments" });
    let template = json!({ "type": "ref/resource", "uri": "test://template/{id}/data" });
    let values = |answer: &crate::harness::Answer| answer.result()["completion"]["values"].clone();
    assert_eq!(values(&complete(prompt.clone(), "arg1", "par")), json!(["paris", "park", "party"]));
    assert_eq!(values(&complete(template, "id", "12")), json!(["12", "123"]));
    assert_eq!(complete(prompt, "arg3", "").error().0, -32602);
}
