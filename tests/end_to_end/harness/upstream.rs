//! An upstream whose every answer a test decides, byte by byte if need be.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::{Clerk, HttpServer, Program, Reply};

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// `METHOD target`
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Which request of all this one is, from 1.
    pub(crate) number: usize,
    /// Which request of its connection this one is, from 1.
    pub(crate) number_on_connection: usize,
}

impl Seen {
    pub(crate) fn is_read(&self) -> bool {
        self.line.starts_with("GET ")
    }

    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// A server that answers as it is told. It lasts as long as the test process.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    hang_ups: Arc<AtomicUsize>,
}

impl Upstream {
    /// Answers each request with what `answer` makes of it.
    pub(crate) fn new(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let upstream = Self {
            address: listener.local_addr().expect("it is bound"),
            seen: Arc::default(),
            hang_ups: Arc::default(),
        };
        let (answer, accepting) = (Arc::new(answer), upstream.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answer, upstream) = (answer.clone(), accepting.clone());
                thread::spawn(move || upstream.serve(&stream, &*answer));
            }
        });
        upstream
    }

    pub(crate) fn always(reply: Reply) -> Self {
        Self::new(move |_| reply.clone())
    }

    /// Answers the first request with `first`, all others with `rest`.
    pub(crate) fn first_then(first: Reply, rest: Reply) -> Self {
        Self::new(move |seen| if seen.number == 1 { first.clone() } else { rest.clone() })
    }

    /// Answers each write with `reply`, and gives whatever is looked at before it.
    pub(crate) fn for_writes(reply: Reply) -> Self {
        Self::new(move |seen| if seen.is_read() { Reply::whatever_is_looked_at(&seen.line) } else { reply.clone() })
    }

    /// Answers each write with `reply`, and each read as this Clerk does.
    pub(crate) fn for_writes_to(clerk: &Clerk, reply: Reply) -> Self {
        let url = clerk.url.clone();
        Self::new(move |seen| if seen.is_read() { Reply::of_api(&url, seen) } else { reply.clone() })
    }

    /// Where the API is, for the program.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn program(&self) -> Program {
        Program::with_api(&self.url())
    }

    /// A server for this upstream with the operator's key.
    pub(crate) fn server(&self) -> HttpServer {
        self.program().http()
    }

    /// All requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The writes among them, as `METHOD target`.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.seen().into_iter().filter(|seen| !seen.is_read()).map(|seen| seen.line).collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen().len()
    }

    /// How often the program closed the connection under a reply that waits for that.
    pub(crate) fn hang_ups(&self) -> usize {
        self.hang_ups.load(Ordering::Relaxed)
    }

    fn serve(&self, stream: &TcpStream, answer: &dyn Fn(&Seen) -> Reply) {
        let Ok(mut output) = stream.try_clone() else { return };
        let mut input = BufReader::new(stream);
        for number_on_connection in 1.. {
            let Some(mut seen) = read(&mut input) else { return };
            seen.number_on_connection = number_on_connection;
            {
                let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.number = all.len() + 1;
                all.push(seen.clone());
            }
            let reply = answer(&seen);
            if reply.hears_hang_up && matches!(input.read(&mut [0]), Ok(0) | Err(_)) {
                self.hang_ups.fetch_add(1, Ordering::Relaxed);
            }
            if reply.write(&mut output).is_err() || !reply.keeps_open {
                return;
            }
        }
    }
}

/// The next request, with the body that it announces.
fn read(input: &mut BufReader<&TcpStream>) -> Option<Seen> {
    let first = line(input)?;
    let mut seen = Seen { line: first.rsplit_once(' ')?.0.to_owned(), ..Seen::default() };
    loop {
        let next = line(input)?;
        let Some((name, value)) = next.split_once(':') else { break };
        seen.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    seen.body = if seen.header("transfer-encoding") == ["chunked"] {
        chunks(input)?
    } else {
        let length = seen.header("content-length").first().and_then(|value| value.parse().ok());
        text(input, length.unwrap_or(0))?
    };
    Some(seen)
}

fn chunks(input: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut body = String::new();
    loop {
        let length = usize::from_str_radix(&line(input)?, 16).ok()?;
        body += &text(input, length)?;
        line(input)?;
        if length == 0 {
            return Some(body);
        }
    }
}

fn text(input: &mut BufReader<&TcpStream>, length: usize) -> Option<String> {
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

fn line(input: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = input.read_line(&mut line).ok()?;
    (length > 0).then(|| line.trim_end().to_owned())
}
