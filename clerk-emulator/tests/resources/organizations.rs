//! `/organizations`

use serde_json::{Value, json};

use crate::client::{Clerk, each, sorted, text};

#[tokio::test]
async fn a_list_is_an_envelope_with_the_newest_first() {
    let list = Clerk::sample().get("/organizations").await.ok();
    assert_eq!(list["total_count"], 8);
    let dates: Vec<i64> = each(&list["data"], "created_at").iter().map(|date| date.as_i64().unwrap()).collect();
    assert!(dates.is_sorted_by(|newer, older| newer > older));
    assert_eq!((&list["data"][0]["slug"], &list["data"][7]["slug"]), (&json!("sandbox"), &json!("acme")));
}

#[tokio::test]
async fn pages_cut_the_list_but_not_its_total_count() {
    let clerk = Clerk::sample();
    let page = clerk.get("/organizations?limit=2&offset=6").await.ok();
    assert_eq!(each(&page["data"], "slug"), ["brightwater-health", "acme"]);
    assert_eq!(page["total_count"], 8);
    assert_eq!(clerk.get("/organizations?offset=100").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn every_fault_of_a_query_is_named_at_once() {
    let reply =
        Clerk::sample().get("/organizations?limit=0&offset=-1&order_by=colour&include_members_count=maybe").await;
    assert_eq!(reply.faulty_parameters(), ["include_members_count", "order_by", "limit", "offset"]);
}

#[tokio::test]
async fn limits_reach_from_1_to_500() {
    let clerk = Clerk::sample();
    for (limit, status) in [("1", 200), ("500", 200), ("0", 422), ("501", 422), ("-1", 422), ("ten", 422), ("1.5", 422)]
    {
        assert_eq!(clerk.get(&format!("/organizations?limit={limit}")).await.status, status, "{limit}");
    }
}

#[tokio::test]
async fn counts_appear_only_when_asked_for() {
    let clerk = Clerk::sample();
    let plain = clerk.get("/organizations/acme").await.ok();
    assert!(plain.get("members_count").is_none() && plain.get("pending_invitations_count").is_none());
    assert!(plain.get("missing_member_with_elevated_permissions").is_none());
    let counted = clerk.get("/organizations/acme?include_members_count=true").await.ok();
    assert_eq!((&counted["members_count"], &counted["pending_invitations_count"]), (&json!(16), &json!(3)));
    let list = clerk.get("/organizations?include_members_count=true&query=papaya").await.ok();
    assert_eq!(list["data"][0]["members_count"], 2);
}

#[tokio::test]
async fn an_organization_without_an_administrator_says_so() {
    let clerk = Clerk::sample();
    let flag = "include_missing_member_with_elevated_permissions=true";
    let missing = |body: Value| body["missing_member_with_elevated_permissions"].clone();
    assert_eq!(missing(clerk.get(&format!("/organizations/acme?{flag}")).await.ok()), false);
    assert_eq!(missing(clerk.get(&format!("/organizations/sandbox?{flag}")).await.ok()), true);
}

#[tokio::test]
async fn lists_can_be_ordered_both_ways() {
    let clerk = Clerk::sample();
    let first =
        async |order: &str| text(&clerk.get(&format!("/organizations?order_by={order}")).await.ok()["data"][0]["slug"]);
    assert_eq!(first("name").await, "acme");
    assert_eq!(first("%2Bname").await, "acme");
    assert_eq!(first("-name").await, "tohoku-instruments");
    assert_eq!(first("-members_count").await, "acme");
    assert_eq!(first("members_count").await, "sandbox");
    assert_eq!(first("created_at").await, "acme");
    // An unencoded plus sign is a space in a query string.
    assert_eq!(clerk.get("/organizations?order_by=+name").await.status, 422);
}

#[tokio::test]
async fn a_query_finds_parts_of_names_and_slugs_but_whole_ids() {
    let clerk = Clerk::sample();
    let id = clerk.organization("acme").await;
    let slugs =
        async |query: &str| sorted(&clerk.get(&format!("/organizations?query={query}")).await.ok()["data"], "slug");
    assert_eq!(slugs("ROBOT").await, ["acme"]);
    assert_eq!(slugs("-dub").await, ["maison-dubois"]);
    assert_eq!(slugs("%E8%A8%88%E5%99%A8").await, ["tohoku-instruments"]);
    assert_eq!(slugs(&id).await, ["acme"]);
    assert!(slugs(&id[..id.len() - 1]).await.is_empty());
}

#[tokio::test]
async fn organizations_are_found_by_their_members() {
    let clerk = Clerk::sample();
    let (priya, ada) = (clerk.user("priya@acme.example").await, clerk.user("ada@acme.example").await);
    let found = clerk.get(&format!("/organizations?user_id={priya}")).await.ok();
    assert_eq!(sorted(&found["data"], "slug"), ["acme", "sorland-energi"]);
    let found = clerk.get(&format!("/organizations?user_id=%2B{priya}&user_id=-{ada}")).await.ok();
    assert_eq!(sorted(&found["data"], "slug"), ["sorland-energi"]);
}

#[tokio::test]
async fn ids_are_included_and_excluded_by_their_prefix() {
    let clerk = Clerk::sample();
    let (acme, sandbox) = (clerk.organization("acme").await, clerk.organization("sandbox").await);
    let target =
        format!("/organizations?organization_id={acme}&organization_id=%2B{sandbox}&organization_id=org_unknown");
    assert_eq!(sorted(&clerk.get(&target).await.ok()["data"], "slug"), ["acme", "sandbox"]);
    assert_eq!(clerk.get(&format!("/organizations?organization_id=-{acme}")).await.ok()["total_count"], 7);
}

#[tokio::test]
async fn a_parameter_takes_a_hundred_values() {
    let clerk = Clerk::sample();
    let many = |count| format!("/organizations?{}", vec!["organization_id=org_1"; count].join("&"));
    assert_eq!(clerk.get(&many(100)).await.status, 200);
    assert_eq!(clerk.get(&many(101)).await.refusal(), "422 form_param_array_size_exceeded");
}

#[tokio::test]
async fn one_is_found_by_id_or_slug() {
    let clerk = Clerk::sample();
    let by_slug = clerk.get("/organizations/acme").await.ok();
    let by_id = clerk.get(&format!("/organizations/{}", text(&by_slug["id"]))).await.ok();
    assert_eq!(by_slug, by_id);
    assert_eq!(clerk.get("/organizations/nobody").await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn a_slug_stands_for_an_id_only_when_reading() {
    let clerk = Clerk::sample();
    assert_eq!(clerk.delete("/organizations/acme").await.status, 404);
    assert_eq!(clerk.patch("/organizations/acme/metadata", json!({})).await.status, 404);
    assert_eq!(clerk.get("/organizations/acme/memberships").await.status, 404);
}

#[tokio::test]
async fn a_new_organization_is_there_with_its_creator_as_administrator() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example").await;
    let body = json!({
        "name": "New Company",
        "slug": "new-company",
        "created_by": ada,
        "public_metadata": { "plan": "pro" },
        "private_metadata": null,
        "created_at": "2012-10-20T07:15:20.902Z",
    });
    let created = clerk.post("/organizations", body).await.ok();
    assert_eq!(created["created_at"], 1_350_717_320_902_i64);
    assert_eq!(created["public_metadata"], json!({ "plan": "pro" }));
    assert_eq!((&created["created_by"], &created["max_allowed_memberships"]), (&json!(ada), &json!(5)));
    assert_eq!(clerk.get("/organizations/new-company").await.ok(), created);
    let members = clerk.get(&format!("/organizations/{}/memberships", text(&created["id"]))).await.ok();
    assert_eq!((&members["total_count"], &members["data"][0]["role"]), (&json!(1), &json!("org:admin")));
}

#[tokio::test]
async fn a_slug_left_out_follows_from_the_name() {
    let clerk = Clerk::sample();
    let first = clerk.post("/organizations", json!({ "name": "Blue & Green GmbH" })).await.ok();
    let second = clerk.post("/organizations", json!({ "name": "Blue, Green: GmbH" })).await.ok();
    assert_eq!((&first["slug"], &second["slug"]), (&json!("blue-green-gmbh"), &json!("blue-green-gmbh-2")));
}

#[tokio::test]
async fn the_same_requests_give_the_same_ids() {
    let (one, other) = (Clerk::sample(), Clerk::sample());
    assert_eq!(one.new_organization("One").await, other.new_organization("Other").await);
    assert_ne!(one.new_organization("Second").await, other.organization("other").await);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_organization_is_named_at_once() {
    let body = json!({
        "name": "See https://bad.example",
        "slug": "Not A Slug",
        "max_allowed_memberships": -1,
        "public_metadata": "text",
        "created_at": "yesterday",
    });
    let reply = Clerk::sample().post("/organizations", body).await;
    let expected = ["name", "slug", "max_allowed_memberships", "public_metadata", "created_at"];
    assert_eq!(reply.faulty_parameters(), expected);
}

#[tokio::test]
async fn a_name_must_be_there_and_be_plain_and_short() {
    let clerk = Clerk::sample();
    let name = async |name: Value| clerk.post("/organizations", json!({ "name": name })).await.refusal();
    assert_eq!(clerk.post("/organizations", json!({})).await.refusal(), "422 form_param_missing");
    assert_eq!(name(Value::Null).await, "422 form_param_missing");
    assert_eq!(name(json!("  ")).await, "422 form_param_value_invalid");
    assert_eq!(name(json!("<b>Bold</b>")).await, "422 form_param_value_invalid");
    assert_eq!(name(json!(7)).await, "422 form_param_type_invalid");
    assert_eq!(name(json!("x".repeat(257))).await, "422 form_param_max_length_exceeded");
    clerk.post("/organizations", json!({ "name": "ü".repeat(256) })).await.ok();
}

#[tokio::test]
async fn a_slug_is_given_once() {
    let reply = Clerk::sample().post("/organizations", json!({ "name": "Other", "slug": "acme" })).await;
    assert_eq!(reply.refusal(), "422 form_identifier_exists");
    assert_eq!(reply.faulty_parameters(), ["slug"]);
}

#[tokio::test]
async fn an_unknown_creator_is_refused_and_nothing_is_made() {
    let clerk = Clerk::sample();
    let reply = clerk.post("/organizations", json!({ "name": "Orphan", "created_by": "user_unknown" })).await;
    assert_eq!(reply.refusal(), "400 organization_creator_not_found");
    assert_eq!(clerk.get("/organizations").await.ok()["total_count"], 8);
}

#[tokio::test]
async fn deleting_takes_memberships_and_invitations_along() {
    let clerk = Clerk::sample();
    let acme = clerk.organization("acme").await;
    let deleted = clerk.delete(&format!("/organizations/{acme}")).await.ok();
    assert_eq!(deleted, json!({ "object": "organization", "id": acme, "slug": "acme", "deleted": true }));

    assert_eq!(clerk.delete(&format!("/organizations/{acme}")).await.refusal(), "404 resource_not_found");
    for path in ["", "/memberships", "/invitations"] {
        assert_eq!(clerk.get(&format!("/organizations/{acme}{path}")).await.status, 404, "{path}");
    }
    assert_eq!(clerk.get("/organizations").await.ok()["total_count"], 7);
    assert_eq!(clerk.get(&format!("/users?organization_id={acme}")).await.ok(), json!([]));
    let priya = clerk.user("priya@acme.example").await;
    let left = clerk.get(&format!("/organizations?user_id={priya}")).await.ok();
    assert_eq!(sorted(&left["data"], "slug"), ["sorland-energi"]);
    assert_eq!(clerk.get("/users/count").await.ok()["total_count"], 61);
}
