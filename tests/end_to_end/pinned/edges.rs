//! The other ways in: headers, claims, resources, prompts, completion, subscriptions, tokens and components.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use super::tenants::{SLUG, Tenants};
use crate::harness::issuer::{Issuer, list};
use crate::harness::{Answer, Client, Directory, EventStream, HttpServer, Reply, Upstream, fixtures};

const ORGANIZATION: &str = "x-mcp-organization";
/// How long to wait for what should not come.
const A_WHILE: Duration = Duration::from_millis(500);

fn call(server: &HttpServer, organization: &str, tool: &str, arguments: &Value) -> Answer {
    Answer(server.call_with(&[(ORGANIZATION, organization)], tool, arguments).json())
}

#[test]
fn a_header_keeps_a_request_to_one_organization_and_changes_no_pin() {
    let tenants = Tenants::new();
    let free = tenants.clerk.program().http();
    for ours in [&*tenants.ours, "acme"] {
        assert_eq!(call(&free, ours, "clerk_get_organization", &json!({})).output()["slug"], "acme");
    }
    let other = json!({ "organization_id": tenants.theirs.organization });
    assert!(call(&free, "acme", "clerk_get_organization", &other).problems()[0].starts_with("/organization_id"));
    for pinned in [&*tenants.ours, "acme"] {
        let server = tenants.clerk.program().arguments(&["--organization", pinned]).http();
        for same in [&*tenants.ours, "acme"] {
            assert_eq!(call(&server, same, "clerk_get_organization", &json!({})).output()["slug"], "acme");
        }
        for other in [&*tenants.theirs.organization, SLUG] {
            let answer = call(&server, other, "clerk_list_organization_members", &json!({}));
            let code = answer.failure()["code"].clone();
            assert_eq!(code, "contradicting_pins", "{pinned} {other}: {answer:?}");
            let read = json!({ "jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": { "uri": format!("clerk://organizations/{other}") } });
            let answer = server.post(&[(ORGANIZATION, other)], &read.to_string());
            assert!(answer.json()["error"].is_object(), "{answer:?}");
        }
    }
    for malformed in ["", "org_1/../x", "acme,maison-dubois", "Acme Robotics"] {
        let answer = free.call_with(&[(ORGANIZATION, malformed)], "clerk_get_organization", &json!({}));
        assert_eq!(answer.status, 400, "{malformed:?}: {answer:?}");
    }
}

#[test]
fn a_claim_keeps_its_holder_to_one_organization() {
    let tenants = Tenants::new();
    let issuer = Issuer::start();
    for (claim, of) in
        [("org_id", json!(tenants.ours)), ("o.id", json!({ "id": tenants.ours })), ("org_slug", json!("acme"))]
    {
        let server = issuer.program(&tenants.clerk).variable("CLERK_MCP_ORGANIZATION_CLAIM", claim).http();
        let name = claim.split('.').next().unwrap_or_default();
        let token = issuer.key.token(&issuer.claims_with(name, of));
        let bearer = format!("Bearer {token}");
        let call = |more: &[(&str, &str)], tool: &str, arguments: &Value| {
            let headers = [&[("authorization", &*bearer)], more].concat();
            Answer(server.call_with(&headers, tool, arguments).json())
        };
        assert_eq!(call(&[], "clerk_get_organization", &json!({})).output()["slug"], "acme");
        assert!(!list(&server, &token).json().to_string().contains("clerk_add_member"));
        let other = json!({ "user_id": tenants.theirs.user });
        assert_eq!(call(&[], "clerk_get_user", &other).failure()["code"], "resource_not_found");
        let crossed = call(&[(ORGANIZATION, SLUG)], "clerk_get_organization", &json!({}));
        assert_eq!(crossed.failure()["code"], "contradicting_pins");
        for none in [Value::Null, json!(""), json!(7), json!({ "id": null })] {
            let token = issuer.key.token(&issuer.claims_with(name, none.clone()));
            let answer = list(&server, &token);
            assert_eq!(answer.status, 401, "{claim} {none}: {answer:?}");
            assert!(answer.json()["error"].as_str().is_some_and(|error| error.contains(claim)), "{answer:?}");
        }
    }
}

/// The same person with a token for another organization.
#[test]
fn a_session_and_the_figures_of_all_are_not_for_the_holder_in_another_organization() {
    let tenants = Tenants::new();
    let issuer = Issuer::start();
    let program = issuer.program(&tenants.clerk).variable("CLERK_MCP_ORGANIZATION_CLAIM", "org_id");
    let server = program.variable("CLERK_MCP_METRICS", "1").http();
    let bearer = |organization: &str| {
        let token = issuer.key.token(&issuer.claims_with("org_id", json!(organization)));
        format!("Bearer {token}")
    };
    let (ours, theirs) = (bearer(&tenants.ours), bearer(&tenants.theirs.organization));
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": { "elicitation": {} }, "clientInfo": { "name": "tests", "version": "1" },
    } });
    let hello = server.post(&[("authorization", &ours)], &hello.to_string());
    let id = hello.headers["mcp-session-id"].to_str().expect("an id is text");
    let list = r#"{"jsonrpc":"2.0","id":7,"method":"tools/list"}"#;
    let status = |bearer: &str| server.post(&[("authorization", bearer), ("mcp-session-id", id)], list).status;
    assert_eq!((status(&ours), status(&theirs), status(&bearer(&tenants.ours))), (200, 404, 200));
    let metrics = server.send(http::Method::GET, "/metrics", &[("authorization", &ours)], "");
    assert_eq!(metrics.status, 403, "{metrics:?}");
}

/// A header names no organization that the user is not a member of, nor tells which ones there are.
#[test]
fn a_header_leads_a_user_nowhere_else() {
    let tenants = Tenants::new();
    let ada = tenants.clerk.user("ada@acme.example");
    let server = tenants.clerk.program().arguments(&["--user", &ada]).http();
    for organization in ["acme", &*tenants.ours] {
        assert_eq!(call(&server, organization, "clerk_get_organization", &json!({})).output()["slug"], "acme");
    }
    tenants.clerk.requests();
    for other in [SLUG, "nobody-at-all", &*tenants.theirs.organization, "org_nobody"] {
        for tool in ["clerk_get_organization", "clerk_get_user", "clerk_whoami", "clerk_list_roles"] {
            let refused = call(&server, other, tool, &json!({})).failure();
            let count = tenants.clerk.requests().len();
            assert_eq!((&refused["code"], count), (&json!("resource_not_found"), 1), "{other} {tool}: {refused}");
        }
    }
}

#[test]
fn resources_prompts_and_completion_are_kept_too() {
    let tenants = Tenants::new();
    let session = tenants.program().stdio();
    let read = |uri: String| session.request("resources/read", json!({ "uri": uri }));
    let ada = tenants.clerk.user("ada@acme.example");
    for uri in [format!("clerk://organizations/{}", tenants.ours), format!("clerk://users/{ada}")] {
        assert!(read(uri).result()["contents"][0]["text"].is_string());
    }
    let by_slug = tenants.clerk.program().arguments(&["--organization", "acme"]).stdio();
    let own = by_slug.request("resources/read", json!({ "uri": "clerk://organizations/acme" }));
    assert_eq!(own.result()["contents"][0]["uri"], "clerk://organizations/acme");
    for (outside, absent) in [
        (
            format!("clerk://organizations/{}", tenants.theirs.organization),
            "clerk://organizations/org_nobody".to_owned(),
        ),
        (format!("clerk://organizations/{SLUG}"), "clerk://organizations/nobody-at-all".into()),
        (format!("clerk://users/{}", tenants.theirs.user), "clerk://users/user_nobody".into()),
    ] {
        tenants.clerk.requests();
        let (said, count) = (read(outside).error().1.to_owned(), tenants.clerk.requests().len());
        assert_eq!((said.as_str(), count), (read(absent).error().1, tenants.clerk.requests().len()));
    }
    let prompts = session.request("prompts/list", json!({}));
    assert!(!prompts.result().to_string().contains("\"organization\""), "{prompts:?}");
    let prompt = |organization: Value| {
        let arguments = json!({ "organization": organization });
        session.request("prompts/get", json!({ "name": "audit_organization_admins", "arguments": arguments }))
    };
    assert!(prompt(Value::Null).result().to_string().contains(&tenants.ours));
    assert!(prompt(json!(SLUG)).error().1.contains("kept to one"));
    let offered = |of: Value, name: &str, value: &str| {
        let argument = json!({ "name": name, "value": value });
        let answer = session.request("completion/complete", json!({ "ref": of, "argument": argument }));
        answer.result()["completion"]["values"].clone()
    };
    let template = |uri: &str| json!({ "type": "ref/resource", "uri": uri });
    assert_eq!(offered(template("clerk://organizations/{id}"), "id", "mai"), json!([tenants.ours]));
    assert_eq!(offered(template("clerk://users/{id}"), "id", "agnes"), json!([]));
    let of_prompt = json!({ "type": "ref/prompt", "name": "diagnose_sign_in" });
    assert_eq!(offered(of_prompt.clone(), "user", "maison-dubois"), json!([]));
    assert_eq!(offered(of_prompt, "user", "ada@"), json!(["ada@acme.example"]));
}

/// A stream of the changes of these resources, for a request that is kept to an organization.
fn listening(server: &HttpServer, organization: &str, uris: &[String]) -> EventStream {
    let version = "2026-07-28";
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
    });
    let notifications = json!({ "resourceSubscriptions": uris });
    let request = json!({
        "jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen",
        "params": { "notifications": notifications, "_meta": meta },
    });
    let headers =
        [("mcp-protocol-version", version), ("mcp-method", "subscriptions/listen"), (ORGANIZATION, organization)];
    let mut stream = EventStream::post(server, &headers, &request.to_string());
    let first = stream.next();
    assert_eq!(first["method"], "notifications/subscriptions/acknowledged", "{first}");
    stream
}

#[test]
fn changes_of_others_are_not_heard_of() {
    let tenants = Tenants::new();
    let server = tenants.program_without_pins().http();
    let ada = tenants.clerk.user("ada@acme.example");
    let uri = |user: &str| format!("clerk://users/{user}");
    let mut stream = listening(&server, &tenants.ours, &[uri(&tenants.theirs.user), uri(&ada)]);
    server.call("clerk_lock_user", json!({ "user_id": tenants.theirs.user })).output();
    assert_eq!(stream.next_within(A_WHILE), None);
    server.call("clerk_lock_user", json!({ "user_id": ada })).output();
    assert_eq!(stream.next()["params"]["uri"], uri(&ada));
    // What becomes of a membership elsewhere is nothing of the user, and who has left is not heard of.
    let elsewhere = json!({ "organization_id": tenants.theirs.organization, "user_id": ada, "role": "org:member" });
    server.call("clerk_add_member", elsewhere).output();
    let member = json!({ "organization_id": tenants.ours, "user_id": ada });
    server.call("clerk_remove_member", member).output();
    server.call("clerk_unlock_user", json!({ "user_id": ada })).output();
    assert_eq!(stream.next_within(A_WHILE), None);
}

#[test]
fn a_token_is_good_for_what_the_call_was_kept_to() {
    let tenants = Tenants::new();
    let server = tenants.clerk.program().http();
    let asked = call(&server, &tenants.ours, "clerk_delete_organization", &json!({})).output();
    let token = json!({ "confirmation_token": asked["confirmation_token"] });
    for organization in [&*tenants.theirs.organization, SLUG, "acme"] {
        let refused = call(&server, organization, "clerk_delete_organization", &token).failure();
        assert_eq!(refused["code"], "invalid_confirmation_token", "{organization}: {refused}");
    }
    tenants.assert_untouched();
    assert_eq!(call(&server, &tenants.ours, "clerk_delete_organization", &token).output()["deleted"], true);
}

/// The program does not rely on the component.
#[test]
fn no_component_leads_a_call_outside() {
    let api = Upstream::always(Reply::no_users());
    let server = api.program().component(fixtures::guest()).arguments(&["--organization", "org_1"]).http();
    let reach = |method: &str, path: &str| {
        let url = format!("{}{path}", api.url());
        server.call("reach", json!({ "method": method, "url": url })).output()
    };
    for (method, path) in [
        ("GET", "/organizations"),
        ("GET", "/organizations/org_2"),
        ("DELETE", "/organizations/org_2"),
        ("GET", "/organizations/org_2/memberships"),
        ("POST", "/organizations/org_1/memberships"),
        ("GET", "/users"),
        ("GET", "/users?organization_id=org_2"),
        ("GET", "/users/user_1/organization_memberships"),
        ("GET", "/invitations"),
        ("GET", "/organizations/org_1/../org_2"),
    ] {
        let answer = reach(method, path);
        assert!(answer["error"].is_string(), "{method} {path}: {answer}");
    }
    assert_eq!(api.count(), 0);
    for (method, path) in
        [("GET", "/organizations/org_1"), ("GET", "/users?organization_id=org_1"), ("GET", "/users/user_1")]
    {
        assert!(reach(method, path)["error"].is_null(), "{method} {path}");
    }
    assert_eq!(api.count(), 3);
}

#[test]
fn the_audit_log_says_what_a_call_was_kept_to() {
    let tenants = Tenants::new();
    let log = Directory::new();
    let path = log.file();
    let session = tenants.program().variable("CLERK_MCP_AUDIT", &path.to_string_lossy()).stdio();
    session.call("clerk_lock_user", json!({ "user_id": tenants.clerk.user("ada@acme.example") })).output();
    session.call("clerk_lock_user", json!({ "user_id": tenants.theirs.user })).failure();
    drop(session);
    let log = fs::read_to_string(path).expect("there is a log");
    let kept = format!("\"kept_to\":[\"{}\"]", tenants.ours);
    assert!(log.lines().count() >= 3 && log.lines().skip(1).all(|line| line.contains(&kept)), "{log}");
}
