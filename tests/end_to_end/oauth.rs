//! HTTP as an OAuth resource: what it says about itself, what a token's scopes are good for, how it is set up.

use http::Method;
use serde_json::{Value, json};

use crate::harness::canary::KEY;
use crate::harness::http::send;
use crate::harness::issuer::{Issuer, RESOURCE, challenge, list};
use crate::harness::{Clerk, Client, HttpServer, Program};

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
const DOCUMENT: &str = "/.well-known/oauth-protected-resource";

#[test]
fn without_a_token_a_client_learns_where_to_get_one() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let expected = "Bearer resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\", \
                    scope=\"clerk:read clerk:write\"";
    for value in [None, Some("Bearer"), Some("Bearer "), Some("Basic YTpi"), Some("")] {
        let headers: Vec<_> = value.map(|value| ("authorization", value)).into_iter().collect();
        let answer = server.post(&headers, LIST);
        assert_eq!((answer.status, challenge(&answer)), (401, expected), "{value:?}");
        assert!(answer.json()["error"].as_str().is_some_and(|error| error.starts_with("an access token is required")));
    }
    assert_eq!(issuer.upstream.count(), 0, "the issuer is asked when a token has to be checked, and not before");
}

#[test]
fn a_token_in_the_query_is_none() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let url = format!("{}/mcp?access_token={}", server.url, issuer.token());
    let answer = send(Method::POST, &url, &crate::harness::http_server::USUAL, LIST);
    assert_eq!(answer.status, 401, "{answer:?}");
    assert!(!challenge(&answer).contains("error="), "{answer:?}");
}

#[test]
fn two_authorization_headers_are_refused() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let good = format!("Bearer {}", issuer.token());
    for other in [good.as_str(), "Bearer x", "Basic YTpi"] {
        let answer = issuer.server(&clerk).post(&[("authorization", &good), ("authorization", other)], LIST);
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(challenge(&answer).contains("error=\"invalid_request\""), "{answer:?}");
    }
}

#[test]
fn the_metadata_is_for_everybody() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    for path in [DOCUMENT.to_owned(), format!("{DOCUMENT}/mcp")] {
        let answer = server.get(&path);
        assert_eq!((answer.status, &answer.headers["access-control-allow-origin"]), (200, &"*".parse().expect("text")));
        let expected = json!({
            "resource": RESOURCE,
            "resource_name": "clerk-mcp",
            "authorization_servers": [issuer.url],
            "scopes_supported": ["clerk:read", "clerk:write"],
            "bearer_methods_supported": ["header"],
        });
        assert_eq!(answer.json(), expected);
        let preflight = send(Method::OPTIONS, &format!("{}{path}", server.url), &[], "");
        assert_eq!(preflight.headers["access-control-allow-methods"], "GET");
    }
    assert_eq!(server.get(&format!("{DOCUMENT}/other")).status, 404);
    let mcp = list(&server, &issuer.token());
    assert!(!mcp.headers.contains_key("access-control-allow-origin"), "{mcp:?}");
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn behind_a_proxy_the_metadata_is_where_the_public_url_puts_it() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let public = "https://example.com/clerk/mcp";
    let server = issuer.program(&clerk).variable("CLERK_MCP_PUBLIC_URL", public).http();
    let answer = server.post(&[("host", "example.com")], LIST);
    let url = "resource_metadata=\"https://example.com/.well-known/oauth-protected-resource/clerk/mcp\"";
    assert!(challenge(&answer).contains(url), "{answer:?}");
    assert_eq!(server.get(&format!("{DOCUMENT}/clerk/mcp")).json()["resource"], public);
}

#[test]
fn there_is_no_metadata_without_oauth() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for path in [DOCUMENT.to_owned(), format!("{DOCUMENT}/mcp")] {
        assert_eq!(server.get(&path).status, 404);
    }
}

#[test]
fn the_name_in_the_public_url_is_an_allowed_host() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let token = format!("Bearer {}", issuer.token());
    let status = |server: &HttpServer, host| server.post(&[("host", host), ("authorization", &token)], LIST).status;
    let server = issuer.server(&clerk);
    assert_eq!((status(&server, "mcp.example"), status(&server, "other.example")), (200, 403));
}

#[test]
fn a_token_needs_a_scope_of_ours() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let answer = |name: &str, value: Value| {
        let mut claims = issuer.claims_with("scope", Value::Null);
        claims[name] = value;
        list(&server, &issuer.key.token(&claims))
    };
    for (name, value) in [
        ("scope", json!("clerk:read")),
        ("scope", json!("openid clerk:write email")),
        ("scp", json!(["clerk:read"])),
        ("scp", json!("clerk:write")),
    ] {
        assert_eq!(answer(name, value.clone()).status, 200, "{name} {value}");
    }
    for (name, value) in [
        ("scope", json!("openid profile")),
        ("scope", json!("")),
        ("scope", json!("clerk:reader xclerk:read CLERK:READ clerk:read,clerk:write")),
        ("scp", json!(["clerk:read clerk:write"])),
        ("roles", json!("clerk:read")),
    ] {
        let answer = answer(name, value.clone());
        assert_eq!(answer.status, 403, "{name} {value}: {answer:?}");
        let challenge = challenge(&answer);
        assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
        assert!(challenge.contains("scope=\"clerk:read\""), "{challenge}");
        assert!(challenge.contains("resource_metadata=\"https://mcp.example/"), "{challenge}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn a_token_goes_no_further_than_this_server() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let token = issuer.token();
    let server = issuer.server(&clerk).with_header("authorization", &format!("bearer {token}"));
    server.call("clerk_list_users", json!({})).output();
    assert_eq!(clerk.requests()[0].header("authorization"), Some(&*format!("Bearer {KEY}")));
    let flawed = issuer.key.token(&issuer.claims_with("exp", json!(1)));
    assert_eq!(list(&server, &flawed).status, 400, "two headers");
    let said = server.terminate().stderr;
    assert!(said.contains("DEBUG"), "all there is is logged");
    for text in [&token, &flawed] {
        for part in text.split('.') {
            assert!(!said.contains(part), "a part of a token was logged");
        }
    }
}

#[test]
fn with_oauth_the_server_may_listen_for_other_machines() {
    let issuer = Issuer::start();
    let program = Program::with_api("http://127.0.0.1:9/v1").arguments(&["http", "--listen", "0.0.0.0:0"]);
    let program = program.variable("CLERK_MCP_OAUTH_ISSUER", &issuer.url).variable("CLERK_MCP_PUBLIC_URL", RESOURCE);
    let server = HttpServer::start(program);
    assert_eq!(send(Method::POST, &format!("http://127.0.0.1:{}/mcp", server.port()), &[], LIST).status, 401);
}

#[test]
fn what_contradicts_itself_does_not_start() {
    let (issuer, public) = ("CLERK_MCP_OAUTH_ISSUER", "CLERK_MCP_PUBLIC_URL");
    let (jwks, audience) = ("CLERK_MCP_OAUTH_JWKS_URL", "CLERK_MCP_OAUTH_AUDIENCE");
    let good = [(issuer, "https://clerk.example"), (public, RESOURCE)];
    let cases: [(&[(&str, &str)], &str); 14] = [
        (&[good[0], good[1], ("CLERK_MCP_AUTH_TOKEN", "CANARY7f3a")], "both say who may call: set only one"),
        (&[good[0]], "set CLERK_MCP_PUBLIC_URL, for example https://mcp.example.com/mcp"),
        (&[good[1]], "set CLERK_MCP_OAUTH_ISSUER as well"),
        (&[(jwks, "https://clerk.example/jwks")], "set CLERK_MCP_OAUTH_ISSUER as well"),
        (&[(audience, "x")], "set CLERK_MCP_OAUTH_ISSUER as well"),
        (&[(issuer, ""), good[1]], "CLERK_MCP_OAUTH_ISSUER (--oauth-issuer): it is not a URL"),
        (&[(issuer, "clerk.example"), good[1]], "CLERK_MCP_OAUTH_ISSUER (--oauth-issuer): it is not a URL"),
        (&[(issuer, "http://clerk.example"), good[1]], "(--oauth-issuer): it must begin with https://"),
        (&[(issuer, "https://u:CANARY7f3a@clerk.example"), good[1]], "must not hold a user name"),
        (&[(issuer, "https://clerk.example?x"), good[1]], "must not hold a query"),
        (&[good[0], (public, "http://mcp.example/mcp")], "CLERK_MCP_PUBLIC_URL (--public-url): it must begin with"),
        (&[good[0], (public, "https://mcp.example/\"mcp")], "CLERK_MCP_PUBLIC_URL (--public-url): it is not a URL"),
        (&[good[0], (public, "https://mcp.example/mcp#x")], "must not hold a user name, a password or a fragment"),
        (&[good[0], good[1], (jwks, "http://keys.example")], "CLERK_MCP_OAUTH_JWKS_URL (--oauth-jwks-url): it must"),
    ];
    for (variables, reason) in cases {
        let program = Program::new(&["http", "--listen", "127.0.0.1:0"]).variable("CLERK_SECRET_KEY", KEY);
        let set = |program: Program, (name, value): &(&str, &str)| program.variable(name, value);
        let finished = variables.iter().fold(program, set).run();
        assert!(finished.refusal().contains(reason), "{variables:?}: {}", finished.stderr);
    }
}
