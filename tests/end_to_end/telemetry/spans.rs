//! Spans of calls, as a collector gets them, and what happens without one.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde_json::json;

use super::{call_in_trace, calls};
use crate::harness::collector::{attributes, hexadecimal};
use crate::harness::{Clerk, Client, Collector, HttpServer, Program};

fn traced(clerk: &Clerk, url: &str) -> Program {
    clerk.program().variable("CLERK_MCP_OTLP_ENDPOINT", url).logging_json()
}

#[test]
fn a_span_is_a_child_of_the_clients() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let session = traced(&clerk, &collector.url).stdio();
    call_in_trace(&session, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1").output();
    session.close();
    let [span] = &collector.spans()[..] else { panic!("not one span") };
    assert_eq!(span.name, "tools/call clerk_list_users");
    assert_eq!(span.kind, i32::from(SpanKind::Server));
    assert_eq!(hexadecimal(&span.trace_id), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(hexadecimal(&span.parent_span_id), "b7ad6b7169203331");
    assert_ne!(hexadecimal(&span.span_id), "b7ad6b7169203331");
    let expected = [
        "clerk_mcp.instance=development",
        "clerk_mcp.status=ok",
        "clerk_mcp.upstream_requests=1",
        "gen_ai.operation.name=execute_tool",
        "gen_ai.tool.name=clerk_list_users",
        "mcp.method.name=tools/call",
        "mcp.protocol.version=2025-06-18",
    ];
    assert_eq!(attributes(&span.attributes), expected);
    assert!(span.end_time_unix_nano > span.start_time_unix_nano);
    let sender = collector.sender();
    for attribute in ["service.name=clerk-mcp", concat!("service.version=", env!("CARGO_PKG_VERSION"))] {
        assert!(sender.iter().any(|other| other == attribute), "{sender:?}");
    }
}

#[test]
fn a_span_without_a_client_begins_the_trace_that_the_log_names() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let server = traced(&clerk, &format!("{}/", collector.url)).http();
    server.call("clerk_list_users", json!({})).output();
    let log = server.terminate().stderr;
    let [span] = &collector.spans()[..] else { panic!("not one span: {log}") };
    assert!(span.parent_span_id.is_empty());
    assert_eq!(calls(&log)[0]["trace_id"], hexadecimal(&span.trace_id));
}

#[test]
fn a_span_tells_what_went_wrong() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let session = traced(&clerk, &collector.url).stdio();
    session.call("clerk_get_user", json!({ "user_id": "user_1" })).failure();
    session.call("clerk_list_users", json!({ "limit": 0 })).failure();
    session.call("clerk_forget\nusers", json!({})).error();
    session.close();
    let spans = collector.spans();
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["tools/call clerk_get_user", "tools/call clerk_list_users", "tools/call unknown"]);
    for (span, error) in spans.iter().zip(["tool_error", "tool_error", "-32602"]) {
        assert_eq!(span.status.as_ref().map(|status| status.code), Some(StatusCode::Error.into()));
        assert!(attributes(&span.attributes).contains(&format!("error.type={error}")), "{span:?}");
    }
}

#[test]
fn a_trace_that_its_client_does_not_sample_is_not_sent() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let session = traced(&clerk, &collector.url).stdio();
    call_in_trace(&session, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "").output();
    session.close();
    assert!(collector.spans().is_empty());
}

#[test]
fn nothing_is_sent_unless_this_program_is_told_to() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let program = clerk.program().variable("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
    let session = program.variable("CLERK_MCP_OTLP_ENDPOINT", "").stdio();
    session.call("clerk_list_users", json!({})).output();
    session.close();
    assert!(collector.spans().is_empty());
}

#[test]
fn the_standard_variables_add_to_what_is_sent() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let program = traced(&clerk, &collector.url).variable("OTEL_SERVICE_NAME", "clerk-eu");
    let session = program.variable("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging").stdio();
    session.call("clerk_list_users", json!({})).output();
    session.close();
    let sender = collector.sender();
    for attribute in ["service.name=clerk-eu", "deployment.environment.name=staging"] {
        assert!(sender.iter().any(|other| other == attribute), "{sender:?}");
    }
}

/// Calls while a batch fails, ends the server, and looks at what it says of the collector.
fn call_without_a_collector(server: HttpServer) {
    let start = Instant::now();
    for _ in 0..50 {
        server.call("clerk_list_users", json!({})).output();
        // Batches leave every 50 ms: several of them fail meanwhile.
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(start.elapsed() < Duration::from_secs(10), "calls wait for nothing: {:?}", start.elapsed());
    let end = Instant::now();
    let finished = server.terminate();
    assert_eq!(finished.status, 0);
    assert!(end.elapsed() < Duration::from_secs(8), "neither does the end, for long: {:?}", end.elapsed());
    let warnings = finished.stderr.lines().filter(|line| line.contains(r#""level":"WARN""#)).count();
    assert!((1..=2).contains(&warnings), "once while it runs, and once for the last spans: {}", finished.stderr);
    assert_eq!(calls(&finished.stderr).len(), 50);
}

#[test]
fn a_collector_that_is_gone_costs_calls_nothing() {
    let clerk = Clerk::sample();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    call_without_a_collector(traced(&clerk, &url).variable("OTEL_BSP_SCHEDULE_DELAY", "50").http());
}

#[test]
fn a_collector_that_never_answers_costs_calls_nothing() {
    let clerk = Clerk::sample();
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("it is bound"));
    call_without_a_collector(traced(&clerk, &url).variable("OTEL_BSP_SCHEDULE_DELAY", "50").http());
}

#[test]
fn an_endpoint_that_is_no_url_stops_the_start() {
    let wrong =
        ["collector", "localhost:4318", "grpc://localhost:4317", "http://u:CANARY7f3a@localhost", "http://x/?a=b"];
    for url in wrong {
        let finished = Program::new(&["tools", "--otlp-endpoint", url]).run();
        assert!(
            finished.refusal().starts_with("CLERK_MCP_OTLP_ENDPOINT (--otlp-endpoint): it "),
            "{}",
            finished.stderr
        );
    }
}
