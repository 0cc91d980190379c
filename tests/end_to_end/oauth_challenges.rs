//! Access tokens that lack a scope, in the version of MCP that has clients get one by a challenge.

use serde_json::{Value, json};

use crate::harness::http::HttpAnswer;
use crate::harness::issuer::{Issuer, challenge};
use crate::harness::{Clerk, HttpServer};
use crate::rounds::{modern_headers, modern_request};

const CREATE: &str = "clerk_create_organization";
const BOTH: &str = "scope=\"clerk:read clerk:write\"";

/// A client of 2026-07-28 whose token has this scope.
struct Modern {
    server: HttpServer,
    token: String,
}

impl Modern {
    fn new(issuer: &Issuer, server: HttpServer, scope: &str) -> Self {
        let token = issuer.key.token(&issuer.claims_with("scope", json!(scope)));
        Self { server, token: format!("Bearer {token}") }
    }

    fn send(&self, method: &str, parameters: Value, more: &[(&str, &str)]) -> HttpAnswer {
        let request = modern_request(method, parameters, &json!({}));
        let headers = modern_headers(&request);
        let own = [("authorization", self.token.as_str())];
        self.server.post(&[&headers, &own[..], more].concat(), &request.to_string())
    }

    fn call(&self, tool: &str, arguments: &Value, more: &[(&str, &str)]) -> HttpAnswer {
        self.send("tools/call", json!({ "name": tool, "arguments": arguments }), more)
    }
}

fn assert_challenged(answer: &HttpAnswer, scope: &str) {
    assert_eq!(answer.status, 403, "{answer:?}");
    let challenge = challenge(answer);
    assert!(challenge.starts_with("Bearer error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("resource_metadata=\"https://mcp.example/.well-known/"), "{challenge}");
    assert!(challenge.ends_with(scope), "{challenge}");
}

#[test]
fn a_call_that_needs_a_better_token_is_challenged_with_all_that_it_needs() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let client = Modern::new(&issuer, issuer.server(&clerk), "clerk:read");
    for (tool, arguments) in [(CREATE, json!({ "name": "Umbrella" })), (CREATE, json!({ "nonsense": 1 }))] {
        let answer = client.call(tool, &arguments, &[]);
        assert_challenged(&answer, BOTH);
        let body = answer.json();
        assert_eq!((&body["id"], body["error"]["message"].is_string()), (&json!(1), true), "{body}");
    }
    let prompt = json!({ "name": "offboard_person", "arguments": { "user": "x" } });
    assert_challenged(&client.send("prompts/get", prompt, &[]), BOTH);
    clerk.assert_nothing_sent();
    let read = client.call("clerk_list_users", &json!({}), &[]);
    assert_eq!((read.status, &read.json()["result"]["isError"]), (200, &json!(false)));
    assert_eq!(read.headers.get("www-authenticate"), None);
    let writer = Modern::new(&issuer, issuer.server(&clerk), "clerk:write");
    assert_eq!(writer.call(CREATE, &json!({ "name": "Umbrella" }), &[]).status, 200);
}

#[test]
fn no_token_is_asked_for_where_none_would_help() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.program(&clerk).variable("CLERK_EXCLUDE_TOOLS", CREATE).http();
    let client = Modern::new(&issuer, server, "clerk:read");
    let assert_denied = |answer: &HttpAnswer| {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.body.contains(r#"\"code\":\"denied\""#), "{answer:?}");
    };
    assert_denied(&client.call(CREATE, &json!({ "name": "Umbrella" }), &[]));
    let lock = json!({ "user_id": "user_1" });
    for header in [("x-mcp-readonly", "true"), ("x-mcp-toolsets", "organizations"), ("x-mcp-tools", "clerk_get_*")] {
        assert_denied(&client.call("clerk_lock_user", &lock, &[header]));
    }
    assert_challenged(&client.call("clerk_lock_user", &lock, &[("x-mcp-toolsets", "users")]), BOTH);
    let not_listed = "clerk_update_member_metadata";
    assert_challenged(&client.call(not_listed, &json!({}), &[]), BOTH);
    assert_denied(&client.call(not_listed, &json!({}), &[("x-mcp-exclude-tools", not_listed)]));
    assert_eq!(client.call("clerk_no_such_tool", &json!({}), &[]).status, 200);
    clerk.assert_nothing_sent();
}

#[test]
fn a_client_finds_out_what_a_server_is_with_any_valid_token() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let client = Modern::new(&issuer, issuer.server(&clerk), "openid");
    let answer = client.send("server/discover", json!({}), &[]);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.json()["result"]["supportedVersions"].is_array(), "{answer:?}");
    let read = "scope=\"clerk:read\"";
    assert_challenged(&client.send("tools/list", json!({}), &[]), read);
    assert_challenged(&client.call("clerk_list_users", &json!({}), &[]), read);
    assert_challenged(&client.call(CREATE, &json!({ "name": "Umbrella" }), &[]), BOTH);
    let stranger = Modern { token: "Bearer nonsense".into(), ..client };
    assert_eq!(stranger.send("server/discover", json!({}), &[]).status, 401);
    clerk.assert_nothing_sent();
}

#[test]
fn headers_that_claim_discovery_open_nothing_else() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let client = Modern::new(&issuer, issuer.server(&clerk), "openid");
    let own = ("authorization", client.token.as_str());
    let (version, method) = (("mcp-protocol-version", "2026-07-28"), ("mcp-method", "server/discover"));
    let call = modern_request("tools/call", json!({ "name": "clerk_list_users", "arguments": {} }), &json!({}));
    let older = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "clerk_list_users" } });
    for body in [&call, &older, &json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })] {
        for name in [&[][..], &[("mcp-name", "clerk_list_users")]] {
            let headers = [&[own, version, method], name].concat();
            assert_eq!(client.server.post(&headers, &body.to_string()).status, 400, "{body}");
        }
        for version in ["2025-11-25", "2025-06-18", "2026-07-29", "2027-01-01"] {
            let headers = [own, method, ("mcp-protocol-version", version)];
            assert_eq!(client.server.post(&headers, &body.to_string()).status, 403, "{version} {body}");
        }
        assert_eq!(client.server.post(&[own, method], &body.to_string()).status, 403, "{body}");
        for twice in
            [[version, method, method], [version, version, method], [version, method, ("mcp-method", "tools/call")]]
        {
            let status = client.server.post(&[&[own], &twice[..]].concat(), &body.to_string()).status;
            assert!([400, 403].contains(&status), "{twice:?} {body}: {status}");
        }
    }
    clerk.assert_nothing_sent();
}

#[test]
fn what_older_clients_are_told_is_a_result() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let token = format!("Bearer {}", issuer.key.token(&issuer.claims_with("scope", json!("clerk:read"))));
    for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let headers = [("authorization", token.as_str()), ("mcp-protocol-version", version)];
        let answer = server.call_with(&headers, CREATE, &json!({ "name": "Umbrella" }));
        assert_eq!((answer.status, answer.headers.get("www-authenticate")), (200, None), "{version}");
        assert!(answer.body.contains("insufficient_scope"), "{answer:?}");
    }
    clerk.assert_nothing_sent();
}
