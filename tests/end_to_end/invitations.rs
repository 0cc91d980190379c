//! The tools for invitations.

use serde_json::{Value, json};

use crate::harness::answer::is_date;
use crate::harness::{Clerk, Client};

fn list(clerk: &Clerk, client: &dyn Client, status: &Value) -> Value {
    let arguments = json!({ "organization_id": clerk.organization("acme"), "status": status });
    client.call("clerk_list_organization_invitations", arguments).output()
}

#[test]
fn a_status_may_stand_without_its_array() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let single = list(&clerk, &server, &json!("expired"));
    assert_eq!(clerk.only_request().split_once('?').map(|(_, query)| query), Some("limit=20&status=expired"));
    assert_eq!(single, list(&clerk, &server, &json!(["expired"])));
    assert_eq!(single["total_count"], 2);
}

#[test]
fn several_states_can_be_asked_for() {
    let clerk = Clerk::sample();
    let found = list(&clerk, &clerk.server(), &json!(["pending", "revoked"]));
    assert_eq!(
        clerk.only_request().split_once('?').map(|(_, query)| query),
        Some("limit=20&status=pending&status=revoked")
    );
    assert_eq!(found["total_count"], 4);
}

#[test]
fn all_invitations_are_listed_with_dates() {
    let clerk = Clerk::sample();
    let found = list(&clerk, &clerk.server(), &Value::Null);
    let data = found["data"].as_array().expect("a list");
    assert_eq!(data.len(), 8);
    for invitation in data {
        assert!(is_date(&invitation["created_at"]) && is_date(&invitation["expires_at"]), "{invitation}");
        assert_eq!(invitation.get("private_metadata"), None);
    }
}

/// Whoever has the link can join, so no answer holds it.
#[test]
fn the_link_of_an_invitation_shows_nowhere() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let acme = clerk.organization("acme");
    let stored = clerk.get(&format!("/organizations/{acme}/invitations?status=pending"));
    assert!(stored.to_string().contains("tickets/accept"), "the emulator's answers hold links: {stored}");

    let arguments = json!({ "organization_id": acme, "include_private_metadata": true });
    let listed = server.call("clerk_list_organization_invitations", arguments);
    let arguments = json!({ "organization_id": acme, "email_address": "new@acme.example", "role": "org:member" });
    let created = server.call("clerk_create_invitation", arguments);
    for answer in [listed, created] {
        let text = answer.0.to_string();
        assert!(!text.contains("ticket") && !text.contains("http"), "{text}");
    }
}

#[test]
fn an_invitation_is_stored_with_what_was_asked_for() {
    let clerk = Clerk::sample();
    let (acme, ada) = (clerk.organization("acme"), clerk.user("ada@acme.example"));
    let arguments = json!({
        "organization_id": acme, "email_address": "new@acme.example", "role": "org:admin", "inviterUserId": ada,
        "redirect_url": "https://acme.example/welcome", "expires_in_days": 3, "notify": false,
        "public_metadata": { "team": "sales" }, "private_metadata": { "cost": 1 },
    });
    let created = clerk.server().call("clerk_create_invitation", arguments).output();
    assert_eq!(clerk.requests().pop().and_then(|request| request.json()).expect("a body")["notify"], false);
    let stored = clerk.get(&format!("/organizations/{acme}/invitations?email_address=new@acme.example"));
    let stored = &stored["data"][0];
    assert_eq!((&stored["id"], &stored["role"]), (&created["id"], &json!("org:admin")));
    assert_eq!((&stored["inviter_id"], &created["inviter_id"]), (&json!(ada), &json!(ada)));
    assert_eq!(stored["public_metadata"], json!({ "team": "sales" }));
    assert_eq!(stored["private_metadata"], json!({ "cost": 1 }));
    let milliseconds = |name: &str| stored[name].as_i64().expect("milliseconds");
    assert_eq!(milliseconds("expires_at") - milliseconds("created_at"), 3 * 24 * 60 * 60 * 1000);
}

#[test]
fn a_full_organization_takes_no_more_invitations() {
    let clerk = Clerk::sample();
    let papaya = clerk.organization("papaya-studio");
    let arguments = json!({ "organization_id": papaya, "email_address": "new@papaya.example", "role": "org:member" });
    let failure = clerk.server().call("clerk_create_invitation", arguments).failure();
    assert_eq!(failure["code"], "organization_membership_quota_exceeded");
    assert_eq!(failure["status"], 403);
}

#[test]
fn an_unknown_state_is_refused_before_anything_is_sent() {
    let clerk = Clerk::sample();
    let arguments = json!({ "organization_id": clerk.organization("acme"), "status": "open" });
    let problems = clerk.server().call("clerk_list_organization_invitations", arguments).problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("/status: expected one of pending, accepted, revoked, expired"), "{problems:?}");
    clerk.assert_nothing_sent();
}
