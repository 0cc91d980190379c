//! What a write would do, without doing it; and the way back from what it did.

use serde_json::{Value, json};

use crate::harness::examples::{Example, writes};
use crate::harness::{Clerk, Client as _, HttpServer};

#[test]
fn every_write_can_be_previewed_and_nothing_is_written() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for example in writes() {
        let tool = &example.tool;
        let output = server.call(tool, example.dry_run()).output();
        let preview = &output["preview"];
        assert_eq!(preview["tool"], *tool, "{output}");
        assert!(preview["action"].as_str().is_some_and(|action| !action.is_empty()), "{output}");
        let shows =
            ["organization", "user", "invitation", "entry", "arguments"].iter().any(|part| preview[part].is_object());
        assert!(shows, "{tool} says for whom: {output}");
        assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET), "{tool}");
    }
}

#[test]
fn a_preview_says_what_would_change() {
    let clerk = Clerk::sample();
    let (server, ada) = (clerk.server(), clerk.user("ada@acme.example"));
    let arguments = json!({
        "user_id": ada, "dryRun": true,
        "public_metadata": { "theme": "light", "title": null }, "private_metadata": { "seats": { "cad": 2 } },
    });
    let changes = server.call("clerk_update_user_metadata", arguments).output()["preview"]["changes"].clone();
    assert_eq!(
        changes,
        json!([
            { "path": "/private_metadata/seats/cad", "before": 1, "after": 2 },
            { "path": "/public_metadata/theme", "before": "dark", "after": "light" },
            { "path": "/public_metadata/title", "before": "Chief engineer" },
        ])
    );
}

#[test]
fn what_was_previewed_is_what_happens() {
    let clerk = Clerk::sample();
    let (server, ada) = (clerk.server(), clerk.user("ada@acme.example"));
    let call = |dry_run: bool| {
        let metadata = json!({ "a": { "b": [1], "c": null }, "title": "Countess", "theme": null });
        let arguments = json!({ "user_id": ada, "public_metadata": metadata, "dry_run": dry_run });
        server.call("clerk_update_user_metadata", arguments).output()
    };
    let (before, after) = (call(true), call(false));
    assert_eq!(before["preview"]["changes"], after["changes"]);
    assert_eq!(before["preview"]["undo"], after["undo"]);
}

#[test]
fn a_preview_of_what_is_not_there_fails_as_the_call_would() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for dry_run in [true, false] {
        let failure = server.call("clerk_ban_user", json!({ "user_id": "user_nobody", "dry_run": dry_run })).failure();
        assert_eq!((&failure["status"], &failure["code"]), (&json!(404), &json!("resource_not_found")), "{failure}");
    }
    let member = json!({ "organization_id": clerk.organization("acme"), "user_id": clerk.user("maya@papaya.example") });
    assert_eq!(server.call("clerk_remove_member", member).failure()["code"], "resource_not_found");
}

#[test]
fn a_dry_run_is_yes_or_no() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for nonsense in [json!("yes"), json!(""), json!(1), json!([]), json!({})] {
        let answer = server.call("clerk_create_organization", json!({ "name": "Umbrella", "dry_run": nonsense }));
        assert_eq!(answer.problems(), [format!("/dry_run: expected true or false, not {nonsense}")]);
    }
    let answer = server.call("clerk_list_users", json!({ "dry_run": true }));
    assert!(answer.problems()[0].contains("unknown parameter `dry_run`"), "{answer:?}");
    clerk.assert_nothing_sent();
}

/// What Clerk has there, without what changes by itself.
fn stable(clerk: &Clerk, path: &str) -> Value {
    let mut value = clerk.get(path);
    forget_times(&mut value);
    value
}

fn forget_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !["updated_at", "lockout_expires_in_seconds"].contains(&name.as_str()));
            fields.values_mut().for_each(forget_times);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        _ => {}
    }
}

fn undo(server: &HttpServer, answer: &Value) -> Value {
    let undo = &answer["undo"];
    server
        .call(undo["tool"].as_str().unwrap_or_else(|| panic!("no way back: {answer}")), undo["arguments"].clone())
        .output()
}

/// Where the objects are that a call names.
fn places(arguments: &Value) -> Vec<String> {
    let (organization, user) = (arguments["organization_id"].as_str(), arguments["user_id"].as_str());
    let member = organization.zip(user).map(|(id, user)| format!("/organizations/{id}/memberships?user_id={user}"));
    let organization = organization.map(|id| format!("/organizations/{id}"));
    organization.into_iter().chain(user.map(|id| format!("/users/{id}"))).chain(member).collect()
}

#[test]
fn the_way_back_that_an_answer_names_leads_back() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    let mut gone_back = 0;
    for example in writes() {
        let Example { tool, arguments, .. } = example;
        let look = || places(arguments).iter().map(|place| stable(&clerk, place)).collect::<Vec<_>>();
        let before = look();
        if server.call(tool, example.dry_run()).output()["preview"]["undo"].is_null() {
            continue;
        }
        let answer = server.call(tool, arguments.clone()).output();
        if answer["undo"].is_null() {
            assert_eq!(answer["changes"], json!([]), "{tool} has changed something: {answer}");
            continue;
        }
        undo(&server, &answer);
        // Whoever was banned is signed out for good, which the answer says.
        assert!(before == look(), "{tool} leaves something behind");
        gone_back += 1;
    }
    assert!(gone_back > 5, "{gone_back}");
}

#[test]
fn what_was_made_can_be_taken_back() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    let made = server.call("clerk_create_user", json!({ "email_address": "new@acme.example" })).output();
    assert_eq!(made["undo"], json!({ "tool": "clerk_delete_user", "arguments": { "user_id": made["id"] } }));
    assert_eq!(undo(&server, &made)["deleted"], true);
    let acme = clerk.organization("acme");
    let invite = json!({ "organization_id": acme, "email_address": "new@acme.example", "role": "org:member" });
    let made = server.call("clerk_create_invitation", invite).output();
    assert_eq!(undo(&server, &made)["status"], "revoked");
}

/// What is not shown as it is stored cannot be written back from an answer.
#[test]
fn what_is_not_shown_whole_has_no_way_back_and_changes_all_the_same() {
    let clerk = Clerk::sample();
    let (server, ada) = (clerk.server(), clerk.user("ada@acme.example"));
    let set = |value: &str, dry_run: bool| {
        let metadata = json!({ "stripe": value, "plan": "pro" });
        let arguments = json!({ "user_id": ada, "public_metadata": metadata, "dry_run": dry_run });
        server.call("clerk_update_user_metadata", arguments).output()
    };
    for (old, new) in [("sk_live_abc", "sk_live_def"), ("a\u{200b}b", "ab"), ("ab", "a\u{202e}b")] {
        set(old, false);
        let (preview, answer) = (set(new, true)["preview"].clone(), set(new, false));
        assert_eq!(preview["changes"].as_array().map(Vec::len), Some(1), "{preview}");
        assert_eq!((&answer["changes"], &answer["undo"]), (&preview["changes"], &preview["undo"]), "{answer}");
        assert_eq!(answer["changes"][0]["path"], "/public_metadata/stripe");
        assert_eq!(answer["undo"].is_null(), old != "ab", "{answer}");
        // What stays is no change, however it is shown.
        assert_eq!(set(new, false)["changes"], json!([]));
    }
}

/// The words beside a change of private metadata that may be none.
const MAY_CHANGE: &str = "may change; private metadata is not shown";

#[test]
fn changes_of_hidden_metadata_are_told_without_their_values() {
    let keys = json!({
        "path": "/private_metadata/seats/cad", "before": "(not shown)", "after": "(not shown)", "note": MAY_CHANGE,
    });
    for (shown, change) in [("keys", keys), ("hide", json!({ "path": "/private_metadata", "note": MAY_CHANGE }))] {
        let clerk = Clerk::sample();
        let ada = clerk.user("ada@acme.example");
        let server = clerk.program().arguments(&["--private-metadata", shown]).http();
        let call = |dry_run: bool| {
            let metadata = json!({ "seats": { "cad": 2 } });
            let arguments = json!({ "user_id": ada, "private_metadata": metadata, "dry_run": dry_run });
            server.call("clerk_update_user_metadata", arguments).output()
        };
        assert_eq!(call(true)["preview"]["changes"], json!([change]));
        let answer = call(false);
        assert_eq!((&answer["changes"], &answer["undo"]), (&json!([change]), &Value::Null));
    }
}

#[test]
fn hidden_metadata_is_not_repeated_to_who_gives_it() {
    let (clerk, given) = (Clerk::sample(), json!({ "a": { "b": "GIVEN-1" } }));
    let acme = clerk.organization("acme");
    let one = json!({ "email_address": "new@b.example", "role": "org:member", "private_metadata": given });
    let mut invitation = one.clone();
    invitation["organization_id"] = json!(acme);
    let several = json!({ "organization_id": acme, "body": [one] });
    let calls = [
        ("clerk_create_user", json!({ "email_address": ["new@b.example"], "private_metadata": given })),
        ("clerk_api_write", json!({ "operation": "CreateOrganizationInvitation", "arguments": invitation })),
        ("clerk_api_write", json!({ "operation": "CreateOrganizationInvitationBulk", "arguments": several })),
    ];
    let keys = json!({ "a": { "b": "(not shown)" } });
    for (shown, seen) in [("show", given), ("keys", keys), ("hide", json!("(not shown)"))] {
        let server = clerk.program().arguments(&["--private-metadata", shown]).http();
        for (tool, arguments) in &calls {
            let mut arguments = arguments.clone();
            arguments["dry_run"] = json!(true);
            let preview = server.call(tool, arguments).output()["preview"].clone();
            let given = &preview["arguments"];
            let given = given["body"].get(0).unwrap_or(given);
            assert_eq!(given["private_metadata"], seen, "{shown}: {preview}");
            assert_eq!(preview.to_string().contains("GIVEN-1"), shown == "show", "{preview}");
        }
    }
}

#[test]
fn nobody_finds_out_hidden_metadata_by_guessing() {
    for shown in ["keys", "hide"] {
        let clerk = Clerk::sample();
        let ada = clerk.user("ada@acme.example");
        let set = json!({ "user_id": ada, "private_metadata": { "pin": "4711", "deep": { "list": [1] } } });
        clerk.server().call("clerk_update_user_metadata", set).output();
        let server = clerk.program().arguments(&["--private-metadata", shown]).http();
        let guess = |pin: &str, list: Value, dry_run: bool| {
            let metadata = json!({ "pin": pin, "deep": { "list": list } });
            let public = json!({ "title": "Chief engineer" });
            let arguments = json!({
                "user_id": ada, "private_metadata": metadata, "public_metadata": public, "dry_run": dry_run,
            });
            let mut answer = server.call("clerk_update_user_metadata", arguments).output();
            forget_times(&mut answer);
            answer
        };
        let right = guess("4711", json!([1]), true);
        assert!(right["preview"]["undo"].is_null(), "{right}");
        for (pin, list) in [("0000", json!([1])), ("4711", json!([2])), ("4711", Value::Null), ("", json!("1"))] {
            let wrong = guess(pin, list.clone(), true);
            if !list.is_null() {
                assert_eq!(right, wrong, "{shown}: {pin} {list}");
            }
        }
        // Nor by what a write answers.
        assert_eq!(guess("4711", json!([1]), false), guess("0000", json!([2]), false), "{shown}");
    }
}

#[test]
fn what_is_changed_besides_a_hundred_others_is_told() {
    let clerk = Clerk::sample();
    let (server, ada) = (clerk.server(), clerk.user("ada@acme.example"));
    let many: Value = (0..150).map(|number| (format!("k{number:03}"), json!(number))).collect();
    let call = |tool: &str, dry_run: bool| {
        let arguments =
            json!({ "user_id": ada, "public_metadata": many, "unsafe_metadata": { "z": 1 }, "dry_run": dry_run });
        server.call(tool, arguments).output()
    };
    let (preview, answer) = (call("clerk_update_user_metadata", true), call("clerk_update_user_metadata", false));
    for told in [&preview["preview"], &answer] {
        assert_eq!(told["changes"].as_array().map(Vec::len), Some(100));
        assert_eq!(told["more_changes"], 51);
    }
}

#[test]
fn what_the_operator_forbids_is_no_way_back() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--exclude-tools", "clerk_delete_*"]).http();
    let made = server.call("clerk_create_user", json!({ "email_address": "new@acme.example" })).output();
    assert_eq!(made["undo"], Value::Null);
}
