//! Things that go with one that is deleted, and things that show the one that they name.

use serde_json::json;

use crate::client::{Clerk, each, text};

#[tokio::test]
async fn the_keys_of_a_deleted_user_are_gone() {
    let clerk = Clerk::sample();
    let user = text(&clerk.post("/users", json!({ "email_address": ["new@mail.example"] })).await.ok()["id"]);
    let key = clerk.post("/api_keys", json!({ "name": "Import", "subject": user })).await.ok();
    let path = format!("/api_keys/{}", text(&key["id"]));
    assert_eq!(clerk.get(&path).await.status, 200);
    clerk.call("DELETE", &format!("/users/{user}"), None).await.ok();
    assert_eq!(clerk.get(&path).await.status, 404);
}

#[tokio::test]
async fn the_domains_of_a_deleted_organization_are_gone() {
    let clerk = Clerk::sample();
    let acme = text(&clerk.get("/organizations/acme").await.ok()["id"]);
    let of_acme = format!("/organization_domains?organization_id={acme}");
    assert_eq!(clerk.get(&of_acme).await.ok()["total_count"], 1);
    clerk.call("DELETE", &format!("/organizations/{acme}"), None).await.ok();
    assert_eq!(clerk.get(&of_acme).await.ok()["total_count"], 0);
}

#[tokio::test]
async fn a_mapping_shows_its_role_and_its_directory() {
    let clerk = Clerk::sample();
    let directory = text(&clerk.get("/scim_directories").await.ok()["data"][0]["id"]);
    let role = text(&clerk.get("/organization_roles").await.ok()["data"][0]["id"]);
    let mappings = format!("/scim_directories/{directory}/group_role_mappings");
    let made = clerk.post(&mappings, json!({ "role_id": role, "scim_group_id": "engineers" })).await.ok();
    assert_eq!(made["role"]["id"], role.as_str());
    assert_eq!((&made["directory_id"], &made["directory_group_id"]), (&directory.into(), &"engineers".into()));
    let list = clerk.get(&mappings).await.ok();
    assert_eq!(each(&list["data"], "id"), [&made["id"]]);
    assert_eq!(list["data"][0]["role"]["id"], role.as_str());
}

#[tokio::test]
async fn the_origins_that_were_set_are_shown() {
    let clerk = Clerk::sample();
    clerk.patch("/instance", json!({ "allowed_origins": ["https://app.example"] })).await;
    assert_eq!(clerk.get("/instance").await.ok()["allowed_origins"], json!(["https://app.example"]));
}
