//! `PATCH /organizations/{organization_id}`

use serde_json::json;

use crate::client::Clerk;

async fn acme(clerk: &Clerk) -> String {
    format!("/organizations/{}", clerk.organization("acme").await)
}

#[tokio::test]
async fn what_is_given_changes_and_the_rest_stays() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    let before = clerk.get(&target).await.ok();
    let body = json!({
        "name": "Acme Robots",
        "slug": "acme-robots",
        "max_allowed_memberships": 0,
        "admin_delete_enabled": false,
        "created_at": null,
    });
    let after = clerk.patch(&target, body).await.ok();
    assert!(after["updated_at"].as_i64() > before["updated_at"].as_i64());
    let mut expected = before;
    expected["name"] = json!("Acme Robots");
    expected["slug"] = json!("acme-robots");
    expected["max_allowed_memberships"] = json!(0);
    expected["admin_delete_enabled"] = json!(false);
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, expected);
    assert_eq!(clerk.get("/organizations/acme-robots").await.ok(), after);
}

#[tokio::test]
async fn metadata_has_an_endpoint_of_its_own() {
    let clerk = Clerk::sample();
    let body = json!({ "public_metadata": { "a": 1 }, "private_metadata": {} });
    let reply = clerk.patch(&acme(&clerk).await, body).await;
    assert_eq!(reply.refusal(), "422 form_param_unknown");
    assert_eq!(reply.faulty_parameters(), ["private_metadata", "public_metadata"]);
}

#[tokio::test]
async fn a_slug_of_another_organization_is_taken_but_its_own_is_not() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    assert_eq!(clerk.patch(&target, json!({ "slug": "sandbox" })).await.refusal(), "422 form_identifier_exists");
    clerk.patch(&target, json!({ "slug": "acme" })).await.ok();
}

#[tokio::test]
async fn what_is_wrong_with_a_change_is_named_at_once() {
    let clerk = Clerk::sample();
    let body =
        json!({ "name": " ", "slug": "Not A Slug", "max_allowed_memberships": -1, "admin_delete_enabled": "no" });
    let reply = clerk.patch(&acme(&clerk).await, body).await;
    assert_eq!(reply.faulty_parameters(), ["name", "slug", "max_allowed_memberships", "admin_delete_enabled"]);
    assert_eq!(clerk.get("/organizations/acme").await.ok()["name"], "Acme Robotics");
}

#[tokio::test]
async fn only_an_id_names_what_is_changed() {
    let clerk = Clerk::sample();
    assert_eq!(clerk.patch("/organizations/acme", json!({ "name": "Acme" })).await.refusal(), "404 resource_not_found");
}
