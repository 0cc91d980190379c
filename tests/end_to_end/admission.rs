//! Who is let into the application: invitations to it, the waitlist, and the block-list.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client as _, Directory, Reply, Upstream};

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str()).collect()
}

#[test]
fn somebody_is_invited_to_the_application_and_the_invitation_is_revoked() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let invited = server.call("clerk_create_app_invitation", json!({ "email_address": "new@mail.example" })).output();
    let undo = invited["undo"].clone();
    assert_eq!((&invited["status"], &undo["tool"]), (&json!("pending"), &json!("clerk_revoke_app_invitation")));
    let find = || server.call("clerk_list_invitations", json!({ "query": "new@mail.example" })).output();
    assert_eq!(ids(&find()), [invited["id"].as_str().expect("an id")]);
    let mut preview = undo["arguments"].clone();
    preview["dry_run"] = json!(true);
    let preview = server.call("clerk_revoke_app_invitation", preview).output()["preview"].clone();
    let summary = preview["summary"].as_str().unwrap_or_default();
    assert!(summary.starts_with("Revoke the invitation of new@mail.example ("), "{preview}");
    let revoked = server.call("clerk_revoke_app_invitation", undo["arguments"].clone()).output();
    assert_eq!(revoked["status"], "revoked");
}

/// Whoever has the link can sign up, so no answer holds it.
#[test]
fn the_link_of_an_invitation_to_the_application_shows_nowhere() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    assert!(clerk.get("/invitations").to_string().contains("ticket"), "the emulator's answers hold links");
    let pending = server.call("clerk_list_waitlist_entries", json!({ "status": "pending" })).output();
    for (tool, arguments) in [
        ("clerk_list_invitations", json!({})),
        ("clerk_create_app_invitation", json!({ "email_address": "new@mail.example" })),
        ("clerk_invite_waitlist_entry", json!({ "waitlist_entry_id": pending["data"][0]["id"] })),
        ("clerk_security_review", json!({})),
    ] {
        let text = server.call(tool, arguments).output().to_string();
        assert!(!text.contains("ticket"), "{tool}: {text}");
    }
}

#[test]
fn people_on_the_waitlist_are_let_in_or_turned_down() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let list = |status: &str| server.call("clerk_list_waitlist_entries", json!({ "status": status })).output();
    let pending = list("pending");
    let [first, second, ..] = &ids(&pending)[..] else { panic!("two people wait: {pending}") };
    let entry = |id: &str| json!({ "waitlist_entry_id": id });
    let invited = server.call("clerk_invite_waitlist_entry", entry(first)).output();
    assert_eq!((&invited["id"], &invited["status"]), (&json!(first), &json!("invited")));
    let asked = server.call("clerk_reject_waitlist_entry", entry(second)).output();
    let address = pending["data"][1]["email_address"].as_str().expect("an address");
    let question = format!(
        "Reject {address}, who is on the waitlist? Clerk has no way back from rejected to pending. The \
         link of an invitation that they have already stays valid (clerk_revoke_app_invitation)."
    );
    assert_eq!(asked["preview"]["summary"], question);
    let mut agreed = entry(second);
    agreed["confirmation_token"] = asked["confirmation_token"].clone();
    let rejected = server.call("clerk_reject_waitlist_entry", agreed).output();
    assert_eq!(rejected["changes"], json!([{ "path": "/status", "before": "pending", "after": "rejected" }]));
    let left = list("pending");
    assert!([first, second].iter().all(|id| !ids(&left).contains(*id)), "{left}");
}

/// A list stands in for a get: what it finds besides is not meant.
#[test]
fn nobody_else_is_let_in_or_turned_down() {
    let found = json!({ "data": [{ "id": "wle_2", "email_address": "a@b.example" }], "total_count": 1 });
    let upstream = Upstream::always(Reply::json(200, &found));
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    for tool in ["clerk_invite_waitlist_entry", "clerk_reject_waitlist_entry"] {
        let failure = server.call(tool, json!({ "waitlist_entry_id": "wle_1" })).failure();
        assert_eq!(failure["code"], "resource_not_found", "{failure}");
    }
    assert_eq!(upstream.writes(), [""; 0]);
    let problems = server.call("clerk_invite_waitlist_entry", json!({ "waitlist_entry_id": "../users" })).problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
}

/// Without an email, and without a place for secrets, nobody would have the link.
#[test]
fn an_invitation_that_nobody_would_get_is_refused() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let call = json!({ "email_address": "new@mail.example", "notify": false });
    let server = clerk.server();
    let operation = json!({ "operation": "CreateInvitation", "arguments": call });
    for (tool, arguments) in [("clerk_create_app_invitation", call.clone()), ("clerk_api_write", operation)] {
        let problems = server.call(tool, arguments).problems();
        assert!(problems.len() == 1 && problems[0].contains("--secrets-dir"), "{problems:?}");
    }
    assert!(clerk.requests().is_empty());
    let place = directory.0.to_str().expect("a path is text");
    let server = clerk.program().arguments(&["--secrets-dir", place]).http();
    let preview = |notify: bool| {
        let arguments = json!({ "email_address": "new@mail.example", "notify": notify, "dry_run": true });
        server.call("clerk_create_app_invitation", arguments).output()["preview"].clone()
    };
    assert_eq!(preview(false)["summary"], "Invite new@mail.example to the application?");
    assert_eq!(preview(true)["cannot_be_undone"], "The email that Clerk sends cannot be taken back.");
    let invited = server.call("clerk_create_app_invitation", call).output();
    assert!(invited["secret_files"]["url"].is_string(), "{invited}");
}

#[test]
fn only_what_identifies_somebody_is_blocked() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for identifier in
        ["*@*", "*", "ada", "acme.example", "@acme.example", "a*@b.example", "a@", "a@b@c", "0x-1", "+1202"]
    {
        let problems = server.call("clerk_block_identifier", json!({ "identifier": identifier })).problems();
        assert!(problems.len() == 1 && problems[0].contains("`*@example.com`"), "{identifier}: {problems:?}");
    }
    assert!(clerk.requests().is_empty());
    for (given, sent) in
        [("+1 (202) 555-0101", "+12025550101"), ("0xAb12", "0xAb12"), ("o'b+x@b.example", "o'b+x@b.example")]
    {
        assert_eq!(server.call("clerk_block_identifier", json!({ "identifier": given })).output()["identifier"], sent);
    }
}

#[test]
fn a_block_tells_before_whom_it_locks_out() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let preview = |identifier: &str| {
        let arguments = json!({ "identifier": identifier, "dry_run": true });
        server.call("clerk_block_identifier", arguments).output()["preview"].clone()
    };
    let all = clerk.get("/users?limit=500").as_array().cloned().unwrap_or_default();
    let at_acme = all.iter().filter(|user| user["email_addresses"].to_string().contains("@acme.example\"")).count();
    let domain = preview("*@acme.example");
    assert_eq!((&domain["users_count"], domain["users"].as_array().map(Vec::len)), (&json!(at_acme), Some(10)));
    let expected = format!("Block \"*@acme.example\" (users who have it: {at_acme})? ");
    assert!(domain["summary"].as_str().is_some_and(|summary| summary.starts_with(&expected)), "{domain}");
    let one = preview("ada@acme.example");
    assert_eq!((&one["users_count"], &one["users"][0]["name"]), (&json!(1), &json!("Ada Lovelace")));
    assert_eq!(preview("+12025550101")["users"], one["users"]);
    assert_eq!(preview("*@nobody.example")["users_count"], 0);
}

#[test]
fn what_is_blocked_is_listed() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let list = || server.call("clerk_list_restrictions", json!({})).output();
    let before = list();
    let blocked = server.call("clerk_block_identifier", json!({ "identifier": "*@spam.example" })).output();
    assert_eq!(blocked["identifier"], "*@spam.example");
    let after = list();
    assert!(ids(&after["blocked"]).contains(&blocked["id"].as_str().expect("an id")), "{after}");
    assert_eq!(ids(&after["blocked"]).len(), ids(&before["blocked"]).len() + 1);
    assert_eq!(after["allowed"], before["allowed"]);
    assert!(!ids(&after["allowed"]).is_empty(), "the sample has some");
}

#[test]
fn a_list_that_cannot_be_had_leaves_the_other() {
    let payment = Reply::refusal(402, "payment_required", "The plan has no allow-list.");
    let blocked =
        Reply::json(200, &json!({ "data": [{ "id": "blid_1", "identifier": "a@b.example" }], "total_count": 1 }));
    let upstream =
        Upstream::new(move |seen| if seen.line.contains("allowlist") { payment.clone() } else { blocked.clone() });
    let found = upstream.server().call("clerk_list_restrictions", json!({})).output();
    assert_eq!(found["blocked"]["data"][0]["identifier"], "a@b.example");
    assert_eq!((&found["allowed"], &found["failed"][0]["of"]), (&Value::Null, &json!("allowed")));
}
