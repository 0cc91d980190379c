//! `/users`: lists, orders, pages, the cursor, the count, one user.

use serde_json::{Value, json};

use crate::client::{Clerk, each, text};

async fn ids(clerk: &Clerk, parameters: &str) -> Vec<String> {
    let list = clerk.get(&format!("/users?{parameters}")).await.ok();
    each(&list, "id").into_iter().map(text).collect()
}

/// The email address of the first user in an order.
async fn first(clerk: &Clerk, order: &str) -> Value {
    let list = clerk.get(&format!("/users?limit=1&order_by={order}")).await.ok();
    list[0]["email_addresses"][0]["email_address"].clone()
}

#[tokio::test]
async fn a_list_is_a_bare_array_with_the_newest_first() {
    let list = Clerk::sample().get("/users").await.ok();
    assert_eq!(list.as_array().unwrap().len(), 10);
    let dates: Vec<i64> = each(&list, "created_at").iter().map(|date| date.as_i64().unwrap()).collect();
    assert!(dates.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn offsets_walk_the_whole_list() {
    let clerk = Clerk::sample();
    let all = ids(&clerk, "limit=500").await;
    let mut walked = Vec::new();
    for offset in (0..70).step_by(7) {
        walked.extend(ids(&clerk, &format!("limit=7&offset={offset}")).await);
    }
    assert_eq!((walked.len(), &walked), (61, &all));
}

#[tokio::test]
async fn a_cursor_walks_the_whole_list_both_ways() {
    let clerk = Clerk::sample();
    for order in ["-created_at", "created_at", "%2Bcreated_at"] {
        let all = ids(&clerk, &format!("limit=500&order_by={order}")).await;
        let mut walked = ids(&clerk, &format!("limit=25&order_by={order}")).await;
        while let Some(last) = walked.last() {
            let page = ids(&clerk, &format!("limit=25&order_by={order}&starting_after={last}")).await;
            if page.is_empty() {
                break;
            }
            walked.extend(page);
        }
        assert_eq!(walked, all, "{order}");
    }
}

#[tokio::test]
async fn a_cursor_works_with_filters() {
    let clerk = Clerk::sample();
    let acme = clerk.organization("acme").await;
    let all = ids(&clerk, &format!("limit=500&organization_id={acme}")).await;
    let rest = ids(&clerk, &format!("limit=500&organization_id={acme}&starting_after={}", all[4])).await;
    assert_eq!(rest, all[5..]);
}

#[tokio::test]
async fn a_cursor_needs_its_order_no_offset_and_a_user() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example").await;
    let faults = async |parameters: &str| {
        let reply = clerk.get(&format!("/users?{parameters}")).await;
        reply.faulty_parameters().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(faults(&format!("starting_after={ada}&order_by=username")).await, ["starting_after"]);
    assert_eq!(faults(&format!("starting_after={ada}&offset=1")).await, ["starting_after"]);
    assert_eq!(faults("starting_after=user_unknown").await, ["starting_after"]);
    assert_eq!(clerk.get(&format!("/users?starting_after={ada}&offset=0")).await.status, 200);
}

#[tokio::test]
async fn lists_can_be_ordered_by_ten_fields() {
    let clerk = Clerk::sample();
    assert_eq!(first(&clerk, "created_at").await, "ada@acme.example");
    assert_eq!(first(&clerk, "-created_at").await, "newcomer@mail.example");
    assert_eq!(first(&clerk, "email_address").await, "ada@acme.example");
    assert_eq!(first(&clerk, "username").await, "ada@acme.example");
    assert_eq!(first(&clerk, "phone_number").await, "ada@acme.example");
    assert_eq!(first(&clerk, "web3wallet").await, Value::Null);
    assert_eq!(first(&clerk, "first_name").await, "ada@acme.example");
    assert_eq!(first(&clerk, "last_name").await, "femi@acme.example");
    assert_eq!(first(&clerk, "last_active_at").await, "aino@sorland.example");
    assert_eq!(first(&clerk, "last_sign_in_at").await, "aino@sorland.example");
    for field in ["last_active_at", "last_sign_in_at"] {
        assert!(clerk.get(&format!("/users?limit=1&order_by=-{field}")).await.ok()[0][field].is_i64());
    }
    assert_eq!(clerk.get("/users?order_by=updated_at").await.status, 200);
    assert_eq!(clerk.get("/users?order_by=banned").await.faulty_parameters(), ["order_by"]);
}

#[tokio::test]
async fn of_several_orders_the_first_counts() {
    let clerk = Clerk::sample();
    assert_eq!(first(&clerk, "created_at&order_by=-created_at").await, "ada@acme.example");
}

#[tokio::test]
async fn the_count_takes_the_filters_and_ignores_the_page() {
    let clerk = Clerk::sample();
    let all = clerk.get("/users/count?limit=2").await.ok();
    assert_eq!(all, json!({ "object": "total_count", "total_count": 61 }));
    let acme = clerk.organization("acme").await;
    let some = clerk.get(&format!("/users/count?organization_id={acme}&query=acme")).await.ok();
    assert_eq!(some["total_count"], 16);
    assert_eq!(clerk.get("/users/count?banned=perhaps").await.faulty_parameters(), ["banned"]);
}

#[tokio::test]
async fn one_user_is_found_by_id_alone() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example").await;
    let user = clerk.get(&format!("/users/{ada}")).await.ok();
    assert_eq!((&user["username"], &user["external_id"]), (&json!("ada"), &json!("crm-1001")));
    assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"]);
    assert_eq!(user["external_accounts"][0]["provider"], "oauth_google");
    assert_eq!(clerk.get("/users/ada").await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn the_last_activity_is_a_day() {
    let list = Clerk::sample().get("/users?limit=500").await.ok();
    let days: Vec<i64> = each(&list, "last_active_at").into_iter().filter_map(Value::as_i64).collect();
    assert!(days.len() > 50 && days.iter().all(|moment| moment % (24 * 60 * 60 * 1000) == 0));
}
