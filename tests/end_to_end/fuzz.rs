//! Thousands of broken messages: none of them harms the program, and each answer is one that JSON-RPC knows.
//!
//! A failure prints its seed. `CLERK_MCP_FUZZ_SEED` repeats it, and `CLERK_MCP_FUZZ_COUNT` tries more messages.

use std::env;
use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Value, json};

use crate::harness::mutation::Mutations;
use crate::harness::{Clerk, Client, StdioSession};

/// How much memory the program may occupy, whatever it is sent: it reserves most of that for instances of the tools.
const MOST_MEMORY: u64 = 512 << 20;

fn setting<T: FromStr>(name: &str, default: impl FnOnce() -> T) -> T {
    env::var(name).ok().map_or_else(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Where the messages come from, and how many there are. A test that fails shows the seed.
fn mutations(usual_count: usize) -> (Mutations, usize) {
    let seed = setting("CLERK_MCP_FUZZ_SEED", || fastrand::u64(..));
    eprintln!("CLERK_MCP_FUZZ_SEED={seed}");
    (Mutations::new(seed), setting("CLERK_MCP_FUZZ_COUNT", || usual_count))
}

fn assert_is_sound(answer: &Value, sent: impl Display) {
    let excerpt = || format!("{:.2000}\nafter {sent:.20000}", answer.to_string());
    assert_eq!(answer["jsonrpc"], "2.0", "{}", excerpt());
    // What was asked for comes in between, for example the acknowledgement of a subscription.
    if answer["method"].is_string() {
        assert!(answer["method"].as_str().is_some_and(|method| method.starts_with("notifications/")), "{}", excerpt());
        return;
    }
    assert!(answer["result"].is_object() != answer["error"].is_object(), "{}", excerpt());
    let error = &answer["error"];
    if error.is_object() {
        assert!(error["code"].is_i64() && error["message"].is_string(), "{}", excerpt());
        // The end of a cancelled call, when another one has its id by then.
        let is_cancelled = error["message"] == "the call was cancelled";
        assert!(is_cancelled || error["code"] != -32603, "an internal error: {}", excerpt());
    }
    assert_ne!(answer["result"]["structuredContent"]["code"], "tool_failed", "{}", excerpt());
}

/// Reads answers until the one to `ping`.
fn read_answers(session: &StdioSession, ping: &str, sent: &[u8]) {
    session.write(&json!({ "jsonrpc": "2.0", "id": ping, "method": "ping" }).to_string());
    loop {
        let answer = session.read();
        assert_is_sound(&answer, String::from_utf8_lossy(sent));
        if answer["id"] == ping {
            assert_eq!(answer["result"], json!({}));
            return;
        }
    }
}

#[test]
fn stdio_survives_broken_messages() {
    let clerk = Clerk::sample();
    let (mut mutations, count) = mutations(10_000);
    let session = StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"]));
    for round in 0..count.div_ceil(20) {
        let sent = (0..20).flat_map(|_| [mutations.message(), b"\n".to_vec()].concat()).collect::<Vec<u8>>();
        session.write_bytes(&sent);
        read_answers(&session, &format!("round {round}"), &sent);
    }
    let memory = session.peak_memory();
    assert!(memory < MOST_MEMORY, "{} MiB", memory >> 20);
    let finished = session.close();
    assert_eq!(finished.status, 0);
    assert!(!finished.stderr.contains("panicked"), "{}", finished.stderr);
}

#[test]
fn http_survives_broken_messages() {
    let clerk = Clerk::sample();
    let (mut mutations, count) = mutations(4_000);
    let server = clerk.server();
    for round in 0..count {
        let (headers, body) = (mutations.headers(), mutations.message());
        let borrowed: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = server.post_bytes(&borrowed, &body);
        let sent = format!("{headers:?} {}", String::from_utf8_lossy(&body));
        assert!(answer.status < 500 || answer.status == 503, "{answer:.2000?}\nafter {sent:.20000}");
        let is_json = answer.headers.get("content-type").is_some_and(|value| value == "application/json");
        let said = if is_json { answer.json() } else { Value::Null };
        if said["jsonrpc"].is_string() {
            assert_is_sound(&said, sent);
        }
        if round % 20 == 0 {
            server.request("ping", json!({})).result();
        }
    }
    let memory = server.peak_memory();
    assert!(memory < MOST_MEMORY, "{} MiB", memory >> 20);
    let finished = server.terminate();
    assert_eq!(finished.status, 0);
    assert!(!finished.stderr.contains("panicked"), "{}", finished.stderr);
}
