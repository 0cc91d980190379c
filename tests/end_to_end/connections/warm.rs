//! A connection is there before the first call, and nobody notices where it cannot be.

use std::net::{Ipv4Addr, TcpListener};
use std::thread::available_parallelism;

use serde_json::json;

use super::{api, read, warm};
use crate::harness::http2::Http2;
use crate::harness::patience::wait_until;
use crate::harness::tls::{OF_LOCALHOST, TlsFront, authority};
use crate::harness::{Client as _, KEY, Program, Upstream};

/// The API behind fronts that speak HTTP/2, HTTP/1.1, and whatever comes.
fn fronts(api: &Upstream) -> [TlsFront; 3] {
    let address = api.address;
    [TlsFront::http2(address, Http2::usual()), TlsFront::http1(address), TlsFront::of(address, OF_LOCALHOST)]
}

#[test]
fn a_connection_is_there_before_the_first_call_which_uses_it() {
    for place in 0..3 {
        let api = api();
        let front = &fronts(&api)[place];
        let session = warm(front.program().variable("CLERK_MAX_REQUESTS", "1"));
        let [warming] = &api.seen()[..] else { panic!("more than one request") };
        assert_eq!((warming.line.as_str(), warming.header("authorization")), ("HEAD /v1", vec![]));
        assert!(!format!("{warming:?}").contains(KEY), "{warming:?}");
        // It is none of the requests that there is a budget for.
        read(&session).output();
        let seen = api.seen();
        assert_eq!((seen.len(), seen[1].header("authorization")), (2, vec![format!("Bearer {KEY}").as_str()]));
        let accepted = front.accepted();
        assert!(accepted.len() == 1 && accepted[0].is_open, "{accepted:?}");
    }
}

#[test]
fn each_thread_of_http_has_one() {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::usual());
    let threads = available_parallelism().map_or(1, usize::from);
    let server = front.program().http();
    wait_until("each one is open", || front.accepted().len() == threads && api.count() == threads);
    for _ in 0..8 {
        read(&server).output();
    }
    assert_eq!(server.get("/health").json()["clerkConnected"], true);
    let accepted = front.accepted();
    assert_eq!((accepted.len(), api.count()), (threads, threads + 9), "{accepted:?}");
}

#[test]
fn without_a_key_none_is_opened() {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::usual());
    let program = || {
        let program = Program::new(&[]).variable("CLERK_API_URL", &front.url());
        program.variable("SSL_CERT_FILE", &authority().to_string_lossy())
    };
    let session = program().stdio();
    assert_eq!(read(&session).failure()["code"], "missing_secret_key");
    let server = program().http().with_header("x-clerk-secret-key", KEY);
    assert!(!server.tools().is_empty());
    assert_eq!(front.accepted().len(), 0);
    read(&server).output();
    assert_eq!((front.accepted().len(), api.count()), (1, 1));
    session.close();
}

/// No network, a name that nobody has, and a server that never says anything.
#[test]
fn where_there_is_none_the_start_is_as_fast_and_as_silent() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let silent = format!("https://{}/v1", silent.local_addr().expect("it is bound"));
    for url in ["https://127.0.0.1:1/v1", "https://nobody.invalid/v1", &silent] {
        let session = Program::with_api(url).stdio();
        assert!(!session.tools().is_empty());
        let ended = session.close();
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "{url}");
        let server = Program::with_api(url).http();
        assert!(!server.tools().is_empty());
        let ended = server.terminate();
        assert_eq!((ended.status, ended.stderr.lines().count()), (0, 1), "{url}: {}", ended.stderr);
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_told_by_the_call_and_not_by_the_start() {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::usual());
    let session = Program::with_api(&front.url()).stdio();
    assert_eq!(session.call("clerk_list_users", json!({})).failure()["code"], "tls_error");
    let said = session.close().stderr;
    assert_eq!(said.matches("no connection to the API could be made").count(), 1, "{said}");
    assert_eq!(api.count(), 0);
}
