//! A plain HTTP client, so that a test decides about every header.

use std::io::Cursor;
use std::sync::OnceLock;

use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::runtime::Runtime;

use super::patience::PATIENCE;

/// Where stand-ins for Clerk and clients run; the tests themselves are plain functions.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("the tests can have threads"))
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl HttpAnswer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends one request and reads the whole answer.
pub(crate) fn send(method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> HttpAnswer {
    send_bytes(method, url, headers, body.as_bytes())
}

/// The same with a body that need not be text.
pub(crate) fn send_bytes(method: Method, url: &str, headers: &[(&str, &str)], body: &[u8]) -> HttpAnswer {
    let within = async { tokio::time::timeout(PATIENCE, exchange(method, url, headers, body)).await };
    runtime().block_on(within).expect("the server answers in time")
}

/// The same for who waits otherwise.
pub(crate) async fn exchange(method: Method, url: &str, headers: &[(&str, &str)], body: &[u8]) -> HttpAnswer {
    static CLIENT: OnceLock<Client<HttpConnector, Full<Cursor<Vec<u8>>>>> = OnceLock::new();
    let client = CLIENT.get_or_init(|| Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http());
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Cursor::new(body.to_owned()))).expect("a valid request");
    let (parts, body) = client.request(request).await.expect("the server answers").into_parts();
    let body = body.collect().await.expect("the answer is complete").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("the answer is text");
    HttpAnswer { status: parts.status.as_u16(), headers: parts.headers, body }
}
