//! An MCP client over HTTP, with one connection for each call in flight.

use std::io::{self, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::calls::{self, Call};
use crate::measured::Client;
use crate::process::Program;
use crate::{api, message};

pub(crate) struct Http {
    address: String,
    /// True where calls bring keys.
    brings_keys: bool,
    last_id: AtomicU64,
}

/// The calls that bring the same key: so many changes of one user are let in.
const CALLS_OF_A_KEY: u64 = 10;

impl Http {
    /// Waits until the program says where it listens.
    pub(crate) fn start(program: &Program, brings_keys: bool) -> Self {
        let line = program.read_log("http://");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.expect("an address in the line").to_owned();
        Self { address, brings_keys, last_id: AtomicU64::new(1) }
    }

    fn post(&self, connection: &mut BufReader<TcpStream>, message: impl FnOnce(u64) -> String) -> String {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed);
        let key = format!("x-clerk-secret-key: {}\r\n", api::key(id / CALLS_OF_A_KEY));
        let key = if self.brings_keys { key.as_str() } else { "" };
        let head = format!("content-type: application/json\r\naccept: application/json, text/event-stream\r\n{key}");
        send(connection.get_mut(), "POST /mcp", &head, &message(id)).expect("the program reads");
        receive(connection).expect("the program answers")
    }
}

impl Client for Http {
    fn list(&mut self) {
        calls::check_list(&self.post(&mut connect(&self.address), |_| calls::list()));
    }

    fn run(&mut self, call: &Call, in_flight: usize, time: Duration) -> Vec<Duration> {
        let begin = Instant::now();
        let client = &*self;
        let one_after_the_other = || {
            let mut connection = connect(&client.address);
            let mut latencies = Vec::new();
            while begin.elapsed() < time || latencies.is_empty() {
                let sent = Instant::now();
                call.check(&client.post(&mut connection, |id| call.message(id)));
                latencies.push(sent.elapsed());
            }
            latencies
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..in_flight).map(|_| scope.spawn(one_after_the_other)).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("no call failed")).collect()
        })
    }
}

fn connect(address: &str) -> BufReader<TcpStream> {
    BufReader::new(TcpStream::connect(address).expect("a connection"))
}

/// Sends a request; `head` holds more lines for its head.
pub(crate) fn send(connection: &mut TcpStream, line: &str, head: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    let message = format!("{line} HTTP/1.1\r\nhost: 127.0.0.1\r\n{head}content-length: {length}\r\n\r\n{body}");
    connection.write_all(message.as_bytes())
}

/// The body of the next answer.
pub(crate) fn receive(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    // The status line, in which there is no colon, is read with the head.
    let answer = message::body(connection, |_, _| {})?;
    String::from_utf8(answer).map_err(io::Error::other)
}
