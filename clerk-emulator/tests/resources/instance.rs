//! `/instance`

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::Emulator;

use crate::client::{Clerk, text};

#[tokio::test]
async fn an_instance_is_one_for_development() {
    let instance = Clerk::sample().get("/instance").await.ok();
    assert_eq!((&instance["object"], &instance["environment_type"]), (&"instance".into(), &"development".into()));
    assert!(text(&instance["id"]).starts_with("ins_"));
}

#[tokio::test]
async fn a_live_key_makes_it_one_for_production() {
    let clerk = Clerk::new(Emulator::sample().secret_key("sk_live_mine"));
    let request = Request::get("/v1/instance").header("authorization", "Bearer sk_live_mine").body(Body::empty());
    assert_eq!(clerk.send(request.unwrap()).await.ok()["environment_type"], "production");
}
