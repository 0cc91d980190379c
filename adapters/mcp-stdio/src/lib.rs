//! `wasi:cli/run`: the tools as an MCP server that reads a message from each line of standard input and answers on
//! standard output, one after the other.

#![cfg(target_family = "wasm")]

#[path = "../../../src/runtime.rs"]
mod runtime;

use guarded_tools::{Host, Tools};
use stateless_mcp::{Error, LONGEST_MESSAGE, Message, Response, answer, refuse};
use wasip2::cli::{stdin, stdout};
use wasip2::io::streams::{InputStream, OutputStream, StreamError};

const READ_BYTES: u64 = 64 * 1024;
/// What a stream takes at once.
const WRITE_BYTES: usize = 4096;

static HOST: Host = Host {
    grant_key: "Set CLERK_SECRET_KEY and pass it on: wasmtime run -S http --env CLERK_SECRET_KEY clerk-mcp-stdio.wasm",
    grant_network: "Requests may go to Clerk's API only, or to the base URL in CLERK_API_URL (wasmtime run -S http --env \
                    CLERK_API_URL=…).",
    set_variable: "Correct the variable, which wasmtime run passes on with --env NAME or --env NAME=value.",
    remembers: true,
};

struct Command;

wasip2::cli::command::export!(Command);

impl wasip2::exports::cli::run::Guest for Command {
    fn run() -> Result<(), ()> {
        let output = stdout::get_stdout();
        for line in (Lines { input: stdin::get_stdin(), read: Vec::new(), too_long: false }) {
            let Some(response) = respond(line) else { continue };
            if write(&output, &[response.json.as_bytes(), b"\n"].concat()).is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// What a line is answered with, if it wants an answer.
fn respond(line: Result<Vec<u8>, TooLong>) -> Option<Response> {
    let Ok(line) = line else {
        let message = format!("the message is longer than {LONGEST_MESSAGE} bytes");
        return Some(refuse(None, &Error::invalid_request(message)));
    };
    if line.trim_ascii().is_empty() {
        return None;
    }
    match Message::read(&line) {
        Ok(message) => answer(&message, &Tools::new(&HOST)),
        Err((id, error)) => Some(refuse(id, &error)),
    }
}

struct TooLong;

/// Lines of standard input.
struct Lines {
    input: InputStream,
    /// What was read of lines that were not given yet.
    read: Vec<u8>,
    /// The line at the beginning of `read` has been dropped so far.
    too_long: bool,
}

impl Iterator for Lines {
    type Item = Result<Vec<u8>, TooLong>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut looked_at = 0;
        loop {
            if let Some(length) = self.read[looked_at..].iter().position(|byte| *byte == b'\n') {
                let rest = self.read.split_off(looked_at + length + 1);
                let line = std::mem::replace(&mut self.read, rest);
                return Some(if std::mem::take(&mut self.too_long) { Err(TooLong) } else { Ok(line) });
            }
            if self.read.len() > LONGEST_MESSAGE {
                self.too_long = true;
                self.read.clear();
            }
            looked_at = self.read.len();
            match self.input.blocking_read(READ_BYTES) {
                Ok(bytes) => self.read.extend(bytes),
                Err(_) if std::mem::take(&mut self.too_long) => {
                    self.read.clear();
                    return Some(Err(TooLong));
                }
                Err(_) if self.read.is_empty() => return None,
                Err(_) => return Some(Ok(std::mem::take(&mut self.read))),
            }
        }
    }
}

fn write(output: &OutputStream, bytes: &[u8]) -> Result<(), StreamError> {
    bytes.chunks(WRITE_BYTES).try_for_each(|chunk| output.blocking_write_and_flush(chunk))
}
