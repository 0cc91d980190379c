//! The program serving standard input and output.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::ChildStdin;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};

use super::client::next_id;
use super::patience::PATIENCE;
use super::program::{Finished, Program, Running};
use super::transcript::Transcript;
use super::{Answer, Client};

/// A session, killed when dropped. Nothing that the server ever said may hold a secret key.
pub(crate) struct StdioSession {
    process: Running,
    input: Option<Mutex<ChildStdin>>,
    lines: Mutex<Receiver<String>>,
    output: Transcript,
    errors: Transcript,
    readers: Vec<JoinHandle<()>>,
}

impl StdioSession {
    /// Starts the program and a session of the version that most clients speak.
    pub(crate) fn start(program: Program) -> Self {
        let session = Self::start_without_greeting(program);
        session.greet("2025-06-18", &json!({}));
        session
    }

    /// Starts the program and a session of 2025-11-25 whose client has these capabilities.
    pub(crate) fn with_capabilities(program: Program, capabilities: &Value) -> Self {
        let session = Self::start_without_greeting(program.arguments(&["stdio"]));
        session.greet("2025-11-25", capabilities);
        session
    }

    /// Starts the program and a session of 2025-11-25 whose client can ask a person.
    pub(crate) fn with_person(program: Program) -> Self {
        Self::with_capabilities(program, &json!({ "elicitation": {} }))
    }

    pub(crate) fn start_without_greeting(program: Program) -> Self {
        let mut process = Running(program.spawn_with_input());
        let (output, errors) = (Transcript::default(), Transcript::default());
        let (sender, lines) = channel();
        let stdout = BufReader::new(process.0.stdout.take().expect("standard output is a pipe"));
        let taken = output.clone();
        let reader = thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                taken.push(format!("{line}\n").as_bytes());
                let _ = sender.send(line);
            }
        });
        let stderr = process.0.stderr.take().expect("standard error is a pipe");
        let readers = vec![reader, errors.follow(stderr)];
        let input = process.0.stdin.take().map(Mutex::new);
        Self { process, input, lines: Mutex::new(lines), output, errors, readers }
    }

    /// Introduces a client with these capabilities, and gives the server's own introduction.
    pub(crate) fn greet(&self, version: &str, capabilities: &Value) -> Value {
        let client = json!({ "name": "tests", "version": "1" });
        let hello = json!({ "protocolVersion": version, "capabilities": capabilities, "clientInfo": client });
        let introduced = self.request("initialize", hello).result().clone();
        assert_eq!(introduced["protocolVersion"], version);
        self.write(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        introduced
    }

    /// Sends a request without waiting for its answer, and gives its id.
    pub(crate) fn begin(&self, method: &str, parameters: &Value) -> u64 {
        let id = next_id();
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }).to_string());
        id
    }

    /// Replies to a request of the server with this result.
    pub(crate) fn reply(&self, request: &Value, result: &Value) {
        self.write(&json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }).to_string());
    }

    /// Replies to the question that the server asks a person next, and gives the question's parameters.
    pub(crate) fn reply_to_question(&self, result: &Value) -> Value {
        let question = self.read();
        assert_eq!(question["method"], "elicitation/create", "{question}");
        self.reply(&question, result);
        question["params"].clone()
    }

    /// Makes a call that asks a person, replies with this result, and gives the question's parameters and the answer.
    pub(crate) fn ask(&self, tool: &str, arguments: &Value, result: &Value) -> (Value, Answer) {
        self.begin("tools/call", &json!({ "name": tool, "arguments": arguments }));
        (self.reply_to_question(result), Answer(self.read()))
    }

    /// Writes one line, whatever it says.
    pub(crate) fn write(&self, line: &str) {
        self.write_bytes(format!("{line}\n").as_bytes());
    }

    /// Writes these bytes, which need not be text nor end a line.
    pub(crate) fn write_bytes(&self, bytes: &[u8]) {
        let mut input = self.input.as_ref().expect("the input is open").lock().expect("no test panicked with it");
        input.write_all(bytes).expect("the program reads its input");
    }

    /// The next line that the program writes.
    pub(crate) fn read(&self) -> Value {
        let lines = self.lines.lock().expect("no test panicked with it");
        let line = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no answer; stderr: {}", self.errors.text()));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"))
    }

    /// What the program has said on standard error so far.
    pub(crate) fn said(&self) -> String {
        self.errors.text()
    }

    /// The most memory that the program ever occupied, in bytes; 0 where the system does not tell.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.process.peak_memory()
    }

    /// Asks the program to end while its input stays open, and waits for that.
    pub(crate) fn terminate(mut self) -> Finished {
        self.process.terminate();
        self.finish()
    }

    /// Closes the program's input and waits for its end.
    pub(crate) fn close(mut self) -> Finished {
        self.input = None;
        self.finish()
    }

    fn finish(&mut self) -> Finished {
        let status = self.process.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        Finished { status, stdout: self.output.text(), stderr: self.errors.text() }
    }
}

impl Client for StdioSession {
    fn exchange(&self, request: Value) -> Answer {
        self.write(&request.to_string());
        Answer(self.read())
    }
}

impl Drop for StdioSession {
    fn drop(&mut self) {
        let _ = self.process.0.kill();
        let _ = self.process.0.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        if !std::thread::panicking() {
            self.output.assert_holds_no_key();
            self.errors.assert_holds_no_key();
        }
    }
}
