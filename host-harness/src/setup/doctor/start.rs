//! Starts the command of a client's entry, and has it answer `initialize`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::setup::entry::Launch;

/// How long a start may take: `npx` and `uvx` may download the program first.
const WITHIN: Duration = Duration::from_mins(1);
/// The longest line that is read, and the most of standard error, in bytes.
const MOST: u64 = 1024 * 1024;

/// A process that does not outlive the question.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The name and the version of the server that a command starts.
///
/// # Errors
///
/// It does not start, or answers nothing that MCP knows. Why, in words.
pub(super) fn initialize(program: &Path, launch: &Launch) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(&launch.arguments).envs(launch.environment.iter().cloned());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut started = Started(command.spawn().map_err(|error| format!("it cannot be started: {error}"))?);
    let (Some(mut input), Some(output), Some(errors)) =
        (started.0.stdin.take(), started.0.stdout.take(), started.0.stderr.take())
    else {
        return Err("it cannot be talked to".into());
    };
    let (sender, answers) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output.take(MOST)).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let said = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = errors.take(MOST).read_to_end(&mut text);
        String::from_utf8_lossy(&text).trim().lines().next_back().unwrap_or_default().to_owned()
    });
    // A program that has ended takes nothing; what it said tells why.
    let _ = writeln!(input, "{}", request()).and_then(|()| input.flush());
    let until = Instant::now() + WITHIN;
    let mut stray = None;
    loop {
        match answers.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => match server(&line) {
                Some(server) => return Ok(server),
                None => stray = stray.or(Some(line)),
            },
            Err(mpsc::RecvTimeoutError::Timeout) => {
                return Err(format!("it does not answer within {} seconds", WITHIN.as_secs()));
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                drop(started);
                let said = said.join().unwrap_or_default();
                return Err(match (said.is_empty(), stray) {
                    (false, _) => format!("it ended: {said}"),
                    (true, Some(line)) => {
                        format!("it ended, after a line that is no MCP: {}", line.chars().take(200).collect::<String>())
                    }
                    (true, None) => "it ended without a word".into(),
                });
            }
        }
    }
}

fn request() -> Value {
    let client = json!({ "name": "clerk-mcp doctor", "version": env!("CARGO_PKG_VERSION") });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

fn server(line: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(line).ok()?;
    let server = &answer["result"]["serverInfo"];
    Some(format!("{} {}", server["name"].as_str()?, server["version"].as_str()?))
}
