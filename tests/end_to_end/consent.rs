//! Who agrees to a call that asks first, and that nothing happens before.

mod person;
mod token;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::examples::{Example, examples};
use crate::harness::program::listed_tools;
use crate::harness::{Clerk, Client, HttpServer, Program};

/// A server for a Clerk whose key is that of a production instance.
fn production() -> (Clerk, Program) {
    let clerk = Clerk::with_key(LIVE);
    let program = clerk.program().variable("CLERK_SECRET_KEY", LIVE);
    (clerk, program)
}

const LIVE: &str = "sk_live_CANARY7f3aOperator000000000000000000";

/// Deletes an organization as far as it is let.
fn delete(client: &dyn Client, organization: &str, token: Option<&Value>) -> crate::harness::Answer {
    let mut arguments = json!({ "organization_id": organization });
    if let Some(token) = token {
        arguments["confirmation_token"] = token.clone();
    }
    client.call("clerk_delete_organization", arguments)
}

/// The token in an answer that asks for consent.
fn token(answer: &crate::harness::Answer) -> Value {
    let output = answer.output();
    assert!(output["confirmation_token"].is_string() && output["preview"].is_object(), "{output}");
    output["confirmation_token"].clone()
}

fn exists(clerk: &Clerk, organization: &str) -> bool {
    clerk.get(&format!("/organizations/{organization}"))["id"] == organization
}

/// Sends a request to Clerk past the server.
fn patch(clerk: &Clerk, path: &str, body: &Value) {
    let authorization = format!("Bearer {}", crate::harness::KEY);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let answer =
        crate::harness::http::send(http::Method::PATCH, &format!("{}{path}", clerk.url), &headers, &body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// Lifts a ban past the server.
fn patch_ban(clerk: &Clerk, user: &str, verb: &str) {
    let authorization = format!("Bearer {LIVE}");
    let url = format!("{}/users/{user}/{verb}", clerk.url);
    let answer = crate::harness::http::send(http::Method::POST, &url, &[("authorization", &authorization)], "");
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn asks(server: &HttpServer, tool: &str, arguments: Value) -> bool {
    let answer = server.call(tool, arguments).output();
    let asks = answer["confirmation_token"].is_string();
    assert_eq!(asks, answer["preview"].is_object(), "{answer}");
    asks
}

#[test]
fn what_asks_depends_on_the_danger_and_the_mode() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    for (mode, sign_out, delete) in [("standard", false, true), ("full", false, false)] {
        let server = clerk.program().arguments(&["--mode", mode]).http();
        assert_eq!(asks(&server, "clerk_lock_user", json!({ "user_id": ada })), sign_out, "{mode}");
        let user = clerk.user(if mode == "full" { "tim@acme.example" } else { "grace@acme.example" });
        assert_eq!(asks(&server, "clerk_delete_user", json!({ "user_id": user })), delete, "{mode}");
    }
}

/// No example gives a parameter that raises the danger of its call.
#[test]
fn every_tool_asks_as_its_danger_says() {
    let tools = listed_tools(&["--toolsets", "all"]).into_iter();
    let danger: BTreeMap<_, _> = tools.map(|tool| (tool.name, tool.danger)).collect();
    let (of_development, (clerk, of_production)) = (Clerk::sample(), production());
    let asking: [(HttpServer, &[&str]); 2] =
        [(of_development.server(), &["irreversible"]), (of_production.http(), &["irreversible", "access"])];
    for (server, dangers) in asking {
        for Example { tool, arguments, .. } in examples() {
            assert_eq!(asks(&server, tool, arguments.clone()), dangers.contains(&danger[tool].as_str()), "{tool}");
        }
    }
    assert!(clerk.requests().iter().all(|request| request.method != http::Method::DELETE), "nobody has agreed");
}

#[test]
fn on_a_production_instance_what_changes_access_asks_in_every_mode() {
    let (clerk, _) = production();
    let ada = clerk.user("ada@acme.example");
    for mode in ["standard", "full"] {
        let server = clerk.program().variable("CLERK_SECRET_KEY", LIVE).arguments(&["--mode", mode]).http();
        assert!(asks(&server, "clerk_lock_user", json!({ "user_id": ada })), "{mode}");
        assert!(!asks(&server, "clerk_update_user", json!({ "user_id": ada, "last_name": mode })), "{mode}");
    }
    assert_eq!(clerk.get(&format!("/users/{ada}"))["locked"], false);
}

/// What decides how somebody signs in, as whom applications know them, or what their roles may do.
#[test]
fn what_decides_access_asks_on_a_production_instance_where_it_looks_like_data() {
    let (clerk, program) = production();
    let (ada, sandbox) = (clerk.user("ada@acme.example"), clerk.organization("sandbox"));
    let server = program.http();
    let user = |name: &str, value: Value| ("clerk_update_user", json!({ "user_id": ada, name: value }));
    let organization =
        |name: &str, value: Value| ("clerk_update_organization", json!({ "organization_id": sandbox, name: value }));
    let new = |name: &str, value: Value| ("clerk_create_organization", json!({ "name": "New", name: value }));
    for (tool, arguments) in [
        user("external_id", json!("crm-1")),
        user("externalId", json!("crm-1")),
        user("username", json!("root")),
        user("delete_self_enabled", json!(false)),
        user("create_organization_enabled", json!(true)),
        user("create_organizations_limit", json!(0)),
        organization("slug", json!("acme-2")),
        organization("role_set_key", json!("role_set:all")),
        organization("admin_delete_enabled", json!(true)),
        new("created_by", json!(ada)),
        new("role_set_key", json!("role_set:all")),
        ("clerk_create_user", json!({ "email_address": ["eve@acme.example"] })),
    ] {
        assert!(asks(&server, tool, arguments.clone()), "{tool} {arguments}");
    }
    for (tool, arguments) in [
        user("first_name", json!("Augusta")),
        organization("max_allowed_memberships", json!(9)),
        new("slug", json!("new")),
    ] {
        assert!(!asks(&server, tool, arguments.clone()), "{tool} {arguments}");
    }
    let writes = clerk.requests().into_iter().filter(|request| request.method != http::Method::GET);
    assert_eq!(writes.count(), 3, "only what does not ask was written");
}

/// `public_metadata.role` decides access in many applications.
#[test]
fn metadata_asks_where_the_operator_wants_it() {
    let (clerk, program) = production();
    let (ada, acme) = (clerk.user("ada@acme.example"), clerk.organization("acme"));
    let metadata = json!({ "role": "admin" });
    let calls = [
        ("clerk_update_user_metadata", json!({ "user_id": ada, "public_metadata": metadata })),
        ("clerk_update_user_metadata", json!({ "user_id": ada, "unsafe_metadata": metadata })),
        ("clerk_update_organization_metadata", json!({ "organization_id": acme, "private_metadata": metadata })),
        (
            "clerk_update_member_metadata",
            json!({ "organization_id": acme, "user_id": ada, "publicMetadata": metadata }),
        ),
        ("clerk_create_organization", json!({ "name": "New", "public_metadata": metadata })),
    ];
    let server = program.arguments(&["--ask-metadata"]).http();
    for (tool, arguments) in &calls {
        assert!(asks(&server, tool, arguments.clone()), "{tool} {arguments}");
    }
    assert!(!asks(&server, "clerk_create_organization", json!({ "name": "New" })));
    let asking = server.call("clerk_whoami", json!({})).output()["parameters_that_ask"].to_string();
    assert!(asking.contains("clerk_update_user_metadata.public_metadata"), "{asking}");
    let plain = clerk.program().variable("CLERK_SECRET_KEY", LIVE).http();
    for (tool, arguments) in &calls {
        assert!(!asks(&plain, tool, arguments.clone()), "{tool} {arguments}");
        let header = [("x-mcp-ask-metadata", "true")];
        let answer = crate::harness::Answer(plain.call_with(&header, tool, arguments).json());
        assert!(answer.output()["confirmation_token"].is_string(), "{tool} {arguments}");
    }
    let off = server.post(&[("x-mcp-ask-metadata", "false")], r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
    assert_eq!(off.status, 403, "{off:?}");
}

#[test]
fn an_operator_can_switch_asking_off() {
    let (clerk, program) = production();
    let server = program.arguments(&["--confirm", "off"]).http();
    let sandbox = clerk.organization("sandbox");
    assert_eq!(delete(&server, &sandbox, None).output()["deleted"], true);
    assert!(!exists(&clerk, &sandbox));
}

#[test]
fn a_bare_yes_is_no_consent() {
    let clerk = Clerk::sample();
    let (server, sandbox) = (clerk.server(), clerk.organization("sandbox"));
    for yes in [json!({ "confirm": true }), json!({ "confirmed": true }), json!({ "force": true })] {
        let mut arguments = json!({ "organization_id": sandbox });
        arguments.as_object_mut().expect("an object").extend(yes.as_object().expect("an object").clone());
        assert_eq!(server.call("clerk_delete_organization", arguments).failure()["code"], "invalid_arguments");
    }
    assert!(exists(&clerk, &sandbox));
}
