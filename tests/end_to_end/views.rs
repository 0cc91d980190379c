//! Views for a person (MCP Apps): who is told of them, and that nobody else notices. `tests/views` shows them in a browser.

use serde_json::{Value, json};

use crate::harness::{Answer, Clerk, Client as _, HttpServer, Program, StdioSession};

const MODERN: &str = "2026-07-28";
const EXTENSION: &str = "io.modelcontextprotocol/ui";
pub(crate) const HTML: &str = "text/html;profile=mcp-app";
pub(crate) const CONSENT: &str = "clerk-mcp/consent";

pub(crate) fn shows_views() -> Value {
    json!({ "extensions": { EXTENSION: { "mimeTypes": [HTML] } } })
}

/// Shows views, and questions in views.
pub(crate) fn asks_in_views() -> Value {
    json!({ "elicitation": {}, "extensions": { EXTENSION: { "mimeTypes": ["text/plain", HTML], "elicitation": {} } } })
}

/// The bytes of the answer to a request of 2026-07-28.
fn modern(server: &HttpServer, method: &str, capabilities: &Value, mut parameters: Value) -> String {
    let name = parameters.get("name").or_else(|| parameters.get("uri")).and_then(Value::as_str).map(ToOwned::to_owned);
    parameters["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": capabilities,
    });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
    let mut headers = vec![("mcp-protocol-version", MODERN), ("mcp-method", method)];
    headers.extend(name.as_deref().map(|name| ("mcp-name", name)));
    let answer = server.post(&headers, &request.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

fn result(answer: &str) -> Value {
    serde_json::from_str::<Value>(answer).expect("the answer is JSON")["result"].clone()
}

/// Takes out what is there for views, without touching anything else.
fn without_views(answer: &str) -> String {
    let mut left = answer.to_owned();
    for app in ["consent", "person", "list", "review"] {
        left = left.replace(&format!(r#","_meta":{{"ui":{{"resourceUri":"ui://clerk/{app}"}}}}"#), "");
    }
    left
}

#[test]
fn who_shows_no_views_is_told_nothing_of_them() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let unfit = json!({ "extensions": { EXTENSION: { "mimeTypes": ["text/html"] } } });
    for (method, parameters) in
        [("server/discover", json!({})), ("tools/list", json!({})), ("resources/list", json!({}))]
    {
        let plain = modern(&server, method, &json!({}), parameters.clone());
        assert_eq!(modern(&server, method, &unfit, parameters.clone()), plain, "{method}");
        assert!(!plain.contains("ui://") && !plain.contains(EXTENSION) && !plain.contains(r#""ui":"#), "{method}");
        assert_ne!(modern(&server, method, &shows_views(), parameters), plain, "{method}");
    }
    // What views add is beside what everybody gets, which is the same to the byte.
    let plain = modern(&server, "tools/list", &json!({}), json!({}));
    let shown = modern(&server, "tools/list", &shows_views(), json!({}));
    assert_eq!(without_views(&shown), plain);
    let session = StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"]));
    let introduced = session.greet("2025-11-25", &json!({ "elicitation": {} }));
    assert_eq!(introduced["capabilities"]["extensions"].as_object().map(serde_json::Map::len), Some(1));
    let listed = session.request("tools/list", json!({}));
    assert_eq!(listed.result()["tools"], result(&plain)["tools"], "2025-11-25");
    clerk.assert_nothing_sent();
}

#[test]
fn both_eras_are_told_of_the_views_and_can_read_them() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let session = StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"]));
    let introduced = session.greet("2025-11-25", &shows_views());
    let discovered = result(&modern(&server, "server/discover", &shows_views(), json!({})));
    for told in [&introduced, &discovered] {
        assert_eq!(told["capabilities"]["extensions"][EXTENSION], json!({ "elicitation": {} }));
    }
    let tools = result(&modern(&server, "tools/list", &shows_views(), json!({})))["tools"].clone();
    assert_eq!(session.request("tools/list", json!({})).result()["tools"], tools);
    let resources = session.request("resources/list", json!({})).result()["resources"].clone();
    let views: Vec<&Value> =
        resources.as_array().expect("a list").iter().filter(|entry| entry["mimeType"] == HTML).collect();
    assert!(!views.is_empty());
    for view in views {
        let uri = &view["uri"];
        let is_used = tools.as_array().expect("a list").iter().any(|tool| tool["_meta"]["ui"]["resourceUri"] == *uri);
        assert!(is_used, "{uri}");
        assert_eq!(view["_meta"], json!({ "ui": { "csp": {}, "prefersBorder": true } }));
        let read = session.request("resources/read", json!({ "uri": uri })).result()["contents"][0].clone();
        assert_eq!((&read["mimeType"], &read["_meta"], &read["uri"]), (&json!(HTML), &view["_meta"], uri));
        assert!(read["text"].as_str().is_some_and(|text| text.starts_with("<!doctype html>")), "{uri}");
        let modern = result(&modern(&server, "resources/read", &shows_views(), json!({ "uri": uri })));
        assert_eq!(modern["contents"][0], read);
    }
    clerk.assert_nothing_sent();
}

#[test]
fn over_http_a_session_remembers_that_its_client_shows_views() {
    let server = Clerk::sample().server();
    let hello = json!({
        "protocolVersion": "2025-11-25", "capabilities": shows_views(), "clientInfo": { "name": "tests", "version": "1" },
    });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello });
    let answer = server.post(&[], &request.to_string());
    let session = answer.headers["mcp-session-id"].to_str().expect("a text").to_owned();
    let listed = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" }).to_string();
    let listed = server.post(&[("mcp-session-id", &session), ("mcp-protocol-version", "2025-11-25")], &listed);
    assert!(listed.body.contains("ui://clerk/consent"), "{listed:?}");
}

/// What a client that shows views is answered when it deletes an organization.
fn delete(session: &StdioSession, organization: &str, token: Option<&Value>) -> Answer {
    session.call("clerk_delete_organization", json!({ "organization_id": organization, "confirmation_token": token }))
}

#[test]
fn the_token_of_a_preview_is_for_the_view_alone() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let viewing = StdioSession::with_capabilities(clerk.program(), &shows_views());
    let asked = delete(&viewing, &sandbox, None);
    let mut for_model = asked.result().clone();
    let for_view = for_model.as_object_mut().expect("an object").remove("_meta").expect("something for the view");
    let token = &for_view[CONSENT]["confirmation_token"];
    assert_eq!(for_view[CONSENT]["name"], "Sandbox");
    assert!(!for_model.to_string().contains(token.as_str().expect("a token")), "{for_model}");
    let output = asked.output();
    assert!(output["preview"].is_object() && output.get("confirmation_token").is_none(), "{output}");
    assert!(output["next"].as_str().is_some_and(|next| next.contains("do not repeat the call")), "{output}");
    assert_eq!(delete(&viewing, &sandbox, Some(token)).output()["deleted"], true);
}

#[test]
fn who_sees_no_view_gets_the_token() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let user = clerk.user("newcomer@mail.example");
    // For runs that nobody watches.
    let unattended =
        StdioSession::with_capabilities(clerk.program().variable("CLERK_CONFIRM", "token-only"), &shows_views());
    let answer = delete(&unattended, &sandbox, None);
    assert!(answer.output()["confirmation_token"].is_string(), "{answer:?}");
    // A client does not know that a tool has a view which it is not told of.
    let viewing = StdioSession::with_capabilities(clerk.program(), &shows_views());
    let listed = viewing.request("tools/list", json!({}));
    let tool = "clerk_reset_second_factors";
    assert!(!listed.result().to_string().contains(tool), "choose another tool that is not listed");
    let answer = viewing.call(tool, json!({ "user_id": user }));
    assert!(answer.output()["confirmation_token"].is_string(), "{answer:?}");
    assert!(answer.result().get("_meta").is_none(), "{answer:?}");
}

#[test]
fn a_question_names_its_view_where_the_client_has_views_ask() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let call = json!({ "name": "clerk_delete_organization", "arguments": { "organization_id": sandbox } });
    let asks_by_forms = json!({ "elicitation": {}, "extensions": shows_views()["extensions"] });
    for (capabilities, has_view) in
        [(asks_in_views(), true), (asks_by_forms, false), (json!({ "elicitation": {} }), false)]
    {
        let session = StdioSession::with_capabilities(clerk.program(), &capabilities);
        session.begin("tools/call", &call);
        let older = session.read()["params"].clone();
        let newer = result(&modern(&clerk.server(), "tools/call", &capabilities, call.clone()));
        for question in [&older, &newer["inputRequests"]["confirm"]["params"]] {
            assert!(question["requestedSchema"]["properties"]["name"].is_object(), "the form stays: {question}");
            assert_eq!(question["_meta"]["ui"]["resourceUri"] == "ui://clerk/consent", has_view, "{question}");
            assert_eq!(question["_meta"][CONSENT]["name"] == "Sandbox", has_view, "{question}");
            assert_eq!(question["_meta"][CONSENT]["preview"]["organization"].is_object(), has_view, "{question}");
        }
    }
}

#[test]
fn a_view_offers_what_the_policy_allows() {
    let clerk = Clerk::sample();
    let tools = |program: Program, uri: &str| {
        let session = StdioSession::with_capabilities(program, &shows_views());
        session.request("resources/read", json!({ "uri": uri })).0
    };
    let read_only = || clerk.program().variable("CLERK_READ_ONLY", "true");
    let refused = tools(read_only(), "ui://clerk/consent");
    assert!(refused["error"]["message"].as_str().is_some_and(|text| text.contains("consent")), "{refused}");
    assert_eq!(tools(clerk.program(), "ui://clerk/nothing")["error"]["code"], -32002);
    clerk.assert_nothing_sent();
}
