//! Previews, questions and tokens: each says of which instance it is, and none counts for another.

use serde_json::{Value, json};

use super::{PRODUCTION, STAGING, Two, file, of};
use crate::harness::{Answer, Client, HttpServer, KEY, StdioSession};

/// Deletes the organization of this id, which both instances have.
fn delete(server: &dyn Client, organization: &str, instance: &str, token: Option<&Value>) -> Answer {
    let mut arguments = json!({ "organization_id": organization, "instance": instance });
    if let Some(token) = token {
        arguments["confirmation_token"] = token.clone();
    }
    server.call("clerk_delete_organization", arguments)
}

/// Tokens of the one are of no use in the other, whichever way, and of use in their own.
fn assert_apart(server: &HttpServer, organization: &str, [one, other]: [&str; 2]) {
    let asked = delete(server, organization, one, None).output();
    assert_eq!(asked["instance"], one, "{asked}");
    let token = asked["confirmation_token"].clone();
    assert!(token.is_string(), "{asked}");
    let failure = delete(server, organization, other, Some(&token)).failure();
    assert_eq!(failure["code"], "invalid_confirmation_token", "{failure}");
    assert_eq!(failure["instance"], other, "{failure}");
    let done = delete(server, organization, one, Some(&token)).output();
    assert_eq!(done["instance"], one, "{done}");
}

#[test]
fn a_token_of_one_instance_is_of_no_use_in_another() {
    let two = Two::new();
    let server = two.program("", "").http();
    let acme = two.staging.organization("acme");
    assert_eq!(two.production.organization("acme"), acme, "both have the same sample");
    assert_apart(&server, &acme, [STAGING, PRODUCTION]);
    assert_eq!(two.production.get(&format!("/organizations/{acme}"))["id"], acme.as_str());
    assert_apart(&server, &acme, [PRODUCTION, STAGING]);
}

/// Two profiles may be of one instance of Clerk, with other things allowed.
#[test]
fn a_token_does_not_cross_between_profiles_with_one_key() {
    let two = Two::new();
    let profile =
        |name: &str| format!("[profiles.{name}]\nkey_env = \"KEY_OF_STAGING\"\napi_url = \"{}\"\n", two.staging.url);
    let server = of(&file(&two.directory, &(profile("one") + &profile("other")))).http();
    assert_apart(&server, &two.staging.organization("acme"), ["one", "other"]);
}

const ELICITING: [(&str, &str); 1] = [("mcp-protocol-version", "2026-07-28")];

/// A call by a client of 2026-07-28 that can be asked.
fn call(server: &HttpServer, organization: &str, instance: &str, more: &Value) -> Answer {
    let mut parameters = json!({
        "name": "clerk_delete_organization",
        "arguments": { "organization_id": organization, "instance": instance },
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": { "elicitation": { "form": {} } },
        },
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        parameters[name] = value.clone();
    }
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
    let headers = [ELICITING[0], ("mcp-method", "tools/call"), ("mcp-name", "clerk_delete_organization")];
    Answer(server.post(&headers, &request.to_string()).json())
}

#[test]
fn a_question_says_which_instance_it_is_of_and_its_state_counts_for_no_other() {
    let two = Two::new();
    let server = two.program("", "").http();
    let acme = two.staging.organization("acme");
    let asked = call(&server, &acme, PRODUCTION, &json!({}));
    let required = asked.result();
    let question =
        required["inputRequests"]["confirm"]["params"]["message"].as_str().unwrap_or_else(|| panic!("{asked:?}"));
    assert!(question.starts_with("On the instance production: "), "{question}");
    let again = json!({ "requestState": required["requestState"], "inputResponses": {} });
    two.staging.requests();
    two.production.requests();
    let crossed = call(&server, &acme, STAGING, &again);
    assert!(crossed.error().1.contains("make the call again"), "{crossed:?}");
    assert!(crossed.error().1.starts_with("instance staging: "), "{crossed:?}");
    two.assert_nothing_sent();
}

#[test]
fn a_person_is_asked_in_a_session_about_the_instance_that_is_named() {
    let two = Two::new();
    let session = StdioSession::with_person(two.program("", ""));
    let acme = two.staging.organization("acme");
    let arguments = json!({ "organization_id": acme, "instance": PRODUCTION });
    let yes = json!({ "action": "accept", "content": { "name": "Acme Robotics" } });
    let (question, answer) = session.ask("clerk_delete_organization", &arguments, &yes);
    let message = question["message"].as_str().unwrap_or_else(|| panic!("{question}"));
    assert!(message.starts_with("On the instance production: Delete \"Acme Robotics\""), "{message}");
    assert_eq!(answer.output()["instance"], PRODUCTION);
    two.staging.assert_nothing_sent();
    assert_eq!(two.staging.organization("acme"), acme);
    assert_ne!(two.production.get(&format!("/organizations/{acme}"))["id"], acme.as_str());
}

#[test]
fn a_preview_says_which_instance_it_is_of() {
    let two = Two::new();
    let server = two.usual().http();
    let acme = two.staging.organization("acme");
    let arguments = json!({ "organization_id": acme, "dry_run": true, "instance": PRODUCTION });
    let preview = server.call("clerk_delete_organization", arguments).output();
    assert_eq!(preview["instance"], PRODUCTION, "{preview}");
    two.staging.assert_nothing_sent();
}

#[test]
fn what_takes_a_write_back_can_be_called_as_it_stands() {
    let two = Two::new();
    let server = two.usual().http();
    let user = two.production.user("tim@acme.example");
    let arguments = json!({ "user_id": user, "first_name": "Tom", "instance": PRODUCTION });
    let mut preview = arguments.clone();
    preview["dry_run"] = json!(true);
    let previewed = server.call("clerk_update_user", preview).output();
    assert_eq!(previewed["preview"]["undo"]["arguments"]["instance"], PRODUCTION, "{previewed}");
    let undo = server.call("clerk_update_user", arguments).output()["undo"].clone();
    server.call(undo["tool"].as_str().unwrap_or_default(), undo["arguments"].clone()).output();
    assert_eq!(two.production.get(&format!("/users/{user}"))["first_name"], "Tim");
    two.staging.assert_nothing_sent();
}

/// What changes access asks on a production instance only, and what is asked is told by the key of the instance.
#[test]
fn production_is_told_by_the_key_of_each() {
    let two = Two::new();
    let server = two.program("", "").http();
    let lock = |instance: &str| {
        let user = two.staging.user("ada@acme.example");
        server.call("clerk_lock_user", json!({ "user_id": user, "instance": instance })).output()
    };
    assert!(lock(STAGING)["confirmation_token"].is_null());
    assert!(lock(PRODUCTION)["confirmation_token"].is_string());
    assert!(KEY.starts_with("sk_test_"));
}
