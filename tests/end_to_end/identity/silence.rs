//! Answers without content: success for a write, an error for a read.

use serde_json::{Value, json};

use crate::harness::examples::{Example, examples};
use crate::harness::{Clerk, Client as _, Reply, Upstream};

fn replies() -> [Reply; 4] {
    [
        Reply::new(204, &[], ""),
        Reply::new(200, &["content-type: application/json"], ""),
        Reply::new(202, &[], ""),
        Reply::new(200, &[], " \r\n "),
    ]
}

#[test]
fn a_write_that_is_confirmed_without_content_is_a_success() {
    for reply in replies() {
        let clerk = Clerk::sample();
        let server = Upstream::for_writes_to(&clerk, reply).program().arguments(&["--confirm", "off"]).http();
        for Example { tool, arguments, .. } in examples() {
            let output = server.call(tool, arguments.clone()).output();
            let is_known = |id: &str| arguments.to_string().contains(id);
            let is_silent = output["note"].is_string();
            assert!(!is_silent || output["id"].as_str().is_none_or(is_known), "{tool}: {output}");
        }
    }
}

#[test]
fn what_is_known_of_it_is_told_and_no_more() {
    let clerk = Clerk::sample();
    let (ada, acme) = (clerk.user("ada@acme.example"), clerk.organization("acme"));
    let server =
        Upstream::for_writes_to(&clerk, Reply::new(204, &[], "")).program().arguments(&["--confirm", "off"]).http();
    let banned = server.call("clerk_ban_user", json!({ "user_id": ada })).output();
    assert_eq!((&banned["id"], &banned["banned"], &banned["changes"]), (&json!(ada), &Value::Null, &Value::Null));
    assert!(banned["note"].as_str().is_some_and(|note| note.contains("empty answer")), "{banned}");
    let named = server.call("clerk_update_user", json!({ "user_id": ada, "last_name": "Byron" })).output();
    assert_eq!(named["changes"], json!([{ "path": "/last_name", "before": "Lovelace", "after": "Byron" }]));
    assert_eq!(named["undo"]["arguments"]["last_name"], "Lovelace");
    let arguments = json!({ "organization_id": acme, "email_address": ["a@x.example"], "role": "org:member" });
    let invited = server.call("clerk_create_invitations_bulk", arguments).output();
    assert_eq!(invited["done"], json!([{ "email_address": "a@x.example", "organization_id": acme }]));
}

#[test]
fn a_read_without_content_is_an_error() {
    for reply in replies() {
        let server = Upstream::always(reply).server();
        for (tool, arguments) in [("clerk_list_users", json!({})), ("clerk_get_user", json!({ "user_id": "user_1" }))] {
            let failure = server.call(tool, arguments).failure();
            assert_eq!(failure["code"], "unexpected_response", "{failure}");
            assert!(failure["hint"].as_str().is_some_and(|hint| hint.starts_with("Nothing was changed")), "{failure}");
        }
    }
}
