//! A connection on which a test decides about every byte.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;

use super::HttpServer;
use super::http::HttpAnswer;
use super::http_server::USUAL;
use super::patience::PATIENCE;

/// A client's end of a connection to a server.
pub(crate) struct Wire(BufReader<TcpStream>);

impl Wire {
    pub(crate) fn to(server: &HttpServer) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
        Self(BufReader::new(stream))
    }

    /// The head of a POST to `/mcp` with the usual headers and more, which are whole lines.
    pub(crate) fn head(more: &[&str]) -> String {
        let usual = USUAL.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
        let more = more.iter().fold(String::new(), |lines, line| lines + line + "\r\n");
        format!("POST /mcp HTTP/1.1\r\nhost: localhost\r\n{usual}{more}\r\n")
    }

    /// A whole POST to `/mcp`.
    pub(crate) fn post(more: &[&str], body: &str) -> String {
        let length = format!("content-length: {}", body.len());
        Self::head(&[&[length.as_str()], more].concat()) + body
    }

    /// Sends bytes; a server that has hung up does not matter here, but for the answer.
    pub(crate) fn send(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let _ = self.0.get_mut().write_all(bytes.as_ref());
        self
    }

    /// The next line; nothing at the end.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let length = self.0.read_line(&mut line).unwrap_or_else(|error| panic!("the server says nothing: {error}"));
        (length > 0).then(|| line.trim_end().to_owned())
    }

    /// The status and the headers of the next answer.
    pub(crate) fn answered(&mut self) -> HttpAnswer {
        let first = self.line().expect("the server answers");
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
        let mut headers = HeaderMap::new();
        while let Some(line) = self.line().filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").expect("a header");
            let name: http::HeaderName = name.parse().expect("a name");
            headers.append(name, value.parse().expect("a value"));
        }
        HttpAnswer { status, headers, body: String::new() }
    }

    /// The next answer, with the body that it announces.
    pub(crate) fn answer(&mut self) -> HttpAnswer {
        let head = self.answered();
        let length = head.headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).expect("the answer is complete");
        HttpAnswer { body: String::from_utf8(body).expect("the answer is text"), ..head }
    }

    /// The next message of a stream of events; nothing if the stream ends before.
    pub(crate) fn event(&mut self) -> Option<Value> {
        while let Some(line) = self.line() {
            match line.strip_prefix("data:").map(str::trim) {
                Some(data) if !data.is_empty() => return Some(serde_json::from_str(data).expect("the event is JSON")),
                // The chunk that ends the body.
                None if line == "0" => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether the server says nothing for a while, and keeps the connection open.
    pub(crate) fn is_silent_for(&mut self, time: Duration) -> bool {
        let stream = self.0.get_ref();
        stream.set_read_timeout(Some(time)).expect("a time that is not zero");
        let is_silent = stream.peek(&mut [0]).is_err();
        stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
        is_silent
    }

    /// Waits until the server hangs up, and gives what it said before.
    pub(crate) fn rest(mut self) -> String {
        let mut rest = Vec::new();
        // A reset is an end, too; only silence is none.
        if let Err(error) = self.0.read_to_end(&mut rest) {
            let is_silence = [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut].contains(&error.kind());
            assert!(!is_silence, "the server did not hang up");
        }
        String::from_utf8_lossy(&rest).into_owned()
    }
}
