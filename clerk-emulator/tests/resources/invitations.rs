//! `/organizations/{organization_id}/invitations`

use serde_json::{Value, json};

use crate::client::{Clerk, each, sorted, text};

const DAY: i64 = 24 * 60 * 60 * 1000;

async fn acme(clerk: &Clerk) -> String {
    format!("/organizations/{}/invitations", clerk.organization("acme").await)
}

fn invite(email_address: &str) -> Value {
    json!({ "email_address": email_address, "role": "org:member" })
}

/// A body for an invitation with one more field.
fn invite_with(field: &str, value: &Value) -> Value {
    let mut body = invite("new@acme.example");
    body[field] = value.clone();
    body
}

#[tokio::test]
async fn a_list_is_an_envelope_with_the_newest_first() {
    let clerk = Clerk::sample();
    let list = clerk.get(&acme(&clerk).await).await.ok();
    assert_eq!(list["total_count"], 8);
    let dates: Vec<i64> = each(&list["data"], "created_at").iter().map(|date| date.as_i64().unwrap()).collect();
    assert!(dates.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn statuses_filter_one_or_several() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    let total = async |status: &str| clerk.get(&format!("{target}?{status}")).await.ok()["total_count"].clone();
    assert_eq!(total("status=pending").await, 3);
    assert_eq!(total("status=accepted").await, 2);
    assert_eq!(total("status=revoked").await, 1);
    assert_eq!(total("status=expired").await, 2);
    assert_eq!(total("status=revoked&status=expired").await, 3);
    let reply = clerk.get(&format!("{target}?status=pending&status=lost")).await;
    assert_eq!(reply.faulty_parameters(), ["status"]);
}

#[tokio::test]
async fn an_email_address_filters_and_orders() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    let one = clerk.get(&format!("{target}?email_address=Barbara@acme.example")).await.ok();
    assert_eq!(each(&one["data"], "email_address"), ["barbara@acme.example"]);
    let ordered = clerk.get(&format!("{target}?order_by=email_address&limit=1")).await.ok();
    assert_eq!(ordered["data"][0]["email_address"], "barbara@acme.example");
    assert_eq!(clerk.get(&format!("{target}?order_by=status")).await.faulty_parameters(), ["order_by"]);
}

#[tokio::test]
async fn only_a_pending_invitation_has_a_url_and_it_holds_a_secret() {
    let clerk = Clerk::sample();
    let list = clerk.get(&acme(&clerk).await).await.ok();
    for invitation in list["data"].as_array().unwrap() {
        assert_eq!(invitation["url"].is_string(), invitation["status"] == "pending", "{invitation}");
    }
    let pending = clerk.get(&format!("{}?status=pending", acme(&clerk).await)).await.ok();
    let ticket = text(&pending["data"][0]["url"]);
    assert!(ticket.split_once("ticket=").unwrap().1.len() > 200);
}

#[tokio::test]
async fn an_invitation_shows_who_invites() {
    let clerk = Clerk::sample();
    let find = async |address: &str| {
        clerk.get(&format!("{}?email_address={address}", acme(&clerk).await)).await.ok()["data"][0].clone()
    };
    let by_ada = find("barbara@acme.example").await;
    assert_eq!(by_ada["inviter_id"], clerk.user("ada@acme.example").await);
    assert_eq!(by_ada["public_inviter_data"]["identifier"], "ada@acme.example");
    let by_nobody = find("finance@acme.example").await;
    assert_eq!((&by_nobody["inviter_id"], &by_nobody["public_inviter_data"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_new_invitation_is_pending_for_thirty_days() {
    let clerk = Clerk::sample();
    let created = clerk.post(&acme(&clerk).await, invite("New.Person@acme.example")).await.ok();
    assert_eq!((&created["status"], &created["email_address"]), (&json!("pending"), &json!("new.person@acme.example")));
    assert_eq!(created["expires_at"].as_i64().unwrap() - created["created_at"].as_i64().unwrap(), 30 * DAY);
    assert!(text(&created["id"]).starts_with("orginv_") && created["url"].is_string());
    let list = clerk.get(&format!("{}?status=pending", acme(&clerk).await)).await.ok();
    assert_eq!(list["data"][0], created);
    let counts = clerk.get("/organizations/acme?include_members_count=true").await.ok();
    assert_eq!((&counts["members_count"], &counts["pending_invitations_count"]), (&json!(16), &json!(4)));
}

#[tokio::test]
async fn everything_an_invitation_takes_is_kept() {
    let clerk = Clerk::sample();
    let body = json!({
        "email_address": "full@acme.example",
        "role": "org:admin",
        "inviter_user_id": clerk.user("grace@acme.example").await,
        "public_metadata": { "team": "cad" },
        "private_metadata": { "source": "import" },
        "redirect_url": "https://app.acme.example/welcome",
        "expires_in_days": 365,
        "notify": false,
    });
    let created = clerk.post(&acme(&clerk).await, body).await.ok();
    assert_eq!(created["expires_at"].as_i64().unwrap() - created["created_at"].as_i64().unwrap(), 365 * DAY);
    assert_eq!(created["public_metadata"], json!({ "team": "cad" }));
    assert_eq!(created["private_metadata"], json!({ "source": "import" }));
    assert_eq!(created["public_inviter_data"]["first_name"], "Grace");
    assert_eq!(created["role_name"], "Admin");
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_named_at_once() {
    let clerk = Clerk::sample();
    let body = json!({ "email_address": "nobody", "expires_in_days": 0, "redirect_url": "app", "notify": "no" });
    let reply = clerk.post(&acme(&clerk).await, body).await;
    assert_eq!(reply.faulty_parameters(), ["email_address", "role", "redirect_url", "expires_in_days", "notify"]);
}

#[tokio::test]
async fn an_invitation_lives_from_1_to_365_days() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    for days in [json!(0), json!(366), json!(-1), json!("30"), json!(1.5)] {
        let reply = clerk.post(&target, invite_with("expires_in_days", &days)).await;
        assert_eq!(reply.faulty_parameters(), ["expires_in_days"], "{days}");
    }
    clerk.post(&target, invite_with("expires_in_days", &json!(1))).await.ok();
}

#[tokio::test]
async fn an_email_address_must_look_like_one() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    for address in ["plain", "@acme.example", "a@b", "a b@acme.example", "a@acme.example.", "a@b@acme.example", ""] {
        let reply = clerk.post(&target, invite(address)).await;
        assert_eq!(reply.faulty_parameters(), ["email_address"], "{address}");
    }
}

#[tokio::test]
async fn only_an_administrator_of_the_organization_invites() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    let refusal =
        async |inviter: String| clerk.post(&target, invite_with("inviter_user_id", &json!(inviter))).await.refusal();
    assert_eq!(refusal("user_unknown".to_owned()).await, "404 resource_not_found");
    assert_eq!(refusal(clerk.user("maya@papaya.example").await).await, "403 not_a_member_in_organization");
    assert_eq!(refusal(clerk.user("alan@acme.example").await).await, "403 missing_organization_permission");
    clerk.post(&target, invite_with("inviter_user_id", &Value::Null)).await.ok();
}

#[tokio::test]
async fn a_role_and_an_organization_must_exist() {
    let clerk = Clerk::sample();
    let body = json!({ "email_address": "new@acme.example", "role": "org:owner" });
    assert_eq!(clerk.post(&acme(&clerk).await, body).await.refusal(), "404 resource_not_found");
    let reply = clerk.post("/organizations/org_unknown/invitations", invite("new@acme.example")).await;
    assert_eq!(reply.refusal(), "404 resource_not_found");
    assert_eq!(clerk.get("/organizations/org_unknown/invitations").await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn nobody_has_two_pending_invitations_to_one_organization() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    let again = clerk.post(&target, invite("BARBARA@acme.example")).await;
    assert_eq!(again.refusal(), "400 organization_invitation_not_unique");
    // Revoked and expired ones are no hindrance, nor are those of others.
    clerk.post(&target, invite("charles@acme.example")).await.ok();
    clerk.post(&target, invite("joan@acme.example")).await.ok();
    let sandbox = clerk.organization("sandbox").await;
    clerk.post(&format!("/organizations/{sandbox}/invitations"), invite("barbara@acme.example")).await.ok();
}

#[tokio::test]
async fn a_member_is_not_invited() {
    let clerk = Clerk::sample();
    let reply = clerk.post(&acme(&clerk).await, invite("ada@acme.example")).await;
    assert_eq!(reply.refusal(), "400 already_a_member_in_organization");
}

#[tokio::test]
async fn a_full_organization_invites_nobody() {
    let clerk = Clerk::sample();
    let papaya = clerk.organization("papaya-studio").await;
    let reply = clerk.post(&format!("/organizations/{papaya}/invitations"), invite("more@papaya.example")).await;
    assert_eq!(reply.refusal(), "403 organization_membership_quota_exceeded");
}

#[tokio::test]
async fn the_sample_has_invitations_in_every_state() {
    let clerk = Clerk::sample();
    let list = clerk.get(&acme(&clerk).await).await.ok();
    let mut statuses = sorted(&list["data"], "status");
    statuses.dedup();
    assert_eq!(statuses, ["accepted", "expired", "pending", "revoked"]);
}
