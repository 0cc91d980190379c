//! `PATCH /users/{user_id}` and `DELETE /users/{user_id}`

use serde_json::{Value, json};

use crate::client::{Clerk, text};

async fn ada(clerk: &Clerk) -> String {
    format!("/users/{}", clerk.user("ada@acme.example").await)
}

#[tokio::test]
async fn what_is_given_changes_and_the_rest_stays() {
    let clerk = Clerk::sample();
    let target = ada(&clerk).await;
    let before = clerk.get(&target).await.ok();
    let after = clerk.patch(&target, json!({ "first_name": "Augusta", "locale": "en-US" })).await.ok();
    assert!(after["updated_at"].as_i64() > before["updated_at"].as_i64());
    let mut expected = before;
    expected["first_name"] = json!("Augusta");
    expected["locale"] = json!("en-US");
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, expected);
    assert_eq!(clerk.get(&target).await.ok(), after);
}

#[tokio::test]
async fn null_or_an_empty_text_takes_a_value_away() {
    let clerk = Clerk::sample();
    let after = clerk.patch(&ada(&clerk).await, json!({ "username": "", "external_id": null })).await.ok();
    assert_eq!((&after["username"], &after["external_id"]), (&Value::Null, &Value::Null));
    assert_eq!(after["first_name"], "Ada");
}

#[tokio::test]
async fn metadata_has_an_endpoint_of_its_own() {
    let clerk = Clerk::sample();
    for field in ["public_metadata", "private_metadata", "unsafe_metadata"] {
        let reply = clerk.patch(&ada(&clerk).await, json!({ field: { "a": 1 } })).await;
        assert_eq!(reply.refusal(), "422 form_param_unknown");
        assert_eq!(reply.faulty_parameters(), [field]);
    }
}

#[tokio::test]
async fn what_somebody_else_has_is_taken() {
    let clerk = Clerk::sample();
    let target = ada(&clerk).await;
    let reply = clerk.patch(&target, json!({ "username": "Radia", "external_id": "crm-1002" })).await;
    assert_eq!(reply.refusal(), "422 form_identifier_exists");
    assert_eq!(reply.faulty_parameters(), ["external_id", "username"]);
    clerk.patch(&target, json!({ "username": "ada", "external_id": "crm-1001" })).await.ok();
}

#[tokio::test]
async fn a_primary_address_must_be_verified_and_the_users_own() {
    let clerk = Clerk::sample();
    let agnes = format!("/users/{}", clerk.user("agnes@mail.example").await);
    let user = clerk.get(&agnes).await.ok();
    let (second, field) = (text(&user["email_addresses"][1]["id"]), "primary_email_address_id");
    let changed = clerk.patch(&agnes, json!({ field: second })).await.ok();
    assert_eq!(changed[field], second);
    let reply = clerk.patch(&ada(&clerk).await, json!({ field: second })).await;
    assert_eq!(reply.refusal(), "422 form_resource_not_found");
    let contractor = clerk.user("contractor@acme.example").await;
    let unverified = clerk.get(&format!("/users/{contractor}")).await.ok()["email_addresses"][0]["id"].clone();
    let reply = clerk.patch(&format!("/users/{contractor}"), json!({ field: unverified })).await;
    assert_eq!(reply.refusal(), "422 form_param_value_invalid");
}

#[tokio::test]
async fn a_new_password_can_sign_the_user_out() {
    let clerk = Clerk::sample();
    let target = ada(&clerk).await;
    let before = clerk.get(&target).await.ok();
    let reply = clerk.patch(&target, json!({ "sign_out_of_other_sessions": true })).await;
    assert_eq!(reply.refusal(), "422 form_conditional_param_missing");
    let body = json!({ "password": "a-new-password", "sign_out_of_other_sessions": true });
    let after = clerk.patch(&target, body).await.ok();
    assert!(after["password_last_updated_at"].as_i64() > before["password_last_updated_at"].as_i64());
    assert!(!after.to_string().contains("a-new-password"));
    let sessions = clerk.get(&format!("/sessions?user_id={}&status=active", text(&after["id"]))).await.ok();
    assert_eq!(sessions, json!([]));
    let short = clerk.patch(&target, json!({ "password": "short" })).await;
    assert_eq!(short.refusal(), "422 form_password_length_too_short");
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let clerk = Clerk::sample();
    let target = ada(&clerk).await;
    let before = clerk.get(&target).await.ok();
    let body = json!({ "first_name": "Augusta", "username": "radia", "profile_image_id": "img_1" });
    assert_eq!(clerk.patch(&target, body).await.status, 422);
    assert_eq!(clerk.get(&target).await.ok(), before);
}

#[tokio::test]
async fn an_unknown_user_is_neither_changed_nor_deleted() {
    let clerk = Clerk::sample();
    let changed = clerk.patch("/users/user_unknown", json!({ "primary_email_address_id": "idn_1" })).await;
    assert_eq!(changed.refusal(), "404 resource_not_found");
    assert_eq!(clerk.delete("/users/user_unknown").await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn deleting_takes_memberships_and_sessions_along() {
    let clerk = Clerk::sample();
    let target = ada(&clerk).await;
    let (id, acme) = (clerk.user("ada@acme.example").await, clerk.organization("acme").await);
    let session = clerk.get(&format!("/sessions?user_id={id}")).await.ok()[0]["id"].clone();
    let deleted = clerk.delete(&target).await.ok();
    assert_eq!(deleted, json!({ "object": "user", "id": id, "deleted": true, "external_id": "crm-1001" }));

    assert_eq!(clerk.get(&target).await.status, 404);
    assert_eq!(clerk.delete(&target).await.status, 404);
    assert_eq!(clerk.get(&format!("/sessions/{}", text(&session))).await.status, 404);
    assert_eq!(clerk.get(&format!("/sessions?user_id={id}")).await.ok(), json!([]));
    let members = clerk.get(&format!("/organizations/{acme}/memberships")).await.ok();
    assert_eq!(members["total_count"], 15);
    // What the user did stays.
    let barbara = format!("/organizations/{acme}/invitations?email_address=barbara@acme.example");
    let invitation = clerk.get(&barbara).await.ok()["data"][0].clone();
    assert_eq!((&invitation["inviter_id"], &invitation["public_inviter_data"]), (&json!(id), &Value::Null));
    let plain = clerk.user("ruth@brightwater.example").await;
    assert!(clerk.delete(&format!("/users/{plain}")).await.ok().get("external_id").is_none());
}
