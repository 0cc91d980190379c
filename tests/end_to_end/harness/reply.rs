//! Answers of an upstream that may go wrong in every way: what is written, with pauses, and whether it hangs up.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::KEY;
use super::http::send;
use super::upstream::Seen;

/// What is written on a connection after a request has arrived.
#[derive(Clone)]
pub(crate) struct Reply {
    parts: Vec<Part>,
    /// Whether the connection stays open for another request.
    pub(crate) keeps_open: bool,
    /// Whether it comes only after the other side has closed the connection.
    pub(crate) hears_hang_up: bool,
}

#[derive(Clone)]
enum Part {
    Bytes(Vec<u8>),
    /// That many times the digit 1.
    Ones(usize),
    Pause(Duration),
}

impl Reply {
    fn of(part: Part) -> Self {
        Self { parts: vec![part], ..Self::nothing() }
    }

    /// An HTTP answer; `headers` are whole lines.
    pub(crate) fn new(status: u16, headers: &[&str], body: &str) -> Self {
        let lines = headers.iter().fold(String::new(), |lines, line| lines + line + "\r\n");
        let length = body.len();
        let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n{lines}\r\n");
        Self::of(Part::Bytes(format!("{head}{body}").into_bytes()))
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, &["content-type: application/json"], &body.to_string())
    }

    /// The body of a success.
    pub(crate) fn body(&self) -> Option<&str> {
        let Some(Part::Bytes(bytes)) = self.parts.first() else { return None };
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.starts_with("HTTP/1.1 200"))?;
        text.split_once("\r\n\r\n").map(|(_, body)| body)
    }

    /// A refusal as Clerk words it, with one error.
    pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Self {
        let error = json!({ "code": code, "message": "short", "long_message": message });
        Self::json(status, &json!({ "errors": [error], "clerk_trace_id": "trace-1" }))
    }

    /// A page of the list of users with none on it.
    pub(crate) fn no_users() -> Self {
        Self::json(200, &json!([]))
    }

    /// The answer of the API at `url` to a request.
    pub(crate) fn of_api(url: &str, seen: &Seen) -> Self {
        let (method, target) = seen.line.split_once(' ').expect("a method and a target");
        let authorization = format!("Bearer {KEY}");
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        let method = http::Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = send(method, &format!("{}{target}", url.trim_end_matches("/v1")), &headers, &seen.body);
        Self::new(answer.status, &["content-type: application/json"], &answer.body)
    }

    /// Something like whatever a write looks at first, in a list where one is asked for.
    pub(crate) fn whatever_is_looked_at(line: &str) -> Self {
        let one = asked_for(line);
        let path = line.split('?').next().unwrap_or_default();
        let is_bare = path.ends_with("/sessions") || path.ends_with("/users");
        let is_list = ["s", "members"].iter().any(|end| path.ends_with(end)) && !path.ends_with("_1");
        Self::json(
            200,
            &match (is_list, is_bare) {
                (true, true) => json!([one]),
                (true, false) => json!({ "data": [one], "total_count": 1 }),
                (false, _) => one,
            },
        )
    }

    /// A head that announces `length` bytes, and none of them.
    pub(crate) fn head(length: usize) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        Self::of(Part::Bytes(head.into_bytes()))
    }

    pub(crate) fn nothing() -> Self {
        Self { parts: Vec::new(), keeps_open: true, hears_hang_up: false }
    }

    pub(crate) fn then(mut self, bytes: &str) -> Self {
        self.parts.push(Part::Bytes(bytes.into()));
        self
    }

    pub(crate) fn then_ones(mut self, count: usize) -> Self {
        self.parts.push(Part::Ones(count));
        self
    }

    pub(crate) fn then_pause(mut self, pause: Duration) -> Self {
        self.parts.push(Part::Pause(pause));
        self
    }

    /// Comes after a pause.
    pub(crate) fn after(mut self, pause: Duration) -> Self {
        self.parts.insert(0, Part::Pause(pause));
        self
    }

    /// Closes the connection afterwards, which the answer does not announce.
    pub(crate) fn then_hang_up(mut self) -> Self {
        self.keeps_open = false;
        self
    }

    /// Waits until the other side closes the connection.
    pub(crate) fn then_hear_hang_up(mut self) -> Self {
        self.hears_hang_up = true;
        self
    }

    pub(crate) fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        for part in &self.parts {
            match part {
                Part::Bytes(bytes) => stream.write_all(bytes)?,
                Part::Ones(count) => write_ones(stream, *count)?,
                Part::Pause(pause) => sleep(*pause),
            }
        }
        stream.flush()
    }
}

fn write_ones(stream: &mut TcpStream, count: usize) -> std::io::Result<()> {
    let chunk = vec![b'1'; 64 * 1024];
    let mut left = count;
    while left > 0 {
        let length = left.min(chunk.len());
        stream.write_all(&chunk[..length])?;
        left -= length;
    }
    Ok(())
}

/// The object that a request is about.
pub(crate) fn asked_for(line: &str) -> Value {
    let named = |prefix: &str| {
        let ids = line.split(['/', '=', '&', '?']).filter(|word| *word != "user_id" && *word != "organization_id");
        ids.into_iter().find(|word| word.starts_with(prefix)).map_or(format!("{prefix}1"), str::to_owned)
    };
    let filter = |name: &str, usual: &str| {
        let value = line.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or(usual).replace("%3A", ":").replace("%40", "@")
    };
    let (user, organization) = (named("user_"), named("org_"));
    if line.contains("memberships") {
        let public_user_data = json!({ "user_id": user });
        let (role, organization) = (filter("role", "org:member"), json!({ "id": organization }));
        json!({ "id": "orgmem_1", "role": role, "organization": organization, "public_user_data": public_user_data })
    } else if line.contains("/domains") || line.contains("/enterprise_connections") {
        json!({ "id": "orgdmn_1", "organization_id": organization })
    } else if line.contains("/mfa") {
        json!({ "user_id": user })
    } else if line.contains("/waitlist_entries") {
        json!({ "id": named("wle_"), "status": filter("status", "pending") })
    } else if line.contains("/v1/invitations") {
        json!({ "id": named("inv_"), "status": filter("status", "pending") })
    } else if line.contains("invitations") {
        let id = named("orginv_");
        json!({ "id": id, "organization_id": organization, "status": filter("status", "pending") })
    } else if line.contains("/sessions") {
        json!({ "id": named("sess_"), "user_id": user, "status": filter("status", "active") })
    } else if line.contains("/organizations") {
        let slug = line.split(['/', '?']).skip_while(|word| *word != "organizations").nth(1).unwrap_or_default();
        json!({ "id": organization, "slug": slug })
    } else if line.contains("/users") {
        json!({ "id": user, "email_addresses": [{ "email_address": filter("email_address", "ada@example.com") }] })
    } else {
        let last = line.split('?').next().unwrap_or_default().rsplit('/').find(|segment| is_id(segment));
        json!({ "id": last.unwrap_or("thing_1") })
    }
}

/// Whether a segment of a path is an id, whose letters and digits begin with a digit here.
fn is_id(segment: &str) -> bool {
    segment.rsplit_once('_').is_some_and(|(_, rest)| rest.starts_with(|first: char| first.is_ascii_digit()))
}
