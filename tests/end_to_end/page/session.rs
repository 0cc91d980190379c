//! Signing in by the operator's token, and what the cookie is good for.

use http::Method;
use serde_json::json;

use super::{FORM, TOKEN, cookie_of, get, send_token, shown, sign_in};
use crate::harness::{Clerk, HttpServer};

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

fn server(clerk: &Clerk) -> HttpServer {
    clerk.program().variable("CLERK_MCP_AUTH_TOKEN", TOKEN).http()
}

#[test]
fn on_loopback_without_a_token_the_page_is_there() {
    let clerk = Clerk::sample();
    let page = shown(&clerk.server(), "/");
    assert!(page.contains("<h1>This server</h1>") && !page.contains("Sign out"), "{page}");
}

#[test]
fn without_permission_there_is_a_form_and_nothing_else() {
    let clerk = Clerk::sample();
    let server = server(&clerk);
    for path in ["/", "/page/live", "/page/audit"] {
        for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("cookie", "clerk-mcp-page=wrong")]] {
            let answer = server.send(Method::GET, path, headers, "");
            assert_eq!((answer.status, &answer.headers["www-authenticate"]), (401, &"Bearer".parse().expect("text")));
            for secret in ["clerk_list_users", "development", "<svg", "127.0.0.1"] {
                assert!(!answer.body.contains(secret), "{path} {headers:?}: {answer:?}");
            }
        }
    }
    let form = server.get("/").body;
    assert!(form.contains("<form method=\"post\" action=\"/page/sign-in\"") && form.contains("CLERK_MCP_AUTH_TOKEN"));
    clerk.assert_nothing_sent();
}

#[test]
fn the_token_opens_a_session_that_ends_when_somebody_signs_out() {
    let clerk = Clerk::sample();
    let server = server(&clerk);
    let cookie = sign_in(&server, TOKEN);
    let other = sign_in(&server, TOKEN);
    assert_ne!(cookie, other);
    let page = get(&server, "/", &cookie);
    assert!(page.status == 200 && page.body.contains("Sign out"), "{page:?}");
    assert_eq!(get(&server, "/page/live", &cookie).status, 200);
    let answer = server.send(Method::POST, "/page/sign-out", &[("cookie", &cookie)], "");
    assert_eq!((answer.status, &answer.headers["location"]), (303, &"/".parse().expect("text")));
    assert!(cookie_of(&answer).starts_with("clerk-mcp-page=; Path=/; Max-Age=0;"), "{answer:?}");
    assert_eq!((get(&server, "/", &cookie).status, get(&server, "/", &other).status), (401, 200));
    let log = server.terminate().stderr;
    assert!(!log.contains(TOKEN) && !log.contains(&cookie), "{log}");
}

#[test]
fn a_wrong_token_opens_none() {
    let clerk = Clerk::sample();
    let server = server(&clerk);
    for token in ["", "open", "open sesame, open2", "open sesame, open\u{7}", "<script>", &"x".repeat(40_000)] {
        let answer = send_token(&server, token);
        assert!([400, 401].contains(&answer.status), "{answer:?}");
        assert!(!answer.headers.contains_key("set-cookie") && !answer.body.contains("<script>"), "{answer:?}");
        assert!(answer.body.contains("role=\"alert\""), "{answer:?}");
    }
    let answer = server.send(Method::POST, "/page/sign-in", &[("content-type", FORM)], "other=1");
    assert_eq!(answer.status, 400);
    let get = server.get(&format!("/?token={}", TOKEN.replace(' ', "+")));
    assert_eq!(get.status, 401, "a token in an address is none");
}

#[test]
fn scripts_and_other_sites_do_not_get_the_cookie() {
    let clerk = Clerk::sample();
    let server = server(&clerk);
    let form = "token=open+sesame,+open";
    let post = |headers: &[(&str, &str)]| server.send(Method::POST, "/page/sign-in", headers, form);
    let plain = cookie_of(&post(&[]));
    let (_, attributes) = plain.split_once(';').expect("there are attributes");
    assert_eq!(attributes, " Path=/; Max-Age=28800; HttpOnly; SameSite=Strict");
    let own = format!("http://localhost:{}", server.port());
    let host = format!("localhost:{}", server.port());
    assert!(!cookie_of(&post(&[("origin", &own), ("host", &host)])).contains("Secure"));
    // Behind a proxy with TLS, the browser says so.
    let secure = cookie_of(&post(&[("origin", "https://localhost"), ("host", "localhost")]));
    assert!(secure.starts_with("__Host-clerk-mcp-page=") && secure.ends_with("SameSite=Strict; Secure"), "{secure}");
    let pair = secure.split(';').next().expect("a pair");
    assert_eq!(get(&server, "/", pair).status, 200);
}

#[test]
fn mcp_and_metrics_do_not_take_the_cookie() {
    let clerk = Clerk::sample();
    let program = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", TOKEN).variable("CLERK_MCP_METRICS", "1");
    let server = program.http();
    let cookie = sign_in(&server, TOKEN);
    assert_eq!(server.post(&[("cookie", &cookie)], LIST).status, 401);
    assert_eq!(server.call_with(&[("cookie", &cookie)], "clerk_list_users", &json!({})).status, 401);
    assert_eq!(get(&server, "/metrics", &cookie).status, 401);
    clerk.assert_nothing_sent();
}

#[test]
fn a_header_counts_before_the_cookie() {
    let clerk = Clerk::sample();
    let server = server(&clerk);
    let cookie = sign_in(&server, TOKEN);
    let status = |headers: &[(&str, &str)]| server.send(Method::GET, "/", headers, "").status;
    let right = format!("Bearer {TOKEN}");
    assert_eq!(status(&[("authorization", &right)]), 200);
    assert_eq!(status(&[("authorization", "Bearer wrong"), ("cookie", &cookie)]), 401);
    assert_eq!(status(&[("authorization", &right), ("cookie", "clerk-mcp-page=wrong")]), 200);
}
