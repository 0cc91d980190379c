//! Each of the tools is called with success, over HTTP, over standard input and output, and from the command line.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client, Program, Reply, Upstream};

/// A call, the one request that it makes, and a part of its output.
struct Case {
    tool: &'static str,
    arguments: Value,
    request: String,
    pointer: &'static str,
    value: Value,
}

fn case(tool: &'static str, arguments: Value, request: &str, part: (&'static str, Value)) -> Case {
    Case { tool, arguments, request: request.into(), pointer: part.0, value: part.1 }
}

/// Every tool in the order of the list, so that deleting comes late enough not to disturb the others.
fn cases(clerk: &Clerk) -> Vec<Case> {
    let (acme, sandbox) = (clerk.organization("acme"), clerk.organization("sandbox"));
    let (ada, tim) = (clerk.user("ada@acme.example"), clerk.user("tim@acme.example"));
    [on_organizations(&sandbox), on_members(&acme, &tim), on_invitations(&acme), on_users(&ada)]
        .into_iter()
        .flatten()
        .collect()
}

fn on_organizations(sandbox: &str) -> Vec<Case> {
    let changes = json!({ "organization_id": sandbox, "public_metadata": { "plan": "pro" } });
    vec![
        case(
            "clerk_list_organizations",
            json!({ "query": "acme" }),
            "GET /v1/organizations?include_members_count=true&limit=20&query=acme",
            ("/data/0/members_count", json!(16)),
        ),
        case(
            "clerk_get_organization",
            json!({ "slug": "acme" }),
            "GET /v1/organizations/acme?include_members_count=true",
            ("/name", json!("Acme Robotics")),
        ),
        case(
            "clerk_create_organization",
            json!({ "name": "Umbrella", "slug": "umbrella" }),
            "POST /v1/organizations",
            ("/slug", json!("umbrella")),
        ),
        case(
            "clerk_update_organization_metadata",
            changes,
            &format!("PATCH /v1/organizations/{sandbox}/metadata"),
            ("/public_metadata/plan", json!("pro")),
        ),
        case(
            "clerk_delete_organization",
            json!({ "organization_id": sandbox }),
            &format!("DELETE /v1/organizations/{sandbox}"),
            ("/deleted", json!(true)),
        ),
    ]
}

fn on_members(acme: &str, tim: &str) -> Vec<Case> {
    let membership = format!("/v1/organizations/{acme}/memberships/{tim}");
    let with = |name: &str, value: Value| {
        let mut arguments = json!({ "organization_id": acme, "user_id": tim });
        arguments[name] = value;
        arguments
    };
    vec![
        case(
            "clerk_list_organization_members",
            json!({ "organization_id": acme, "role": ["org:admin"], "order_by": "first_name" }),
            &format!("GET /v1/organizations/{acme}/memberships?limit=20&order_by=first_name&role=org%3Aadmin"),
            ("/data/1/public_user_data/identifier", json!("grace@acme.example")),
        ),
        case(
            "clerk_update_member_role",
            with("role", json!("org:admin")),
            &format!("PATCH {membership}"),
            ("/role", json!("org:admin")),
        ),
        case(
            "clerk_update_member_metadata",
            with("private_metadata", json!({ "badge": 7 })),
            &format!("PATCH {membership}/metadata"),
            ("/private_metadata/badge", json!(7)),
        ),
        case(
            "clerk_remove_member",
            json!({ "organization_id": acme, "user_id": tim }),
            &format!("DELETE {membership}"),
            ("/public_user_data/user_id", json!(tim)),
        ),
    ]
}

fn on_invitations(acme: &str) -> Vec<Case> {
    let invitations = format!("/v1/organizations/{acme}/invitations");
    vec![
        case(
            "clerk_list_organization_invitations",
            json!({ "organization_id": acme, "status": ["pending"] }),
            &format!("GET {invitations}?limit=20&status=pending"),
            ("/total_count", json!(3)),
        ),
        case(
            "clerk_create_invitation",
            json!({ "organization_id": acme, "email_address": "new@acme.example", "role": "org:member" }),
            &format!("POST {invitations}"),
            ("/status", json!("pending")),
        ),
    ]
}

fn on_users(ada: &str) -> Vec<Case> {
    vec![
        case(
            "clerk_list_users",
            json!({ "query": "lovelace" }),
            "GET /v1/users?limit=21&query=lovelace",
            ("/data/0/id", json!(ada)),
        ),
        case(
            "clerk_get_user",
            json!({ "user_id": ada }),
            &format!("GET /v1/users/{ada}"),
            ("/first_name", json!("Ada")),
        ),
        case(
            "clerk_update_user_metadata",
            json!({ "user_id": ada, "unsafe_metadata": { "tour": "done" } }),
            &format!("PATCH /v1/users/{ada}/metadata"),
            ("/unsafe_metadata/tour", json!("done")),
        ),
    ]
}

fn check_every_tool(clerk: &Clerk, client: &dyn Client) {
    let cases = cases(clerk);
    assert_eq!(cases.iter().map(|case| case.tool).collect::<Vec<_>>(), client.tool_names());
    for Case { tool, arguments, request, pointer, value } in cases {
        let output = client.call(tool, arguments).output();
        assert_eq!(output.pointer(pointer), Some(&value), "{tool}: {output}");
        assert_eq!(clerk.only_request(), request);
    }
}

#[test]
fn every_tool_answers_over_http() {
    let clerk = Clerk::sample();
    check_every_tool(&clerk, &clerk.server());
}

#[test]
fn every_tool_answers_over_standard_input_and_output() {
    let clerk = Clerk::sample();
    check_every_tool(&clerk, &clerk.program().stdio());
}

#[test]
fn every_tool_answers_on_the_command_line() {
    let clerk = Clerk::sample();
    for Case { tool, arguments, request, pointer, value } in cases(&clerk) {
        let finished = clerk.program().arguments(&["call", tool, &arguments.to_string()]).run();
        assert_eq!((finished.status, finished.stderr.as_str()), (0, ""), "{tool}");
        let output: Value = serde_json::from_str(&finished.stdout).expect("the output is JSON");
        assert_eq!(output.pointer(pointer), Some(&value), "{tool}: {output}");
        assert_eq!(clerk.only_request(), request);
    }
}

#[test]
fn the_demo_answers_without_a_key_or_a_network() {
    let finished = Program::new(&["call", "--demo", "clerk_get_organization", r#"{"slug":"acme"}"#]).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    let output: Value = serde_json::from_str(&finished.stdout).expect("the output is JSON");
    assert_eq!(output["name"], "Acme Robotics");
}

#[test]
fn each_request_says_who_sends_it_and_for_which_version_of_the_api() {
    let clerk = Clerk::sample();
    clerk.server().call("clerk_create_organization", json!({ "name": "Umbrella" })).output();
    let [request] = &clerk.requests()[..] else { panic!("one request") };
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {}", crate::harness::KEY)));
    assert_eq!(request.header("clerk-api-version"), Some("2026-05-12"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("clerk-mcp/")));
    assert_eq!(request.json(), Some(json!({ "name": "Umbrella" })));
}

#[test]
fn a_request_without_a_body_announces_none() {
    let upstream = Upstream::always(Reply::json(200, &json!({})));
    let server = upstream.server();
    server.call("clerk_get_organization", json!({ "slug": "acme" })).output();
    server.call("clerk_delete_organization", json!({ "organization_id": "org_1" })).output();
    for seen in upstream.seen() {
        assert_eq!(seen.header("transfer-encoding"), [""; 0], "{seen:?}");
        assert_eq!(seen.header("content-type"), [""; 0], "{seen:?}");
        assert_eq!(seen.body, "");
    }
}
