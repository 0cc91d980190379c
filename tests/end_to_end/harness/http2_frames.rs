//! HTTP/2 frame by frame (RFC 9113), for what no server says that keeps to the rules of a library.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// The number of bytes that a client begins with.
const PREFACE: usize = 24;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
const ACKNOWLEDGES: u8 = 1;
const ENDS_STREAM: u8 = 1;
const ENDS_HEADERS: u8 = 4;
/// `:status: 200` of HPACK's static table (RFC 7541).
const OK: u8 = 0x88;

/// What a server does when a request has come.
#[derive(Clone, Copy)]
pub(crate) enum Reaction {
    /// Answers it by an empty list.
    List,
    /// Answers it by nothing, as a HEAD is answered.
    Head,
    /// Says that it has not processed it, nor will process any other on this connection.
    GoAway,
    /// Says nothing any more, and does not close the connection.
    Silence,
}

/// How a server reacts to each request.
pub(crate) struct Frames {
    react: Box<dyn Fn(usize) -> Reaction + Send + Sync>,
    count: AtomicUsize,
}

impl Frames {
    /// The first request is the HEAD that warms a connection, the second one gets this reaction, and all others a list.
    pub(crate) fn on_first_call(reaction: Reaction) -> Self {
        let react = move |number| match number {
            1 => Reaction::Head,
            2 => reaction,
            _ => Reaction::List,
        };
        Self { react: Box::new(react), count: AtomicUsize::default() }
    }

    /// The number of requests that have come.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    fn reaction(&self) -> Reaction {
        (self.react)(1 + self.count.fetch_add(1, Ordering::Relaxed))
    }
}

/// Serves one connection.
pub(super) async fn serve(mut stream: TlsStream<TcpStream>, frames: &Frames) {
    // Whoever hangs up is served no more.
    let _ = converse(&mut stream, frames).await;
}

async fn converse(stream: &mut TlsStream<TcpStream>, frames: &Frames) -> std::io::Result<()> {
    stream.read_exact(&mut [0; PREFACE]).await?;
    write(stream, SETTINGS, 0, 0, &[]).await?;
    loop {
        let length = [0, stream.read_u8().await?, stream.read_u8().await?, stream.read_u8().await?];
        let (kind, flags, id) = (stream.read_u8().await?, stream.read_u8().await?, stream.read_u32().await?);
        stream.read_exact(&mut vec![0; u32::from_be_bytes(length) as usize]).await?;
        match kind {
            SETTINGS if flags & ACKNOWLEDGES == 0 => write(stream, SETTINGS, ACKNOWLEDGES, 0, &[]).await?,
            HEADERS => match frames.reaction() {
                Reaction::Head => write(stream, HEADERS, ENDS_HEADERS | ENDS_STREAM, id, &[OK]).await?,
                Reaction::List => {
                    write(stream, HEADERS, ENDS_HEADERS, id, &[OK]).await?;
                    write(stream, DATA, ENDS_STREAM, id, b"[]").await?;
                }
                Reaction::GoAway => {
                    let [last, reason] = [(id - 2).to_be_bytes(), [0; 4]];
                    write(stream, GO_AWAY, 0, 0, &[last, reason].concat()).await?;
                }
                Reaction::Silence => std::future::pending().await,
            },
            _ => {}
        }
    }
}

async fn write(stream: &mut TlsStream<TcpStream>, kind: u8, flags: u8, id: u32, payload: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let head = [&length[1..], &[kind, flags], &id.to_be_bytes()].concat();
    stream.write_all(&[&head, payload].concat()).await?;
    stream.flush().await
}
