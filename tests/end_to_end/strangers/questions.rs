//! Calls that wait for a person: they take no place of those that work, and end when nobody is there any more.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};

use super::{SESSION, session};
use crate::harness::event_stream::EventStream;
use crate::harness::patience::wait_until;
use crate::harness::{Clerk, HttpServer};

const PING: &str = r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;

/// Begins a call that asks a person.
fn ask(server: &HttpServer, clerk: &Clerk, session: &str, id: usize) -> EventStream {
    let arguments = json!({ "organization_id": clerk.organization("acme") });
    let call = json!({ "name": "clerk_delete_organization", "arguments": arguments });
    let call = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": call });
    EventStream::post(server, &[(SESSION, session)], &call.to_string())
}

/// The question that a call asks.
fn question(call: &mut EventStream) -> Value {
    let question = call.next();
    assert_eq!(question["method"], "elicitation/create", "{question}");
    question
}

/// The failure of a call that has asked nothing.
fn refusal(call: &mut EventStream) -> Value {
    let text = call.next()["result"]["content"][0]["text"].as_str().expect("the call is refused").to_owned();
    serde_json::from_str(&text).expect("a failure is JSON")
}

#[test]
fn what_waits_for_a_person_takes_no_place_of_others() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_IN_FLIGHT", "2").http();
    let session = session(&server, &[]);
    let mut calls: Vec<EventStream> = Vec::new();
    for id in 10..18 {
        let mut call = ask(&server, &clerk, &session, id);
        question(&mut call);
        calls.push(call);
    }
    assert_eq!(server.post(&[], PING).status, 200);
    let failure = refusal(&mut ask(&server, &clerk, &session, 18));
    assert_eq!(failure["code"], "busy");
    assert!(failure["message"].as_str().is_some_and(|text| text.contains("8 questions wait")), "{failure}");
}

#[test]
fn an_answer_is_taken_also_where_all_places_are_taken_by_questions() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_MAX_IN_FLIGHT", "1").http();
    let session = session(&server, &[]);
    let mut calls = [10, 11, 12].map(|id| {
        let mut call = ask(&server, &clerk, &session, id);
        (question(&mut call)["id"].clone(), call)
    });
    for (id, call) in &mut calls {
        let no = json!({ "jsonrpc": "2.0", "id": id, "result": { "action": "decline" } });
        assert_eq!(server.post(&[(SESSION, &session)], &no.to_string()).status, 202);
        // Seen or unseen, by the time that this took.
        assert!(refusal(call)["code"].as_str().is_some_and(|code| code.starts_with("declined")));
    }
    // The place is free as soon as the answer has left.
    wait_until("the one place is free", || server.post(&[], PING).status == 200);
}

#[test]
fn a_question_ends_with_the_stream_of_its_call() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let session = session(&server, &[]);
    let calls: Vec<EventStream> = (10..18).map(|id| ask(&server, &clerk, &session, id)).collect();
    for mut call in calls {
        question(&mut call);
    }
    let mut id = 20;
    wait_until("the questions have ended", || {
        id += 1;
        ask(&server, &clerk, &session, id).next()["method"] == "elicitation/create"
    });
}

#[test]
fn a_question_ends_with_its_session() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let first = session(&server, &[]);
    let mut calls: Vec<EventStream> = (10..18).map(|id| ask(&server, &clerk, &first, id)).collect();
    for call in &mut calls {
        question(call);
    }
    let start = Instant::now();
    assert_eq!(server.send(Method::DELETE, "/mcp", &[(SESSION, &first)], "").status, 204);
    let second = session(&server, &[]);
    let mut id = 20;
    wait_until("the questions have ended", || {
        id += 1;
        ask(&server, &clerk, &second, id).next()["method"] == "elicitation/create"
    });
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[test]
fn a_server_that_is_to_end_waits_for_no_answer() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let session = session(&server, &[]);
    let mut call = ask(&server, &clerk, &session, 10);
    question(&mut call);
    let start = Instant::now();
    server.ask_to_end();
    assert_eq!(refusal(&mut call)["code"], "unattended");
    assert_eq!(server.wait().status, 0);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
