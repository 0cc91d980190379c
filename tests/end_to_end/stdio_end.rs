//! How serving standard input and output ends: by the end of the input, by a signal, by a client that is gone.

use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::patience::wait_until;
use crate::harness::program::Running;
use crate::harness::{Clerk, Client, Reply, StdioSession, Upstream};

fn silent(clerk: &Clerk) -> StdioSession {
    StdioSession::start_without_greeting(clerk.program().arguments(&["stdio"]))
}

#[test]
fn the_last_line_needs_no_end() {
    let clerk = Clerk::sample();
    let session = silent(&clerk);
    session.write_bytes(br#"{"jsonrpc":"2.0","id":"last","method":"ping"}"#);
    let finished = session.close();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    assert_eq!(finished.stdout, "{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"result\":{}}\n");
}

#[test]
fn a_last_line_that_breaks_off_is_a_parse_error() {
    let clerk = Clerk::sample();
    let session = silent(&clerk);
    session.write_bytes(br#"{"jsonrpc":"2.0","id":"la"#);
    let finished = session.close();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    assert!(finished.stdout.contains("-32700"), "{}", finished.stdout);
}

#[test]
fn an_input_that_says_nothing_is_no_failure() {
    let clerk = Clerk::sample();
    let finished = silent(&clerk).close();
    assert_eq!((finished.status, finished.stdout.as_str(), finished.stderr.as_str()), (0, "", ""));
}

#[test]
fn a_call_is_finished_before_a_signal_ends_the_program() {
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    let upstream = Upstream::always(Reply::nothing().then_pause(Duration::from_secs(1)).then(page));
    let session = upstream.program().stdio();
    let parameters = json!({ "name": "clerk_list_users", "arguments": {} });
    session.write(&json!({ "jsonrpc": "2.0", "id": 101, "method": "tools/call", "params": parameters }).to_string());
    wait_until("the call reaches the API", || upstream.count() == 1);
    let finished = session.terminate();
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    assert!(finished.stdout.contains(r#""id":101,"result""#), "{}", finished.stdout);
}

#[test]
fn a_signal_ends_an_idle_session_at_once() {
    let clerk = Clerk::sample();
    let session = clerk.program().stdio();
    session.request("ping", json!({})).result();
    let start = Instant::now();
    let finished = session.terminate();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

/// Node starts its children with sockets, which are read by a thread that waits.
#[test]
fn a_signal_ends_a_session_on_sockets_too() {
    let clerk = Clerk::sample();
    let (mut ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    let output = theirs.try_clone().expect("a second handle");
    let program = clerk.program().arguments(&["stdio"]);
    let mut process = Running(program.spawn_between(OwnedFd::from(theirs).into(), OwnedFd::from(output).into()));
    ours.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").expect("the program reads its input");
    let mut answer = [0; 36];
    std::io::Read::read_exact(&mut ours, &mut answer).expect("the program answers");
    assert_eq!(String::from_utf8_lossy(&answer), r#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
    process.terminate();
    assert_eq!(process.wait(), 0);
}

#[test]
fn a_client_that_stops_listening_ends_the_program_quietly() {
    let clerk = Clerk::sample();
    let mut process = Running(clerk.program().arguments(&["stdio"]).spawn_with_input());
    drop(process.0.stdout.take());
    let mut input = process.0.stdin.take().expect("standard input is a pipe");
    input.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").expect("the program reads its input");
    assert_eq!(process.wait(), 0);
    let errors = std::io::read_to_string(process.0.stderr.take().expect("standard error is a pipe"));
    assert_eq!(errors.expect("it is text"), "");
    drop(input);
}

/// Answers pile up for somebody who does not read them, and then requests wait too.
#[test]
fn a_client_that_does_not_read_is_not_read_from_for_ever() {
    let clerk = Clerk::sample();
    let mut process = Running(clerk.program().arguments(&["stdio"]).spawn_with_input());
    let mut input = process.0.stdin.take().expect("standard input is a pipe");
    let writer = std::thread::spawn(move || {
        let list = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":{\
                    \"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\
                    \"io.modelcontextprotocol/clientCapabilities\":{}}}}\n";
        (0..100_000).take_while(|_| input.write_all(list.as_bytes()).is_ok()).count()
    });
    let mut before = 0;
    wait_until("the program takes no more memory", || {
        std::thread::sleep(Duration::from_millis(500));
        let now = process.peak_memory();
        std::mem::replace(&mut before, now) == now
    });
    assert!(before < 400 << 20, "{} MiB", before >> 20);
    drop(process);
    assert!(writer.join().expect("writing does not panic") < 100_000);
}
