//! Refusals of requests that are well-formed, in the collections that have no tests of their own.

use serde_json::{Value, json};

use crate::client::{Clerk, each, text};

/// Sends requests to one emulator in turn; the answers are their statuses, with the code of what is refused.
async fn answers(clerk: &Clerk, requests: &[(&str, &str, Value)]) -> Vec<String> {
    let mut answers = Vec::new();
    for (method, path, body) in requests {
        let reply = clerk.call(method, path, Some(body.clone())).await;
        answers.push(if reply.status < 300 { "200".to_owned() } else { reply.refusal() });
    }
    answers
}

const TAKEN: &str = "422 form_identifier_exists";

#[tokio::test]
async fn only_on_demand_somebody_is_invited_who_was_before_or_has_an_account() {
    let invite = |address: &str, more: bool| {
        ("POST", "/invitations", json!({ "email_address": address, "ignore_existing": more }))
    };
    let bulk = |address: &str| {
        let list =
            json!([{ "email_address": "b@mail.example" }, { "email_address": address, "ignore_existing": true }]);
        ("POST", "/invitations/bulk", list)
    };
    let requests = [
        invite("ada@acme.example", false),
        invite("Ada@acme.example", true),
        invite("a@mail.example", false),
        invite("A@mail.example", false),
        invite("a@mail.example", true),
        bulk("grace@acme.example"),
        bulk("a@mail.example"),
    ];
    let clerk = Clerk::sample();
    assert_eq!(answers(&clerk, &requests).await, [TAKEN, "200", "200", TAKEN, "200", TAKEN, "200"]);
    let list = clerk.get("/invitations?query=b@mail").await.ok();
    assert_eq!(each(&list, "email_address"), ["b@mail.example"], "of the refused list nothing stays");
}

#[tokio::test]
async fn somebody_on_the_waitlist_is_there_once_and_invited_once() {
    let clerk = Clerk::sample();
    let entry = clerk.get("/waitlist_entries?query=viktor").await.ok()["data"][0].clone();
    let again = clerk.post("/waitlist_entries", json!({ "email_address": "Viktor@mail.example" })).await.ok();
    assert_eq!(again["id"], entry["id"]);
    let twice = json!([{ "email_address": "new@mail.example" }, { "email_address": "NEW@mail.example" }]);
    assert_eq!(clerk.post("/waitlist_entries/bulk", twice).await.refusal(), TAKEN);
    let path = format!("/waitlist_entries/{}/invite", text(&entry["id"]));
    let requests =
        [("POST", &*path, json!({})), ("POST", &path, json!({})), ("POST", &path, json!({ "ignore_existing": true }))];
    assert_eq!(answers(&clerk, &requests).await, ["200", "409 form_identifier_exists", "200"]);
}

#[tokio::test]
async fn what_is_revoked_is_not_revoked_again_and_its_invitation_is_listed_on_demand() {
    let clerk = Clerk::sample();
    let user = clerk.user("intern@acme.example").await;
    for (path, body) in [
        ("/invitations", json!({ "email_address": "a@mail.example" })),
        ("/actor_tokens", json!({ "user_id": user, "actor": { "sub": user } })),
        ("/sign_in_tokens", json!({ "user_id": user })),
    ] {
        let id = text(&clerk.post(path, body).await.ok()["id"]);
        let revoke = format!("{path}/{id}/revoke");
        assert_eq!(clerk.post(&revoke, json!({})).await.ok()["status"], "revoked");
        assert_eq!(clerk.post(&revoke, json!({})).await.refusal(), "400 already_revoked");
    }
    assert_eq!(each(&clerk.get("/invitations").await.ok(), "email_address"), ["yuki@mail.example"]);
    assert_eq!(each(&clerk.get("/invitations?status=revoked").await.ok(), "email_address"), ["a@mail.example"]);
}

#[tokio::test]
async fn addresses_and_keys_have_their_form() {
    let set = |key: &str| {
        let roles = json!(["org:admin", "org:member"]);
        let mut body = json!({ "name": "A-1", "roles": roles, "key": key });
        body["default_role_key"] = "org:member".into();
        body["creator_role_key"] = "org:admin".into();
        ("POST", "/role_sets", body)
    };
    let role = |key: &str| ("POST", "/organization_roles", json!({ "name": "A", "key": key }));
    let permission = |key: &str| ("POST", "/organization_permissions", json!({ "name": "A", "key": key }));
    let address = |path| ("POST", path, json!({ "email_address": "nonsense" }));
    let wrong = [
        address("/invitations"),
        address("/waitlist_entries"),
        set("org:small2"),
        set("role_set:Small"),
        role("auditor"),
        role("org:reports:read"),
        permission("org:reports"),
        permission("org:sys_reports:read"),
    ];
    let clerk = Clerk::sample();
    for answer in answers(&clerk, &wrong).await {
        assert_eq!(answer, "422 form_param_format_invalid");
    }
    let right = [set("role_set:small_2"), role("org:auditor_2"), permission("org:reports:read")];
    assert_eq!(answers(&clerk, &right).await, ["200"; 3]);
    let (_, path, mut unnamed) = set("");
    unnamed.as_object_mut().unwrap().remove("key");
    assert_eq!(clerk.post(path, unnamed).await.ok()["key"], "role_set:a_1");
}

#[tokio::test]
async fn a_set_has_no_role_twice() {
    let clerk = Clerk::sample();
    let roles = json!({ "role_keys": ["org:member", "org:member"] });
    let set = clerk.post("/role_sets/role_set:default/roles", roles).await.ok();
    assert_eq!(each(&set["roles"], "key"), ["org:admin", "org:member", "org:billing_manager"]);
}

#[tokio::test]
async fn what_is_clerks_own_stays() {
    let clerk = Clerk::sample();
    let first = |list: Value, is_it: fn(&Value) -> bool| {
        text(&list["data"].as_array().unwrap().iter().find(|thing| is_it(thing)).unwrap()["id"])
    };
    let permission = first(clerk.get("/organization_permissions").await.ok(), |one| one["type"] == "system");
    let permission = format!("/organization_permissions/{permission}");
    let domain = first(clerk.get("/domains").await.ok(), |one| one["is_satellite"] == false);
    let domain = format!("/domains/{domain}");
    let requests = [
        ("PATCH", &*permission, json!({ "description": "Mine" })),
        ("DELETE", &permission, json!({})),
        ("DELETE", &domain, json!({})),
    ];
    assert_eq!(answers(&clerk, &requests).await, ["403 authorization_invalid"; 3]);
    assert_eq!(clerk.get(&permission).await.ok()["description"], "");
    assert_eq!(clerk.get("/domains").await.ok()["total_count"], 2);
}

#[tokio::test]
async fn an_identifier_is_blocked_once_whatever_its_case() {
    let block = |identifier: &str| ("POST", "/blocklist_identifiers", json!({ "identifier": identifier }));
    let requests = [block("ADA@mail.example"), block("ada@mail.example"), block("bob@mail.example")];
    assert_eq!(answers(&Clerk::sample(), &requests).await, ["200", TAKEN, "200"]);
}

#[tokio::test]
async fn a_group_is_mapped_that_is_named_where_mapping_is_on() {
    let clerk = Clerk::sample();
    let role = text(&clerk.get("/organization_roles").await.ok()["data"][0]["id"]);
    let directory = format!("/directories/{}", text(&clerk.get("/directories").await.ok()["data"][0]["id"]));
    let mappings = format!("{directory}/group_role_mappings");
    let map = |groups: Value| {
        let mut body = groups;
        body["role_id"] = role.as_str().into();
        ("POST", &*mappings, body)
    };
    let one = || json!({ "directory_group_id": "a" });
    let requests = [
        map(json!({})),
        map(json!({ "directory_group_id": "a", "scim_group_id": "b" })),
        map(one()),
        ("PATCH", &directory, json!({ "group_role_mapping_enabled": false })),
        map(one()),
        ("PUT", &mappings, json!({ "mappings": [] })),
    ];
    let off = "403 authorization_invalid";
    let expected = ["422 form_param_missing", "422 form_param_value_invalid", "200", "200", off, off];
    assert_eq!(answers(&clerk, &requests).await, expected);
}
