//! What an access token is good for: its scopes narrow the tools, and its holder owns the session.

use http::Method;
use serde_json::{Value, json};

use crate::harness::issuer::{Issuer, list};
use crate::harness::program::listed;
use crate::harness::{Clerk, Client, HttpServer};

/// A server as the holder of a token with these claims sees it.
fn as_holder(issuer: &Issuer, clerk: &Clerk, name: &str, value: Value) -> HttpServer {
    let token = issuer.key.token(&issuer.claims_with(name, value));
    issuer.server(clerk).with_header("authorization", &format!("Bearer {token}"))
}

#[test]
fn a_token_for_reading_lists_and_calls_only_what_reads() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let reader = as_holder(&issuer, &clerk, "scope", json!("clerk:read"));
    assert_eq!(reader.tool_names(), listed(&["--read-only"]));
    reader.call("clerk_list_users", json!({})).output();
    clerk.requests();
    let failure = reader.call("clerk_create_organization", json!({ "name": "Umbrella" })).failure();
    assert_eq!(failure["code"], "insufficient_scope");
    assert!(failure["message"].as_str().is_some_and(|message| message.contains("clerk:write")), "{failure}");
    let prompts = reader.request("prompts/list", json!({}));
    assert_eq!(prompts.result()["prompts"].as_array().map(Vec::len), Some(2));
    clerk.assert_nothing_sent();
}

#[test]
fn only_what_a_better_token_would_allow_is_said_to_need_one() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let token = issuer.key.token(&issuer.claims_with("scope", json!("clerk:read")));
    let server = issuer.program(&clerk).variable("CLERK_TOOLSETS", "users").http();
    let reader = server.with_header("authorization", &format!("Bearer {token}"));
    let failure = |tool: &str| reader.call(tool, json!({})).failure()["code"].clone();
    assert_eq!(failure("clerk_update_user_metadata"), "insufficient_scope");
    assert_eq!(failure("clerk_list_organizations"), "denied");
    let reader = as_holder(&issuer, &clerk, "scope", json!("clerk:read"));
    let prompt = reader.request("prompts/get", json!({ "name": "offboard_person", "arguments": { "user": "x" } }));
    assert!(prompt.error().1.contains("clerk:write"), "{prompt:?}");
}

#[test]
fn an_assistant_that_may_only_read_is_told_so() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let client = json!({ "name": "tests", "version": "1" });
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    let reads = |scope: &str| {
        let holder = as_holder(&issuer, &clerk, "scope", json!(scope));
        holder.request("initialize", hello.clone()).result()["instructions"].to_string().contains("change nothing")
    };
    assert_eq!((reads("clerk:read"), reads("clerk:write")), (true, false));
}

#[test]
fn a_token_for_writing_may_do_all_that_the_operator_allows() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let writer = as_holder(&issuer, &clerk, "scope", json!("clerk:write"));
    assert_eq!(writer.tool_names(), listed(&[]));
    writer.call("clerk_create_organization", json!({ "name": "Umbrella" })).output();
    let program = issuer.program(&clerk).variable("CLERK_READ_ONLY", "true");
    let writer = program.http().with_header("authorization", &format!("Bearer {}", issuer.token()));
    assert_eq!(writer.tool_names(), listed(&["--read-only"]));
    let failure = writer.call("clerk_create_organization", json!({ "name": "Umbrella" })).failure();
    assert_eq!(failure["code"], "denied", "the operator's word, not the token's");
}

#[test]
fn what_is_listed_for_one_holder_is_not_for_others_to_keep() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let answer = list(&issuer.server(&clerk), &issuer.token());
    assert_eq!(answer.json()["result"]["cacheScope"], "private");
}

#[test]
fn a_session_stays_with_its_holder_when_the_token_is_renewed() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let token = |name: &str, value: Value| format!("Bearer {}", issuer.key.token(&issuer.claims_with(name, value)));
    let (own, other) = (token("jti", json!("first")), token("sub", json!("user_other")));
    let client = json!({ "name": "tests", "version": "1" });
    let parameters =
        json!({ "protocolVersion": "2025-11-25", "capabilities": { "elicitation": {} }, "clientInfo": client });
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters }).to_string();
    let answer = server.post(&[("authorization", &own)], &hello);
    let session = answer.headers["mcp-session-id"].to_str().expect("an id is text").to_owned();
    let end = |token: &str| {
        let headers = [("authorization", token), ("mcp-session-id", session.as_str())];
        server.send(Method::DELETE, "/mcp", &headers, "").status
    };
    assert_eq!(end(&other), 404);
    assert_eq!(end(&token("jti", json!("second"))), 204);
}
