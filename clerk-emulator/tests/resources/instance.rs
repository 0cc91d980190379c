//! `/instance`

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::Emulator;
use serde_json::{Value, json};

use crate::client::{Clerk, text};

#[tokio::test]
async fn an_instance_is_one_for_development() {
    let instance = Clerk::sample().get("/instance").await.ok();
    assert_eq!((&instance["object"], &instance["environment_type"]), (&"instance".into(), &"development".into()));
    assert!(text(&instance["id"]).starts_with("ins_"));
}

#[tokio::test]
async fn what_names_the_instance_names_this_one() {
    let clerk = Clerk::sample();
    let instance = clerk.get("/instance").await.ok();
    for _ in 0..2 {
        let link = clerk.post("/admin_portal_link_tokens", json!({ "scopes": ["sso"] })).await;
        assert_eq!((link.status, &link.body["instance_id"]), (201, &instance["id"]));
    }
}

#[tokio::test]
async fn organizations_are_on_with_roles_that_there_are() {
    let clerk = Clerk::sample();
    let settings = clerk.get("/instance/organization_settings").await.ok();
    let [enabled, creator, invited] = ["enabled", "creator_role", "domains_default_role"].map(|name| &settings[name]);
    assert_eq!((enabled, creator, invited), (&json!(true), &json!("org:admin"), &json!("org:member")));
    let role = clerk.get("/organization_roles?query=billing").await.ok()["data"][0].clone();
    let set = |id: Value| clerk.patch("/instance/organization_settings", json!({ "creator_role_id": id }));
    assert_eq!(set(role["id"].clone()).await.ok()["creator_role"], role["key"]);
    assert_eq!(set(json!("role_none")).await.refusal(), "422 form_resource_not_found");
}

#[tokio::test]
async fn a_live_key_makes_it_one_for_production() {
    let clerk = Clerk::new(Emulator::sample().secret_key("sk_live_mine"));
    let request = Request::get("/v1/instance").header("authorization", "Bearer sk_live_mine").body(Body::empty());
    assert_eq!(clerk.send(request.unwrap()).await.ok()["environment_type"], "production");
}
