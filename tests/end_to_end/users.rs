//! The tools for users.

use serde_json::{Value, json};

use crate::harness::answer::is_date;
use crate::harness::{Clerk, Client};

fn ids(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().expect("a page");
    data.iter().map(|user| user["id"].as_str().expect("an id").to_owned()).collect()
}

fn all_ids(clerk: &Clerk, order_by: &str) -> Vec<String> {
    ids(&json!({ "data": clerk.get(&format!("/users?limit=500&order_by={order_by}")) }))
}

#[test]
fn the_cursor_leads_through_all_users_without_gaps() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let expected = all_ids(&clerk, "-created_at");
    let mut found = Vec::new();
    let mut arguments = json!({ "limit": 7 });
    loop {
        let page = server.call("clerk_list_users", arguments.clone()).output();
        assert_eq!(clerk.requests().len(), 1);
        assert_eq!(page.get("next_offset"), None);
        assert_eq!(page["has_more"], page["next_cursor"].is_string());
        found.extend(ids(&page));
        if page["has_more"] == false {
            break;
        }
        assert_eq!(ids(&page).len(), 7);
        arguments["starting_after"] = page["next_cursor"].clone();
    }
    assert_eq!(found, expected);
}

#[test]
fn the_offset_leads_through_users_in_another_order() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let expected = all_ids(&clerk, "first_name");
    let mut found = Vec::new();
    let mut offset = json!(0);
    while !offset.is_null() {
        let arguments = json!({ "limit": 20, "order_by": "first_name", "offset": offset });
        let page = server.call("clerk_list_users", arguments).output();
        assert_eq!(page.get("next_cursor"), None);
        assert_eq!(page["has_more"], page["next_offset"].is_u64());
        found.extend(ids(&page));
        offset = page["next_offset"].clone();
    }
    assert_eq!(found, expected);
    assert_eq!(clerk.requests().len(), expected.len().div_ceil(20));
}

#[test]
fn a_page_that_is_just_full_is_the_last_one() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let count = all_ids(&clerk, "-created_at").len();
    let page = |limit: usize| server.call("clerk_list_users", json!({ "limit": limit })).output();
    assert_eq!((ids(&page(count)).len(), &page(count)["has_more"]), (count, &json!(false)));
    assert_eq!((ids(&page(count - 1)).len(), &page(count - 1)["has_more"]), (count - 1, &json!(true)));
    assert_eq!(page(500)["has_more"], false);
}

#[test]
fn a_user_is_found_by_id_email_address_and_external_id() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let ada = clerk.user("ada@acme.example");
    let get = |arguments: Value| server.call("clerk_get_user", arguments).output();
    let user = get(json!({ "user_id": ada }));
    assert_eq!(get(json!({ "userId": ada })), user);
    assert_eq!(get(json!({ "email_address": "Ada@Acme.example" })), user);
    assert_eq!(get(json!({ "external_id": "crm-1001" })), user);
    assert_eq!(clerk.requests().len(), 4);
    assert_eq!(user["private_metadata"]["salesforce"]["owner"], "inside-sales");
    assert_eq!(user["email_addresses"][0]["verification"]["status"], "verified");
    assert_eq!(user["external_accounts"][0]["provider"], "oauth_google");
    for name in ["created_at", "updated_at", "last_sign_in_at", "last_active_at"] {
        assert!(is_date(&user[name]), "{name}: {user}");
    }
}

#[test]
fn nobody_is_found_by_a_part_of_an_email_address() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for arguments in [json!({ "email_address": "acme.example" }), json!({ "external_id": "crm-1" })] {
        let failure = server.call("clerk_get_user", arguments).failure();
        assert_eq!(failure["code"], "resource_not_found");
        assert_eq!(failure["message"], "no user has exactly this email address or external id");
    }
}

#[test]
fn an_external_id_that_begins_with_a_sign_is_no_exclusion() {
    let clerk = Clerk::sample();
    let failure = clerk.server().call("clerk_get_user", json!({ "external_id": "-crm-1001" })).failure();
    assert_eq!(failure["code"], "resource_not_found");
    assert_eq!(clerk.only_request(), "GET /v1/users?external_id=%2B-crm-1001&limit=2");
}

#[test]
fn filters_reach_clerk_and_hold_together() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let count = |arguments: Value| ids(&server.call("clerk_list_users", arguments).output()).len();
    assert_eq!(count(json!({ "banned": true })), 1);
    assert_eq!(count(json!({ "email_address": ["ada@acme.example", "grace@acme.example"] })), 2);
    assert_eq!(count(json!({ "organization_id": clerk.organization("kestrel-logistics") })), 9);
    assert_eq!(count(json!({ "provider": "oauth_google", "provider_user_id": "108000000000000000001" })), 1);
    assert_eq!(count(json!({ "created_at_after": "2026-05-30T00:00:00Z" })), 1);
    assert_eq!(count(json!({ "createdAtAfter": "2026-05-30", "banned": true })), 0);
}

#[test]
fn private_metadata_of_users_is_listed_only_on_request() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let first = |arguments: Value| server.call("clerk_list_users", arguments).output()["data"][0].clone();
    assert_eq!(first(json!({ "query": "lovelace" })).get("private_metadata"), None);
    let with = first(json!({ "query": "lovelace", "includePrivateMetadata": true }));
    assert_eq!(with["private_metadata"]["seats"]["cad"], 1);
}

#[test]
fn all_three_kinds_of_metadata_merge() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let arguments = json!({
        "user_id": ada, "public_metadata": { "theme": null }, "private_metadata": { "seats": { "cad": 2 } },
        "unsafe_metadata": { "tour": "done" },
    });
    let updated = clerk.server().call("clerk_update_user_metadata", arguments).output();
    let stored = clerk.get(&format!("/users/{ada}"));
    for user in [&updated, &stored] {
        assert_eq!(user["public_metadata"], json!({ "title": "Chief engineer" }));
        assert_eq!(user["private_metadata"]["seats"], json!({ "cad": 2 }));
        assert_eq!(user["private_metadata"]["salesforce"]["owner"], "inside-sales");
        assert_eq!(user["unsafe_metadata"], json!({ "tour": "done" }));
    }
}
