//! A response of server-sent events that is read while it goes on.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::HttpServer;
use super::http_server::USUAL;
use super::patience::PATIENCE;

/// The events of one response. Dropped, it hangs up.
pub(crate) struct EventStream(BufReader<TcpStream>);

impl EventStream {
    /// Posts to `/mcp` with more headers than the usual ones.
    pub(crate) fn post(server: &HttpServer, headers: &[(&str, &str)], body: &str) -> Self {
        let mut head = format!("POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in USUAL.iter().chain(headers) {
            write!(head, "{name}: {value}\r\n").expect("text can be written to");
        }
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).expect("the server reads");
        Self(BufReader::new(stream))
    }

    /// The next message.
    pub(crate) fn next(&mut self) -> Value {
        self.next_within(PATIENCE).expect("the server sends a message in time")
    }

    /// The next message, if one comes in that time.
    pub(crate) fn next_within(&mut self, time: Duration) -> Option<Value> {
        self.0.get_ref().set_read_timeout(Some(time)).expect("a time that is not zero");
        loop {
            let mut line = String::new();
            match self.0.read_line(&mut line) {
                Ok(0) => panic!("the stream has ended"),
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return None,
                Err(error) => panic!("{error}"),
            }
            if let Some(message) = message(&line) {
                return Some(message);
            }
        }
    }
}

/// All messages of a response that has ended.
pub(crate) fn messages(body: &str) -> Vec<Value> {
    body.lines().filter_map(message).collect()
}

/// The message on a line; none on those between messages, and of the transfer.
fn message(line: &str) -> Option<Value> {
    serde_json::from_str(line.strip_prefix("data:")?).ok()
}
