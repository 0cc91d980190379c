//! Clerk, emulated, with a record of what was asked of it.

use std::net::Ipv4Addr;

use clerk_emulator::{Emulator, RequestLog, SeenRequest};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::canary::KEY;
use super::http::{runtime, send};
use super::{HttpServer, Program};

/// An emulator of its own for each test.
pub(crate) struct Clerk {
    /// `http://127.0.0.1:<port>/v1`
    pub(crate) url: String,
    key: String,
    log: RequestLog,
    serving: AbortHandle,
}

impl Clerk {
    /// With the sample data and the operator's key.
    pub(crate) fn sample() -> Self {
        Self::with_key(KEY)
    }

    pub(crate) fn with_key(key: &str) -> Self {
        let emulator = Emulator::sample().secret_key(key).record_requests();
        let log = emulator.requests();
        let listener = runtime().block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("it is bound"));
        let serving = runtime().spawn(emulator.serve(listener)).abort_handle();
        Self { url, key: key.into(), log, serving }
    }

    /// The program, to be started for this Clerk with the operator's key.
    pub(crate) fn program(&self) -> Program {
        Program::with_api(&self.url)
    }

    /// A server for this Clerk with the operator's key.
    pub(crate) fn server(&self) -> HttpServer {
        self.program().http()
    }

    /// The requests since this was last asked.
    pub(crate) fn requests(&self) -> Vec<SeenRequest> {
        let seen = self.log.all();
        self.log.clear();
        seen
    }

    /// The one request since requests were last asked for, as `METHOD target`.
    pub(crate) fn only_request(&self) -> String {
        let seen = self.requests();
        assert_eq!(seen.len(), 1, "{seen:?}");
        format!("{} {}", seen[0].method, seen[0].target)
    }

    pub(crate) fn assert_nothing_sent(&self) {
        let seen = self.requests();
        assert!(seen.is_empty(), "{seen:?}");
    }

    /// What Clerk itself says at `target`, asked without the program.
    pub(crate) fn get(&self, target: &str) -> Value {
        let authorization = format!("Bearer {}", self.key);
        let headers = [("authorization", authorization.as_str())];
        let answer = send(http::Method::GET, &format!("{}{target}", self.url), &headers, "");
        self.log.clear();
        if answer.status == 200 { answer.json() } else { json!({ "status": answer.status }) }
    }

    pub(crate) fn user(&self, email_address: &str) -> String {
        text(&self.get(&format!("/users?email_address={email_address}"))[0]["id"])
    }

    pub(crate) fn organization(&self, slug: &str) -> String {
        text(&self.get(&format!("/organizations/{slug}"))["id"])
    }
}

impl Drop for Clerk {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
