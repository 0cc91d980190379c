//! The page where callers have access tokens of an issuer: each sees what is theirs.

use http::Method;
use serde_json::{Value, json};

use super::{cookie_of, get, rows, send_token, sign_in};
use crate::harness::issuer::{Issuer, now};
use crate::harness::patience::wait_until;
use crate::harness::{Clerk, Directory, HttpServer};

fn token(issuer: &Issuer, subject: &str, scope: &str) -> String {
    let mut claims = issuer.claims_with("sub", json!(subject));
    claims["scope"] = scope.into();
    issuer.key.token(&claims)
}

fn call(server: &HttpServer, token: &str, tool: &str, arguments: &Value) {
    let answer = server.call_with(&[("authorization", &format!("Bearer {token}"))], tool, arguments);
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn without_a_token_the_page_says_where_to_get_one() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let answer = server.get("/");
    assert_eq!(answer.status, 401);
    let challenge = answer.headers["www-authenticate"].to_str().expect("text");
    assert!(challenge.starts_with("Bearer resource_metadata="), "{challenge}");
    for part in [issuer.url.as_str(), "https://mcp.example/mcp", "clerk:read"] {
        assert!(answer.body.contains(part), "{part}: {answer:?}");
    }
    assert_eq!(issuer.upstream.count(), 0);
}

#[test]
fn a_holder_sees_their_own_calls_and_no_others() {
    let (clerk, issuer, directory) = (Clerk::sample(), Issuer::start(), Directory::new());
    let server = issuer.program(&clerk).variable("CLERK_MCP_AUDIT", &directory.file().to_string_lossy()).http();
    let [ada, tim] = ["user_ada", "user_tim"].map(|subject| token(&issuer, subject, "clerk:read clerk:write"));
    call(&server, &ada, "clerk_list_users", &json!({}));
    call(&server, &ada, "clerk_create_organization", &json!({ "name": "Of Ada" }));
    call(&server, &ada, "clerk_delete_user", &json!({ "user_id": clerk.user("ada@acme.example") }));
    call(&server, &tim, "clerk_list_organizations", &json!({}));
    call(&server, &tim, "clerk_create_organization", &json!({ "name": "Of Tim" }));
    let page = |token: &str, path: &str| get(&server, path, &sign_in(&server, token)).body;
    let (of_ada, of_tim) = (page(&ada, "/"), page(&tim, "/"));
    assert!(of_ada.contains("5 in the last hour") && of_tim.contains("5 in the last hour"), "{of_ada}");
    let live = |page: &str| {
        page.split("<div id=\"live\">").nth(1).expect("a part").split("</section>").next().expect("its end").to_owned()
    };
    for part in ["clerk_list_users", "user_ada by client_1", "clerk_delete_user"] {
        assert!(live(&of_ada).contains(part) && !live(&of_tim).contains(part), "{part}: {of_tim}");
    }
    assert!(live(&of_tim).contains("clerk_list_organizations") && !live(&of_ada).contains("clerk_list_organizations"));
    let (of_ada, of_tim) = (page(&ada, "/page/audit"), page(&tim, "/page/audit"));
    assert_eq!((rows(&of_ada).len(), rows(&of_tim).len()), (2, 1), "{of_ada}");
    assert!(
        !of_tim.contains("user_ada") && of_tim.contains("As it was written<"),
        "how long it is tells what others do: {of_tim}"
    );
}

#[test]
fn who_is_kept_to_an_organization_sees_what_was_kept_to_it() {
    let (clerk, issuer, directory) = (Clerk::sample(), Issuer::start(), Directory::new());
    let program = issuer.program(&clerk).variable("CLERK_MCP_ORGANIZATION_CLAIM", "org_id");
    let server = program.variable("CLERK_MCP_AUDIT", &directory.file().to_string_lossy()).http();
    let token = |organization: &str| issuer.key.token(&issuer.claims_with("org_id", json!(organization)));
    let [acme, other] = ["acme", "sandbox"].map(token);
    call(&server, &acme, "clerk_update_organization", &json!({ "name": "Acme Again" }));
    let page = |token: &str, path: &str| get(&server, path, &sign_in(&server, token)).body;
    let (of_acme, of_other) = (page(&acme, "/page/audit"), page(&other, "/page/audit"));
    assert_eq!((rows(&of_acme).len(), rows(&of_other).len()), (1, 0), "the same person with another token: {of_other}");
    let (of_acme, of_other) = (page(&acme, "/page/live"), page(&other, "/page/live"));
    assert!(
        of_acme.contains("clerk_update_organization") && !of_other.contains("clerk_update_organization"),
        "{of_other}"
    );
    for figures in ["in the last hour", "left in", "<svg"] {
        assert!(!of_acme.contains(figures) && !of_other.contains(figures), "figures of all: {of_other}");
    }
    let home = page(&other, "/");
    assert_eq!(rows(&home)[0][3], "sandbox", "{home}");
    assert!(home.contains("off</span>: the pin ("), "{home}");
}

#[test]
fn a_token_for_reading_only_says_what_it_keeps_off() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let reads = sign_in(&server, &token(&issuer, "user_1", "clerk:read"));
    assert!(
        get(&server, "/", &reads).body.contains("off</span>: your access token, which lacks the scope clerk:write")
    );
    let refused = send_token(&server, &token(&issuer, "user_1", "other"));
    assert_eq!(refused.status, 403, "{refused:?}");
    // A request of MCP may need no scope, and this is none.
    let bearer = format!("Bearer {}", token(&issuer, "user_1", "other"));
    let discovery =
        [("authorization", bearer.as_str()), ("mcp-protocol-version", "2026-07-28"), ("mcp-method", "server/discover")];
    assert_eq!(server.send(Method::GET, "/", &discovery, "").status, 403);
}

#[test]
fn a_session_ends_with_the_token_that_opened_it() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let token = issuer.key.token(&issuer.claims_with("exp", json!(now() + 3)));
    let form = format!("token={token}");
    let answer = server.send(Method::POST, "/page/sign-in", &[], form);
    let cookie = cookie_of(&answer);
    assert!(
        cookie.starts_with("__Host-clerk-mcp-page=") && cookie.ends_with("; Secure"),
        "the public URL is https: {cookie}"
    );
    let lasts = cookie.split("Max-Age=").nth(1).and_then(|rest| rest.split(';').next()?.parse::<u32>().ok());
    assert!(lasts.is_some_and(|lasts| lasts <= 3), "{cookie}");
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    assert_eq!(get(&server, "/", &pair).status, 200);
    wait_until("the session ends", || get(&server, "/", &pair).status == 401);
}
