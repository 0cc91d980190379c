//! Arguments as clients really send them, and the requests that they make.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client as _};

#[test]
fn arguments_mean_what_clients_mean_by_them() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for (tool, arguments, request) in [
        ("clerk_list_users", json!({ "limit": "2", "banned": "false" }), "/v1/users?banned=false&limit=3"),
        ("clerk_list_users", json!({ "query": "ada", "order_by": "", "banned": "" }), "/v1/users?limit=21&query=ada"),
        (
            "clerk_list_users",
            json!({ "email_address": r#"["a@b.example","c@d.example"]"# }),
            "/v1/users?email_address=a%40b.example&email_address=c%40d.example&limit=21",
        ),
        (
            "clerk_list_users",
            json!({ "phoneNumber": "+1 (202) 555-0101", "toolCallId": "call_1" }),
            "/v1/users?limit=21&phone_number=%2B12025550101",
        ),
        (
            "clerk_count_users",
            json!({ "created_at_after": "2025-01-01T00:00:00", "created_at_before": "1767225600000" }),
            "/v1/users/count?created_at_after=1735689600000&created_at_before=1767225600000",
        ),
        ("clerk_find_user", json!({ "query": "+1 (202) 555-0101" }), "/v1/users?limit=11&phone_number=%2B12025550101"),
        ("clerk_whoami", json!({ "wait_for_previous": true, "random_string": "dummy" }), "/v1/instance"),
    ] {
        server.call(tool, arguments.clone()).output();
        let sent: Vec<String> = clerk.requests().iter().map(|request| request.target.clone()).collect();
        assert_eq!(sent, [request], "{tool} {arguments}");
    }
}

#[test]
fn what_is_ambiguous_is_refused_before_anything_is_sent() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for (tool, arguments) in [
        ("clerk_list_users", json!({ "created_at_after": 1_735_689_600 })),
        ("clerk_list_users", json!({ "email_address": "a@b.example, c@d.example" })),
        (
            "clerk_create_invitation",
            json!({ "organization_id": "org_1", "email_address": "[a@b.example]", "role": "org:member" }),
        ),
        (
            "clerk_create_invitations_bulk",
            json!({ "organization_id": "org_1", "email_address": "a@b.example;c@d.example", "role": "org:member" }),
        ),
        (
            "clerk_update_member_role",
            json!({ "organization_id": "org_1", "user_id": "user_1", "role": "org:admin, org:member" }),
        ),
        ("clerk_list_users", json!({ "query": "" })),
    ] {
        assert_eq!(server.call(tool, arguments.clone()).problems().len(), 1, "{tool} {arguments}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn what_was_nothing_is_nothing_again_after_an_undo() {
    let clerk = Clerk::sample();
    let (server, maya) = (clerk.server(), clerk.user("maya@papaya.example"));
    let before = clerk.get(&format!("/users/{maya}"));
    assert_eq!(before["external_id"], Value::Null, "the sample has one without");
    let updated = server.call("clerk_update_user", json!({ "user_id": maya, "external_id": "crm-9" })).output();
    let undo = &updated["undo"];
    assert_eq!(undo["arguments"], json!({ "user_id": maya, "clear": ["external_id"] }));
    let undone = server.call("clerk_update_user", undo["arguments"].clone()).output();
    assert_eq!(undone["changes"], json!([{ "path": "/external_id", "before": "crm-9" }]));
    assert_eq!(clerk.get(&format!("/users/{maya}"))["external_id"], Value::Null);
    assert_eq!(undone["undo"]["arguments"], json!({ "user_id": maya, "external_id": "crm-9" }));
}
