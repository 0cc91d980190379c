//! The end of an HTTP server: what is in flight is finished, what only waits is told, and nothing takes for ever.

use std::io::ErrorKind;
use std::io::Read as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;

use crate::harness::http::send;
use crate::harness::http_server::USUAL;
use crate::harness::patience::wait_until;
use crate::harness::program::Running;
use crate::harness::{HttpServer, Reply, Upstream, Wire};

const CALL: &str = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"clerk_list_users"}}"#;

fn late(milliseconds: u64) -> Upstream {
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    Upstream::always(Reply::nothing().then_pause(Duration::from_millis(milliseconds)).then(page))
}

/// Starts a session and gives the line that names it.
fn session(server: &HttpServer) -> String {
    let client = json!({ "name": "tests", "version": "1" });
    let parameters =
        json!({ "protocolVersion": "2025-06-18", "capabilities": { "elicitation": {} }, "clientInfo": client });
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters });
    let answer = server.post(&[], &hello.to_string());
    let id = answer.headers["mcp-session-id"].to_str().expect("an id is text").to_owned();
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(server.post(&[("mcp-session-id", &id)], initialized).status, 202);
    format!("mcp-session-id: {id}")
}

#[test]
fn every_call_in_flight_is_answered_before_the_end() {
    let upstream = late(1000);
    let server = upstream.server();
    let url = format!("{}/mcp", server.url);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let url = url.clone();
            thread::spawn(move || send(Method::POST, &url, &USUAL, CALL))
        })
        .collect();
    wait_until("the calls reach the API", || upstream.count() == 20);
    assert_eq!(server.terminate().status, 0);
    for call in calls {
        let answer = call.join().expect("the call is answered");
        assert_eq!(answer.json()["result"]["isError"], false, "{answer:?}");
        assert_eq!(answer.headers["connection"], "close");
    }
}

/// The session may live on another thread than the connection.
#[test]
fn calls_in_sessions_are_answered_before_the_end() {
    let upstream = late(1000);
    let server = upstream.server();
    let mut clients: Vec<Wire> =
        (0..8).map(|_| session(&server)).map(|id| Wire::to(&server).send(Wire::post(&[&id], CALL))).collect();
    wait_until("the calls reach the API", || upstream.count() == 8);
    assert_eq!(server.terminate().status, 0);
    for client in &mut clients {
        assert_eq!(client.answered().status, 200);
        let answer = client.event().expect("the call is answered");
        assert_eq!((&answer["id"], &answer["result"]["isError"]), (&json!(7), &json!(false)), "{answer}");
    }
}

#[test]
fn who_never_stops_to_connect_does_not_keep_the_server_from_ending() {
    let server = late(0).server();
    let port = server.port();
    let connecting = thread::spawn(move || {
        while TcpStream::connect(("127.0.0.1", port)).is_ok() {
            thread::sleep(Duration::from_millis(2));
        }
    });
    let ended = server.terminate();
    assert!(ended.status == 0 && !ended.stderr.contains("cut off"), "{}", ended.stderr);
    connecting.join().expect("at the end nobody can connect");
}

#[test]
fn streams_and_idle_connections_are_told_to_end() {
    let server = late(0).server();
    let id = session(&server);
    let get = format!("GET /mcp HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n{id}\r\n\r\n");
    let mut stream = Wire::to(&server).send(get);
    assert_eq!(stream.answered().status, 200);
    let mut idle = Wire::to(&server).send(Wire::post(&[], CALL));
    assert_eq!(idle.answer().status, 200);
    let silent = Wire::to(&server);
    let start = Instant::now();
    assert_eq!(server.terminate().status, 0);
    assert!(start.elapsed() < Duration::from_secs(5), "nobody was waited for");
    assert_eq!(stream.event(), None);
    assert_eq!((idle.rest(), silent.rest()), (String::new(), String::new()));
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let upstream = late(20_000);
    let server = upstream.server();
    let client = Wire::to(&server).send(Wire::post(&[], CALL));
    wait_until("the call reaches the API", || upstream.count() == 1);
    server.ask_to_end();
    // Signals that arrive together are one.
    thread::sleep(Duration::from_millis(500));
    let start = Instant::now();
    let finished = server.terminate();
    assert_eq!((finished.status, start.elapsed() < Duration::from_secs(5)), (2, true), "{}", finished.stderr);
    assert!(finished.stderr.ends_with("a second signal broke off what was in flight\n"), "{}", finished.stderr);
    assert_eq!(client.rest(), "");
}

#[test]
fn a_client_that_does_not_finish_is_not_waited_for_for_ever() {
    let upstream = late(0);
    let server = upstream.program().arguments(&["--timeout", "1"]).http();
    let mut client = Wire::to(&server).send(Wire::head(&["content-length: 10", "expect: 100-continue"]));
    assert_eq!(client.answered().status, 100);
    let start = Instant::now();
    let finished = server.terminate();
    assert_eq!((finished.status, start.elapsed() < Duration::from_secs(15)), (0, true), "{}", finished.stderr);
    assert!(finished.stderr.contains("clients that did not finish within 6 s were cut off"), "{}", finished.stderr);
}

#[test]
fn nobody_new_is_served_once_the_end_has_begun() {
    let upstream = late(1500);
    let server = upstream.server();
    let mut client = Wire::to(&server).send(Wire::post(&[], CALL));
    wait_until("the call reaches the API", || upstream.count() == 1);
    server.ask_to_end();
    thread::sleep(Duration::from_millis(500));
    let late_comer = TcpStream::connect(("127.0.0.1", server.port()));
    assert!(late_comer.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused));
    assert_eq!(client.answer().status, 200);
    assert_eq!(server.wait().status, 0);
    assert_eq!(upstream.count(), 1);
}

/// A proxy has connected and sends the call a moment later: it could not send it to another server any more.
#[test]
fn who_had_connected_before_the_end_is_still_served() {
    let upstream = late(0);
    let server = upstream.server();
    let client = Wire::to(&server);
    server.ask_to_end();
    thread::sleep(Duration::from_millis(200));
    let answer = client.send(Wire::post(&[], CALL)).answer();
    assert_eq!((answer.status, upstream.count()), (200, 1));
    assert_eq!(server.wait().status, 0);
}

/// With fewer and fewer files to open, some thread is the first that cannot do its work.
#[test]
fn a_thread_that_cannot_start_ends_the_server() {
    let upstream = late(0);
    let mut endings = Vec::new();
    for most in 8..64 {
        let program = upstream.program().arguments(&["http", "--listen", "127.0.0.1:0"]).with_open_files(most);
        let mut process = Running(program.spawn());
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(1) && process.0.try_wait().expect("a child can be asked").is_none()
        {
            thread::sleep(Duration::from_millis(10));
        }
        if process.0.try_wait().expect("a child can be asked").is_none() {
            break;
        }
        assert_eq!(process.wait(), 2);
        let mut said = String::new();
        let errors = process.0.stderr.as_mut().expect("standard error is a pipe");
        errors.read_to_string(&mut said).expect("the program speaks UTF-8");
        endings.push(said);
    }
    let is_alone = thread::available_parallelism().is_ok_and(|cores| cores.get() == 1);
    assert!(is_alone || endings.iter().any(|said| said.contains("another thread: Too many open files")), "{endings:?}");
}
