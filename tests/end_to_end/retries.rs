//! When a request is sent again: reads, a few times; writes, never.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::upstream::Seen;
use crate::harness::{Answer, Client, Reply, Upstream};

fn read(client: &dyn Client) -> Answer {
    client.call("clerk_list_users", json!({}))
}

fn write(client: &dyn Client) -> Answer {
    client.call("clerk_create_organization", json!({ "name": "Umbrella" }))
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

#[test]
fn a_write_is_sent_once() {
    for reply in
        [busy(), Reply::new(429, &[], ""), Reply::new(500, &[], ""), Reply::new(502, &[], ""), Reply::new(503, &[], "")]
    {
        let upstream = Upstream::always(reply);
        write(&upstream.server()).failure();
        assert_eq!(upstream.count(), 1);
    }
}

/// Looks like whatever is looked at before a write.
fn anything(seen: &Seen) -> Reply {
    if seen.line.contains("/sessions?") {
        return Reply::json(200, &json!([{ "id": "sess_1" }]));
    }
    let membership = json!({ "id": "orgmem_1", "role": "org:member", "organization": { "id": "org_1" } });
    Reply::json(200, &json!({ "id": "user_1", "user_id": "user_1", "data": [membership], "total_count": 1 }))
}

#[test]
fn every_kind_of_write_is_sent_once() {
    let upstream = Upstream::new(|seen| {
        if seen.line.starts_with("GET") { anything(seen) } else { Reply::new(503, &["retry-after: 0"], "") }
    });
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    let tools = server.tools();
    let writes = tools.iter().filter(|tool| tool["annotations"]["readOnlyHint"] == false);
    for tool in writes {
        let name = tool["name"].as_str().expect("a name");
        let before = upstream.count();
        let answer = server.call(name, crate::examples::arguments(tool));
        let all = upstream.seen();
        let sent: Vec<&str> =
            all[before..].iter().map(|seen| seen.line.as_str()).filter(|line| !line.starts_with("GET")).collect();
        let distinct: std::collections::HashSet<&&str> = sent.iter().collect();
        assert!(!sent.is_empty() && distinct.len() == sent.len(), "{name}: {sent:?} {answer:?}");
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
        1 => Reply::no_users(),
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
    let upstream = impatient();
    let session = upstream.program().stdio();
    read(&session).output();
    let failure = write(&session).failure();
    assert_eq!(failure["code"], "connection_error");
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("may or may not have been made")), "{failure}");
    let writes = upstream.seen().iter().filter(|seen| seen.line.starts_with("POST")).count();
    assert_eq!(writes, 1);
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
