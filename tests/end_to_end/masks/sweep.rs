//! No address and no number leaves, whatever is called.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{ADA, NUMBER, assert_absent, collect, masking, personal};
use crate::harness::examples::examples;
use crate::harness::{Clerk, Client as _, Directory};

#[test]
fn no_tool_shows_an_address_in_an_answer_the_audit_log_or_the_log() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let known = personal(&clerk);
    let audit = directory.file().to_string_lossy().into_owned();
    let session = masking(&clerk).arguments(&["--audit", &audit]).traced().stdio();
    for example in examples() {
        session.call(&example.tool, example.dry_run_if_write()).result();
        session.call(&example.tool, example.arguments.clone()).output();
    }
    let finished = session.close();
    assert_absent(&known, &finished.stdout);
    assert_absent(&known, &finished.stderr);
    let recorded = fs::read_to_string(directory.file()).expect("it is text");
    assert!(recorded.lines().count() > 30 && recorded.contains("before"), "{recorded}");
    assert_absent(&known, &recorded);
}

#[test]
fn no_list_shows_an_address_over_http() {
    let clerk = Clerk::sample();
    let known = personal(&clerk);
    let server = masking(&clerk).traced().http();
    let acme = clerk.organization("acme");
    for (tool, arguments) in [
        ("clerk_list_users", json!({ "limit": 100 })),
        ("clerk_find_user", json!({ "query": ADA })),
        ("clerk_list_organization_members", json!({ "organization_id": acme, "limit": 100 })),
        ("clerk_list_organization_invitations", json!({ "organization_id": acme })),
        ("clerk_list_invitations", json!({})),
        ("clerk_list_waitlist_entries", json!({})),
        ("clerk_list_restrictions", json!({})),
        ("clerk_security_review", json!({})),
        ("clerk_get_user_access_report", json!({ "user_id": clerk.user(ADA) })),
    ] {
        let output = server.call(tool, arguments).output();
        assert!(output.to_string().contains("(email_"), "{tool}: {output}");
    }
    let finished = server.terminate();
    assert_absent(&known, &finished.stdout);
    assert_absent(&known, &finished.stderr);
}

/// Each operation with arguments that the emulator takes.
fn operations() -> Vec<(String, Value)> {
    let text = include_str!("../../../clerk-emulator/tests/operations.json");
    let file: Value = serde_json::from_str(text).expect("the file is JSON");
    let places = file["places"].as_object().expect("ids by name");
    let id = |text: String, (name, id): (&String, &Value)| {
        text.replace(&format!("{{{name}}}"), id.as_str().unwrap_or_default())
    };
    let calls = file["requests"].as_array().expect("a list");
    let filled = |call: &Value| -> (String, Value) {
        let name = call["call"].as_str().expect("a text").to_owned();
        let rest: Value =
            serde_json::from_str(&places.iter().fold(call.to_string(), id)).expect("ids change nothing about it");
        (name.clone(), arguments(&name, places, &rest))
    };
    calls.iter().map(filled).collect()
}

/// What is in the path, the query and the body of a call as arguments.
fn arguments(name: &str, places: &serde_json::Map<String, Value>, call: &Value) -> Value {
    let mut arguments = json!({});
    for parameter in name.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')) {
        let given = &call["path"][parameter];
        arguments[parameter] =
            if given.is_null() { places.get(parameter).cloned().unwrap_or_default() } else { given.clone() };
    }
    for pair in call["query"].as_str().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('=')) {
        arguments[pair.0] = json!(pair.1);
    }
    match &call["body"] {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| arguments[name] = value.clone()),
        Value::Array(items) => arguments["body"] = json!(items),
        _ => {}
    }
    arguments
}

#[test]
fn no_operation_shows_an_address() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let mut known = personal(&clerk);
    let operations = operations();
    for (_, arguments) in &operations {
        collect(arguments, &mut known);
    }
    let audit = directory.file().to_string_lossy().into_owned();
    let server = masking(&clerk).arguments(&["--mode", "full", "--audit", &audit]).http();
    let (mut answered, mut masked) = (BTreeSet::new(), BTreeSet::new());
    for (operation, arguments) in operations {
        for tool in ["clerk_api_read", "clerk_api_write", "clerk_api_delete"] {
            let call = json!({ "operation": operation, "arguments": arguments });
            let answer = server.call(tool, call).0.to_string();
            if answer.contains(r#""isError":false"#) {
                answered.insert(operation.clone());
            }
            if answer.contains("(email_") {
                masked.insert(operation.clone());
            }
        }
    }
    assert!(answered.len() > 120 && masked.len() > 20, "{} answered, masked: {masked:?}", answered.len());
    let finished = server.terminate();
    assert_absent(&known, &finished.stdout);
    assert_absent(&known, &finished.stderr);
    assert_absent(&known, &directory.contents().concat());
}

#[test]
fn resources_completion_and_prompts_are_masked() {
    let clerk = Clerk::sample();
    let (known, server) = (personal(&clerk), masking(&clerk).http());
    let ask = |method: &str, parameters: Value| server.request(method, parameters).result().to_string();
    let user = ask("resources/read", json!({ "uri": format!("clerk://users/{}", clerk.user(ADA)) }));
    assert!(user.contains("a…@acme.example (email_"), "{user}");
    let of = json!({ "type": "ref/prompt", "name": "offboard-person" });
    let prompts = ask("prompts/list", json!({}));
    let prompts: Value = serde_json::from_str(&prompts).expect("JSON");
    let mut offered = 0;
    for prompt in prompts["prompts"].as_array().expect("a list") {
        for argument in prompt["arguments"].as_array().into_iter().flatten() {
            let of = json!({ "type": "ref/prompt", "name": prompt["name"] });
            let argument = json!({ "name": argument["name"], "value": "ada" });
            offered +=
                ask("completion/complete", json!({ "ref": of, "argument": argument })).matches("(email_").count();
            let filled =
                json!({ "name": prompt["name"], "arguments": { argument["name"].as_str().expect("a name"): ADA } });
            let answer = server.request("prompts/get", filled);
            assert_absent(&known, &answer.0.to_string());
        }
    }
    assert!(offered > 0, "{of}");
    assert_absent(&known, &server.terminate().stdout);
}

#[test]
fn handles_count_among_the_bytes_of_a_page() {
    let clerk = Clerk::sample();
    let server = masking(&clerk).arguments(&["--page-bytes", "4000"]).http();
    let page = server.call("clerk_list_users", json!({ "limit": 100 })).output();
    let shown = page["data"].as_array().map_or(0, Vec::len);
    assert!(page["has_more"] == true && shown > 2 && page.to_string().len() < 4500, "{shown}: {page}");
}

/// Some callers give an address or a number where an id or a name is asked for.
#[test]
fn the_audit_log_keeps_no_address_that_a_caller_gives_for_an_id() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let audit = directory.file().to_string_lossy().into_owned();
    let server = masking(&clerk).arguments(&["--audit", &audit]).http();
    let known = personal(&clerk);
    for given in [ADA, NUMBER] {
        server.call("clerk_ban_user", json!({ "user_id": given })).problems();
        let inside = json!({ "operation": "BanUser", "arguments": { "user_id": given } });
        server.call("clerk_api_write", inside).problems();
        server.call("clerk_api_write", json!({ "operation": given })).problems();
    }
    server.terminate();
    let recorded = fs::read_to_string(directory.file()).expect("it is text");
    assert_eq!(recorded.lines().count(), 6, "{recorded}");
    assert_absent(&known, &recorded);
}
