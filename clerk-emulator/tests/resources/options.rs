//! The emulator's own options: the secret key, an empty start, the record of requests, a real listener.

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::Clerk;

#[tokio::test]
async fn a_chosen_secret_key_replaces_the_demo_key() {
    let clerk = Clerk::new(Emulator::sample().secret_key("sk_test_mine"));
    assert_eq!(clerk.get("/users").await.refusal(), "401 clerk_key_invalid");
    let request = Request::get("/v1/users").header("authorization", "Bearer sk_test_mine").body(Body::empty());
    assert_eq!(clerk.send(request.unwrap()).await.status, 200);
}

#[tokio::test]
async fn an_empty_emulator_has_nothing() {
    let clerk = Clerk::new(Emulator::empty());
    assert_eq!(clerk.get("/users").await.ok(), json!([]));
    assert_eq!(clerk.get("/organizations").await.ok(), json!({ "data": [], "total_count": 0 }));
}

#[tokio::test]
async fn the_record_shows_every_request_as_it_was_sent() {
    let emulator = Emulator::sample().record_requests();
    let requests = emulator.requests();
    let clerk = Clerk::new(emulator);
    assert!(requests.is_empty());
    clerk.get("/users?query=a%2Bb").await;
    clerk.post("/organizations", json!({ "name": "Recorded" })).await;
    clerk.send(Request::get("/nowhere").body(Body::empty()).unwrap()).await;

    let seen = requests.all();
    assert_eq!(
        seen.iter().map(|request| request.target.as_str()).collect::<Vec<_>>(),
        ["/v1/users?query=a%2Bb", "/v1/organizations", "/nowhere"]
    );
    assert!(seen[1].method == "POST");
    assert_eq!(seen[1].header("Authorization"), Some(format!("Bearer {DEMO_SECRET_KEY}").as_str()));
    assert_eq!(seen[1].json(), Some(json!({ "name": "Recorded" })));
    assert!(seen[0].body.is_empty() && seen[0].json().is_none());
    requests.clear();
    assert_eq!(requests.len(), 0);
}

#[tokio::test]
async fn nothing_is_recorded_unless_asked_for() {
    let emulator = Emulator::sample();
    let requests = emulator.requests();
    Clerk::new(emulator).get("/users").await;
    assert!(requests.is_empty());
}

#[tokio::test]
async fn the_record_keeps_the_last_thousand() {
    let emulator = Emulator::empty().record_requests();
    let requests = emulator.requests();
    let clerk = Clerk::new(emulator);
    for number in 0..1003 {
        clerk.get(&format!("/users/{number}")).await;
    }
    let seen = requests.all();
    assert_eq!((seen.len(), seen[0].target.as_str()), (1000, "/v1/users/3"));
}

#[tokio::test]
async fn it_serves_over_a_real_connection() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(Emulator::sample().serve(listener));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /v1/users/count HTTP/1.1\r\nhost: clerk\r\nauthorization: Bearer {DEMO_SECRET_KEY}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("total_count"), "{answer}");
    server.abort();
}
