//! `/organizations/{organization_id}/invitations/{invitation_id}`, and its `/revoke`

use serde_json::{Value, json};

use crate::client::{Clerk, Reply, text};

/// The path of the invitation of Acme Robotics to an email address.
async fn path(clerk: &Clerk, email_address: &str) -> String {
    let list = format!("/organizations/{}/invitations", clerk.organization("acme").await);
    let found = clerk.get(&format!("{list}?email_address={email_address}")).await.ok();
    format!("{list}/{}", text(&found["data"][0]["id"]))
}

async fn revoke(clerk: &Clerk, path: &str, body: Option<Value>) -> Reply {
    clerk.call("POST", &format!("{path}/revoke"), body).await
}

#[tokio::test]
async fn one_is_found_in_its_organization_alone() {
    let clerk = Clerk::sample();
    let barbara = path(&clerk, "barbara@acme.example").await;
    let invitation = clerk.get(&barbara).await.ok();
    assert_eq!(invitation["email_address"], "barbara@acme.example");
    assert!(invitation["url"].is_string());
    let elsewhere = barbara.replace(&clerk.organization("acme").await, &clerk.organization("sandbox").await);
    assert_eq!(clerk.get(&elsewhere).await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn a_revoked_invitation_stays_without_its_url() {
    let clerk = Clerk::sample();
    let barbara = path(&clerk, "barbara@acme.example").await;
    let before = clerk.get(&barbara).await.ok();
    let revoked = revoke(&clerk, &barbara, None).await.ok();
    assert_eq!((&revoked["status"], &revoked["url"]), (&json!("revoked"), &Value::Null));
    assert!(revoked["updated_at"].as_i64() > before["updated_at"].as_i64());
    assert_eq!(clerk.get(&barbara).await.ok(), revoked);
}

#[tokio::test]
async fn only_a_pending_invitation_is_revoked() {
    let clerk = Clerk::sample();
    for address in ["intern@acme.example", "charles@acme.example", "joan@acme.example"] {
        let reply = revoke(&clerk, &path(&clerk, address).await, None).await;
        assert_eq!(reply.refusal(), "404 organization_invitation_not_pending", "{address}");
    }
    let list = format!("/organizations/{}/invitations", clerk.organization("acme").await);
    let reply = revoke(&clerk, &format!("{list}/orginv_unknown"), None).await;
    assert_eq!(reply.refusal(), "404 organization_invitation_not_pending");
    let reply = revoke(&clerk, "/organizations/org_unknown/invitations/orginv_unknown", None).await;
    assert_eq!(reply.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn only_an_administrator_of_the_organization_revokes() {
    let clerk = Clerk::sample();
    let barbara = path(&clerk, "barbara@acme.example").await;
    let by = async |id: &str| revoke(&clerk, &barbara, Some(json!({ "requesting_user_id": id }))).await;
    assert_eq!(by("user_unknown").await.refusal(), "404 resource_not_found");
    let (maya, alan) = (clerk.user("maya@papaya.example").await, clerk.user("alan@acme.example").await);
    assert_eq!(by(&maya).await.refusal(), "403 not_a_member_in_organization");
    assert_eq!(by(&alan).await.refusal(), "403 missing_organization_permission");
    by(&clerk.user("grace@acme.example").await).await.ok();
}

#[tokio::test]
async fn a_revocation_makes_room_and_the_address_can_be_invited_again() {
    let clerk = Clerk::sample();
    let list = format!("/organizations/{}/invitations", clerk.organization("papaya-studio").await);
    let pending = clerk.get(&format!("{list}?status=pending")).await.ok();
    revoke(&clerk, &format!("{list}/{}", text(&pending["data"][0]["id"])), None).await.ok();
    let body = json!({ "email_address": "freelance@mail.example", "role": "org:member" });
    clerk.post(&list, body).await.ok();
}
