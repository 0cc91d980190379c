//! An MCP client over stdio.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use crate::calls::{self, Call};
use crate::measured::Client;
use crate::process::Program;

pub(crate) struct Stdio {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: u64,
}

impl Stdio {
    /// Greets the program.
    pub(crate) fn start(program: &Program) -> Self {
        let (input, output) = program.pipes.borrow_mut().take().expect("the pipes are taken once");
        program.read_log("");
        let mut client = Self { input, output: BufReader::new(output), last_id: 1 };
        client.send(&calls::initialize());
        client.receive();
        client.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
        client
    }

    fn send(&mut self, message: &str) {
        // In one write: a pipe has no buffer here.
        self.input.write_all(format!("{message}\n").as_bytes()).expect("the program reads");
    }

    fn receive(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the program answers");
        line
    }

    fn receive_answer(&mut self, call: &Call) -> u64 {
        let line = self.receive();
        call.check(&line);
        let rest = line.split(r#""id":"#).nth(1).expect("an id");
        rest.split([',', '}']).next().and_then(|id| id.parse().ok()).expect("a number")
    }
}

impl Client for Stdio {
    fn list(&mut self) {
        self.send(&calls::list());
        calls::check_list(&self.receive());
    }

    fn run(&mut self, call: &Call, in_flight: usize, time: Duration) -> Vec<Duration> {
        let begin = Instant::now();
        let (mut open, mut latencies) = (HashMap::new(), Vec::new());
        loop {
            while open.len() < in_flight && (begin.elapsed() < time || (open.is_empty() && latencies.is_empty())) {
                self.last_id += 1;
                open.insert(self.last_id, Instant::now());
                self.send(&call.message(self.last_id));
            }
            if open.is_empty() {
                return latencies;
            }
            let id = self.receive_answer(call);
            latencies.extend(open.remove(&id).map(|sent: Instant| sent.elapsed()));
        }
    }
}
