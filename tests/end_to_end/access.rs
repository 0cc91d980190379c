//! Who may call over HTTP: no web page of a stranger, and with a token only who knows it.

use serde_json::json;

use crate::harness::canary::KEY;
use crate::harness::examples::count_listed;
use crate::harness::{Clerk, Client, HttpServer, Program, Wire};

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

fn status(server: &HttpServer, headers: &[(&str, &str)]) -> u16 {
    server.post(headers, LIST).status
}

#[test]
fn a_page_of_a_stranger_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let own = format!("127.0.0.1:{}", server.port());
    for origin in ["http://evil.example", "https://evil.example:443", "null", "http://127.0.0.1.evil.example"] {
        assert_eq!(status(&server, &[("host", &own), ("origin", origin)]), 403, "{origin}");
    }
    assert_eq!(status(&server, &[("host", &own)]), 200);
}

#[test]
fn only_the_servers_own_origin_is_no_stranger_on_loopback() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        assert_eq!(status(&server, &[("origin", &format!("http://{host}:{}", server.port()))]), 200, "{host}");
        assert_eq!(status(&server, &[("origin", &format!("https://{host}:{}", server.port()))]), 403, "{host}");
        assert_eq!(status(&server, &[("origin", &format!("http://{host}:1"))]), 403, "{host}");
    }
}

#[test]
fn a_page_that_the_operator_allows_may_call() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_ALLOWED_ORIGINS", "https://app.example:443").http();
    assert_eq!(status(&server, &[("origin", "https://app.example")]), 200);
    assert_eq!(status(&server, &[("origin", "https://other.example")]), 403);
}

#[test]
fn a_foreign_host_name_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for host in ["evil.example", "evil.example:3000", "127.0.0.1.evil.example"] {
        assert_eq!(status(&server, &[("host", host)]), 403, "{host}");
    }
    for host in ["localhost", "127.0.0.1", &format!("localhost:{}", server.port())] {
        assert_eq!(status(&server, &[("host", host)]), 200, "{host}");
    }
}

#[test]
fn an_address_that_can_be_read_in_two_ways_is_refused_everywhere() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_METRICS", "1").http();
    let port = server.port();
    let hosts = [
        "",
        "x@localhost",
        "localhost:x@evil.example",
        "localhost:",
        "localhost:80:80",
        "localhost:65536",
        "localhost/",
        "localhost, evil.example",
        "[::1",
        "[localhost]",
        "http://localhost",
    ];
    for host in hosts {
        for target in ["/mcp", "/mcp/", "/health", "/api/health", "/metrics"] {
            let method = if target.starts_with("/mcp") { "POST" } else { "GET" };
            let head = format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\n\r\n");
            let answer = Wire::to(&server).send(head).answer();
            assert!([400, 403].contains(&answer.status), "{host} {target}: {answer:?}");
        }
    }
    for target in ["http://evil.example/mcp", "http://localhost/mcp", &format!("http://x@127.0.0.1:{port}/mcp")] {
        let request = Wire::post(&[], LIST).replace("POST /mcp", &format!("POST {target}"));
        assert_eq!(Wire::to(&server).send(request).answer().status, 400, "{target}");
    }
    let request = Wire::post(&[], LIST).replace("host: localhost\r\n", "");
    assert_eq!(Wire::to(&server).send(request).answer().status, 400, "no host at all");
    let request = Wire::post(&["host: evil.example"], LIST);
    assert_eq!(Wire::to(&server).send(request).answer().status, 400, "two hosts");
    assert_eq!(status(&server, &[("host", &format!("LOCALHOST:{port}"))]), 200);
}

#[test]
fn a_host_name_that_the_operator_allows_is_served() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_ALLOWED_HOSTS", "mcp.example").http();
    assert_eq!(status(&server, &[("host", "mcp.example")]), 200);
    assert_eq!(status(&server, &[("host", "other.example")]), 403);
}

#[test]
fn a_key_is_not_offered_to_other_machines_without_a_token() {
    for token in [None, Some("")] {
        let program = Program::new(&["http", "--listen", "0.0.0.0:0"]).variable("CLERK_SECRET_KEY", KEY);
        let finished =
            token.into_iter().fold(program, |program, token| program.variable("CLERK_MCP_AUTH_TOKEN", token)).run();
        assert!(finished.refusal().contains("reachable from other machines"), "{}", finished.stderr);
        assert!(finished.refusal().contains("CLERK_MCP_AUTH_TOKEN"), "{}", finished.stderr);
    }
}

#[test]
fn only_who_knows_the_token_may_call() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", "open sesame, open").http();
    let wrong = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer open",
        "Bearer open sesame, open2",
        "Basic open sesame, open",
        "open sesame, open",
    ];
    for header in wrong.map(|value| ("authorization", value)).map(Some).into_iter().chain([None]) {
        let headers: Vec<_> = header.into_iter().collect();
        let answer = server.post(&headers, LIST);
        assert_eq!(answer.status, 401, "{header:?}: {answer:?}");
        assert_eq!(answer.headers.get("www-authenticate").and_then(|value| value.to_str().ok()), Some("Bearer"));
        assert!(!answer.body.contains("clerk_list_users"), "{answer:?}");
    }
    let twice = [("authorization", "Bearer open sesame, open"), ("authorization", "Bearer other")];
    assert_eq!(server.post(&twice, LIST).status, 401, "two opinions on who calls");
    clerk.assert_nothing_sent();
    assert_eq!(server.post(&[("authorization", "bearer open sesame, open")], LIST).status, 200, "a scheme has no case");
    let server = server.with_header("authorization", "Bearer open sesame, open");
    assert_eq!(server.tools().len(), count_listed());
    server.call("clerk_list_users", json!({})).output();
}

#[test]
fn a_token_that_no_client_can_send_stops_the_start() {
    for token in [" ", "tök", "a\nb", &"x".repeat(9000)] {
        let program = Program::new(&["http", "--listen", "127.0.0.1:0"]).variable("CLERK_SECRET_KEY", KEY);
        let finished = program.variable("CLERK_MCP_AUTH_TOKEN", token).run();
        assert!(finished.refusal().contains("no token that a client can send"), "{}", finished.stderr);
    }
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", "from a file, 16 characters\n").http();
    assert_eq!(status(&server, &[("authorization", "Bearer from a file, 16 characters")]), 200);
}

#[test]
fn a_token_that_could_be_guessed_stops_the_start() {
    for token in ["x", "123456789012345", "  123456789012345\n"] {
        let program = Program::new(&["http", "--listen", "127.0.0.1:0"]).variable("CLERK_SECRET_KEY", KEY);
        let finished = program.variable("CLERK_MCP_AUTH_TOKEN", token).run();
        assert!(finished.refusal().contains("shorter than 16 characters"), "{}", finished.stderr);
    }
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", "1234567890123456").http();
    assert_eq!(status(&server, &[("authorization", "Bearer 1234567890123456")]), 200);
}

#[test]
fn the_token_is_the_servers_and_goes_no_further() {
    let clerk = Clerk::sample();
    let server = clerk.program().traced().variable("CLERK_MCP_AUTH_TOKEN", "open-sesame-open").http();
    let server = server.with_header("authorization", "Bearer open-sesame-open");
    server.call("clerk_list_users", json!({})).output();
    assert_eq!(clerk.requests()[0].header("authorization"), Some(&*format!("Bearer {KEY}")));
    assert!(!server.terminate().stderr.contains("open-sesame-open"));
}

#[test]
fn health_needs_no_token() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", "open sesame, open").http();
    assert_eq!(server.get("/health").status, 200);
}
