//! What is taken from clients, and what is said of the rest.

use serde_json::json;

use pins::Pins;

use super::*;
use crate::call::Call;
use crate::catalogue;
use crate::request::Request;

fn request(tool: &str, arguments: Value) -> Result<Request, Vec<Problem>> {
    let tool = catalogue::find(tool).expect("the tool exists");
    Call::new(tool, serde_json::from_value(arguments).expect("an object"), Pins::default()).map(|call| call.request)
}

/// Where the problems are.
fn pointers(tool: &str, arguments: Value) -> Vec<String> {
    let problems = request(tool, arguments).expect_err("the arguments are wrong");
    problems.into_iter().map(|problem| problem.pointer).collect()
}

#[test]
fn absent_arguments_are_an_empty_object() {
    for text in ["", " \n", "null", "{}"] {
        assert_eq!(parse(text), Ok(Map::new()), "{text:?}");
    }
}

#[test]
fn other_json_is_refused() {
    for text in ["[]", "7", "\"{}\"", "{", "{}{}", r#"{"a":1,"a":2}"#] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn null_is_absent() {
    let request = request("clerk_list_users", json!({"query": null, "limit": null})).unwrap();
    assert_eq!(request.path_and_query, "/users?limit=21");
}

#[test]
fn camel_case_is_accepted() {
    let request = request("clerk_remove_member", json!({"organizationId": "org_1", "userId": "user_1"})).unwrap();
    assert_eq!(request.path_and_query, "/organizations/org_1/memberships/user_1");
}

#[test]
fn two_spellings_of_one_parameter_are_refused() {
    let arguments = json!({"organizationId": "org_1", "organization_id": "org_2"});
    assert_eq!(pointers("clerk_delete_organization", arguments), ["/organization_id"]);
}

#[test]
fn names_inside_metadata_stay_as_they_are() {
    let arguments = json!({"userId": "user_1", "publicMetadata": {"planName": null}});
    let request = request("clerk_update_user_metadata", arguments).unwrap();
    assert_eq!(request.body.as_deref(), Some(r#"{"public_metadata":{"planName":null}}"#));
}

#[test]
fn all_problems_are_named_at_once() {
    let arguments = json!({"limits": 5, "limit": 0, "status": ["new"], "offset": -1});
    let expected = ["/limit", "/limits", "/offset", "/status", "/organization_id"];
    assert_eq!(pointers("clerk_list_organization_invitations", arguments), expected);
}

#[test]
fn many_problems_and_long_names_are_cut_short() {
    let many: Map<String, Value> = (0..1000).map(|number| (format!("x{number}"), json!(1))).collect();
    assert_eq!(pointers("clerk_list_users", many.into()).len(), MOST_PROBLEMS + 1);
    let long = Map::from_iter([("é".repeat(100_000), json!(1))]);
    let problems = request("clerk_list_users", long.into()).expect_err("there is no such parameter");
    assert!(problems[0].pointer.len() + problems[0].message.len() < 1000, "{problems:?}");
}

#[test]
fn a_long_value_is_not_repeated_whole() {
    let long = json!({ "user_id": "é\n".repeat(100_000), "limit": "9".repeat(100_000) });
    let problems = request("clerk_list_users", long).expect_err("neither is valid");
    assert!(problems.iter().all(|problem| problem.message.len() < 1100), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.message.contains("expected")), "{problems:?}");
}

#[test]
fn the_same_problem_twice_is_two_problems() {
    let arguments = json!({"username": [], "email_address": []});
    assert_eq!(pointers("clerk_list_users", arguments), ["/email_address", "/username"]);
}

#[test]
fn an_invalid_parameter_is_not_called_missing() {
    let arguments = json!({"organization_id": "org_1", "user_id": "somebody"});
    assert_eq!(pointers("clerk_remove_member", arguments), ["/user_id"]);
}

#[test]
fn a_missing_parameter_follows_an_invalid_one() {
    assert_eq!(pointers("clerk_remove_member", json!({"user_id": ""})), ["/user_id", "/organization_id"]);
}

/// The path and query of a request.
fn sent(tool: &str, arguments: Value) -> String {
    request(tool, arguments).unwrap_or_else(|problems| panic!("{problems:?}")).path_and_query
}

#[test]
fn names_are_understood_however_they_are_spelled() {
    for spelled in ["userID", "UserId", "user-id", "USER_ID", "userid"] {
        assert_eq!(sent("clerk_get_user", json!({ spelled: "user_1" })), "/users/user_1", "{spelled}");
    }
    let problems = request("clerk_get_user", json!({ "userID": "ada" })).expect_err("it is no id");
    assert_eq!(problems[0].pointer, "/userID");
}

#[test]
fn an_empty_filter_beside_a_filled_one_is_absent() {
    for empty in [json!(""), json!(" "), json!([])] {
        let arguments = json!({ "query": "ada", "order_by": empty, "banned": empty, "email_address": empty });
        assert_eq!(sent("clerk_list_users", arguments), "/users?limit=21&query=ada");
    }
    let strict = json!({ "user_id": "user_1", "email_address": "", "external_id": "" });
    assert_eq!(sent("clerk_get_user", strict), "/users/user_1");
}

#[test]
fn an_empty_filter_alone_is_refused() {
    assert_eq!(pointers("clerk_list_users", json!({ "query": "", "limit": 5 })), ["/query"]);
    assert_eq!(
        pointers("clerk_list_organization_members", json!({ "organization_id": "org_1", "role": [] })),
        ["/role"]
    );
    assert_eq!(
        pointers("clerk_update_user", json!({ "user_id": "user_1", "first_name": "", "last_name": "L" })),
        ["/first_name"]
    );
}

#[test]
fn a_flag_that_shapes_the_answer_chooses_nothing() {
    assert_eq!(pointers("clerk_list_users", json!({ "query": "", "include_private_metadata": true })), ["/query"]);
}

#[test]
fn an_empty_list_sets_nothing_and_an_empty_text_is_pointed_to_clear() {
    let strict = json!({ "user_id": "user_1", "last_name": "L", "clear": [] });
    assert_eq!(request("clerk_update_user", strict).unwrap().body.as_deref(), Some(r#"{"last_name":"L"}"#));
    let problems =
        request("clerk_update_user", json!({ "user_id": "user_1", "external_id": "" })).expect_err("it is empty");
    assert!(problems[0].message.ends_with("name it in `clear`"), "{problems:?}");
    let bulk = json!({ "organization_id": "org_1", "email_address": [], "role": "org:member" });
    assert_eq!(pointers("clerk_create_invitations_bulk", bulk), ["/email_address"]);
}

#[test]
fn the_arguments_that_clients_add_are_passed_over() {
    let added = json!({ "wait_for_previous": true, "toolCallId": "call_1", "sessionId": "abc", "_sessionID": "x",
        "chatInput": "hello", "action": "sendMessage", "random_string": "dummy" });
    assert_eq!(sent("clerk_whoami", added), "/instance");
    // Only those, in this spelling, and nothing that names an object of Clerk's.
    assert_eq!(pointers("clerk_whoami", json!({ "wait_for": true })), ["/wait_for"]);
    let meant = json!({ "userId": "user_1", "sessionId": "sess_1" });
    assert_eq!(pointers("clerk_revoke_all_user_sessions", meant), ["/sessionId"]);
    assert_eq!(sent("clerk_revoke_session", json!({ "sessionId": "sess_1" })), "/sessions/sess_1/revoke");
    let both = json!({ "session_id": "sess_1", "sessionId": "abc", "_sessionID": "x" });
    assert_eq!(sent("clerk_revoke_session", both), "/sessions/sess_1/revoke");
    let twice = json!({ "session_id": "sess_1", "sessionId": "sess_2" });
    assert_eq!(pointers("clerk_revoke_session", twice), ["/session_id"]);
}

#[test]
fn an_empty_token_is_none() {
    let filled = json!({ "user_id": "user_1", "confirmation_token": "", "dry_run": "false" });
    assert_eq!(sent("clerk_delete_user", filled), "/users/user_1");
    assert_eq!(pointers("clerk_delete_user", json!({ "user_id": "user_1", "dry_run": "" })), ["/dry_run"]);
}

#[test]
fn a_tool_without_parameters_says_so() {
    let problems = request("clerk_whoami", json!({ "verbose": true })).expect_err("there is none");
    assert_eq!(problems[0].message, "unknown parameter `verbose`; this tool takes none");
}

#[test]
fn what_is_to_be_cleared_is_sent_as_null() {
    let cleared =
        request("clerk_update_user", json!({ "user_id": "user_1", "clear": ["external_id"], "last_name": "L" }));
    assert_eq!(cleared.expect("it is valid").body.as_deref(), Some(r#"{"external_id":null,"last_name":"L"}"#));
    let only = request("clerk_update_user", json!({ "user_id": "user_1", "clear": "locale" })).expect("it is valid");
    assert_eq!(only.body.as_deref(), Some(r#"{"locale":null}"#));
    assert_eq!(pointers("clerk_update_user", json!({ "user_id": "user_1", "clear": ["user_id"] })), ["/clear"]);
    let both = json!({ "user_id": "user_1", "clear": ["locale"], "locale": "en-US" });
    assert_eq!(pointers("clerk_update_user", both), ["/clear"]);
}

#[test]
fn rules_are_told_with_the_other_problems() {
    let arguments = json!({ "user_id": "nobody", "external_id": "7", "x": 1 });
    assert_eq!(pointers("clerk_get_user", arguments), ["/user_id", "/x", ""]);
}
