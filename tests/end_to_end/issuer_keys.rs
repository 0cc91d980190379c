//! How the issuer's keys come: when they are asked for, how often, and what happens when they do not come.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::issuer::{Issuer, KEYS, METADATA, key_set, list};
use crate::harness::patience::wait_until;
use crate::harness::signing::SigningKey;
use crate::harness::{Clerk, HttpServer, Reply};

fn assert_unavailable(server: &HttpServer, token: &str) {
    let answer = list(server, token);
    assert_eq!(answer.status, 503, "{answer:?}");
    let wait = answer.headers["retry-after"].to_str().ok().and_then(|wait| wait.parse::<u64>().ok());
    assert!(wait.is_some_and(|wait| (1..=30).contains(&wait)), "{answer:?}");
    assert!(!answer.headers.contains_key("www-authenticate"), "{answer:?}");
    let error = answer.json()["error"].clone();
    assert!(error.as_str().is_some_and(|error| error.contains("keys cannot be fetched")), "{error}");
}

/// The key set after a pause.
fn slow_keys(issuer: &Issuer, pause: Duration) -> Reply {
    let body = key_set(std::slice::from_ref(&issuer.key)).to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    Reply::nothing().then_pause(pause).then(&head).then(&body)
}

#[test]
fn keys_are_asked_for_once() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    assert_eq!(issuer.upstream.count(), 0);
    for _ in 0..10 {
        assert_eq!(list(&server, &issuer.token()).status, 200);
    }
    let lines: Vec<String> = issuer.upstream.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, [format!("GET {METADATA}"), format!("GET {KEYS}")]);
}

#[test]
fn requests_at_the_same_time_share_one_answer() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    issuer.answer(KEYS, slow_keys(&issuer, Duration::from_millis(500)));
    let server = issuer.server(&clerk);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(list(&server, &issuer.token()).status, 200));
        }
    });
    assert_eq!(issuer.fetches(), 1);
}

#[test]
fn a_client_that_hangs_up_does_not_break_off_what_others_wait_for() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    issuer.answer(KEYS, slow_keys(&issuer, Duration::from_secs(1)));
    let server = issuer.server(&clerk);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    let token = issuer.token();
    let request =
        format!("POST /mcp HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
    wait_until("the keys are asked for", || issuer.fetches() == 1);
    drop(stream);
    assert_eq!(list(&server, &token).status, 200);
    assert_eq!(issuer.fetches(), 1);
}

#[test]
fn a_new_key_is_found_and_an_old_one_forgotten() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    assert_eq!(list(&server, &issuer.token()).status, 200);
    let next = SigningKey::new("second", "EdDSA");
    issuer.publish(std::slice::from_ref(&next));
    assert_eq!(list(&server, &next.token(&issuer.claims())).status, 200);
    assert_eq!(list(&server, &issuer.token()).status, 401);
    assert_eq!(issuer.fetches(), 2);
}

#[test]
fn a_flood_of_unknown_keys_does_not_reach_the_issuer() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    thread::scope(|scope| {
        for thread in 0..4 {
            let (server, issuer) = (&server, &issuer);
            scope.spawn(move || {
                for number in 0..25 {
                    let key = issuer.key.renamed(&format!("key {thread} {number}"));
                    let answer = list(server, &key.token(&issuer.claims()));
                    assert_eq!(answer.status, 401, "{answer:?}");
                }
            });
        }
    });
    assert!(issuer.fetches() <= 2, "{}", issuer.fetches());
    assert_eq!(list(&server, &issuer.token()).status, 200);
}

#[test]
fn keys_at_hand_work_while_the_issuer_is_gone() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    assert_eq!(list(&server, &issuer.token()).status, 200);
    issuer.answer(METADATA, Reply::nothing().then_hang_up());
    // Whether the issuer has such a key cannot be told now.
    assert_unavailable(&server, &SigningKey::new("second", "ES256").token(&issuer.claims()));
    assert_eq!(list(&server, &issuer.token()).status, 200);
}

#[test]
fn an_issuer_that_is_gone_is_no_fault_of_the_token_and_is_asked_again_later() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    issuer.answer(METADATA, Reply::nothing().then_hang_up());
    let server = issuer.server(&clerk);
    for _ in 0..10 {
        assert_unavailable(&server, &issuer.token());
    }
    assert!(issuer.upstream.count() <= 3, "{}", issuer.upstream.count());
    issuer.answer(METADATA, issuer.metadata());
    wait_until("the issuer is asked again", || list(&server, &issuer.token()).status == 200);
}

#[test]
fn an_issuer_that_does_not_answer_is_not_waited_for() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    issuer.answer(KEYS, slow_keys(&issuer, Duration::from_secs(20)));
    let server = issuer.server(&clerk);
    let start = Instant::now();
    assert_unavailable(&server, &issuer.token());
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

#[test]
fn an_issuer_that_answers_junk_is_not_believed() {
    let at = |path: &'static str, reply: Reply, reason: &'static str| (path, reply, reason);
    let keys = |value: Value| Reply::json(200, &value);
    let elsewhere = json!({ "issuer": "https://clerk.example", "jwks_uri": "https://clerk.example/jwks" });
    let cases = [
        at(METADATA, Reply::new(200, &[], "<html>"), "did not answer with what is expected"),
        at(METADATA, keys(elsewhere), "is the metadata of another issuer"),
        at(METADATA, keys(json!({ "jwks_uri": "x" })), "did not answer with what is expected"),
        at(METADATA, Reply::new(500, &[], ""), "openid-configuration answered with status 404"),
        at(KEYS, Reply::new(200, &[], "<html>"), "did not answer with what is expected"),
        at(KEYS, Reply::new(302, &["location: /other"], ""), "/jwks answered with status 302"),
        at(KEYS, keys(json!({ "keys": [] })), "holds no key that can have signed a token"),
        at(KEYS, keys(json!({ "keys": [7, { "kty": "oct", "k": "AAAA" }] })), "holds no key that can have signed"),
        at(KEYS, Reply::head(1_000_000).then_ones(1_000_000), "did not answer with what is expected"),
        at(KEYS, Reply::head(1000).then("{").then_hang_up(), "did not answer with what is expected"),
    ];
    for (path, reply, reason) in cases {
        let (clerk, issuer) = (Clerk::sample(), Issuer::start());
        issuer.answer("/other", Reply::json(200, &key_set(std::slice::from_ref(&issuer.key))));
        issuer.answer(path, reply);
        let server = issuer.server(&clerk);
        assert_unavailable(&server, &issuer.token());
        let said = server.terminate().stderr;
        assert!(said.contains("WARN") && said.contains(reason), "{reason}: {said}");
    }
}

#[test]
fn keys_are_not_fetched_without_tls_from_elsewhere() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    issuer.answer(METADATA, Reply::json(200, &json!({ "issuer": issuer.url, "jwks_uri": "http://keys.example/" })));
    let server = issuer.server(&clerk);
    assert_unavailable(&server, &issuer.token());
    assert!(server.terminate().stderr.contains("names a jwks_uri that is not to be trusted"));
}

#[test]
fn metadata_is_looked_for_where_oauth_and_openid_put_it() {
    let clerk = Clerk::sample();
    let mut issuer = Issuer::without_answers(SigningKey::new("first", "ES256"));
    let keys = format!("{}{KEYS}", issuer.url);
    issuer.url += "/tenant";
    issuer.publish(std::slice::from_ref(&issuer.key));
    let openid = "/tenant/.well-known/openid-configuration";
    issuer.answer(openid, Reply::json(200, &json!({ "issuer": issuer.url, "jwks_uri": keys })));
    assert_eq!(list(&issuer.server(&clerk), &issuer.token()).status, 200);
    let lines: Vec<String> = issuer.upstream.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, [format!("GET {METADATA}/tenant"), format!("GET {openid}"), format!("GET {KEYS}")]);
}

#[test]
fn metadata_is_not_asked_for_where_the_operator_says_where_the_keys_are() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let url = format!("{}{KEYS}", issuer.url);
    let server = issuer.program(&clerk).variable("CLERK_MCP_OAUTH_JWKS_URL", &url).http();
    assert_eq!(list(&server, &issuer.token()).status, 200);
    assert_eq!(issuer.upstream.count(), 1);
}
