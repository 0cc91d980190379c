//! What the health endpoints say, and what saying it costs.

use std::net::{Ipv4Addr, TcpListener};

use serde_json::json;

use crate::harness::{Clerk, Program, Reply, Upstream};

#[test]
fn a_server_with_a_key_tells_that_clerk_answers() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for path in ["/health", "/api/health"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({ "status": "ok", "mode": "hosted", "clerkConnected": true }));
    }
}

#[test]
fn a_server_without_a_key_has_no_clerk_to_look_at() {
    let clerk = Clerk::sample();
    let server = Program::new(&[]).variable("CLERK_API_URL", &clerk.url).http();
    for path in ["/health", "/api/health"] {
        let answer = server.get(path);
        assert_eq!(answer.json(), json!({ "status": "ok", "mode": "public", "clerkConnected": null }));
    }
    clerk.assert_nothing_sent();
}

#[test]
fn a_server_that_cannot_reach_clerk_says_so() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("it is bound"));
    drop(listener);
    let server = Program::with_api(&url).http();
    let answer = server.get("/health");
    assert_eq!(answer.json(), json!({ "status": "degraded", "mode": "hosted", "clerkConnected": false }));
}

#[test]
fn a_clerk_that_is_broken_does_not_count_as_connected() {
    let upstream = Upstream::always(Reply::new(503, &[], ""));
    assert_eq!(upstream.server().get("/health").json()["status"], "degraded");
}

#[test]
fn looking_often_costs_one_request_without_the_key() {
    let upstream = Upstream::always(Reply::new(404, &[], ""));
    let server = upstream.server();
    for _ in 0..20 {
        assert_eq!(server.get("/health").json()["clerkConnected"], true);
    }
    let [seen] = &upstream.seen()[..] else { panic!("{} requests", upstream.count()) };
    assert_eq!(seen.line, "GET /v1");
    assert_eq!(seen.header("authorization"), [""; 0]);
}
