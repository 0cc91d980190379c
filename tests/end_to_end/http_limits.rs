//! What one client may take of an HTTP server: time, space, and places among the calls and the connections.

use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::http::HttpAnswer;
use crate::harness::patience::wait_until;
use crate::harness::{Clerk, Client, Reply, Upstream, Wire};

const PING: &str = r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;

/// The code and the message of a refusal, which repeats `id`.
fn refusal(answer: &HttpAnswer, id: &Value) -> (i64, String) {
    let body = answer.json();
    assert_eq!((&body["jsonrpc"], &body["id"]), (&json!("2.0"), id), "{answer:?}");
    let message = body["error"]["message"].as_str().expect("a message").to_owned();
    (body["error"]["code"].as_i64().expect("a code"), message)
}

#[test]
fn a_client_that_sends_no_head_is_cut_off() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_CLIENT_TIMEOUT", "1").http();
    let start = Instant::now();
    for beginning in ["", "POST /mcp HTTP/1.1\r\nhost: loc"] {
        assert_eq!(Wire::to(&server).send(beginning).rest(), "");
    }
    assert!(start.elapsed() >= Duration::from_secs(2), "both had their time");
    server.request("ping", json!({})).result();
}

#[test]
fn as_many_connections_may_be_open_as_the_system_allows() {
    let clerk = Clerk::sample();
    let server = clerk.program().with_usual_open_files(100).http();
    let [soft, hard] = server.open_files();
    assert_eq!(soft, hard);
}

#[test]
fn a_head_that_comes_in_drops_is_cut_off() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_CLIENT_TIMEOUT", "1").http();
    let mut client = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    wait_until("the server hangs up", || {
        sleep(Duration::from_millis(100));
        client.write_all(b"x").is_err()
    });
}

#[test]
fn a_body_that_does_not_come_is_answered_with_408() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_CLIENT_TIMEOUT", "1").http();
    for beginning in ["", &PING[..10]] {
        let mut client = Wire::to(&server).send(Wire::head(&["content-length: 40"]) + beginning);
        let answer = client.answer();
        assert_eq!(answer.status, 408, "{answer:?}");
        assert_eq!(refusal(&answer, &Value::Null), (-32000, "the body did not arrive within 1 s".into()));
        assert_eq!(client.rest(), "");
    }
    server.request("ping", json!({})).result();
}

#[test]
fn a_body_that_comes_in_drops_is_answered_with_408() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_CLIENT_TIMEOUT", "1").http();
    let mut client = Wire::to(&server).send(Wire::head(&["transfer-encoding: chunked"]));
    for _ in 0..8 {
        client = client.send("1\r\n \r\n");
        sleep(Duration::from_millis(200));
    }
    assert_eq!(client.answer().status, 408);
}

#[test]
fn an_idle_connection_is_closed_in_the_end() {
    let clerk = Clerk::sample();
    let server =
        clerk.program().variable("CLERK_MCP_IDLE_TIMEOUT", "1").variable("CLERK_MCP_CLIENT_TIMEOUT", "1").http();
    let mut client = Wire::to(&server);
    for _ in 0..3 {
        client = client.send(Wire::post(&[], PING));
        assert_eq!(client.answer().status, 200);
        sleep(Duration::from_millis(500));
    }
    assert_eq!(client.rest(), "");
}

#[test]
fn a_client_that_reads_no_answers_is_cut_off() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_CLIENT_TIMEOUT", "1").http();
    let mut client = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    client.set_write_timeout(Some(Duration::from_secs(20))).expect("a time that is not zero");
    let list = Wire::post(&[], r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
    let error = (0..100_000).find_map(|_| client.write_all(list.as_bytes()).err()).expect("the server hangs up");
    assert!(![ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()), "{error}");
    server.request("ping", json!({})).result();
}

#[test]
fn a_body_that_is_too_large_is_answered_with_413() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_BODY_BYTES", "1024").http();
    let body = " ".repeat(1025);
    let announced = Wire::to(&server).send(Wire::post(&[], &body)).answer();
    let chunked = Wire::head(&["transfer-encoding: chunked"]) + &format!("401\r\n{body}\r\n0\r\n\r\n");
    let chunked = Wire::to(&server).send(chunked).answer();
    for answer in [announced, chunked] {
        assert_eq!(answer.status, 413, "{answer:?}");
        let (code, message) = refusal(&answer, &Value::Null);
        assert!(code == -32000 && message.contains("1024 bytes"), "{message}");
    }
    let just_fits = format!("{PING:1024}");
    assert_eq!(Wire::to(&server).send(Wire::post(&[], &just_fits)).answer().status, 200);
}

#[test]
fn a_client_that_is_still_sending_sees_why_it_is_refused() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let mut client = Wire::to(&server).send(Wire::head(&["content-length: 20000000"])).send(vec![b' '; 20_000_000]);
    assert_eq!(client.answer().status, 413);
    assert_eq!(client.send(Wire::post(&[], PING)).answer().status, 200);
}

#[test]
fn a_body_that_is_too_large_is_not_asked_for() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let head = Wire::head(&["content-length: 20000000", "expect: 100-continue"]);
    assert_eq!(Wire::to(&server).send(head).answered().status, 413);
    let head = Wire::head(&[&format!("content-length: {}", PING.len()), "expect: 100-continue"]);
    let mut client = Wire::to(&server).send(head);
    assert_eq!(client.answered().status, 100);
    assert_eq!(client.send(PING).answer().status, 200);
}

#[test]
fn more_requests_than_places_are_sent_away_and_health_still_answers() {
    let late =
        Reply::nothing().then_pause(Duration::from_secs(2)).then("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]");
    let upstream = Upstream::always(late);
    let server = upstream.program().variable("CLERK_MCP_MAX_IN_FLIGHT", "2").http();
    thread::scope(|scope| {
        let calls = [1, 2].map(|_| scope.spawn(|| server.call("clerk_list_users", json!({})).output()));
        wait_until("both calls reach the API", || {
            upstream.seen().iter().filter(|seen| seen.line.contains("users")).count() == 2
        });
        let answer = server.post(&[], PING);
        assert_eq!(answer.status, 503, "{answer:?}");
        assert_eq!(answer.headers["retry-after"], "1");
        let (code, message) = refusal(&answer, &json!(7));
        assert!(code == -32000 && message.contains("serving 2 requests"), "{message}");
        assert_eq!(server.get("/health").status, 200);
        let notification = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(server.post(&[], notification).status, 202);
        for call in calls {
            call.join().expect("the calls in flight are answered");
        }
    });
    server.call("clerk_list_users", json!({})).output();
}

#[test]
fn a_call_in_a_session_keeps_its_place_when_its_client_hangs_up() {
    let upstream = Upstream::always(Reply::nothing().then_pause(Duration::from_secs(5)));
    let server = upstream.program().variable("CLERK_MCP_MAX_IN_FLIGHT", "1").http();
    let client = json!({ "name": "tests", "version": "1" });
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": { "elicitation": {} }, "clientInfo": client });
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }).to_string();
    let id = server.post(&[], &hello).headers["mcp-session-id"].to_str().expect("an id is text").to_owned();
    let call = r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"clerk_list_users"}}"#;
    let client = Wire::to(&server).send(Wire::post(&[&format!("mcp-session-id: {id}")], call));
    wait_until("the call reaches the API", || upstream.count() == 1);
    drop(client);
    for _ in 0..10 {
        assert_eq!(server.post(&[], PING).status, 503);
        thread::sleep(Duration::from_millis(50));
    }
}

/// A call that is answered after so many seconds.
fn late(seconds: u64) -> Upstream {
    let reply = Reply::nothing().then_pause(Duration::from_secs(seconds));
    Upstream::always(reply.then("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"))
}

const CALL: &str = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"clerk_list_users"}}"#;

#[test]
fn more_connections_than_places_wait_for_one_that_is_done() {
    let upstream = late(2);
    let server = upstream.program().variable("CLERK_MCP_MAX_CONNECTIONS", "3").http();
    let mut busy: Vec<Wire> = (0..3).map(|_| Wire::to(&server).send(Wire::post(&[], CALL))).collect();
    wait_until("the calls reach the API", || upstream.count() == 3);
    let mut waiting = Wire::to(&server).send(Wire::post(&[], PING));
    assert!(waiting.is_silent_for(Duration::from_millis(500)));
    for client in &mut busy {
        let answer = client.answer();
        assert_eq!((answer.status, &answer.json()["result"]["isError"]), (200, &json!(false)), "{answer:?}");
    }
    assert_eq!(waiting.answer().status, 200);
}

#[test]
fn idle_connections_make_room_for_others() {
    let upstream = late(2);
    let server = upstream.program().variable("CLERK_MCP_MAX_CONNECTIONS", "4").http();
    let missing = "GET /missing HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut busy = Wire::to(&server).send(Wire::post(&[], CALL));
    wait_until("the call reaches the API", || upstream.count() == 1);
    let [mut oldest, mut younger] = [(); 2].map(|()| Wire::to(&server).send(missing));
    for idle in [&mut oldest, &mut younger] {
        assert_eq!(idle.answer().status, 404);
    }
    let half_a_head = Wire::to(&server).send("GET /missing HTTP/1.1\r\nhost: loc");
    let start = Instant::now();
    for _ in 0..8 {
        assert_eq!(Wire::to(&server).send(Wire::post(&[], PING)).answer().status, 200);
    }
    assert!(start.elapsed() < Duration::from_secs(10), "nobody waits until a connection was idle for too long");
    assert_eq!((oldest.rest(), half_a_head.rest()), (String::new(), String::new()));
    assert_eq!(busy.answer().json()["result"]["isError"], false);
}

#[test]
fn streams_leave_room_for_others() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_CONNECTIONS", "4").http();
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let listen = |uris: &[&str]| {
        let wanted = json!({ "_meta": meta, "notifications": { "resourceSubscriptions": uris } });
        let request = json!({ "jsonrpc": "2.0", "id": 7, "method": "subscriptions/listen", "params": wanted });
        let headers = ["mcp-protocol-version: 2026-07-28", "mcp-method: subscriptions/listen"];
        Wire::to(&server).send(Wire::post(&headers, &request.to_string()))
    };
    let mut streams = [listen(&["clerk://users/user_1"]), listen(&["clerk://users/user_2"])];
    for stream in &mut streams {
        assert_eq!(stream.answered().status, 200);
    }
    let refused = listen(&["clerk://users/user_3"]).answer();
    assert_eq!((refused.status, &refused.headers["retry-after"]), (503, &"1".parse().expect("text")));
    assert_eq!(server.get("/health").status, 200);
    drop(streams);
    wait_until("a stream can be opened again", || listen(&["clerk://users/user_3"]).answered().status == 200);
    let many = vec!["clerk://users/user_1"; 1001];
    assert_eq!(listen(&many).answer().json()["error"]["code"], -32602);
}

#[test]
fn limits_that_make_no_sense_stop_the_start() {
    let clerk = Clerk::sample();
    for (flag, value) in [
        ("--max-in-flight", "0"),
        ("--max-connections", "0"),
        ("--client-timeout", "0"),
        ("--idle-timeout", "x"),
        ("--max-body-bytes", "1"),
    ] {
        let finished = clerk.program().arguments(&["http", flag, value]).run();
        assert_eq!(finished.status, 2, "{}", finished.stderr);
        assert!(finished.stderr.contains(flag), "{}", finished.stderr);
    }
}
