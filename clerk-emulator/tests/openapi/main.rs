//! Compares what the emulator answers with Clerk's `OpenAPI` document, if that is at hand.

#![expect(clippy::unwrap_used, reason = "all of this is test code")]

mod cases;
#[expect(dead_code, reason = "written for the tests of resources, which need more of it")]
#[path = "../resources/client.rs"]
mod client;
mod document;
mod operations;
mod parameters;

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::{Emulator, RateLimit};
use serde_json::{Value, json};

use cases::cases;
use client::{Clerk, each, text};
use document::Document;

#[test]
fn every_route_is_in_the_document() {
    let Some(document) = Document::load() else { return };
    for (method, path) in Emulator::routes() {
        assert!(document.operation(method.as_str(), path).is_some(), "{method} {path} is no operation of Clerk's");
    }
}

#[tokio::test]
async fn every_route_has_a_good_and_a_bad_case() {
    let cases = cases(&Clerk::sample()).await;
    let covered = |good: bool| -> BTreeSet<(String, &str)> {
        let cases = cases.iter().filter(|case| (case.status == 200) == good);
        cases.map(|case| (case.method.to_owned(), case.path)).collect()
    };
    let routes: BTreeSet<(String, &str)> =
        Emulator::routes().map(|(method, path)| (method.to_string(), path)).collect();
    assert_eq!(covered(true), routes);
    assert_eq!(covered(false), routes);
}

#[tokio::test]
async fn every_answer_has_the_shape_that_the_document_gives_it() {
    let Some(document) = Document::load() else { return };
    let clerk = Clerk::sample();
    for case in cases(&clerk).await {
        let target = case.target();
        let reply = clerk.call(case.method, &target, case.body).await;
        assert_eq!(reply.status, case.status, "{} {target}: {}", case.method, reply.body);
        document.check(case.method, case.path, reply.status, &reply.body);
    }
}

#[tokio::test]
async fn every_endpoint_refuses_a_missing_key_and_too_many_requests_in_clerks_shape() {
    let Some(document) = Document::load() else { return };
    let none = RateLimit { requests: 0, per: Duration::from_mins(1) };
    let (open, closed) = (Clerk::sample(), Clerk::new(Emulator::sample().rate_limit(Some(none))));
    for (method, path) in Emulator::routes() {
        let target = path.replace(['{', '}'], "");
        let request = Request::builder().method(method).uri(format!("/v1{target}")).body(Body::empty());
        for (reply, status) in [
            (open.send(request.unwrap()).await, 401),
            (open.call(method.as_str(), &format!("{target}?__clerk_api_version=1"), None).await, 400),
            (closed.call(method.as_str(), &target, None).await, 429),
        ] {
            assert_eq!(reply.status, status);
            document.check(method.as_str(), path, status, &reply.body);
        }
    }
}

#[tokio::test]
async fn everything_in_the_sample_has_the_shape_that_the_document_gives_it() {
    let Some(document) = Document::load() else { return };
    let clerk = Clerk::sample();
    let users = clerk.get("/users?limit=500").await.ok();
    document.check("GET", "/users", 200, &users);
    for id in each(&users, "id") {
        let sessions = clerk.get(&format!("/sessions?user_id={}&limit=500", text(id))).await.ok();
        document.check("GET", "/sessions", 200, &sessions);
    }
    let organizations = clerk.get("/organizations?limit=500").await.ok();
    document.check("GET", "/organizations", 200, &organizations);
    for id in each(&organizations["data"], "id") {
        for path in ["/organizations/{organization_id}/memberships", "/organizations/{organization_id}/invitations"] {
            let target = path.replace("{organization_id}", &text(id));
            let list = clerk.get(&format!("{target}?limit=500")).await.ok();
            assert_eq!(list["total_count"], list["data"].as_array().unwrap().len());
            document.check("GET", path, 200, &list);
        }
    }
}

#[test]
fn the_comparison_itself_finds_what_is_missing_and_what_is_too_much() {
    let Some(document) = Document::load() else { return };
    let errors = |path, body: Value| document.errors("GET", path, 200, &body).len();
    assert_eq!(errors("/users/count", json!({ "object": "total_count", "total_count": 1 })), 0);
    assert_eq!(errors("/users/count", json!({ "object": "total_count" })), 1);
    assert_eq!(errors("/users/count", json!({ "object": "total_count", "total_count": 1, "more": 1 })), 1);
    assert_eq!(errors("/users/count", json!({ "object": "total_count", "total_count": null })), 1);
    assert!(errors("/organizations", json!({ "data": [{}], "total_count": 1 })) > 0);
}
