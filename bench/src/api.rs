//! A small stand-in for Clerk's API: a thread for each connection, and answers that cost it little.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::gate::{Gate, MOMENT};
use crate::{answers, message};

/// The beginning of all keys that the program is given and has to send.
const KEYS: &str = "sk_test_bench";

/// One of many keys: limits of Clerk's that nothing turns off are held for each.
pub(crate) fn key(number: u64) -> String {
    format!("{KEYS}{number:032}")
}

/// An API that serves until the driver ends.
pub(crate) struct Api {
    /// `127.0.0.1:<port>`
    pub(crate) address: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    requests: AtomicU32,
    gate: Option<Gate>,
}

impl Api {
    /// Answers at once.
    pub(crate) fn fast() -> Self {
        Self::start(None)
    }

    /// Answers when all requests that can be in flight beside each other have come.
    pub(crate) fn in_waves() -> Self {
        Self::start(Some(Gate::new(MOMENT)))
    }

    fn start(gate: Option<Gate>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let counts = Arc::new(Counts { gate, ..Counts::default() });
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let counts = Arc::clone(&shared);
                thread::spawn(move || serve(connection, &counts));
            }
        });
        Self { address, counts }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The numbers of requests and of waves so far.
    pub(crate) fn counts(&self) -> (u32, u32) {
        (self.counts.requests.load(Ordering::Relaxed), self.counts.gate.as_ref().map_or(0, Gate::waves))
    }
}

fn serve(connection: TcpStream, counts: &Counts) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut connection = BufReader::new(connection);
    while let Some((line, body)) = receive(&mut connection)? {
        counts.requests.fetch_add(1, Ordering::Relaxed);
        if let Some(gate) = &counts.gate {
            gate.hold();
        }
        send(connection.get_mut(), &answers::answer(&line, &body))?;
    }
    Ok(())
}

/// Answers with this body.
pub(crate) fn send(connection: &mut TcpStream, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    connection.write_all((head + body).as_bytes())
}

/// The request line and the body of the next request; none where the connection has ended.
pub(crate) fn receive(connection: &mut BufReader<TcpStream>) -> io::Result<Option<(String, Vec<u8>)>> {
    let (mut first, mut has_key) = (String::new(), false);
    connection.read_line(&mut first)?;
    if first.is_empty() {
        return Ok(None);
    }
    let body = message::body(connection, |name, value| {
        has_key |= name.eq_ignore_ascii_case("authorization") && value.trim_start_matches("Bearer ").starts_with(KEYS);
    })?;
    assert!(has_key, "without the key: {first}");
    Ok(Some((first, body)))
}
