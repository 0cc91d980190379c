//! The tools for members.

use serde_json::{Value, json};

use crate::harness::answer::is_date;
use crate::harness::{Clerk, Client};

#[test]
fn a_member_is_shown_with_role_user_and_organization() {
    let clerk = Clerk::sample();
    let arguments = json!({ "organization_id": clerk.organization("acme"), "email_address": "dorothy@acme.example" });
    let list = clerk.server().call("clerk_list_organization_members", arguments).output();
    let member = &list["data"][0];
    assert_eq!((&list["total_count"], &list["has_more"]), (&json!(1), &json!(false)));
    assert_eq!(member["role"], "org:billing_manager");
    let user = json!({
        "user_id": clerk.user("dorothy@acme.example"), "identifier": "dorothy@acme.example",
        "first_name": "Dorothy", "last_name": "Vaughan", "banned": false,
    });
    assert_eq!(member["public_user_data"], user);
    let organization = json!({ "id": clerk.organization("acme"), "name": "Acme Robotics", "slug": "acme" });
    assert_eq!(member["organization"], organization);
    assert_eq!(member["public_metadata"], json!({ "cost_center": "finance" }));
    assert!(is_date(&member["created_at"]), "{member}");
}

#[test]
fn pages_of_members_have_no_gaps() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let acme = clerk.organization("acme");
    let mut ids = Vec::new();
    for offset in [0, 5, 10, 15] {
        let arguments = json!({ "organization_id": acme, "limit": 5, "offset": offset, "order_by": "email_address" });
        let page = server.call("clerk_list_organization_members", arguments).output();
        let has_more = offset < 15;
        assert_eq!((page["has_more"] == true, page["next_offset"].is_u64()), (has_more, has_more));
        ids.extend(page["data"].as_array().expect("a page").iter().map(|member| member["id"].clone()));
    }
    assert_eq!(ids.len(), 16);
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 16);
}

#[test]
fn private_metadata_of_members_is_listed_only_on_request() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let (acme, tim) = (clerk.organization("acme"), clerk.user("tim@acme.example"));
    let changes = json!({ "organization_id": acme, "user_id": tim, "private_metadata": { "badge": 7 } });
    let updated = server.call("clerk_update_member_metadata", changes).output();
    assert_eq!(updated["private_metadata"], json!({ "badge": 7 }));
    let list = |included: bool| {
        let arguments = json!({ "organization_id": acme, "user_id": tim, "include_private_metadata": included });
        server.call("clerk_list_organization_members", arguments).output()["data"][0].clone()
    };
    assert_eq!(list(false).get("private_metadata"), None);
    assert_eq!(list(true)["private_metadata"], json!({ "badge": 7 }));
}

#[test]
fn a_changed_role_is_stored() {
    let clerk = Clerk::sample();
    let (acme, tim) = (clerk.organization("acme"), clerk.user("tim@acme.example"));
    let arguments = json!({ "organizationId": acme, "userId": tim, "role": "org:billing_manager" });
    clerk.server().call("clerk_update_member_role", arguments).output();
    assert_eq!(stored_membership(&clerk, &acme, &tim)["role"], "org:billing_manager");
}

#[test]
fn a_removed_member_is_gone_and_keeps_the_account() {
    let clerk = Clerk::sample();
    let (acme, tim) = (clerk.organization("acme"), clerk.user("tim@acme.example"));
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    server.call("clerk_remove_member", json!({ "organization_id": acme, "user_id": tim })).output();
    assert_eq!(stored_membership(&clerk, &acme, &tim), Value::Null);
    assert_eq!(clerk.get(&format!("/users/{tim}"))["id"], tim);
}

#[test]
fn the_last_administrator_stays() {
    let clerk = Clerk::sample();
    let (kestrel, ines) = (clerk.organization("kestrel-logistics"), clerk.user("ines@kestrel.example"));
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    let failure = server.call("clerk_remove_member", json!({ "organization_id": kestrel, "user_id": ines })).failure();
    assert_eq!(failure["code"], "organization_minimum_permissions_needed");
    assert_eq!(failure["status"], 400);
    assert_eq!(stored_membership(&clerk, &kestrel, &ines)["role"], "org:admin");
}

fn stored_membership(clerk: &Clerk, organization: &str, user: &str) -> Value {
    clerk.get(&format!("/organizations/{organization}/memberships?user_id={user}"))["data"][0].clone()
}
