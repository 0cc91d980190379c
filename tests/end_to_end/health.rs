//! What the health endpoints say, and what saying it costs.

use std::net::{Ipv4Addr, TcpListener};

use http::Method;
use serde_json::json;

use crate::harness::http::send;
use crate::harness::{Clerk, HttpServer, Program, Reply, Upstream};

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

#[test]
fn no_page_of_a_stranger_reads_the_reports() {
    let clerk = Clerk::sample();
    let program = clerk.program().variable("CLERK_MCP_ALLOWED_HOSTS", "mcp.example,other.example:81");
    let server = program
        .variable("CLERK_MCP_ALLOWED_ORIGINS", "https://app.example:443")
        .variable("CLERK_MCP_METRICS", "1")
        .http();
    let port = server.port();
    for path in ["/health", "/api/health", "/metrics"] {
        let status = |name: &str, value: &str| server.send(Method::GET, path, &[(name, value)], "").status;
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.", "10.0.0.1", "other.example:80"] {
            assert_eq!(status("host", host), 403, "{path} {host}");
        }
        for host in ["localhost", &format!("127.0.0.1:{port}"), "[::1]:80", "MCP.example:8080", "other.example:81"] {
            assert_eq!(status("host", host), 200, "{path} {host}");
        }
        for origin in
            ["http://evil.example", "null", "https://localhost", "", "http://app.example", "https://x@app.example"]
        {
            assert_eq!(status("origin", origin), 403, "{path} {origin}");
        }
        for origin in ["https://app.example", &format!("http://localhost:{port}")] {
            assert_eq!(status("origin", origin), 200, "{path} {origin}");
        }
    }
}

#[test]
fn probes_call_a_server_for_other_machines_by_its_address() {
    let clerk = Clerk::sample();
    let token = ("CLERK_MCP_AUTH_TOKEN", "a token of the operator");
    let program = clerk.program().variable(token.0, token.1).arguments(&["http", "--listen", "0.0.0.0:0"]);
    let server = HttpServer::start(program);
    let url = format!("http://127.0.0.1:{}/health", server.port());
    let status = |host: &str| send(Method::GET, &url, &[("host", host)], "").status;
    assert_eq!((status("10.1.2.3:3000"), status("[fd00::1]"), status("evil.example")), (200, 200, 403));
}
