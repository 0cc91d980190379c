//! The review of an instance: what it finds in the sample, and nothing else.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client as _, HttpServer, Reply, Upstream};

fn review(server: &HttpServer) -> Value {
    server.call("clerk_security_review", json!({})).output()
}

/// A field of each thing that was found of a kind, in order.
fn found(review: &Value, finding: &str, pointer: &str) -> Vec<String> {
    let list = review[finding]["data"].as_array().unwrap_or_else(|| panic!("no {finding}: {review}"));
    assert_eq!(review[finding]["has_more"], false, "{review}");
    let mut found: Vec<_> =
        list.iter().map(|one| one.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()).collect();
    found.sort_unstable();
    found
}

#[test]
fn it_finds_what_deserves_attention_and_nothing_else() {
    let clerk = Clerk::sample();
    let review = review(&clerk.server());
    let requests = clerk.requests();
    assert!(requests.len() == 5 && requests.iter().all(|request| request.method == http::Method::GET), "{requests:?}");
    assert_eq!(
        found(&review, "administrators_without_second_factor", "/email_address"),
        ["camille@maison-dubois.example", "ingrid@sorland.example", "maya@papaya.example"]
    );
    assert_eq!(found(&review, "banned_members", "/role"), [""; 0]);
    assert_eq!(
        found(&review, "pending_organization_invitations", "/email_address"),
        [
            "barbara@acme.example",
            "comptable@maison-dubois.example",
            "dispatch@kestrel.example",
            "finance@acme.example",
            "freelance@mail.example",
            "margaret@acme.example",
            "oncall@brightwater.example",
        ]
    );
    let pending = clerk.get("/invitations?status=pending&limit=500");
    let pending = pending.as_array().map_or(0, Vec::len);
    assert_eq!(found(&review, "pending_app_invitations", "/id").len(), pending);
    assert_eq!(review["failed"], json!([]));
    let looked_at = review["looked_at"].as_array().into_iter().flatten();
    assert!(looked_at.clone().all(|list| list["has_more"] == false), "{review}");
    assert_eq!(looked_at.count(), 5);
}

#[test]
fn the_oldest_invitation_comes_first() {
    let clerk = Clerk::sample();
    let review = review(&clerk.server());
    let dates: Vec<&str> = review["pending_organization_invitations"]["data"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|invitation| invitation["created_at"].as_str())
        .collect();
    assert!(dates.len() > 1 && dates.is_sorted(), "{dates:?}");
}

#[test]
fn it_finds_who_is_banned_and_still_a_member_and_locks_without_end() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let locks = |review: &Value| found(review, "locks_without_end", "/email_address");
    let before = locks(&review(&server));
    server.call("clerk_ban_user", json!({ "user_id": clerk.user("femi@acme.example") })).output();
    // Nobody knows for how long.
    let endless = |seen: &Value| seen["lockout_expires_in_seconds"].is_null() && seen["locked"] == true;
    let users = clerk.get("/users?limit=500");
    let expected = users.as_array().into_iter().flatten().filter(|user| endless(user)).count();
    let review = review(&server);
    assert_eq!(found(&review, "banned_members", "/public_user_data/identifier"), ["femi@acme.example"]);
    assert_eq!((locks(&review).len(), locks(&review)), (expected, before));
}

#[test]
fn what_it_could_not_look_at_is_told_and_not_taken_for_nothing() {
    let clerk = Clerk::sample();
    let url = clerk.url.clone();
    let upstream = Upstream::new(move |seen| {
        if seen.line.contains("organization_memberships") {
            Reply::refusal(403, "organization_not_enabled_in_instance", "Organizations are switched off.")
        } else {
            Reply::of_api(&url, seen)
        }
    });
    let review = review(&upstream.server());
    assert_eq!(review["failed"][0]["of"], "organization_memberships", "{review}");
    for finding in ["banned_members", "administrators_without_second_factor"] {
        assert_eq!(review[finding], Value::Null, "{review}");
    }
    assert!(review["locks_without_end"]["data"].is_array(), "{review}");
}
