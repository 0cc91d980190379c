//! What every request passes: the key, the API version, the rate limit, the path and method, the body's form.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::{DEMO_SECRET_KEY, Emulator, RateLimit};
use serde_json::json;

use crate::client::{Clerk, Reply};

async fn with_headers(target: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Clerk::sample().send(request.body(Body::empty()).unwrap()).await
}

fn bearer() -> String {
    format!("Bearer {DEMO_SECRET_KEY}")
}

async fn with_version(target: &str, version: &str) -> Reply {
    with_headers(target, &[("authorization", &bearer()), ("clerk-api-version", version)]).await
}

#[tokio::test]
async fn a_request_without_a_key_is_refused() {
    assert_eq!(with_headers("/v1/users", &[]).await.refusal(), "401 authentication_invalid");
}

#[tokio::test]
async fn a_key_without_the_word_bearer_is_refused() {
    let reply = with_headers("/v1/users", &[("authorization", DEMO_SECRET_KEY)]).await;
    assert_eq!(reply.refusal(), "401 authorization_header_format_invalid");
}

#[tokio::test]
async fn an_unknown_key_is_refused() {
    let reply = with_headers("/v1/users", &[("authorization", "Bearer sk_test_other")]).await;
    assert_eq!(reply.refusal(), "401 clerk_key_invalid");
}

#[tokio::test]
async fn the_key_is_checked_before_the_path() {
    assert_eq!(with_headers("/v1/nothing", &[]).await.status, 401);
}

#[tokio::test]
async fn an_error_has_clerks_body_and_its_trace_id_in_a_header() {
    let reply = Clerk::sample().get("/users/user_unknown").await;
    let error = &reply.body["errors"][0];
    assert!(error["message"].is_string() && error["long_message"].is_string() && error["code"].is_string());
    let trace_id = reply.body["clerk_trace_id"].as_str().unwrap();
    assert_eq!(reply.headers["x-clerk-trace-id"], trace_id);
    assert_eq!(trace_id.len(), 32);
    assert_eq!(reply.headers["content-type"], "application/json");
}

#[tokio::test]
async fn each_answer_has_a_trace_id_of_its_own() {
    let clerk = Clerk::sample();
    let (first, second) = (clerk.get("/users/count").await, clerk.get("/users/count").await);
    assert_ne!(first.headers["x-clerk-trace-id"], second.headers["x-clerk-trace-id"]);
}

#[tokio::test]
async fn known_versions_are_accepted_in_the_header_or_the_query() {
    assert_eq!(with_version("/v1/users", "2025-11-10").await.status, 200);
    assert_eq!(with_version("/v1/users", "2026-05-12").await.status, 200);
    assert_eq!(Clerk::sample().get("/users?__clerk_api_version=2026-05-12").await.status, 200);
}

#[tokio::test]
async fn an_unknown_version_is_refused() {
    assert_eq!(with_version("/v1/users", "2020-01-01").await.refusal(), "400 api_version_invalid");
    let reply = Clerk::sample().get("/users?__clerk_api_version=2020-01-01").await;
    assert_eq!(reply.refusal(), "400 api_version_invalid");
}

#[tokio::test]
async fn a_version_in_header_and_query_is_refused_even_if_both_agree() {
    let reply = with_version("/v1/users?__clerk_api_version=2026-05-12", "2026-05-12").await;
    assert_eq!(reply.refusal(), "400 api_version_invalid");
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    assert_eq!(Clerk::sample().get("/nothing").await.refusal(), "404 resource_not_found");
    let reply = with_headers("/users", &[("authorization", &bearer())]).await;
    assert_eq!(reply.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn another_method_on_a_known_path_is_refused() {
    let reply = Clerk::sample().call("PUT", "/users/count", None).await;
    assert_eq!(reply.refusal(), "405 method_not_allowed");
}

#[tokio::test]
async fn an_encoded_slash_stays_in_its_segment() {
    let reply = Clerk::sample().get("/organizations/acme%2Fmemberships").await;
    assert_eq!(reply.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let clerk = Clerk::sample();
    for body in ["{\"name\":", "[]", "\"text\""] {
        let request = Request::post("/v1/organizations").header("authorization", bearer()).body(Body::from(body));
        assert_eq!(clerk.send(request.unwrap()).await.refusal(), "400 request_body_invalid", "{body}");
    }
}

#[tokio::test]
async fn a_body_beyond_a_megabyte_is_refused() {
    let reply = Clerk::sample().post("/organizations", json!({ "name": "x".repeat(1024 * 1024) })).await;
    assert_eq!(reply.refusal(), "413 request_body_too_large");
}

#[tokio::test]
async fn unknown_query_parameters_are_ignored() {
    assert_eq!(Clerk::sample().get("/users?colour=green&limit=2").await.ok().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn unknown_body_parameters_are_refused() {
    let reply = Clerk::sample().post("/organizations", json!({ "name": "Name", "colour": "green" })).await;
    assert_eq!(reply.refusal(), "422 form_param_unknown");
    assert_eq!(reply.faulty_parameters(), ["colour"]);
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let limit = RateLimit { requests: 2, per: Duration::from_secs(10) };
    let clerk = Clerk::new(Emulator::sample().rate_limit(Some(limit)));
    assert_eq!(clerk.get("/users/count").await.status, 200);
    assert_eq!(clerk.get("/users/user_unknown").await.status, 404);
    let reply = clerk.get("/organizations").await;
    assert_eq!(reply.refusal(), "429 too_many_requests");
    assert_eq!(reply.headers["retry-after"], "10");
}

#[tokio::test]
async fn waiting_as_long_as_retry_after_says_is_enough() {
    let limit = RateLimit { requests: 1, per: Duration::from_millis(300) };
    let clerk = Clerk::new(Emulator::sample().rate_limit(Some(limit)));
    clerk.get("/users/count").await.ok();
    let reply = clerk.get("/users/count").await;
    assert_eq!((reply.status, &reply.headers["retry-after"]), (429, &"1".parse().unwrap()));
    std::thread::sleep(Duration::from_secs(1));
    clerk.get("/users/count").await.ok();
}
