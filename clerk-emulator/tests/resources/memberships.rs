//! `/organizations/{organization_id}/memberships`

use serde_json::{Value, json};

use crate::client::{Clerk, each, sorted, text};

async fn acme(clerk: &Clerk) -> String {
    format!("/organizations/{}/memberships", clerk.organization("acme").await)
}

/// The first names or usernames that a list with these parameters finds in Acme Robotics.
async fn found(clerk: &Clerk, parameters: &str) -> Vec<String> {
    let list = clerk.get(&format!("{}?limit=500&{parameters}", acme(clerk).await)).await.ok();
    let people = each(&list["data"], "public_user_data");
    assert_eq!(list["total_count"], people.len());
    people.into_iter().map(|person| text(&person["identifier"]).replace("@acme.example", "")).collect()
}

#[tokio::test]
async fn a_membership_shows_its_organization_and_its_user() {
    let clerk = Clerk::sample();
    let list = clerk.get(&format!("{}?email_address=ada@acme.example", acme(&clerk).await)).await.ok();
    let membership = &list["data"][0];
    assert_eq!((&membership["role"], &membership["role_name"]), (&json!("org:admin"), &json!("Admin")));
    assert!(membership["permissions"].as_array().unwrap().contains(&json!("org:sys_memberships:manage")));
    assert_eq!(membership["organization"]["slug"], "acme");
    assert!(membership["organization"].get("members_count").is_none());
    assert_eq!(membership["public_user_data"]["identifier"], "ada@acme.example");
    assert_eq!(membership["public_user_data"]["user_id"], clerk.user("ada@acme.example").await);
}

#[tokio::test]
async fn a_list_is_an_envelope_with_the_newest_first() {
    let clerk = Clerk::sample();
    let list = clerk.get(&acme(&clerk).await).await.ok();
    assert_eq!((list["total_count"].as_i64(), list["data"].as_array().unwrap().len()), (Some(16), 10));
    assert_eq!(list["data"][0]["public_user_data"]["identifier"], "intern@acme.example");
}

#[tokio::test]
async fn lists_can_be_ordered_by_the_members_fields() {
    let clerk = Clerk::sample();
    let first = async |order: &str| found(&clerk, &format!("order_by={order}")).await.swap_remove(0);
    assert_eq!(first("first_name").await, "ada");
    assert_eq!(first("last_name").await, "femi");
    assert_eq!(first("-email_address").await, "tim");
    assert_eq!(first("username").await, "ada");
    assert_eq!(first("phone_number").await, "ada");
    assert_eq!(first("%2Bcreated_at").await, "ada");
    // What is absent comes last, so first when descending.
    assert_eq!(found(&clerk, "order_by=first_name").await.pop().unwrap(), "contractor");
    assert_eq!(first("-first_name").await, "contractor");
    assert_eq!(clerk.get(&format!("{}?order_by=role", acme(&clerk).await)).await.faulty_parameters(), ["order_by"]);
}

#[tokio::test]
async fn roles_filter_and_unknown_ones_find_nobody() {
    let clerk = Clerk::sample();
    assert_eq!(found(&clerk, "role=org:admin&order_by=first_name").await, ["ada", "grace"]);
    assert_eq!(found(&clerk, "role=org:billing_manager&role=org:owner").await, ["dorothy"]);
    assert!(found(&clerk, "role=org:owner").await.is_empty());
}

#[tokio::test]
async fn members_are_filtered_like_users() {
    let clerk = Clerk::sample();
    let (ada, maya) = (clerk.user("ada@acme.example").await, clerk.user("maya@papaya.example").await);
    assert_eq!(found(&clerk, &format!("user_id={ada}&user_id={maya}")).await, ["ada"]);
    assert_eq!(found(&clerk, &format!("user_id=-{ada}")).await.len(), 15);
    assert_eq!(found(&clerk, "username=radia&username=aturing&order_by=username").await, ["alan", "radia"]);
    assert_eq!(found(&clerk, "phone_number=%2B12025550102").await, ["grace"]);
    assert_eq!(found(&clerk, "query=LOVELACE").await, ["ada"]);
    assert_eq!(found(&clerk, "name_query=s%C3%B8r").await, ["soren"]);
    assert_eq!(found(&clerk, "email_address_query=RAMIREZ").await, ["jose.ramirez"]);
    assert_eq!(found(&clerk, "username_query=grace").await, ["grace"]);
    assert_eq!(found(&clerk, "phone_number_query=55501&order_by=phone_number").await, ["ada", "grace", "jose.ramirez"]);
    assert_eq!(found(&clerk, "created_at_after=1778500000000").await, ["intern"]);
    assert_eq!(found(&clerk, "last_active_at_before=1777700000000&order_by=first_name").await, ["dorothy", "soren"]);
}

#[tokio::test]
async fn an_unknown_organization_has_no_members() {
    assert_eq!(Clerk::sample().get("/organizations/org_unknown/memberships").await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn a_new_member_has_the_role_and_metadata_given() {
    let clerk = Clerk::sample();
    let maya = clerk.user("maya@papaya.example").await;
    let body = json!({ "user_id": maya, "role": "org:billing_manager", "public_metadata": { "desk": 4 } });
    let created = clerk.post(&acme(&clerk).await, body).await.ok();
    assert_eq!((&created["role"], &created["public_metadata"]["desk"]), (&json!("org:billing_manager"), &json!(4)));
    assert_eq!(created["created_at"], created["updated_at"]);
    assert!(text(&created["id"]).starts_with("orgmem_"));
    assert_eq!(clerk.get("/organizations/acme?include_members_count=true").await.ok()["members_count"], 17);
}

#[tokio::test]
async fn a_new_member_must_be_named_with_a_role() {
    let clerk = Clerk::sample();
    let reply = clerk.post(&acme(&clerk).await, json!({ "role": "" })).await;
    assert_eq!(reply.faulty_parameters(), ["user_id", "role"]);
}

#[tokio::test]
async fn a_new_member_must_exist_have_a_known_role_and_not_be_a_member_already() {
    let clerk = Clerk::sample();
    let target = acme(&clerk).await;
    let (ada, maya) = (clerk.user("ada@acme.example").await, clerk.user("maya@papaya.example").await);
    let add = async |user: &str, role: &str| clerk.post(&target, json!({ "user_id": user, "role": role })).await;
    assert_eq!(add("user_unknown", "org:member").await.refusal(), "404 resource_not_found");
    let reply = add(&maya, "org:owner").await;
    assert_eq!(
        (reply.refusal(), &reply.body["errors"][0]["meta"]["param_name"]),
        ("404 resource_not_found".to_owned(), &json!("role"))
    );
    assert_eq!(add(&ada, "org:member").await.refusal(), "400 already_a_member_in_organization");
}

#[tokio::test]
async fn a_full_organization_takes_nobody_more() {
    let clerk = Clerk::sample();
    // Two members and one pending invitation of three.
    let papaya = clerk.organization("papaya-studio").await;
    let body = json!({ "user_id": clerk.user("ada@acme.example").await, "role": "org:member" });
    let target = format!("/organizations/{papaya}/memberships");
    assert_eq!(clerk.post(&target, body.clone()).await.refusal(), "403 organization_membership_quota_exceeded");
    let kofi = clerk.user("kofi@papaya.example").await;
    clerk.delete(&format!("{target}/{kofi}")).await.ok();
    clerk.post(&target, body).await.ok();
}

#[tokio::test]
async fn a_role_changes_and_updated_at_with_it() {
    let clerk = Clerk::sample();
    let target = format!("{}/{}", acme(&clerk).await, clerk.user("alan@acme.example").await);
    let changed = clerk.patch(&target, json!({ "role": "org:admin" })).await.ok();
    assert_eq!(changed["role"], "org:admin");
    assert!(changed["updated_at"].as_i64() > changed["created_at"].as_i64());
    assert_eq!(found(&clerk, "role=org:admin").await.len(), 3);
    assert_eq!(clerk.patch(&target, json!({ "role": "org:owner" })).await.refusal(), "404 resource_not_found");
    assert_eq!(clerk.patch(&target, json!({})).await.faulty_parameters(), ["role"]);
}

#[tokio::test]
async fn the_last_administrator_can_be_neither_demoted_nor_removed() {
    let clerk = Clerk::sample();
    let members = acme(&clerk).await;
    let (ada, grace) = (clerk.user("ada@acme.example").await, clerk.user("grace@acme.example").await);
    clerk.patch(&format!("{members}/{ada}"), json!({ "role": "org:member" })).await.ok();
    let demoted = clerk.patch(&format!("{members}/{grace}"), json!({ "role": "org:member" })).await;
    assert_eq!(demoted.refusal(), "400 organization_minimum_permissions_needed");
    let removed = clerk.delete(&format!("{members}/{grace}")).await;
    assert_eq!(removed.refusal(), "400 organization_minimum_permissions_needed");
    clerk.patch(&format!("{members}/{grace}"), json!({ "role": "org:admin" })).await.ok();
}

#[tokio::test]
async fn removing_returns_the_membership_that_was() {
    let clerk = Clerk::sample();
    let (members, alan) = (acme(&clerk).await, clerk.user("alan@acme.example").await);
    let removed = clerk.delete(&format!("{members}/{alan}")).await.ok();
    assert_eq!((&removed["object"], &removed["role"]), (&json!("organization_membership"), &json!("org:member")));
    assert_eq!(removed["public_user_data"]["user_id"], alan);
    assert_eq!(clerk.delete(&format!("{members}/{alan}")).await.refusal(), "404 resource_not_found");
    assert_eq!(clerk.get(&members).await.ok()["total_count"], 15);
    clerk.get(&format!("/users/{alan}")).await.ok();
}

#[tokio::test]
async fn a_member_of_another_organization_is_not_found() {
    let clerk = Clerk::sample();
    let target = format!("{}/{}", acme(&clerk).await, clerk.user("maya@papaya.example").await);
    assert_eq!(clerk.delete(&target).await.status, 404);
    assert_eq!(clerk.patch(&target, json!({ "role": "org:admin" })).await.status, 404);
}

#[tokio::test]
async fn somebody_in_two_organizations_has_a_role_in_each() {
    let clerk = Clerk::sample();
    let (members, priya) = (acme(&clerk).await, clerk.user("priya@acme.example").await);
    clerk.patch(&format!("{members}/{priya}"), json!({ "role": "org:admin" })).await.ok();
    let sorland = clerk.organization("sorland-energi").await;
    let there = clerk.get(&format!("/organizations/{sorland}/memberships?user_id={priya}")).await.ok();
    assert_eq!(there["data"][0]["role"], "org:member");
    assert_eq!(sorted(&there["data"], "object"), ["organization_membership"]);
    assert_eq!(there["data"][0]["private_metadata"], Value::Object(serde_json::Map::new()));
}
