//! `/users/{user_id}/organization_memberships` and `/users/{user_id}/organization_invitations`

use serde_json::{Value, json};

use crate::client::{Clerk, each};

async fn list(clerk: &Clerk, email_address: &str, kind: &str) -> Value {
    let user = clerk.user(email_address).await;
    clerk.get(&format!("/users/{user}/organization_{kind}")).await.ok()
}

#[tokio::test]
async fn a_user_is_shown_with_every_organization_the_newest_membership_first() {
    let clerk = Clerk::sample();
    let memberships = list(&clerk, "priya@acme.example", "memberships").await;
    assert_eq!(memberships["total_count"], 2);
    let mut slugs: Vec<&Value> =
        memberships["data"].as_array().unwrap().iter().map(|membership| &membership["organization"]["slug"]).collect();
    slugs.sort_by_key(|slug| slug.as_str());
    assert_eq!(slugs, ["acme", "sorland-energi"]);
    let dates: Vec<Option<i64>> = each(&memberships["data"], "created_at").into_iter().map(Value::as_i64).collect();
    assert!(dates.is_sorted_by(|newer, older| newer >= older));
}

#[tokio::test]
async fn both_lists_have_pages() {
    let clerk = Clerk::sample();
    let page = list(&clerk, "priya@acme.example", "memberships?limit=1&offset=1").await;
    assert_eq!((&page["total_count"], page["data"].as_array().unwrap().len()), (&json!(2), 1));
    for kind in ["memberships", "invitations"] {
        let reply = clerk.get(&format!("/users/user_unknown/organization_{kind}?limit=0")).await;
        assert_eq!(reply.faulty_parameters(), ["limit"]);
        let reply = clerk.get(&format!("/users/user_unknown/organization_{kind}")).await;
        assert_eq!(reply.refusal(), "404 resource_not_found");
    }
}

#[tokio::test]
async fn an_invitation_shows_its_organization() {
    let invitations = list(&Clerk::sample(), "intern@acme.example", "invitations").await;
    assert_eq!(invitations["total_count"], 1);
    let invitation = &invitations["data"][0];
    assert_eq!((&invitation["status"], &invitation["url"]), (&json!("accepted"), &Value::Null));
    assert_eq!(invitation["public_organization_data"]["slug"], "acme");
}

#[tokio::test]
async fn invitations_go_to_any_address_of_a_user_and_are_filtered_by_status() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox").await;
    let body = json!({ "email_address": "quinn@work.example", "role": "org:member" });
    let invitation = clerk.post(&format!("/organizations/{sandbox}/invitations"), body).await.ok();
    let pending = list(&clerk, "quinn@mail.example", "invitations?status=pending").await;
    assert_eq!(each(&pending["data"], "id"), [&invitation["id"]]);
    assert_eq!(pending["data"][0]["url"], invitation["url"]);
    assert_eq!(list(&clerk, "quinn@mail.example", "invitations?status=revoked").await["total_count"], 0);
    let quinn = clerk.user("quinn@mail.example").await;
    let reply = clerk.get(&format!("/users/{quinn}/organization_invitations?status=lost")).await;
    assert_eq!(reply.faulty_parameters(), ["status"]);
}
