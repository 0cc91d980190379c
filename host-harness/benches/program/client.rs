//! Two small MCP clients that keep a number of calls in flight and check each answer.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{ChildStdin, ChildStdout};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::process::Program;

pub(crate) trait Client {
    const ARGUMENTS: &'static [&'static str];

    /// Keeps `in_flight` calls under way for a while; how long each took.
    fn run(&mut self, in_flight: usize, time: Duration) -> Vec<Duration>;
}

fn request(id: u64, method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

fn initialize(id: u64) -> String {
    let client = json!({ "name": "bench", "version": "1" });
    request(id, "initialize", &json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client }))
}

fn call(id: u64) -> String {
    let arguments = json!({ "user_id": "user_3f52u5b9F5UOrOd4b8C551cCfyc" });
    request(id, "tools/call", &json!({ "name": "clerk_get_user", "arguments": arguments }))
}

fn check(answer: &str) {
    assert!(answer.contains("ada@acme.example") && answer.contains(r#""isError":false"#), "unexpected: {answer}");
}

pub(crate) struct Stdio {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: u64,
}

impl Stdio {
    pub(crate) fn start(program: &Program) -> Self {
        let (input, output) = program.pipes.borrow_mut().take().expect("the pipes are taken once");
        let mut client = Self { input, output: BufReader::new(output), last_id: 0 };
        client.send(&initialize(0));
        client.receive();
        client.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
        client
    }

    pub(crate) fn list(&mut self) {
        self.send(&request(1, "tools/list", &json!({})));
        assert!(self.receive().contains("clerk_get_user"));
    }

    fn send(&mut self, message: &str) {
        writeln!(self.input, "{message}").expect("the program reads");
    }

    fn receive(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the program answers");
        line
    }

    fn receive_id(&mut self) -> u64 {
        let line = self.receive();
        check(&line);
        let rest = line.split(r#""id":"#).nth(1).expect("an id");
        rest.split(',').next().and_then(|id| id.parse().ok()).expect("a number")
    }
}

impl Client for Stdio {
    const ARGUMENTS: &'static [&'static str] = &["stdio"];

    fn run(&mut self, in_flight: usize, time: Duration) -> Vec<Duration> {
        let begin = Instant::now();
        let (mut open, mut latencies) = (HashMap::new(), Vec::new());
        loop {
            while open.len() < in_flight && begin.elapsed() < time {
                self.last_id += 1;
                open.insert(self.last_id, Instant::now());
                self.send(&call(self.last_id));
            }
            if open.is_empty() {
                return latencies;
            }
            let id = self.receive_id();
            latencies.extend(open.remove(&id).map(|sent: Instant| sent.elapsed()));
        }
    }
}

/// One connection for each call in flight.
pub(crate) struct Http {
    address: String,
}

impl Http {
    pub(crate) fn start(program: &Program) -> Self {
        Self { address: program.address() }
    }
}

impl Client for Http {
    const ARGUMENTS: &'static [&'static str] = &["http", "--listen", "127.0.0.1:0"];

    fn run(&mut self, in_flight: usize, time: Duration) -> Vec<Duration> {
        let begin = Instant::now();
        let threads: Vec<_> = (0..in_flight)
            .map(|_| {
                let address = self.address.clone();
                thread::spawn(move || {
                    let mut connection = BufReader::new(TcpStream::connect(address).expect("a connection"));
                    let mut latencies = Vec::new();
                    while begin.elapsed() < time {
                        let sent = Instant::now();
                        check(&post(&mut connection, &call(1)));
                        latencies.push(sent.elapsed());
                    }
                    latencies
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no call failed")).collect()
    }
}

fn post(connection: &mut BufReader<TcpStream>, body: &str) -> String {
    let head = format!(
        "POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json, \
         text/event-stream\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    connection.get_mut().write_all(head.as_bytes()).expect("the program reads");
    let mut length = 0;
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).expect("the program answers");
        if line == "\r\n" {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut answer = vec![0; length];
    connection.read_exact(&mut answer).expect("the whole answer");
    String::from_utf8(answer).expect("UTF-8")
}
