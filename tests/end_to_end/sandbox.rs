//! A component whose tools misbehave harms only its own calls.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::canary::KEY;
use crate::harness::{Client, HttpServer, Reply, Upstream, fixtures};

fn server_for(upstream: &Upstream) -> HttpServer {
    upstream.program().component(fixtures::guest()).http()
}

fn idle_server() -> HttpServer {
    server_for(&Upstream::always(Reply::no_users()))
}

/// The failure of a tool, after which the server still works.
fn failure_of(tool: &str) -> Value {
    let server = idle_server();
    let failure = server.call(tool, json!({})).failure();
    assert_eq!(server.call("wait", json!({ "milliseconds": 1 })).output(), json!({ "waited": 1 }));
    failure
}

#[test]
fn a_tool_that_panics_fails_alone() {
    let failure = failure_of("trap");
    assert_eq!(failure["code"], "tool_failed");
    assert_eq!(failure["message"], "the tool failed inside the sandbox: it panicked");
}

#[test]
fn a_tool_that_computes_without_end_is_stopped() {
    let failure = failure_of("spin");
    assert_eq!(failure["code"], "tool_failed");
    assert!(
        failure["message"].as_str().is_some_and(|message| message.contains("computed for more than 2 s")),
        "{failure}"
    );
}

#[test]
fn a_tool_that_takes_all_memory_is_stopped() {
    let server = idle_server();
    let before = server.peak_memory();
    for _ in 0..3 {
        let failure = server.call("allocate", json!({})).failure();
        assert_eq!(failure["code"], "tool_failed");
        assert!(failure["message"].as_str().is_some_and(|message| message.contains("memory")), "{failure}");
    }
    let taken = server.peak_memory().saturating_sub(before);
    assert!(taken < 200 * 1024 * 1024, "{taken} bytes");
    server.call("wait", json!({ "milliseconds": 1 })).output();
}

#[test]
fn a_tool_that_waits_too_long_is_cut_off() {
    let upstream = Upstream::always(Reply::no_users());
    let server = upstream.program().component(fixtures::guest()).arguments(&["--timeout", "1"]).http();
    let start = Instant::now();
    let failure = server.call("wait", json!({ "milliseconds": 60_000 })).failure();
    assert_eq!(failure["code"], "timeout");
    assert!(start.elapsed() < Duration::from_secs(10));
    server.call("wait", json!({ "milliseconds": 1 })).output();
}

#[test]
fn others_are_served_while_tools_compute_without_end() {
    let server = idle_server();
    let spin_often =
        || (0..4).for_each(|_| assert_eq!(server.call("spin", json!({})).failure()["code"], "tool_failed"));
    thread::scope(|scope| {
        let spinning: Vec<_> = (0..4).map(|_| scope.spawn(spin_often)).collect();
        thread::sleep(Duration::from_millis(100));
        let start = Instant::now();
        server.call("wait", json!({ "milliseconds": 1 })).output();
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        assert!(spinning.iter().any(|calls| !calls.is_finished()), "the other calls ended first");
    });
}

#[test]
fn calls_that_wait_do_not_wait_for_each_other() {
    let server = idle_server();
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| server.call("wait", json!({ "milliseconds": 1000 })).output());
        }
    });
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn more_calls_than_places_are_all_answered() {
    let server = idle_server();
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| server.call("wait", json!({ "milliseconds": 100 })).output());
        }
    });
}

#[test]
fn calls_that_find_no_place_in_time_are_told_that_nothing_was_sent() {
    let upstream = Upstream::always(Reply::no_users());
    let server = upstream.program().component(fixtures::guest()).variable("CLERK_MCP_TIMEOUT", "1").http();
    let failures: Vec<Value> = thread::scope(|scope| {
        let calls: Vec<_> = (0..100)
            .map(|_| scope.spawn(|| server.call("wait", json!({ "milliseconds": 10_000 })).failure()))
            .collect();
        calls.into_iter().map(|call| call.join().expect("the call is answered")).collect()
    });
    let busy: Vec<&Value> = failures.iter().filter(|failure| failure["code"] == "busy").collect();
    assert_eq!(busy.len(), 100 - 64, "{failures:?}");
    assert!(busy[0]["message"].as_str().is_some_and(|message| message.contains("nothing was sent")), "{}", busy[0]);
    assert_eq!(server.call("wait", json!({ "milliseconds": 1 })).output(), json!({ "waited": 1 }));
}

/// How often `text` is in the memory of an instance that has made a request.
fn found_in_memory(server: &HttpServer, text: &str) -> Value {
    let masked: Vec<u8> = text.bytes().map(|byte| byte ^ 0x55).collect();
    let output = server.call("scan_memory", json!({ "masked": masked })).output();
    assert!(output["scanned"].as_u64().is_some_and(|bytes| bytes > 1024 * 1024), "{output}");
    output["found"].clone()
}

#[test]
fn the_key_is_nowhere_in_the_memory_of_a_tool() {
    let upstream = Upstream::always(Reply::json(200, &json!([{ "id": "user_1", "first_name": "MARKERfromUpstream" }])));
    let server = server_for(&upstream);
    assert_eq!(found_in_memory(&server, "sk_test_"), 0);
    assert_eq!(found_in_memory(&server, &KEY["sk_test_".len()..]), 0);
    assert_eq!(upstream.seen()[0].header("authorization"), [format!("Bearer {KEY}")]);
    let found = found_in_memory(&server, "MARKERfromUpstream");
    assert!(found.as_u64().is_some_and(|count| count > 0), "what is there is found: {found}");
}

#[test]
fn a_call_finds_nothing_of_the_one_before_it() {
    let first = Reply::json(200, &json!([{ "id": "user_1", "first_name": "MARKERfromFirstCall" }]));
    let upstream = Upstream::first_then(first, Reply::no_users());
    let server = server_for(&upstream);
    assert_ne!(found_in_memory(&server, "MARKERfromFirstCall"), 0);
    for _ in 0..10 {
        assert_eq!(found_in_memory(&server, "MARKERfromFirstCall"), 0);
    }
}
