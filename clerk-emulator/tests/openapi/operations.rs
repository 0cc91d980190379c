//! Walks all operations: each one is tried once rightly and once wrongly, as `tests/operations.json` has it.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use serde::Deserialize;
use serde_json::Value;

use crate::client::{Clerk, Reply, text};
use crate::document::Document;

/// A body of parts, which has a file.
const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nPNG\r\n--x--\r\n";

#[derive(Deserialize)]
struct Table {
    /// The ids in the sample by the names that stand for them in braces.
    places: BTreeMap<String, String>,
    requests: Vec<Tried>,
}

/// An operation with a request that is right, and what makes it a wrong one. They are sent in the table's order.
#[derive(Deserialize)]
struct Tried {
    call: String,
    #[serde(flatten)]
    right: Sent,
    /// Whether the right body is a form with a file.
    #[serde(default)]
    file: bool,
    /// The places that the answer fills, by pointers into it.
    #[serde(default)]
    keeps: BTreeMap<String, String>,
    wrong: Wrong,
}

#[derive(Deserialize)]
struct Wrong {
    status: u16,
    #[serde(flatten)]
    sent: Sent,
}

#[derive(Deserialize)]
struct Sent {
    /// What stands for the path's parameters, where that is not the place of the same name.
    #[serde(default)]
    path: BTreeMap<String, String>,
    query: Option<String>,
    body: Option<Value>,
}

impl Table {
    fn read() -> Self {
        serde_json::from_str(include_str!("../operations.json")).unwrap()
    }

    /// The text with what the places have, twice because a place of the path may name another.
    fn filled(&self, text: &str) -> String {
        self.places.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    fn target(&self, tried: &Tried, sent: &Sent) -> String {
        let mut target = tried.call.split_once(' ').unwrap().1.to_owned();
        for (name, value) in sent.path.iter().chain(&tried.right.path) {
            target = target.replace(&format!("{{{name}}}"), value);
        }
        let query = sent.query.as_ref().or(tried.right.query.as_ref()).map(|query| format!("?{query}"));
        self.filled(&(target + &query.unwrap_or_default()))
    }

    fn body(&self, sent: &Sent) -> Option<Value> {
        let body = sent.body.as_ref()?.to_string();
        Some(serde_json::from_str(&self.filled(&body)).unwrap())
    }
}

async fn send(clerk: &Clerk, method: &str, target: &str, body: Option<Value>, is_form: bool) -> Reply {
    if !is_form {
        return clerk.call(method, target, body).await;
    }
    let request = Request::builder().method(method).uri(format!("/v1{target}"));
    let request = request.header("authorization", format!("Bearer {DEMO_SECRET_KEY}"));
    let request = request.header("content-type", "multipart/form-data; boundary=x").body(Body::from(FORM));
    clerk.send(request.unwrap()).await
}

#[test]
fn every_operation_is_tried() {
    let tried: BTreeSet<String> = Table::read().requests.into_iter().map(|tried| tried.call).collect();
    let all: BTreeSet<String> = Emulator::operations().map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(all.len(), 249);
    assert_eq!(tried, all);
}

#[tokio::test]
async fn every_operation_answers_a_right_and_a_wrong_request_as_the_document_says() {
    let Some(document) = Document::load() else { return };
    let mut table = Table::read();
    let clerk = Clerk::sample();
    let mut kept = BTreeMap::new();
    let mut differences = Vec::new();
    for tried in std::mem::take(&mut table.requests) {
        table.places.append(&mut kept);
        let (method, path) = tried.call.split_once(' ').unwrap();
        let wrong = &tried.wrong;
        let reply = send(&clerk, method, &table.target(&tried, &wrong.sent), table.body(&wrong.sent), false).await;
        let mut hold = |reply: &Reply, status: u16| {
            if reply.status != status {
                differences
                    .push(format!("{} answers {} instead of {status}: {}", tried.call, reply.status, reply.body));
            }
            let errors = document.errors(method, path, reply.status, &reply.body);
            differences.extend(errors.iter().map(|error| format!("{} {}: {error}", tried.call, reply.status)));
        };
        hold(&reply, wrong.status);
        let (target, body) = (table.target(&tried, &tried.right), table.body(&tried.right));
        let reply = send(&clerk, method, &target, body.clone(), tried.file).await;
        hold(&reply, document.success(method, path).unwrap());
        let errors = document.request_errors(method, path, body.as_ref());
        differences.extend(errors.iter().map(|error| format!("the request {}: {error}", tried.call)));
        let place = |(name, pointer): (&String, &String)| Some((name.clone(), text(reply.body.pointer(pointer)?)));
        kept.extend(tried.keeps.iter().filter_map(place));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
