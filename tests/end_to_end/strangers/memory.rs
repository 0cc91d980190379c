//! The memory that a server occupies while strangers press, with its defaults, and afterwards.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{SESSION, hello};
use crate::harness::patience::wait_until;
use crate::harness::{HttpServer, Program, Reply, Upstream, Wire};

const MEGABYTE: u64 = 1024 * 1024;
/// The most that the server may ever occupy.
const MOST: u64 = 512 * MEGABYTE;
/// The most that may be left of an attack.
const MOST_LEFT: u64 = 64 * MEGABYTE;
/// The most that may be left of large answers, whose pieces the allocator does not give back at once.
const MOST_LEFT_OF_ANSWERS: u64 = 128 * MEGABYTE;

const KEY: &str = "x-clerk-secret-key";
const PING: &str = r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;

fn public_server(upstream: &Upstream) -> HttpServer {
    Program::new(&[]).variable("CLERK_API_URL", &upstream.url()).http()
}

fn call(arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"clerk_list_users","arguments":{arguments}}}}}"#
    )
}

/// Has the server's memory watched while something is done to it.
fn watch(server: &HttpServer, most_left: u64, attack: impl FnOnce()) {
    for number in 0..20 {
        let key = format!("sk_test_warm{number}");
        assert_eq!(server.post(&[(KEY, &key)], &call("{}")).status, 200);
    }
    let rest = server.memory();
    attack();
    let peak = server.peak_memory();
    assert!(peak < MOST, "{} MiB", peak / MEGABYTE);
    assert_eq!(server.post(&[], PING).status, 200);
    let mut left = 0;
    wait_until("the memory is given back", || {
        thread::sleep(Duration::from_millis(100));
        // What the allocator has left it gives back while it works.
        assert_eq!(server.post(&[], PING).status, 200);
        left = server.memory().saturating_sub(rest);
        left < most_left
    });
    eprintln!("peak {} MiB, at rest {} MiB, left {} MiB", peak / MEGABYTE, rest / MEGABYTE, left / MEGABYTE);
}

/// Does the same from several threads.
fn at_once(threads: usize, each: usize, act: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..each).for_each(|_| act(next.fetch_add(1, Ordering::Relaxed))));
        }
    });
}

/// Capabilities of about 200 KB, in text and in values.
fn large() -> Value {
    let values = vec![json!({ "a": {} }); 3000];
    json!({ "elicitation": {}, "experimental": { "large": { "text": "x".repeat(100_000), "values": values } } })
}

#[test]
fn nothing_is_kept_of_who_introduces_itself_without_a_key() {
    let upstream = Upstream::always(Reply::no_users());
    let server = public_server(&upstream);
    let introduction = hello(&large());
    watch(&server, MOST_LEFT, || {
        at_once(4, 64, |_| {
            let answer = server.post(&[], &introduction);
            // The id of no session, which holds all that has to be known.
            assert_eq!((answer.status, answer.headers[SESSION].as_bytes()), (200, &b"no-questions"[..]));
            assert!(answer.body.contains("protocolVersion"), "{answer:?}");
        });
    });
}

#[test]
fn little_is_kept_of_a_session() {
    let upstream = Upstream::always(Reply::no_users());
    let server = public_server(&upstream);
    let introduction = hello(&large());
    watch(&server, MOST_LEFT, || {
        at_once(4, 128, |number| {
            let answer = server.post(&[(KEY, &format!("sk_test_{number}"))], &introduction);
            assert!(answer.status == 200 && answer.headers.contains_key(SESSION), "{answer:?}");
        });
    });
}

#[test]
fn little_is_kept_of_a_key() {
    let upstream = Upstream::always(Reply::no_users());
    let server = public_server(&upstream);
    watch(&server, MOST_LEFT, || {
        at_once(4, 32, |number| {
            let endless = format!("sk_test_{number}{}", "x".repeat(300_000));
            let head = Wire::head(&[&format!("{KEY}: {endless}"), "content-length: 0"]);
            // Not read to its end, so that the answer may be lost.
            drop(Wire::to(&server).send(head).rest());
            let long = format!("sk_test_{number}{}", "x".repeat(300));
            assert_eq!(server.post(&[(KEY, &long)], PING).status, 401);
        });
        at_once(4, 500, |number| {
            let key = format!("sk_test_{number}{}", "x".repeat(180));
            let answer = server.post(&[(KEY, &key)], &call("{}"));
            assert_eq!(answer.json()["result"]["isError"], false, "{answer:?}");
        });
    });
}

#[test]
fn many_small_values_are_refused_or_take_their_turn() {
    let upstream = Upstream::always(Reply::no_users());
    let server = public_server(&upstream);
    let list = |item: &str, count: usize| format!(r#"{{"query":[{}]}}"#, vec![item; count].join(","));
    let bodies = [list("[]", 8000), list(r#"{"a":{}}"#, 4000), list("0", 16_000), list(r#"{"":[{}]}"#, 3200)];
    let too_many = call(&list("[]", 80_000));
    watch(&server, MOST_LEFT, || {
        at_once(24, 8, |number| {
            let answer = server.post(&[(KEY, "sk_test_1")], &call(&bodies[number % bodies.len()]));
            assert!([200, 503].contains(&answer.status), "{answer:?}");
            let answer = server.post(&[(KEY, "sk_test_1")], &too_many);
            assert_eq!((answer.status, answer.body.contains("16384 values")), (413, true), "{answer:?}");
            let answer = server.post(&[(KEY, "sk_test_1")], &format!("{{\"a\":{}", "[".repeat(1_000_000)));
            assert_eq!((answer.status, answer.body.contains("262144 bytes")), (413, true), "{answer:?}");
        });
    });
}

#[test]
fn bodies_that_are_not_finished_share_a_room() {
    let upstream = Upstream::always(Reply::no_users());
    let server = Program::new(&[]).variable("CLERK_API_URL", &upstream.url());
    let server = server.variable("CLERK_MCP_MAX_BODY_BYTES", "4194304").http();
    watch(&server, MOST_LEFT, || {
        let begin = |_| Wire::to(&server).send(Wire::head(&["content-length: 4194304"])).send(vec![b' '; 4_000_000]);
        let mut bodies: Vec<Wire> = (0..60).map(begin).collect();
        let is_refused = |wire: &mut Wire| !wire.is_silent_for(Duration::from_millis(20));
        let refused: usize = bodies.iter_mut().map(|wire| usize::from(is_refused(wire))).sum();
        assert!((40..60).contains(&refused), "{refused}");
        // Who sends little has room.
        let answer = server.post(&[(KEY, "sk_test_1")], &call("{}"));
        assert_eq!(answer.json()["result"]["isError"], false, "{answer:?}");
    });
}

/// A page of users with many small values in their metadata.
fn many_users() -> Reply {
    let metadata: Value = (0..400).map(|number| (format!("key{number}"), json!({ "a": {} }))).collect();
    let user = |number| json!({ "id": format!("user_{number}"), "object": "user", "public_metadata": metadata });
    Reply::json(200, &(0..100).map(user).collect())
}

#[test]
fn answers_that_nobody_reads_share_a_room() {
    let users = many_users();
    let upstream = Upstream::new(move |seen| if seen.number > 20 { users.clone() } else { Reply::no_users() });
    let server = Program::new(&["--max-requests", "0"]).variable("CLERK_API_URL", &upstream.url()).http();
    watch(&server, MOST_LEFT_OF_ANSWERS, || {
        let call = Wire::post(&[&format!("{KEY}: sk_test_1")], &call(r#"{"limit":100}"#));
        let begin = |_| Wire::to(&server).send(&call);
        let mut calls: Vec<Wire> = (0..40).map(begin).collect();
        let statuses = calls.iter_mut().map(|call| call.answered().status);
        assert!(statuses.into_iter().all(|status| status == 200));
    });
    let answer = server.post(&[(KEY, "sk_test_1")], &call(r#"{"limit":1}"#));
    assert_eq!(answer.json()["result"]["isError"], false, "{answer:?}");
}

#[test]
fn the_head_of_a_request_has_a_largest_size() {
    let upstream = Upstream::always(Reply::no_users());
    let server = upstream.server();
    let patterns = vec!["clerk_get_*"; 10_000].join(",");
    let answer = Wire::to(&server).send(Wire::post(&[&format!("x-mcp-tools: {patterns}")], PING)).answered();
    assert_eq!(answer.status, 431);
    assert_eq!(server.post(&[("x-mcp-tools", "clerk_get_*")], PING).status, 200);
}
