//! Compares what the emulator answers with Clerk's `OpenAPI` document, if that is at hand.

#![expect(clippy::unwrap_used, reason = "all of this is test code")]

#[expect(dead_code, reason = "written for the tests of resources, which need more of it")]
#[path = "../resources/client.rs"]
mod client;
mod document;
mod parameters;

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::{Emulator, RateLimit};
use serde_json::{Value, json};

use client::{Clerk, each, text};
use document::Document;

const ORGANIZATION: &str = "/organizations/{organization_id}";
const METADATA: &str = "/organizations/{organization_id}/metadata";
const MEMBERSHIPS: &str = "/organizations/{organization_id}/memberships";
const MEMBERSHIP: &str = "/organizations/{organization_id}/memberships/{user_id}";
const MEMBERSHIP_METADATA: &str = "/organizations/{organization_id}/memberships/{user_id}/metadata";
const INVITATIONS: &str = "/organizations/{organization_id}/invitations";

/// A request, and the status that it must be answered with.
struct Case {
    method: &'static str,
    /// The path as the document writes it.
    path: &'static str,
    /// What takes the place of the path's parameters, in order.
    parameters: Vec<String>,
    query: &'static str,
    body: Option<Value>,
    status: u16,
}

fn case(method: &'static str, path: &'static str, parameters: &[&str], body: Option<Value>, status: u16) -> Case {
    let parameters = parameters.iter().map(|&parameter| parameter.to_owned()).collect();
    Case { method, path, parameters, query: "", body, status }
}

fn listing(path: &'static str, parameters: &[&str], query: &'static str, status: u16) -> Case {
    Case { query, ..case("GET", path, parameters, None, status) }
}

impl Case {
    fn target(&self) -> String {
        let mut target = self.path.to_owned();
        for parameter in &self.parameters {
            let (start, end) = (target.find('{').unwrap(), target.find('}').unwrap());
            target.replace_range(start..=end, parameter);
        }
        format!("{target}{}", self.query)
    }
}

fn organization_cases(acme: &str, ada: &str) -> Vec<Case> {
    let counts = "?include_members_count=true&include_missing_member_with_elevated_permissions=true";
    let new =
        json!({ "name": "New", "created_by": ada, "max_allowed_memberships": 9, "role_set_key": "role_set:default" });
    let metadata = || Some(json!({ "public_metadata": { "a": { "b": 1 } } }));
    vec![
        listing("/organizations", &[], "?limit=500", 200),
        listing("/organizations", &[], counts, 200),
        listing("/organizations", &[], "?limit=0&offset=x", 422),
        listing(ORGANIZATION, &["acme"], counts, 200),
        listing(ORGANIZATION, &["nobody"], "", 404),
        case("POST", "/organizations", &[], Some(new), 200),
        case("POST", "/organizations", &[], Some(json!({ "name": "Bare" })), 200),
        case("POST", "/organizations", &[], Some(json!({ "name": "New", "created_by": "user_x" })), 400),
        case("POST", "/organizations", &[], Some(json!({ "slug": "acme" })), 422),
        case("PATCH", METADATA, &[acme], metadata(), 200),
        case("PATCH", METADATA, &[acme], Some(json!([])), 400),
        case("PATCH", METADATA, &["org_x"], metadata(), 404),
        case("PATCH", METADATA, &[acme], Some(json!({ "public_metadata": 1, "other": 2 })), 422),
        case("DELETE", ORGANIZATION, &["org_x"], None, 404),
        // Last, because the others need it.
        case("DELETE", ORGANIZATION, &[acme], None, 200),
    ]
}

fn membership_cases(acme: &str, papaya: &str, [ada, alan, maya]: [&str; 3]) -> Vec<Case> {
    let member = |user: &str| Some(json!({ "user_id": user, "role": "org:member", "private_metadata": { "a": 1 } }));
    let role = |role: &str| Some(json!({ "role": role }));
    vec![
        listing(MEMBERSHIPS, &[acme], "?limit=500", 200),
        listing(MEMBERSHIPS, &[acme], "?order_by=role&limit=501", 422),
        listing(MEMBERSHIPS, &["org_x"], "", 404),
        case("POST", MEMBERSHIPS, &[acme], member(maya), 200),
        case("POST", MEMBERSHIPS, &[acme], member(ada), 400),
        case("POST", MEMBERSHIPS, &[papaya], member(ada), 403),
        case("POST", MEMBERSHIPS, &[acme], member("user_x"), 404),
        case("POST", MEMBERSHIPS, &[acme], Some(json!({})), 422),
        case("PATCH", MEMBERSHIP, &[acme, alan], role("org:admin"), 200),
        case("PATCH", MEMBERSHIP, &[papaya, maya], role("org:member"), 400),
        case("PATCH", MEMBERSHIP, &[acme, alan], role("org:owner"), 404),
        case("PATCH", MEMBERSHIP, &[acme, alan], Some(json!({})), 422),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, alan], Some(json!({ "public_metadata": { "a": 1 } })), 200),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, alan], Some(json!("text")), 400),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, "user_x"], None, 404),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, alan], Some(json!({ "unsafe_metadata": {} })), 422),
        case("DELETE", MEMBERSHIP, &[papaya, maya], None, 400),
        case("DELETE", MEMBERSHIP, &[acme, "user_x"], None, 404),
        case("DELETE", MEMBERSHIP, &[acme, alan], None, 200),
    ]
}

fn invitation_cases(acme: &str, papaya: &str, [ada, alan, _]: [&str; 3]) -> Vec<Case> {
    let invite = |address: &str, inviter: Option<&str>| {
        Some(json!({ "email_address": address, "role": "org:member", "inviter_user_id": inviter }))
    };
    vec![
        listing(INVITATIONS, &[acme], "?limit=500", 200),
        listing(INVITATIONS, &[acme], "?status=lost", 422),
        listing(INVITATIONS, &["org_x"], "", 404),
        case("POST", INVITATIONS, &[acme], invite("one@acme.example", Some(ada)), 200),
        case("POST", INVITATIONS, &[acme], invite("two@acme.example", None), 200),
        case("POST", INVITATIONS, &[acme], invite("one@acme.example", None), 400),
        case("POST", INVITATIONS, &[acme], invite("three@acme.example", Some(alan)), 403),
        case("POST", INVITATIONS, &[papaya], invite("four@acme.example", None), 403),
        case("POST", INVITATIONS, &["org_x"], invite("five@acme.example", None), 404),
        case("POST", INVITATIONS, &[acme], Some(json!({ "expires_in_days": 0 })), 422),
    ]
}

fn role_cases() -> Vec<Case> {
    vec![
        listing("/organization_roles", &[], "?query=org&order_by=name", 200),
        listing("/organization_roles", &[], "?order_by=permissions", 422),
    ]
}

fn user_cases(ada: &str) -> Vec<Case> {
    let metadata = Some(json!({ "unsafe_metadata": { "a": { "b": null, "c": [1] } } }));
    vec![
        listing("/users", &[], "?limit=500", 200),
        listing("/users", &[], "?limit=0&starting_after=user_x&provider=oauth_google", 422),
        listing("/users/count", &[], "?banned=true", 200),
        listing("/users/count", &[], "?banned=maybe", 422),
        listing("/users/{user_id}", &[ada], "", 200),
        listing("/users/{user_id}", &["user_x"], "", 404),
        case("PATCH", "/users/{user_id}/metadata", &[ada], metadata.clone(), 200),
        case("PATCH", "/users/{user_id}/metadata", &[ada], Some(json!(1)), 400),
        case("PATCH", "/users/{user_id}/metadata", &["user_x"], metadata, 404),
        case("PATCH", "/users/{user_id}/metadata", &[ada], Some(json!({ "public_metadata": [] })), 422),
    ]
}

/// Every endpoint with a good request and its bad ones; to be sent in this order.
async fn cases(clerk: &Clerk) -> Vec<Case> {
    let (acme, papaya) = (clerk.organization("acme").await, clerk.organization("papaya-studio").await);
    let ada = clerk.user("ada@acme.example").await;
    let (alan, maya) = (clerk.user("alan@acme.example").await, clerk.user("maya@papaya.example").await);
    let people = [ada.as_str(), &alan, &maya];
    let mut cases = user_cases(&ada);
    cases.extend(role_cases());
    cases.extend(invitation_cases(&acme, &papaya, people));
    cases.extend(membership_cases(&acme, &papaya, people));
    cases.extend(organization_cases(&acme, &ada));
    cases
}

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
    document.check("GET", "/users", 200, &clerk.get("/users?limit=500").await.ok());
    let organizations = clerk.get("/organizations?limit=500").await.ok();
    document.check("GET", "/organizations", 200, &organizations);
    for id in each(&organizations["data"], "id") {
        for path in [MEMBERSHIPS, INVITATIONS] {
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
