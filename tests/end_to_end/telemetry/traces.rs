//! Which trace a call belongs to: the client's, if what it says of it is as W3C defines it.

use std::collections::BTreeSet;

use serde_json::json;

use super::{call_in_trace, calls};
use crate::harness::{Clerk, Client, Collector};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

#[test]
fn a_call_belongs_to_the_trace_of_its_client() {
    let clerk = Clerk::sample();
    let session = clerk.program().logging_json().stdio();
    for flags in ["00", "01", "ff"] {
        call_in_trace(&session, &format!("00-{TRACE}-{SPAN}-{flags}"), "").output();
    }
    let log = session.close().stderr;
    assert!(calls(&log).iter().all(|line| line["trace_id"] == TRACE), "{log}");
    assert!(!log.contains("alice"), "baggage is the client's own: {log}");
}

/// The headers of the one request that a call in a trace makes.
fn at_clerk(clerk: &Clerk, client: &dyn Client, traceparent: &str, tracestate: &str) -> (String, Option<String>) {
    call_in_trace(client, traceparent, tracestate).output();
    let [request] = &clerk.requests()[..] else { panic!("one request") };
    assert_eq!(request.header("baggage"), None);
    let header = |name: &str| request.header(name).map(str::to_owned);
    (header("traceparent").expect("each request is part of a trace"), header("tracestate"))
}

#[test]
fn the_trace_goes_on_to_clerk() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let parent = format!("00-{TRACE}-{SPAN}-01");
    assert_eq!(at_clerk(&clerk, &server, &parent, "a=1"), (parent.clone(), Some("a=1".into())));
    assert_eq!(at_clerk(&clerk, &server, &parent, ""), (parent, None));
    let (own, state) = at_clerk(&clerk, &server, "nonsense", "a=1");
    assert!(own.starts_with("00-") && own.ends_with("-00") && own.len() == 55, "{own}");
    assert_eq!(state, None, "it belongs to a trace that is not there");
}

#[test]
fn requests_are_part_of_the_span_of_their_call() {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let session = clerk.program().variable("CLERK_MCP_OTLP_ENDPOINT", &collector.url).stdio();
    let (parent, _) = at_clerk(&clerk, &session, &format!("00-{TRACE}-{SPAN}-01"), "");
    assert!(parent.starts_with(&format!("00-{TRACE}-")) && !parent.contains(SPAN), "{parent}");
    session.close();
    let is_parent = |id: &[u8]| {
        let number = id.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        parent.contains(&format!("-{number:016x}-"))
    };
    assert!(collector.spans().iter().any(|span| is_parent(&span.span_id)), "{parent}");
}

#[test]
fn a_call_whose_trace_makes_no_sense_has_one_of_its_own() {
    let clerk = Clerk::sample();
    let session = clerk.program().logging_json().stdio();
    let zeros = "0".repeat(32);
    let wrong = [
        String::new(),
        TRACE.into(),
        format!("01-{TRACE}-{SPAN}-01"),
        format!("ff-{TRACE}-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}"),
        format!("00-{TRACE}-{SPAN}-01-"),
        format!("00-{TRACE}-{SPAN}-1"),
        format!("00-{TRACE}-{SPAN}-+1"),
        format!("00-{TRACE}-{SPAN}-01\r\nx: y"),
        format!(" 00-{TRACE}-{SPAN}-01"),
        format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
        format!("00-{TRACE}0-{SPAN}-01"),
        format!("00-{}g-{SPAN}-01", &TRACE[1..]),
        format!("00-{zeros}-{SPAN}-01"),
        format!("00-{TRACE}-{}-01", &zeros[..16]),
    ];
    for traceparent in &wrong {
        call_in_trace(&session, traceparent, "").output();
    }
    let number = json!({ "name": "clerk_list_users", "_meta": { "traceparent": 1 } });
    session.request("tools/call", number).output();
    let log = session.close().stderr;
    let traces: BTreeSet<String> = calls(&log).iter().map(|line| line["trace_id"].to_string()).collect();
    assert_eq!(traces.len(), wrong.len() + 1, "each has its own: {log}");
    let is_trace = |text: &str| text.len() == 34 && text.trim_matches('"').bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(traces.iter().all(|trace| is_trace(trace) && !trace.contains(TRACE)), "{traces:?}");
}

/// The state that the span of a call takes over from the client.
fn taken_over(states: &[String]) -> Vec<String> {
    let (clerk, collector) = (Clerk::sample(), Collector::start());
    let session = clerk.program().variable("CLERK_MCP_OTLP_ENDPOINT", &collector.url).stdio();
    for state in states {
        call_in_trace(&session, &format!("00-{TRACE}-{SPAN}-01"), state).output();
    }
    session.close();
    collector.spans().into_iter().map(|span| span.trace_state).collect()
}

#[test]
fn the_state_of_a_trace_is_kept() {
    let longest = format!("a={},b={}", "x".repeat(253), "y".repeat(254));
    let most = (0..32).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join(",");
    let kept = ["a=1".into(), "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE".into(), "1@v=a b~!".into(), longest, most];
    assert_eq!(taken_over(&kept), kept);
    assert_eq!(taken_over(&["a=1 ,\t, b=2".into()]), ["a=1,b=2"]);
}

#[test]
fn the_state_of_a_trace_is_ignored_where_it_makes_no_sense() {
    let too_many = (0..33).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join(",");
    let too_long = format!("a={},b={}", "x".repeat(255), "y".repeat(254));
    let wrong = ["a", "=1", "a=", "A=1", "a=1\r\nx: y", "a=é", "a=b=c", "a=\u{7f}", &too_many, &too_long];
    assert_eq!(taken_over(&wrong.map(str::to_owned)), [""; 10]);
}
