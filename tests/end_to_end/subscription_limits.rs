//! What a subscription never hears: what its request may not read, and anything after its access token has expired.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::issuer::{Issuer, now};
use crate::harness::{Clerk, Client as _, EventStream, HttpServer, Wire};
use crate::rounds::{modern_headers, modern_request};

/// How long to wait for what should not come.
const A_WHILE: Duration = Duration::from_millis(500);

/// A stream of the changes of these resources, opened with more headers.
fn listen(server: &HttpServer, uris: &[&str], more: &[(&str, &str)]) -> EventStream {
    let notifications = json!({ "resourceSubscriptions": uris });
    let request = modern_request("subscriptions/listen", json!({ "notifications": notifications }), &json!({}));
    let mut stream = EventStream::post(server, &[&modern_headers(&request), more].concat(), &request.to_string());
    assert_eq!(stream.next()["method"], "notifications/subscriptions/acknowledged");
    stream
}

fn updated(message: &Value) -> &str {
    assert_eq!(message["method"], "notifications/resources/updated", "{message}");
    message["params"]["uri"].as_str().unwrap_or_default()
}

#[test]
fn a_stream_hears_only_of_what_its_request_may_read() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let (ada, acme) = (clerk.user("ada@acme.example"), clerk.organization("acme"));
    let uris = [format!("clerk://users/{ada}"), format!("clerk://organizations/{acme}")];
    let both = [uris[0].as_str(), uris[1].as_str()];
    let mut open = listen(&server, &both, &[]);
    let mut narrowed = [
        listen(&server, &both, &[("x-mcp-toolsets", "organizations")]),
        listen(&server, &both, &[("x-mcp-exclude-tools", "clerk_get_user")]),
        listen(&server, &both, &[("x-mcp-tools", "clerk_get_organization")]),
    ];
    server.call("clerk_update_user_metadata", json!({ "user_id": ada, "public_metadata": { "plan": "pro" } })).output();
    assert_eq!(updated(&open.next()), uris[0]);
    for stream in &mut narrowed {
        assert_eq!(stream.next_within(A_WHILE), None);
    }
    let plan = json!({ "organization_id": acme, "public_metadata": { "plan": "pro" } });
    server.call("clerk_update_organization_metadata", plan).output();
    for stream in narrowed.iter_mut().chain([&mut open]) {
        assert_eq!(updated(&stream.next()), uris[1]);
    }
}

/// An `Authorization` header that is good for so many seconds.
fn authorization(issuer: &Issuer, seconds: i64) -> String {
    format!("Bearer {}", issuer.key.token(&issuer.claims_with("exp", json!(now() + seconds))))
}

#[test]
fn a_stream_ends_with_its_access_token() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let ada = clerk.user("ada@acme.example");
    let uri = format!("clerk://users/{ada}");
    let (short, long) = (authorization(&issuer, 3), authorization(&issuer, 300));
    let mut lasting = [long.clone(), authorization(&issuer, 9_999_999_999_999), authorization(&issuer, i64::MAX / 2)]
        .map(|token| listen(&server, &[&uri], &[("authorization", &token)]));
    let mut ending = listen(&server, &[&uri], &[("authorization", &short)]);
    // The answer to the request that listens is its last message.
    let last = ending.next();
    assert_eq!((&last["id"], last["result"].is_object()), (&json!(1), true), "{last}");
    let server = server.with_header("authorization", &long);
    server.call("clerk_update_user_metadata", json!({ "user_id": ada, "public_metadata": { "plan": "pro" } })).output();
    for stream in &mut lasting {
        assert_eq!(updated(&stream.next()), uri);
    }
}

#[test]
fn a_subscription_of_a_session_ends_with_its_access_token() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let ada = clerk.user("ada@acme.example");
    let uri = format!("clerk://users/{ada}");
    let (short, long) = (authorization(&issuer, 4), authorization(&issuer, 300));
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": { "elicitation": {} },
        "clientInfo": { "name": "tests", "version": "1" } } });
    let answer = server.post(&[("authorization", &short)], &hello.to_string());
    let session = answer.headers["mcp-session-id"].to_str().expect("an id is text").to_owned();
    let in_session = |token: &str, message: &Value| {
        let headers = [("authorization", token), ("mcp-session-id", session.as_str())];
        server.post(&headers, &message.to_string()).status
    };
    assert_eq!(in_session(&short, &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })), 202);
    let subscribe =
        |id: u32| json!({ "jsonrpc": "2.0", "id": id, "method": "resources/subscribe", "params": { "uri": uri } });
    assert_eq!(in_session(&short, &subscribe(2)), 200);
    let open = |token: &str| {
        let lines = format!("host: localhost\r\naccept: text/event-stream\r\nauthorization: {token}");
        Wire::to(&server).send(format!("GET /mcp HTTP/1.1\r\n{lines}\r\nmcp-session-id: {session}\r\n\r\n"))
    };
    let mut ending = open(&short);
    assert_eq!(ending.answered().status, 200);
    assert_eq!(ending.event(), None, "the stream ends");
    let mut lasting = open(&long);
    assert_eq!(lasting.answered().status, 200);
    let change = |id: u32| {
        let arguments = json!({ "user_id": ada, "public_metadata": { "change": id } });
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call",
            "params": { "name": "clerk_update_user_metadata", "arguments": arguments } })
    };
    assert_eq!(in_session(&long, &change(3)), 200);
    assert!(lasting.is_silent_for(A_WHILE), "the subscription has ended");
    // Who has a new token subscribes again.
    assert_eq!(in_session(&long, &subscribe(4)), 200);
    assert_eq!(in_session(&long, &change(5)), 200);
    assert_eq!(updated(&lasting.event().expect("an event")), uri);
}
