//! Clients hear of resources that calls have changed, if they want to.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NO_API, modern_headers, modern_request, program, session};
use crate::harness::{Client as _, EventStream, HttpServer, Program, StdioSession, fixtures};

const WATCHED: &str = "test://watched-resource";
const TOOL: &str = "test_resource_change";
const KEYS: [&str; 2] = ["sk_test_firstcaller", "sk_test_secondcaller"];
/// How long to wait for what should not come.
const A_WHILE: Duration = Duration::from_millis(500);

fn is_update(message: &Value) -> bool {
    message["method"] == "notifications/resources/updated" && message["params"]["uri"] == WATCHED
}

/// Writes a call, and reads as many messages as are to come of it.
fn change(session: &StdioSession, count: usize) -> Vec<Value> {
    let parameters = json!({ "name": TOOL });
    session.write(&json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": parameters }).to_string());
    let messages: Vec<_> = (0..count).map(|_| session.read()).collect();
    assert!(messages.iter().any(|message| message["id"] == 7), "{messages:?}");
    messages
}

#[test]
fn a_session_hears_of_changes_while_it_is_subscribed() {
    let session = session(&json!({}));
    let uri = json!({ "uri": WATCHED });
    change(&session, 1);
    assert_eq!(session.request("resources/subscribe", uri.clone()).result(), &json!({}));
    assert!(change(&session, 2).iter().any(is_update));
    assert_eq!(session.request("resources/unsubscribe", uri.clone()).result(), &json!({}));
    change(&session, 1);
    session.request("resources/subscribe", uri).result();
    assert!(change(&session, 2).iter().any(is_update));
    session.request("ping", json!({})).result();
    let said = session.close().stdout;
    assert_eq!(said.matches("notifications/resources/updated").count(), 2, "{said}");
}

#[test]
fn a_session_hears_nothing_of_what_it_has_not_subscribed_to() {
    let session = session(&json!({}));
    session.request("resources/subscribe", json!({ "uri": "test://static-text" })).result();
    change(&session, 1);
    session.request("ping", json!({})).result();
    assert!(!session.close().stdout.contains("notifications/resources/updated"));
}

/// What a client of 2026-07-28 sends in order to listen.
fn listen() -> Value {
    let notifications = json!({ "resourceSubscriptions": [WATCHED] });
    modern_request("subscriptions/listen", json!({ "notifications": notifications }), &json!({}))
}

#[test]
fn a_client_on_stdio_may_listen_without_a_session() {
    let session = StdioSession::start_without_greeting(program().arguments(&["stdio"]));
    session.write(&listen().to_string());
    assert_eq!(session.read()["method"], "notifications/subscriptions/acknowledged");
    let mut call = modern_request("tools/call", json!({ "name": TOOL }), &json!({}));
    call["id"] = json!(2);
    session.write(&call.to_string());
    let messages = [session.read(), session.read()];
    assert!(messages.iter().any(|message| message["id"] == 2), "{messages:?}");
    assert!(messages.iter().any(is_update), "{messages:?}");
}

/// A stream of changes for the caller with this key.
fn listening(server: &HttpServer, key: &str) -> EventStream {
    let request = listen();
    let mut headers = modern_headers(&request);
    headers.push(("x-clerk-secret-key", key));
    let mut stream = EventStream::post(server, &headers, &request.to_string());
    let first = stream.next();
    assert_eq!(first["method"], "notifications/subscriptions/acknowledged", "{first}");
    stream
}

#[test]
fn a_client_of_http_hears_of_changes_that_were_made_with_its_own_key() {
    let server = Program::new(&[]).variable("CLERK_API_URL", NO_API).component(fixtures::conformance()).http();
    let [mut first, mut second] = KEYS.map(|key| listening(&server, key));
    let change = |key: &str| server.call_with(&[("x-clerk-secret-key", key)], TOOL, &json!({})).json();
    assert_eq!(change(KEYS[0])["result"]["isError"], false);
    let update = first.next();
    assert!(is_update(&update), "{update}");
    assert_eq!(update["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"].to_string().trim_matches('"'), "1");
    assert_eq!(second.next_within(A_WHILE), None);
    assert_eq!(change(KEYS[1])["result"]["isError"], false);
    assert!(is_update(&second.next()));
    assert_eq!(first.next_within(A_WHILE), None);
}
