//! Views name the instance that they are about, and need no default.

use serde_json::json;

use super::{PRODUCTION, Two};
use crate::harness::{Client as _, StdioSession};
use crate::views::{CONSENT, HTML, asks_in_views, shows_views};

#[test]
fn views_are_there_without_a_default_and_bring_the_token_to_the_one_that_they_are_of() {
    let two = Two::new();
    let session = StdioSession::with_capabilities(two.usual(), &shows_views());
    let read = session.request("resources/read", json!({ "uri": "ui://clerk/person" })).result()["contents"][0].clone();
    assert_eq!((&read["mimeType"], &read["_meta"]["ui"]["csp"]), (&json!(HTML), &json!({})));
    assert!(read["text"].as_str().is_some_and(|text| text.starts_with("<!doctype html>")), "it is left as it is");
    let listed = session.request("tools/list", json!({})).result()["tools"].to_string();
    assert!(listed.contains("ui://clerk/consent") && listed.contains("ui://clerk/list"), "{listed}");
    let organization = two.production.organization("sandbox");
    let call = |token: Option<&serde_json::Value>| {
        let given = json!({ "instance": PRODUCTION, "organization_id": organization, "confirmation_token": token });
        session.call("clerk_delete_organization", given)
    };
    let asked = call(None);
    let token = &asked.result()["_meta"][CONSENT]["confirmation_token"];
    assert_eq!((&asked.output()["instance"], token.is_string()), (&json!(PRODUCTION), true), "{asked:?}");
    assert_eq!(call(Some(token)).output()["deleted"], true);
    assert!(two.staging.get("/organizations/sandbox")["id"].is_string());
}

#[test]
fn a_question_tells_its_view_which_instance_it_is_about() {
    let two = Two::new();
    let session = StdioSession::with_capabilities(two.usual(), &asks_in_views());
    let organization = two.production.organization("sandbox");
    let given = json!({ "instance": PRODUCTION, "organization_id": organization });
    let call = json!({ "name": "clerk_delete_organization", "arguments": given });
    session.begin("tools/call", &call);
    let question = session.read()["params"].clone();
    assert_eq!(question["_meta"][CONSENT]["instance"], PRODUCTION, "{question}");
    assert!(question["message"].as_str().is_some_and(|message| message.starts_with("On the instance production: ")));
}
