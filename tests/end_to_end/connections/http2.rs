//! HTTP/2 where the API offers it: one connection for all requests, and nothing that a call could tell from HTTP/1.1.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{api, read, warm, warmed, write};
use crate::harness::canary::KEY;
use crate::harness::http2::{Fate, Http2};
use crate::harness::patience::wait_until;
use crate::harness::proxy::Proxy;
use crate::harness::tls::{OF_LOCALHOST, TlsFront};
use crate::harness::upstream::Seen;
use crate::harness::{Client as _, Reply, Upstream, Waves, fixtures};

const MEGABYTE: usize = 1024 * 1024;
/// Time enough for all that a connection takes in while nobody reads it.
const LATE: Duration = Duration::from_secs(1);

#[test]
fn it_is_spoken_where_it_is_offered() {
    let api = api();
    for (front, protocol) in [
        (TlsFront::http2(api.address, Http2::usual()), "h2"),
        (TlsFront::http1(api.address), "http/1.1"),
        (TlsFront::of(api.address, OF_LOCALHOST), ""),
    ] {
        let session = front.program().stdio();
        read(&session).output();
        assert_eq!(write(&session).output()["id"], "org_1");
        let accepted = front.accepted();
        assert!(!accepted.is_empty() && accepted.iter().all(|one| one.protocol == protocol), "{accepted:?}");
    }
}

/// A user with twelve sessions, whose requests come in waves.
fn in_waves(waves: &Arc<Waves>) -> Upstream {
    let gate = Arc::clone(waves);
    Upstream::new(move |seen| {
        if seen.line.starts_with("HEAD ") {
            return Reply::new(401, &[], "");
        }
        gate.hold();
        let session = |number| json!({ "id": format!("sess_{number}"), "user_id": "user_1", "status": "active" });
        match seen.line.split(['?', ' ']).nth(1) {
            Some("/v1/sessions") => Reply::json(200, &(1..=12).map(session).collect::<Value>()),
            Some("/v1/users/user_1") => Reply::json(200, &json!({ "id": "user_1" })),
            _ => Reply::json(200, &json!({})),
        }
    })
}

#[test]
fn eight_requests_beside_each_other_share_a_connection() {
    let waves = Arc::new(Waves::of(&[1, 2, 8, 4]));
    let api = in_waves(&waves);
    let front = TlsFront::http2(api.address, Http2::usual());
    let session = warm(front.program().arguments(&["--confirm", "off"]));
    let revoked = session.call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!(revoked["sessions"]["done"].as_array().map(Vec::len), Some(12), "{revoked}");
    assert_eq!(waves.counts(), (15, 8));
    let accepted = front.accepted();
    assert_eq!((accepted.len(), accepted[0].requests.len()), (1, 16), "{accepted:?}");
}

#[test]
fn requests_wait_where_the_api_takes_few_at_once() {
    let waves = Arc::new(Waves::of(&[1; 15]));
    let api = in_waves(&waves);
    let front = TlsFront::http2(api.address, Http2::usual().with_most_streams(1));
    let session = warm(front.program().arguments(&["--confirm", "off"]));
    let revoked = session.call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!(revoked["sessions"]["done"].as_array().map(Vec::len), Some(12), "{revoked}");
    assert_eq!((waves.counts(), front.accepted().len()), ((15, 1), 1));
}

/// Three large lists wait for the one before them, which comes late: they leave it room on the connection.
#[test]
fn large_answers_come_beside_each_other() {
    let text = "x".repeat(7 * MEGABYTE);
    let api = Upstream::new(move |seen: &Seen| match seen.line.split('?').next().unwrap_or_default() {
        "HEAD /v1" => Reply::new(401, &[], ""),
        "GET /v1/organization_memberships" => Reply::json(200, &json!({ "data": [] })).after(LATE),
        "GET /v1/users" => Reply::json(200, &json!([{ "id": "user_1", "locked": true, "large": text }])),
        _ => Reply::json(200, &json!([{ "status": "pending", "large": text }])),
    });
    let front = TlsFront::http2(api.address, Http2::usual());
    let session = warm(front.program());
    let before = session.peak_memory();
    let review = session.call("clerk_security_review", json!({})).output();
    assert_eq!((&review["failed"], front.accepted().len()), (&json!([]), 1), "{}", review["failed"]);
    let counts = ["locks_without_end", "pending_app_invitations"].map(|finding| &review[finding]["total_count"]);
    assert_eq!(counts, [&json!(1); 2]);
    let taken = session.peak_memory().saturating_sub(before);
    assert!(taken < 100 * MEGABYTE as u64, "{taken} bytes");
}

#[test]
fn headers_that_belong_to_the_host_are_the_hosts() {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::usual());
    let session = warmed(front.program().component(fixtures::guest()).traced().stdio());
    for (method, body) in [("GET", Value::Null), ("POST", json!("text"))] {
        let url = format!("{}/users?x=1", front.url());
        let answer = session.call("reach", json!({ "method": method, "url": url, "body": body })).output();
        assert_eq!(answer["status"], 200, "{answer}");
    }
    let seen = api.seen();
    assert_eq!((seen.len(), seen[2].body.as_str()), (3, "text"));
    for seen in &seen[1..] {
        assert_eq!(seen.header("authorization"), [format!("Bearer {KEY}")]);
        assert_eq!(seen.header("host"), [format!("localhost:{}", front.port)]);
        assert_eq!((seen.header("cookie"), seen.header("proxy-authorization")), (vec![], vec![]));
        assert!(!format!("{seen:?}").contains("forged"), "{seen:?}");
    }
}

#[test]
fn it_is_spoken_through_a_proxy() {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::usual());
    let proxy = Proxy::start();
    let session = warm(front.program().variable("HTTPS_PROXY", &format!("http://{}", proxy.address)));
    read(&session).output();
    write(&session).output();
    let accepted = front.accepted();
    assert_eq!((accepted.len(), accepted[0].protocol.as_str(), proxy.seen().len()), (1, "h2", 1), "{accepted:?}");
    assert_eq!(accepted[0].requests, ["HEAD /v1", "GET /v1/users?limit=21", "POST /v1/organizations"]);
}

#[test]
fn doctor_finds_nothing_to_say_of_it() {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::usual());
    let said = front.program().arguments(&["doctor"]).run().stdout;
    assert!(said.contains("answers (HTTP 200"), "{said}");
    assert!(front.accepted().iter().all(|one| one.protocol == "h2" && !one.requests.contains(&"HEAD /v1".into())));
}

/// A connection that takes no more requests is followed by one that goes on with its session of TLS.
#[test]
fn a_session_of_tls_is_used_again() {
    for is_http2 in [true, false] {
        let api = Upstream::new(|seen| match seen.number {
            1 => Reply::new(401, &["connection: close"], "").then_hang_up(),
            _ => Reply::no_users(),
        });
        let front = if is_http2 {
            TlsFront::http2(api.address, Http2::once(0, Fate::Last))
        } else {
            TlsFront::http1(api.address)
        };
        let session = front.program().stdio();
        wait_until("it has ended", || front.accepted().iter().any(|one| !one.is_open));
        read(&session).output();
        let resumed: Vec<bool> = front.accepted().iter().map(|one| one.is_resumed).collect();
        assert_eq!(resumed, [false, true]);
    }
}
