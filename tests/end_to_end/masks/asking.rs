//! Previews, questions, changes and errors hold no address and no number.

use serde_json::{Value, json};

use super::{ADA, assert_absent, handle, masking, personal, shown};
use crate::harness::{Clerk, Client as _, Directory, Program, Reply, StdioSession, Upstream};

fn only_masks(clerk: &Clerk) -> Program {
    clerk.program().arguments(&["--mask", "emails,phones"])
}

#[test]
fn a_person_types_a_name_that_is_shown() {
    let clerk = Clerk::sample();
    let known = personal(&clerk);
    let session = StdioSession::with_person(only_masks(&clerk).arguments(&["--confirm", "token"]));
    let typed = |name: &str| json!({ "action": "accept", "content": { "name": name } });
    let user = clerk.user("grace@acme.example");
    let deletion = json!({ "user_id": user });
    let (question, answer) = session.ask("clerk_delete_user", &deletion, &typed("grace@acme.example"));
    assert_eq!(answer.failure()["code"], "declined");
    let message = question["message"].as_str().expect("a text");
    let first = message.lines().next().unwrap_or_default();
    assert!(first.contains("g…@acme.example") && !first.contains("email_"), "{message}");
    let described = question["requestedSchema"]["properties"]["name"]["description"].clone();
    let name = described.as_str().expect("a text").split('"').nth(1).expect("a name");
    assert!(!name.contains('@') && message.contains(name), "{described}");
    assert_eq!(session.ask("clerk_delete_user", &deletion, &typed(name)).1.output()["deleted"], true);
    assert_absent(&known, &session.close().stdout);
}

#[test]
fn a_token_is_good_for_the_call_with_a_handle() {
    let clerk = Clerk::sample();
    let known = personal(&clerk);
    let server = only_masks(&clerk).arguments(&["--confirm", "token"]).variable("CLERK_MODE", "full").http();
    let blocked = json!({ "operation": "DeleteUser", "arguments": { "user_id": clerk.user(ADA) }, "dry_run": true });
    let preview = server.call("clerk_api_delete", blocked).output();
    assert!(preview.to_string().contains("a…@acme.example (email_"), "{preview}");
    let address = handle(&shown(&server, ADA));
    let preview =
        server.call("clerk_create_app_invitation", json!({ "email_address": address, "dry_run": true })).output();
    assert_eq!(preview["preview"]["arguments"]["email_address"], shown(&server, ADA), "{preview}");
    assert_absent(&known, &server.terminate().stdout);
}

#[test]
fn changes_are_masked_in_answers_and_in_the_audit_log_and_undone_only_where_that_is_possible() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let audit = directory.file().to_string_lossy().into_owned();
    let server = masking(&clerk).arguments(&["--audit", &audit]).http();
    let user = clerk.user("tim@acme.example");
    let set = |value: &str| {
        let arguments = json!({ "user_id": user, "public_metadata": { "contact": value, "phone": "(0170) 123 4567" } });
        server.call("clerk_update_user_metadata", arguments).output()
    };
    let first = set("one@home.example");
    assert_eq!(first["undo"]["arguments"]["public_metadata"], json!({ "contact": null, "phone": null }), "{first}");
    let second = set("two@home.example");
    let change = &second["changes"][0];
    assert!(change["before"].as_str().is_some_and(|text| text.starts_with("o…@home.example (email_")), "{second}");
    assert_eq!(second["undo"], Value::Null, "what cannot be given back is not offered");
    // A change names its field.
    let arguments = json!({ "user_id": user, "public_metadata": { "phone": "0170 7654321" }, "dry_run": true });
    let preview = server.call("clerk_update_user_metadata", arguments).output().to_string();
    assert!(
        preview.contains("/public_metadata/phone") && !preview.contains("4567") && !preview.contains("7654321"),
        "{preview}"
    );
    assert!(
        second["public_metadata"]["phone"]
            .as_str()
            .is_some_and(|text| text.starts_with("0…67 (phone_") || text.starts_with("(0…67 (phone_")),
        "{second}"
    );
    server.terminate();
    let recorded = directory.contents().concat();
    assert!(recorded.contains("o…@home.example (email_") && recorded.contains("t…@home.example (email_"), "{recorded}");
    assert!(
        !recorded.contains("one@home") && !recorded.contains("two@home") && !recorded.contains("4567"),
        "{recorded}"
    );
}

#[test]
fn errors_that_repeat_an_address_are_masked() {
    let long = format!("{}@acme.example", "a.very.long.name.".repeat(6));
    let message = format!("{ADA} and {long} are taken, call +15551230142");
    let meta = json!({ "email_addresses": [ADA], "identifiers": ["(555) 123-0142"], "param_name": "email_address" });
    let error = json!({ "code": "duplicate", "message": message, "long_message": message, "meta": meta });
    let refusing = Upstream::always(Reply::json(422, &json!({ "errors": [error] })));
    // The answer to a question for one address has another one.
    let mixing = Upstream::always(Reply::json(
        200,
        &json!([{ "id": "user_1", "object": "user", "email_addresses": [{ "email_address": long }] }]),
    ));
    for upstream in [refusing, mixing] {
        let server = upstream.program().arguments(&["--mask", "emails,phones", "--confirm", "off"]).http();
        for (tool, arguments) in [
            ("clerk_get_user", json!({ "email_address": ADA })),
            ("clerk_create_app_invitation", json!({ "email_address": ADA })),
            ("clerk_list_users", json!({ "email_address": [ADA], "limit": ADA })),
            ("clerk_list_users", json!({ "limit": format!("x {long}") })),
        ] {
            let answer = server.call(tool, arguments).0.to_string();
            for part in ["ada@", "very.long", "1230142", "123-0142"] {
                assert!(!answer.contains(part), "{tool}: {answer}");
            }
        }
    }
}
