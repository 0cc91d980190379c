//! The program serving HTTP.

use std::thread::JoinHandle;

use http::Method;
use serde_json::Value;

use super::http::{HttpAnswer, send_bytes};
use super::patience::wait_until;
use super::program::{Finished, Program, Running};
use super::transcript::Transcript;
use super::{Answer, Client};

/// What every MCP client sends.
pub(crate) const USUAL: [(&str, &str); 2] =
    [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];

/// A server, killed when dropped. Nothing that it ever said may hold a secret key.
pub(crate) struct HttpServer {
    process: Running,
    /// `http://127.0.0.1:<port>`
    pub(crate) url: String,
    output: Transcript,
    errors: Transcript,
    readers: Vec<JoinHandle<()>>,
    headers: Vec<(String, String)>,
}

impl HttpServer {
    /// Starts it and reads its address from what it says.
    pub(crate) fn start(program: Program) -> Self {
        let mut process = Running(program.spawn());
        let (output, errors) = (Transcript::default(), Transcript::default());
        let readers = vec![
            output.follow(process.0.stdout.take().expect("standard output is a pipe")),
            errors.follow(process.0.stderr.take().expect("standard error is a pipe")),
        ];
        wait_until("the server says where it listens", || {
            let ended = process.0.try_wait().expect("a child can be waited for");
            assert!(ended.is_none(), "the server ended: {}", errors.text());
            address(&errors.text()).is_some()
        });
        let url = address(&errors.text()).expect("just seen");
        Self { process, url, output, errors, readers, headers: Vec::new() }
    }

    /// Sends this header with each request from now on.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn get(&self, path: &str) -> HttpAnswer {
        self.send(Method::GET, path, &[], b"")
    }

    /// Posts to `/mcp` with more headers than the usual ones, which they may replace.
    pub(crate) fn post(&self, headers: &[(&str, &str)], body: &str) -> HttpAnswer {
        self.post_bytes(headers, body.as_bytes())
    }

    /// The same with a body that need not be text.
    pub(crate) fn post_bytes(&self, headers: &[(&str, &str)], body: &[u8]) -> HttpAnswer {
        let is_replaced = |name: &str| headers.iter().any(|(other, _)| *other == name);
        let usual = USUAL.into_iter().filter(|(name, _)| !is_replaced(name));
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<_> = usual.chain(own).chain(headers.iter().copied()).collect();
        self.send(Method::POST, "/mcp", &all, body)
    }

    /// The answer to a call with more headers.
    pub(crate) fn call_with(&self, headers: &[(&str, &str)], tool: &str, arguments: &Value) -> HttpAnswer {
        let parameters = serde_json::json!({ "name": tool, "arguments": arguments });
        let request = serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
        self.post(headers, &request.to_string())
    }

    pub(crate) fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> HttpAnswer {
        let answer = send_bytes(method, &format!("{}{path}", self.url), headers, body.as_ref());
        self.output.push(format!("{answer:?}").as_bytes());
        answer
    }

    /// The most memory that the server ever occupied, in bytes; 0 where the system does not tell.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.process.peak_memory()
    }

    /// The memory that the server occupies now, in bytes; 0 where the system does not tell.
    pub(crate) fn memory(&self) -> u64 {
        self.process.memory()
    }

    /// The most files and connections that the server has open, and the most that it may ask for.
    pub(crate) fn open_files(&self) -> [String; 2] {
        self.process.open_files()
    }

    /// From now on, it can write no file larger than so many bytes.
    pub(crate) fn limit_files(&self, bytes: usize) {
        self.process.limit_files(bytes);
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("the address has a port")
    }

    fn join(&mut self) {
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
    }

    /// Asks the server to end.
    pub(crate) fn ask_to_end(&self) {
        self.process.terminate();
    }

    /// Asks the server to end, and waits for that.
    pub(crate) fn terminate(self) -> Finished {
        self.ask_to_end();
        self.wait()
    }

    /// Waits for the end of a server that was asked to end.
    pub(crate) fn wait(mut self) -> Finished {
        let status = self.process.wait();
        self.join();
        Finished { status, stdout: self.output.text(), stderr: self.errors.text() }
    }
}

fn address(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("MCP at ")?;
    rest.split_once("/mcp,").map(|(url, _)| url.to_owned())
}

impl Client for HttpServer {
    fn exchange(&self, request: Value) -> Answer {
        let answer = self.post(&[], &request.to_string());
        assert_eq!(answer.status, 200, "{answer:?}");
        Answer(answer.json())
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        let _ = self.process.0.kill();
        let _ = self.process.0.wait();
        self.join();
        if !std::thread::panicking() {
            self.output.assert_holds_no_key();
            self.errors.assert_holds_no_key();
        }
    }
}
