//! When a request is sent again: reads, a few times; writes, never.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::examples::{Example, writes};
use crate::harness::{Answer, Clerk, Client, Reply, Upstream};

fn read(client: &dyn Client) -> Answer {
    client.call("clerk_list_users", json!({}))
}

fn write(client: &dyn Client) -> Answer {
    client.call("clerk_create_organization", json!({ "name": "Umbrella" }))
}

/// A write that looks at its target first.
fn change(client: &dyn Client) -> Answer {
    client.call("clerk_update_user_metadata", json!({ "user_id": "user_1", "public_metadata": { "a": 1 } }))
}

fn busy() -> Reply {
    Reply::new(429, &["retry-after: 1"], "{}")
}

#[test]
fn a_read_is_sent_again_after_the_time_that_clerk_names() {
    let upstream = Upstream::first_then(busy(), Reply::no_users());
    let server = upstream.server();
    let start = Instant::now();
    assert_eq!(read(&server).output()["data"], json!([]));
    assert!(start.elapsed() >= Duration::from_secs(1));
    let seen = upstream.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].headers, seen[1].headers);
    assert_eq!(seen[0].line, seen[1].line);
}

#[test]
fn a_read_is_sent_again_where_clerk_names_no_time() {
    for status in [429, 502, 503, 504] {
        let upstream = Upstream::first_then(Reply::new(status, &[], "busy"), Reply::no_users());
        assert_eq!(read(&upstream.server()).output()["data"], json!([]));
        assert_eq!(upstream.count(), 2);
    }
}

#[test]
fn a_read_is_given_up_after_three_times() {
    let upstream = Upstream::always(busy());
    let failure = read(&upstream.server()).failure();
    assert_eq!((&failure["status"], &failure["retry_after_seconds"]), (&json!(429), &json!(1)));
    assert_eq!(upstream.count(), 3);
    let upstream = Upstream::always(Reply::new(503, &[], ""));
    assert_eq!(read(&upstream.server()).failure()["status"], 503);
    assert_eq!(upstream.count(), 3);
}

#[test]
fn a_long_wait_is_left_to_the_caller() {
    let upstream = Upstream::always(Reply::new(429, &["retry-after: 60"], "{}"));
    let start = Instant::now();
    assert_eq!(read(&upstream.server()).failure()["retry_after_seconds"], 60);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(upstream.count(), 1);
}

/// The pauses of one call add up, whatever their size.
#[test]
fn a_wait_without_end_after_a_short_one_is_left_to_the_caller() {
    for endless in ["18446744073709551615", "18446744073709551616", "4294967296"] {
        let upstream = Upstream::first_then(busy(), Reply::new(429, &[&format!("retry-after: {endless}")], "{}"));
        let session = upstream.program().stdio();
        let failure = read(&session).failure();
        assert_eq!((&failure["status"], upstream.count()), (&json!(429), 2), "{failure}");
        assert!(failure["retry_after_seconds"].as_u64().is_some_and(|seconds| seconds >= 31_536_000), "{failure}");
    }
}

#[test]
fn a_time_to_wait_for_may_be_a_date() {
    let soon = ["date: Wed, 25 Nov 2026 12:00:00 GMT", "retry-after: Wed, 25 Nov 2026 12:00:01 GMT"];
    let upstream = Upstream::first_then(Reply::new(429, &soon, "{}"), Reply::no_users());
    let start = Instant::now();
    assert_eq!(read(&upstream.server()).output()["data"], json!([]));
    assert!(start.elapsed() >= Duration::from_secs(1) && upstream.count() == 2);
    let late = ["date: Wed, 25 Nov 2026 12:00:00 GMT", "retry-after: Wed, 25 Nov 2026 12:01:30 GMT"];
    let upstream = Upstream::for_writes(Reply::new(429, &late, "{}"));
    assert_eq!(write(&upstream.server()).failure()["retry_after_seconds"], 90);
}

#[test]
fn a_write_is_sent_once() {
    for reply in
        [busy(), Reply::new(429, &[], ""), Reply::new(500, &[], ""), Reply::new(502, &[], ""), Reply::new(503, &[], "")]
    {
        for (call, looks) in [(write as fn(&dyn Client) -> Answer, 0), (change, 1)] {
            let upstream = Upstream::for_writes(reply.clone());
            call(&upstream.server()).failure();
            assert_eq!((upstream.count(), upstream.writes().len()), (looks + 1, 1));
        }
    }
}

#[test]
fn every_kind_of_write_is_sent_once() {
    let clerk = Clerk::sample();
    let upstream = Upstream::for_writes_to(&clerk, Reply::new(503, &["retry-after: 0"], ""));
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    for Example { tool, arguments, .. } in writes() {
        let before = upstream.count();
        let answer = server.call(tool, arguments.clone());
        let sent: Vec<_> = upstream.seen().into_iter().skip(before).filter(|seen| !seen.is_read()).collect();
        let distinct: HashSet<_> = sent.iter().map(|seen| (&seen.line, &seen.body)).collect();
        assert!(!sent.is_empty() && distinct.len() == sent.len(), "{tool}: {sent:?}");
        if answer.result()["isError"] == true {
            assert_eq!((sent.len(), &answer.failure()["status"]), (1, &json!(503)), "{tool}");
        } else {
            // A call of several steps tells of each one.
            let output = answer.output().to_string();
            assert_eq!(output.matches(r#""code":"http_503""#).count(), sent.len(), "{tool}: {output}");
        }
    }
}

#[test]
fn a_status_that_will_not_pass_is_not_tried_again() {
    for status in [400, 404, 500, 501] {
        let upstream = Upstream::always(Reply::new(status, &[], ""));
        read(&upstream.server()).failure();
        assert_eq!(upstream.count(), 1);
    }
}

// Over standard input and output, because there one thread with its connections to the API serves all calls.

/// Answers the first request of each connection and closes at the second, as a server that lost patience does.
fn impatient() -> Upstream {
    Upstream::new(|seen| match seen.number_on_connection {
        1 if seen.line.starts_with("GET /v1/users?") => Reply::no_users(),
        1 => Reply::whatever_is_looked_at(&seen.line),
        _ => Reply::nothing().then_hang_up(),
    })
}

#[test]
fn a_read_survives_that_a_kept_connection_closes_under_it() {
    let upstream = impatient();
    let session = upstream.program().stdio();
    for _ in 0..4 {
        read(&session).output();
    }
}

#[test]
fn a_write_on_a_connection_that_closes_under_it_is_not_repeated() {
    for (call, first) in [(write as fn(&dyn Client) -> Answer, "POST "), (change, "PATCH ")] {
        let upstream = impatient();
        let session = upstream.program().stdio();
        read(&session).output();
        let failure = call(&session).failure();
        assert_eq!(failure["code"], "connection_error");
        let hint = failure["hint"].as_str().expect("a hint");
        assert!(hint.contains("may or may not have been made"), "{failure}");
        let writes = upstream.writes();
        assert!(writes.len() == 1 && writes[0].starts_with(first), "{writes:?}");
    }
}

#[test]
fn idle_connections_may_close_between_calls() {
    let upstream = Upstream::always(Reply::no_users().then_pause(Duration::from_millis(20)).then_hang_up());
    let session = upstream.program().stdio();
    for number in 1..=5 {
        read(&session).output();
        assert_eq!(upstream.count(), number);
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_kept_connection_is_used_again() {
    let upstream = Upstream::always(Reply::no_users());
    let session = upstream.program().stdio();
    for number in 1..=3 {
        read(&session).output();
        assert_eq!(upstream.seen()[number - 1].number_on_connection, number);
    }
}
