//! What Prometheus reads.

use std::collections::BTreeMap;
use std::thread;

use serde_json::json;

use crate::harness::http::send;
use crate::harness::patience::wait_until;
use crate::harness::{Clerk, Client, HttpServer, Program, Reply, Upstream};

type Samples = BTreeMap<String, f64>;

/// Every sample of the text format, `name{labels}` and its value.
fn samples(server: &HttpServer) -> Samples {
    let answer = server.get("/metrics");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    parse(&answer.body)
}

fn parse(text: &str) -> Samples {
    let mut samples = Samples::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            assert!(comment.starts_with("HELP ") || comment.starts_with("TYPE "), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
        let value = value.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(samples.insert(name.into(), value).is_none(), "twice: {line}");
    }
    samples
}

fn counting(program: Program) -> HttpServer {
    program.variable("CLERK_MCP_METRICS", "1").http()
}

fn value(samples: &Samples, name: &str) -> f64 {
    samples.get(name).copied().unwrap_or_else(|| panic!("no {name} in {samples:#?}"))
}

#[test]
fn calls_are_counted_and_timed() {
    let clerk = Clerk::sample();
    let server = counting(clerk.program());
    let before = samples(&server);
    assert!(!before.keys().any(|name| name.starts_with("clerk_mcp_calls_total")), "{before:#?}");
    assert!(value(&before, "process_start_time_seconds") > 1.7e9);
    let build_info = format!(r#"clerk_mcp_build_info{{version="{}"}}"#, env!("CARGO_PKG_VERSION"));
    assert_eq!(value(&before, &build_info).to_bits(), 1f64.to_bits());
    for _ in 0..3 {
        server.call("clerk_list_users", json!({})).output();
    }
    server.call("clerk_list_users", json!({ "limit": 0 })).failure();
    let after = samples(&server);
    let expected = [
        (r#"clerk_mcp_calls_total{method="tools/call",tool="clerk_list_users",status="ok"}"#, 3),
        (r#"clerk_mcp_calls_total{method="tools/call",tool="clerk_list_users",status="invalid_arguments"}"#, 1),
        (r#"clerk_mcp_call_duration_seconds_count{method="tools/call",tool="clerk_list_users"}"#, 4),
        (r#"clerk_mcp_call_duration_seconds_bucket{method="tools/call",tool="clerk_list_users",le="+Inf"}"#, 4),
        ("clerk_mcp_upstream_requests_total", 3),
        ("clerk_mcp_calls_in_flight", 0),
    ];
    for (name, count) in expected {
        assert_eq!(value(&after, name).to_bits(), f64::from(count).to_bits(), "{name}");
    }
    assert!(value(&after, r#"clerk_mcp_call_duration_seconds_sum{method="tools/call",tool="clerk_list_users"}"#) > 0.0);
}

#[test]
fn names_that_clients_make_up_share_one_label() {
    let clerk = Clerk::sample();
    let server = counting(clerk.program());
    for name in ["clerk_forget_users", "a\"} 1\nb 2", "sk_test_made_up", ""] {
        server.call(name, json!({})).error();
    }
    let all = samples(&server);
    let calls: Vec<_> = all.iter().filter(|(name, _)| name.starts_with("clerk_mcp_calls_total")).collect();
    let name = r#"clerk_mcp_calls_total{method="tools/call",tool="unknown",status="unknown"}"#.to_owned();
    assert_eq!(calls, [(&name, &4.0)]);
}

#[test]
fn a_call_in_flight_shows_while_it_lasts() {
    let upstream = Upstream::always(Reply::nothing().then_hear_hang_up());
    let server = counting(upstream.program().arguments(&["--timeout", "2"]));
    thread::scope(|scope| {
        scope.spawn(|| server.call("clerk_list_users", json!({})).failure());
        wait_until("the call reaches the API", || upstream.count() == 1);
        assert!(value(&samples(&server), "clerk_mcp_calls_in_flight") > 0.5);
    });
    assert!(value(&samples(&server), "clerk_mcp_calls_in_flight") < 0.5);
}

#[test]
fn answers_are_counted_by_the_class_of_their_status() {
    let clerk = Clerk::sample();
    let server = counting(clerk.program());
    server.get("/health");
    server.get("/nowhere");
    server.post(&[("origin", "http://evil.example")], "{}");
    let all = samples(&server);
    let of = |class: &str| value(&all, &format!("clerk_mcp_http_responses_total{{class=\"{class}\"}}"));
    assert_eq!((of("2xx").to_bits(), of("4xx").to_bits()), (1f64.to_bits(), 2f64.to_bits()));
}

#[test]
fn there_are_no_metrics_unless_they_are_asked_for() {
    let clerk = Clerk::sample();
    for program in [clerk.program(), clerk.program().variable("CLERK_MCP_METRICS", "0")] {
        assert_eq!(program.http().get("/metrics").status, 404);
    }
}

#[test]
fn metrics_need_the_token_that_calls_need() {
    let clerk = Clerk::sample();
    let server = counting(clerk.program().variable("CLERK_MCP_AUTH_TOKEN", "open sesame, open"));
    let url = format!("{}/metrics", server.url);
    let get = |headers: &[(&str, &str)]| send(http::Method::GET, &url, headers, "");
    assert_eq!(get(&[]).status, 401);
    assert_eq!(get(&[("authorization", "Bearer open")]).status, 401);
    let answer = get(&[("authorization", "Bearer open sesame, open")]);
    assert!(parse(&answer.body).contains_key("clerk_mcp_calls_in_flight"), "{answer:?}");
}
