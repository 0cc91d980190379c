//! `/organizations/{organization_id}/invitations/bulk`

use serde_json::{Value, json};

use crate::client::{Clerk, each};

async fn bulk(clerk: &Clerk, slug: &str) -> String {
    format!("/organizations/{}/invitations/bulk", clerk.organization(slug).await)
}

fn invite(email_address: &str) -> Value {
    json!({ "email_address": email_address, "role": "org:member" })
}

fn invites(count: usize) -> Value {
    (0..count).map(|number| invite(&format!("new{number}@acme.example"))).collect()
}

/// How many invitations Acme Robotics has; there are eight in the sample.
async fn total(clerk: &Clerk) -> Value {
    let acme = clerk.organization("acme").await;
    clerk.get(&format!("/organizations/{acme}/invitations")).await.ok()["total_count"].clone()
}

#[tokio::test]
async fn several_are_invited_in_the_order_given() {
    let clerk = Clerk::sample();
    let body = json!([
        invite("One@acme.example"),
        { "email_address": "two@acme.example", "role": "org:admin", "public_metadata": { "a": 1 }, "notify": false },
    ]);
    let created = clerk.post(&bulk(&clerk, "acme").await, body).await.ok();
    assert_eq!(created["total_count"], 2);
    assert_eq!(each(&created["data"], "email_address"), ["one@acme.example", "two@acme.example"]);
    assert_eq!(each(&created["data"], "role"), ["org:member", "org:admin"]);
    assert_eq!(each(&created["data"], "status"), ["pending", "pending"]);
    assert_eq!(total(&clerk).await, 10);
}

#[tokio::test]
async fn one_to_ten_fit_into_a_request() {
    let clerk = Clerk::sample();
    let target = bulk(&clerk, "acme").await;
    assert_eq!(clerk.post(&target, invites(11)).await.refusal(), "400 bulk_size_exceeded");
    assert_eq!(clerk.post(&target, invites(0)).await.refusal(), "400 request_body_invalid");
    assert_eq!(clerk.post(&target, invite("one@acme.example")).await.refusal(), "400 request_body_invalid");
    assert_eq!(clerk.post(&target, json!(["one@acme.example"])).await.refusal(), "400 request_body_invalid");
    assert_eq!(total(&clerk).await, 8);
    assert_eq!(clerk.post(&target, invites(10)).await.ok()["total_count"], 10);
}

#[tokio::test]
async fn what_is_wrong_with_any_of_them_is_named_at_once() {
    let clerk = Clerk::sample();
    let body = json!([invite("one@acme.example"), { "email_address": "two" }, { "colour": 1, "role": "org:member" }]);
    let reply = clerk.post(&bulk(&clerk, "acme").await, body).await;
    assert_eq!(reply.faulty_parameters(), ["email_address", "role", "email_address", "colour"]);
}

#[tokio::test]
async fn all_are_invited_or_nobody() {
    let clerk = Clerk::sample();
    let target = bulk(&clerk, "acme").await;
    for (last, refusal) in [
        (invite("ada@acme.example"), "400 already_a_member_in_organization"),
        (invite("barbara@acme.example"), "400 organization_invitation_not_unique"),
        (invite("FIRST@acme.example"), "400 organization_invitation_not_unique"),
        (json!({ "email_address": "last@acme.example", "role": "org:owner" }), "404 resource_not_found"),
    ] {
        let reply = clerk.post(&target, json!([invite("first@acme.example"), last])).await;
        assert_eq!(reply.refusal(), refusal);
        assert_eq!(total(&clerk).await, 8);
    }
}

#[tokio::test]
async fn there_must_be_room_for_all() {
    let clerk = Clerk::sample();
    // An organization with room for five, where nobody is yet.
    let target = bulk(&clerk, "sandbox").await;
    assert_eq!(clerk.post(&target, invites(6)).await.refusal(), "403 organization_membership_quota_exceeded");
    clerk.post(&target, invites(5)).await.ok();
    let unknown = clerk.post("/organizations/org_unknown/invitations/bulk", invites(1)).await;
    assert_eq!(unknown.refusal(), "404 resource_not_found");
}
