//! Calls that have not ended yet when something else happens.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::harness::http::send;
use crate::harness::http_server::USUAL;
use crate::harness::patience::wait_until;
use crate::harness::upstream::Seen;
use crate::harness::{Client, Reply, Upstream};

/// An empty page of users that takes its time.
fn late(milliseconds: u64) -> Reply {
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    Reply::nothing().then_pause(Duration::from_millis(milliseconds)).then(page)
}

fn call_of(id: u64, query: &str) -> String {
    let parameters = json!({ "name": "clerk_list_users", "arguments": { "query": query } });
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": parameters }).to_string()
}

#[test]
fn stdio_answers_calls_as_they_end() {
    let slow = |seen: &Seen| if seen.line.contains("slow") { late(500) } else { Reply::no_users() };
    let session = Upstream::new(slow).program().stdio();
    session.write(&call_of(101, "slow"));
    session.write(&call_of(102, "fast"));
    assert_eq!((&session.read()["id"], &session.read()["id"]), (&json!(102), &json!(101)));
}

#[test]
fn a_call_is_answered_after_the_end_of_the_input() {
    let upstream = Upstream::always(late(500));
    let session = upstream.program().stdio();
    session.write(&call_of(101, "x"));
    wait_until("the call reaches the API", || upstream.count() == 1);
    let finished = session.close();
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    assert!(finished.stdout.contains(r#""id":101,"result""#), "{}", finished.stdout);
}

#[test]
fn a_call_is_finished_before_http_ends() {
    let upstream = Upstream::always(late(1000));
    let server = upstream.server();
    let url = format!("{}/mcp", server.url);
    let call = thread::spawn(move || send(Method::POST, &url, &USUAL, &call_of(1, "x")));
    wait_until("the call reaches the API", || upstream.count() == 1);
    assert_eq!(server.terminate().status, 0);
    let answer = call.join().expect("the call is answered");
    assert_eq!(answer.json()["result"]["isError"], false, "{answer:?}");
}

#[test]
fn an_idle_client_does_not_keep_http_from_ending() {
    let upstream = Upstream::always(Reply::no_users());
    let server = upstream.server();
    let mut idle = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    idle.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("the server reads");
    idle.read_exact(&mut [0; 12]).expect("the server answers");
    let silent = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    assert_eq!(server.terminate().status, 0);
    drop((idle, silent));
}

#[test]
fn a_cancelled_call_gets_no_answer_and_lets_go_of_the_api() {
    let upstream = Upstream::always(Reply::nothing().then_hear_hang_up());
    let session = upstream.program().stdio();
    session.write(&call_of(101, "x"));
    wait_until("the call reaches the API", || upstream.count() == 1);
    let parameters = json!({ "requestId": 101, "reason": "no longer needed" });
    let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": parameters });
    session.write(&cancel.to_string());
    wait_until("the request to the API is dropped", || upstream.hang_ups() == 1);
    session.request("ping", json!({})).result();
}

#[test]
fn a_client_that_goes_away_lets_go_of_the_api() {
    let upstream = Upstream::always(Reply::nothing().then_hear_hang_up());
    let server = upstream.server();
    let body = call_of(1, "x");
    let usual = USUAL.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
    let head = format!("POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n{usual}\r\n", body.len());
    let mut client = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    client.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
    wait_until("the call reaches the API", || upstream.count() == 1);
    drop(client);
    wait_until("the request to the API is dropped", || upstream.hang_ups() == 1);
}

#[test]
fn many_calls_at_once_are_all_answered() {
    let upstream = Upstream::always(late(200));
    let server = upstream.server();
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| server.call("clerk_list_users", json!({})).output());
        }
    });
    assert_eq!(upstream.count(), 100);
}
