//! The tools for organizations.

use serde_json::{Value, json};

use crate::harness::answer::is_date;
use crate::harness::{Clerk, Client, Reply, Upstream};

#[test]
fn a_list_tells_how_many_there_are_and_that_it_is_complete() {
    let clerk = Clerk::sample();
    let list = clerk.server().call("clerk_list_organizations", json!({})).output();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(8));
    assert_eq!(list["total_count"], 8);
    assert_eq!(list["has_more"], false);
    assert_eq!(list.get("next_offset"), None);
    assert_eq!(list.get("next_cursor"), None);
}

#[test]
fn absent_arguments_mean_none() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let expected = server.call("clerk_list_organizations", json!({})).output();
    for parameters in [
        json!({ "name": "clerk_list_organizations" }),
        json!({ "name": "clerk_list_organizations", "arguments": null }),
        json!({ "name": "clerk_list_organizations", "arguments": { "query": null } }),
    ] {
        assert_eq!(server.request("tools/call", parameters).output(), expected);
    }
}

#[test]
fn pages_by_offset_have_no_gaps() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let mut slugs = Vec::new();
    let mut offset = json!(0);
    while !offset.is_null() {
        let page = server.call("clerk_list_organizations", json!({ "limit": 3, "offset": offset, "order_by": "name" }));
        let page = page.output();
        assert_eq!(page["total_count"], 8);
        assert_eq!(page["has_more"], page["next_offset"].is_u64());
        slugs.extend(page["data"].as_array().expect("a page").iter().map(|item| item["slug"].clone()));
        offset = page["next_offset"].clone();
    }
    assert_eq!(clerk.requests().len(), 3);
    let all = clerk.get("/organizations?limit=500&order_by=name");
    let expected: Vec<Value> = all["data"].as_array().expect("all").iter().map(|item| item["slug"].clone()).collect();
    assert_eq!(slugs, expected);
}

#[test]
fn a_page_behind_the_last_one_is_empty() {
    let clerk = Clerk::sample();
    let page = clerk.server().call("clerk_list_organizations", json!({ "offset": 1000 })).output();
    assert_eq!(page, json!({ "data": [], "total_count": 8, "has_more": false }));
}

#[test]
fn an_organization_is_found_by_id_and_by_slug() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let by_slug = server.call("clerk_get_organization", json!({ "slug": "acme" })).output();
    let by_id = server.call("clerk_get_organization", json!({ "organization_id": by_slug["id"] })).output();
    let in_camel_case = server.call("clerk_get_organization", json!({ "organizationId": by_slug["id"] })).output();
    assert_eq!(by_slug, by_id);
    assert_eq!(by_slug, in_camel_case);
    assert_eq!(by_slug["name"], "Acme Robotics");
    assert_eq!(by_slug["members_count"], 16);
    assert_eq!(by_slug["pending_invitations_count"], 3);
    assert!(is_date(&by_slug["created_at"]) && is_date(&by_slug["updated_at"]), "{by_slug}");
}

#[test]
fn private_metadata_is_listed_only_on_request() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let first = |arguments: Value| server.call("clerk_list_organizations", arguments).output()["data"][0].clone();
    assert_eq!(first(json!({ "query": "acme" })).get("private_metadata"), None);
    let with = first(json!({ "query": "acme", "include_private_metadata": true }));
    assert_eq!(with["private_metadata"]["account_manager"], "quinn");
    let got = server.call("clerk_get_organization", json!({ "slug": "acme" })).output();
    assert_eq!(got["private_metadata"], with["private_metadata"]);
}

#[test]
fn a_created_organization_exists_with_its_creator_as_administrator() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let arguments = json!({
        "name": "Umbrella", "slug": "umbrella", "createdBy": ada, "max_allowed_memberships": 7,
        "public_metadata": { "plan": "pro" }, "private_metadata": { "crm": 1 }, "created_at": "2024-02-29",
    });
    let created = clerk.server().call("clerk_create_organization", arguments).output();
    let stored = clerk.get("/organizations/umbrella?include_members_count=true");
    assert_eq!(created["id"], stored["id"]);
    assert_eq!(created["created_at"], "2024-02-29T00:00:00Z");
    assert_eq!(stored["max_allowed_memberships"], 7);
    assert_eq!(stored["members_count"], 1);
    assert_eq!(stored["created_by"], ada);
    assert_eq!(stored["public_metadata"], json!({ "plan": "pro" }));
    assert_eq!(stored["private_metadata"], json!({ "crm": 1 }));
}

#[test]
fn metadata_merges_and_null_removes() {
    let clerk = Clerk::sample();
    let acme = clerk.organization("acme");
    let changes = json!({ "features": { "sso": null, "scim": true }, "region": "eu-west" });
    let arguments = json!({ "organization_id": acme, "public_metadata": changes });
    let updated = clerk.server().call("clerk_update_organization_metadata", arguments).output();
    let expected =
        json!({ "plan": "enterprise", "region": "eu-west", "features": { "audit_log": true, "scim": true } });
    assert_eq!(updated["public_metadata"], expected);
    assert_eq!(clerk.get("/organizations/acme")["public_metadata"], expected);
    assert_eq!(clerk.get("/organizations/acme")["private_metadata"]["account_manager"], "quinn");
}

#[test]
fn a_deleted_organization_is_gone() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    let acme = clerk.organization("acme");
    let deleted = server.call("clerk_delete_organization", json!({ "organization_id": acme })).output();
    assert_eq!(deleted, json!({ "id": acme, "slug": "acme", "deleted": true, "untrusted_text": "slug" }));
    assert_eq!(clerk.get("/organizations/acme"), json!({ "status": 404 }));
    let again = server.call("clerk_delete_organization", json!({ "organization_id": acme })).failure();
    assert_eq!((&again["code"], &again["status"]), (&json!("resource_not_found"), &json!(404)));
}

#[test]
fn an_organization_s_domains_and_its_single_sign_on_are_listed_together() {
    let clerk = Clerk::sample();
    let (server, acme) = (clerk.server(), clerk.organization("acme"));
    let found = server.call("clerk_list_organization_domains", json!({ "organization_id": acme })).output();
    let names = |list: &str, name: &str| -> Vec<Value> {
        found[list]["data"].as_array().into_iter().flatten().map(|one| one[name].clone()).collect()
    };
    let expected = |target: &str, name: &str| -> Vec<Value> {
        let listed = clerk.get(target);
        listed["data"].as_array().into_iter().flatten().map(|one| one[name].clone()).collect()
    };
    let domains = expected(&format!("/organizations/{acme}/domains?limit=100"), "name");
    assert!(!domains.is_empty(), "the sample has some");
    assert_eq!(names("domains", "name"), domains);
    let connections = expected(&format!("/enterprise_connections?organization_id={acme}"), "id");
    assert_eq!(names("enterprise_connections", "id"), connections);
    assert_eq!(found["failed"], json!([]));
}

/// A filter that is ignored would show another customer's single sign-on.
#[test]
fn single_sign_on_of_another_organization_is_not_shown() {
    let upstream = Upstream::new(|seen| {
        let item = if seen.line.contains("/domains") {
            json!({ "id": "orgdmn_1", "organization_id": "org_1", "name": "acme.example" })
        } else {
            json!({ "id": "entconn_1", "organization_id": "org_2", "name": "Okta of somebody else" })
        };
        Reply::json(200, &json!({ "data": [item], "total_count": 1 }))
    });
    let found =
        upstream.server().call("clerk_list_organization_domains", json!({ "organization_id": "org_1" })).output();
    assert_eq!(found["domains"]["data"][0]["name"], "acme.example");
    assert_eq!(found["failed"][0]["code"], "unexpected_object", "{found}");
    assert!(!found.to_string().contains("somebody else"), "{found}");
}
