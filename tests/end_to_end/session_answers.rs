//! Sessions whose clients number their requests alike: each gets its own answers, and answers its own questions.

use std::thread;

use serde_json::{Value, json};

use crate::harness::http_server::USUAL;
use crate::harness::{Clerk, HttpServer, Wire};

const SESSION: &str = "mcp-session-id";

/// A session of a client that can be asked.
fn start(server: &HttpServer) -> String {
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": { "elicitation": {} },
        "clientInfo": { "name": "tests", "version": "1" } } });
    let answer = server.post(&[], &hello.to_string());
    let id = answer.headers[SESSION].to_str().expect("an id is text").to_owned();
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(server.post(&[(SESSION, &id)], initialized).status, 202);
    id
}

fn call(id: u32, tool: &str, arguments: &Value) -> String {
    let parameters = json!({ "name": tool, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": parameters }).to_string()
}

/// Posts within a session, and leaves the answer to be read.
fn post(server: &HttpServer, session: &str, body: &str) -> Wire {
    Wire::to(server).send(Wire::post(&[&format!("{SESSION}: {session}")], body))
}

#[test]
fn each_session_gets_the_answers_to_its_own_requests() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let people = ["ada@acme.example", "grace@acme.example"].map(|email| (clerk.user(email), start(&server)));
    thread::scope(|scope| {
        for (user, session) in &people {
            let server = &server;
            scope.spawn(move || {
                for id in 2..40 {
                    let mut answer = post(server, session, &call(id, "clerk_get_user", &json!({ "user_id": user })));
                    let event = answer.event().expect("an answer");
                    assert_eq!((&event["id"], &event["result"]["structuredContent"]["id"]), (&json!(id), &json!(user)));
                }
            });
        }
    });
}

/// The next question that a call asks.
fn question(stream: &mut Wire) -> Value {
    let event = stream.event().expect("a question");
    assert_eq!(event["method"], "elicitation/create", "{event}");
    event
}

#[test]
fn the_answer_of_one_session_answers_no_question_of_another() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let create = |name: &str| {
        let answer = server.call_with(&[], "clerk_create_organization", &json!({ "name": name })).json();
        answer["result"]["structuredContent"]["id"].as_str().expect("an id").to_owned()
    };
    let names = ["Umbrella", "Wayland"];
    let organizations = names.map(create);
    let sessions = [start(&server), start(&server)];
    let ask = |one: usize| {
        let arguments = json!({ "organization_id": organizations[one] });
        let mut stream = post(&server, &sessions[one], &call(7, "clerk_delete_organization", &arguments));
        let asked = question(&mut stream);
        (stream, asked)
    };
    let (mut first, asked_first) = ask(0);
    let (mut second, asked_second) = ask(1);
    assert_eq!(asked_first["id"], asked_second["id"], "both questions have one id, so that they could be mixed up");
    let reply = |session: &str, question: &Value, name: &str| {
        let result = json!({ "action": "accept", "content": { "name": name } });
        let body = json!({ "jsonrpc": "2.0", "id": question["id"], "result": result });
        let headers = [USUAL[0], USUAL[1], (SESSION, session)];
        server.send(http::Method::POST, "/mcp", &headers, body.to_string()).status
    };
    // The first session answers what the second was asked: it counts for its own question only, where the name is wrong.
    assert_eq!(reply(&sessions[0], &asked_second, names[1]), 202);
    let answer = first.event().expect("an answer");
    assert_eq!((&answer["id"], &answer["result"]["isError"]), (&json!(7), &json!(true)), "{answer}");
    let exists = |one: usize| clerk.get(&format!("/organizations/{}", organizations[one]))["id"].is_string();
    assert!(exists(0) && exists(1));
    assert_eq!(reply(&sessions[1], &asked_second, names[1]), 202);
    let answer = second.event().expect("an answer");
    assert_eq!((&answer["id"], &answer["result"]["isError"]), (&json!(7), &json!(false)), "{answer}");
    assert!(exists(0) && !exists(1));
}
