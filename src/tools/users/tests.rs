//! How pages of users are counted, how one user is found, and what is told of several things.

use pins::Pins;
use serde_json::{Value, json};

use super::get::GET_USER;
use super::list::LIST_USERS;
use super::offboard::OFFBOARD_USER;
use super::report::GET_USER_ACCESS_REPORT;
use crate::api::tests::Told;
use crate::call::Call;
use crate::tool::Tool;

fn call(tool: &'static Tool, arguments: Value) -> Option<Call> {
    Call::new(tool, serde_json::from_value(arguments).expect("an object"), Pins::default()).ok()
}

/// The answer to a call when Clerk returns that many users.
fn page(arguments: Value, returned: usize) -> Value {
    let users: Value = (1..=returned).map(|number| json!({"id": format!("user_{number}")})).collect();
    call(&LIST_USERS, arguments)
        .expect("the arguments are right")
        .run(&Told::alike(users))
        .expect("the answer can be read")
}

/// The number of users on a page, and the way to the next one: its offset and its cursor.
fn shape(page: &Value) -> (Option<usize>, bool, Option<u64>, Option<&str>) {
    (
        page["data"].as_array().map(Vec::len),
        page["has_more"] == true,
        page["next_offset"].as_u64(),
        page["next_cursor"].as_str(),
    )
}

fn list(arguments: Value) -> Option<String> {
    call(&LIST_USERS, arguments).map(|call| call.request.path_and_query)
}

fn get(arguments: Value) -> Option<String> {
    call(&GET_USER, arguments).map(|call| call.request.path_and_query)
}

/// The id of the user that a call finds among those that Clerk returns.
fn found(arguments: Value, returned: &Value) -> Option<String> {
    let user = call(&GET_USER, arguments)?.run(&Told::alike(returned.clone())).ok()?;
    user["id"].as_str().map(Into::into)
}

#[test]
fn one_more_than_wanted_is_asked_for() {
    assert_eq!(list(json!({})).as_deref(), Some("/users?limit=21"));
    assert_eq!(list(json!({"limit": 499})).as_deref(), Some("/users?limit=500"));
    assert_eq!(list(json!({"limit": 500})).as_deref(), Some("/users?limit=500"));
}

#[test]
fn one_more_than_wanted_means_another_page() {
    let page = page(json!({}), 21);
    assert_eq!(shape(&page), (Some(20), true, None, Some("user_20")));
}

#[test]
fn as_many_as_wanted_are_the_last_ones() {
    let page = page(json!({}), 20);
    assert_eq!(shape(&page), (Some(20), false, None, None));
}

#[test]
fn a_full_page_of_500_may_have_a_next_one() {
    let page = page(json!({"limit": 500}), 500);
    assert_eq!(shape(&page), (Some(500), true, None, Some("user_500")));
}

#[test]
fn no_users_are_the_last_page() {
    let page = page(json!({"limit": 500}), 0);
    assert_eq!(shape(&page), (Some(0), false, None, None));
}

#[test]
fn only_the_order_of_creation_has_a_cursor() {
    for order_by in ["created_at", "+created_at", "-created_at"] {
        assert!(page(json!({"order_by": order_by, "limit": 1}), 2)["next_cursor"].is_string(), "{order_by}");
    }
    let page = page(json!({"order_by": "-username", "limit": 5, "offset": 10}), 6);
    assert_eq!(shape(&page), (Some(5), true, Some(15), None));
}

#[test]
fn a_page_by_offset_leads_to_the_next_offset() {
    let page = page(json!({"offset": 10, "limit": 5}), 6);
    assert_eq!(shape(&page), (Some(5), true, Some(15), None));
}

#[test]
fn a_cursor_goes_without_offset_and_other_orders() {
    assert!(list(json!({"starting_after": "user_1"})).is_some());
    assert!(list(json!({"starting_after": "user_1", "offset": 0})).is_some());
    assert!(list(json!({"starting_after": "user_1", "offset": 1})).is_none());
    assert!(list(json!({"starting_after": "user_1", "order_by": "username"})).is_none());
}

#[test]
fn a_provider_and_its_user_ids_need_each_other() {
    assert!(list(json!({"provider": "oauth_google"})).is_none());
    assert!(list(json!({"provider_user_id": ["1"]})).is_none());
    assert!(list(json!({"provider": "oauth_google", "provider_user_id": "1"})).is_some());
}

#[test]
fn an_id_has_an_endpoint_of_its_own() {
    assert_eq!(get(json!({"user_id": "user_1"})).as_deref(), Some("/users/user_1"));
}

#[test]
fn a_user_is_named_in_exactly_one_way() {
    assert!(get(json!({})).is_none());
    assert!(get(json!({"user_id": "user_1", "external_id": "7"})).is_none());
}

#[test]
fn an_external_id_that_begins_with_a_sign_is_not_a_filter() {
    let query = |external_id: &str| get(json!({"external_id": external_id}));
    assert_eq!(query("a-7").as_deref(), Some("/users?external_id=a-7&limit=2"));
    assert_eq!(query("-7").as_deref(), Some("/users?external_id=%2B-7&limit=2"));
    assert_eq!(query("+7").as_deref(), Some("/users?external_id=%2B%2B7&limit=2"));
}

#[test]
fn an_external_id_has_to_match_exactly() {
    let returned = json!([{"id": "user_1", "external_id": "77"}, {"id": "user_2", "external_id": "7"}]);
    assert_eq!(found(json!({"external_id": "7"}), &returned).as_deref(), Some("user_2"));
    assert_eq!(found(json!({"external_id": "8"}), &returned), None);
}

#[test]
fn an_email_address_matches_in_any_case_and_only_whole() {
    let returned = json!([{"id": "user_1", "email_addresses": [{"email_address": "Ada@Example.com"}]}]);
    assert_eq!(found(json!({"email_address": "ada@example.com"}), &returned).as_deref(), Some("user_1"));
    assert_eq!(found(json!({"email_address": "a@example.com"}), &returned), None);
    assert_eq!(found(json!({"email_address": "ada@example.com"}), &json!([])), None);
}

#[test]
fn a_total_does_not_lead_beyond_the_last_page_of_a_cursor() {
    let users: Value = (1..=5).map(|number| json!({"id": format!("user_{number}")})).collect();
    let answer = Told::alike(json!({ "data": users, "total_count": 100 }));
    let call = call(&LIST_USERS, json!({ "starting_after": "user_0" })).expect("the arguments are right");
    assert_eq!(shape(&call.run(&answer).expect("it is a list")), (Some(5), false, None, None));
}

/// Memberships and sessions are looked up beside each other, and each is told where it belongs, whatever fails.
#[test]
fn parts_that_are_asked_for_at_once_are_told_apart() {
    let membership = |id: &str| json!({ "role": "org:admin", "organization": { "id": id } });
    let session = |id: &str| json!({ "id": id, "status": "active" });
    let answers = json!({
        "/users/user_1": { "id": "user_1" },
        "/users/user_1/ban": { "id": "user_1" },
        "/users/user_1/organization_memberships": { "data": [membership("org_1"), membership("org_2")], "total_count": 2 },
        "/sessions": [session("sess_1"), session("sess_2")],
        "/sessions/sess_2/revoke": {},
        "/organizations/org_1/memberships/user_1": {},
    });
    let user = json!({ "user_id": "user_1" });
    let run = |tool: &'static Tool, api: &Told| {
        call(tool, user.clone()).expect("a user is named").run(api).expect("it tells of each part")
    };
    let api = Told::by_path(answers.clone());
    let done = run(&OFFBOARD_USER, &api);
    for (part, made, failed) in [("sessions", "sess_2", "sess_1"), ("memberships", "org_1", "org_2")] {
        assert_eq!((&done[part]["done"], &done[part]["failed"][0]["of"]), (&json!([made]), &json!(failed)), "{done}");
    }
    assert_eq!(api.begun()[0], "/users/user_1/ban");
    let report = run(&GET_USER_ACCESS_REPORT, &Told::by_path(answers));
    assert_eq!(report["failed"][0]["of"], "pending_invitations", "{report}");
    assert_eq!(report["organizations"]["data"][1]["organization"]["id"], "org_2");
    assert_eq!(report["active_sessions"]["data"][1]["id"], "sess_2");
}
