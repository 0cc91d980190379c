//! HTTP/2 in front of a stand-in that speaks HTTP/1.1: a test decides what becomes of each request.

use std::io::Cursor;
use std::net::SocketAddr;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use h2::server::{Builder, SendResponse};
use h2::{Reason, RecvStream};
use http::{Request, Response};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use super::http::exchange;
use super::tls::Log;

/// How a server speaks HTTP/2.
pub(crate) struct Http2 {
    /// How many requests it takes at once on a connection, if it limits them.
    most_streams: Option<u32>,
    decide: Box<dyn Fn(&Asked) -> Fate + Send + Sync>,
    count: AtomicUsize,
}

/// A request that came over HTTP/2.
pub(crate) struct Asked {
    /// `METHOD target`
    pub(crate) line: String,
    /// Which one of those without the `HEAD` that warms a connection it is, from 1; 0 for that.
    pub(crate) number: usize,
}

/// What becomes of a request.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Answered,
    /// It is refused before it is looked at.
    Refused,
    /// It is passed on, and the connection ends in the place of its answer.
    Lost,
    /// It is answered, and is the last one that this connection takes.
    Last,
}

impl Http2 {
    pub(crate) fn deciding(decide: impl Fn(&Asked) -> Fate + Send + Sync + 'static) -> Self {
        Self { most_streams: None, decide: Box::new(decide), count: AtomicUsize::default() }
    }

    /// Each request is answered.
    pub(crate) fn usual() -> Self {
        Self::deciding(|_| Fate::Answered)
    }

    /// The request of this number has this fate, all others are answered.
    pub(crate) fn once(number: usize, fate: Fate) -> Self {
        Self::deciding(move |asked| if asked.number == number { fate } else { Fate::Answered })
    }

    pub(crate) fn with_most_streams(mut self, most: u32) -> Self {
        self.most_streams = Some(most);
        self
    }

    fn fate(&self, line: &str) -> Fate {
        let number = if line.starts_with("HEAD ") { 0 } else { 1 + self.count.fetch_add(1, Ordering::Relaxed) };
        (self.decide)(&Asked { line: line.to_owned(), number })
    }
}

/// Serves one connection, whose place in the log is `number`.
pub(super) async fn serve(stream: TlsStream<TcpStream>, behind: SocketAddr, http2: &Http2, log: &Log, number: usize) {
    let mut builder = Builder::new();
    if let Some(most) = http2.most_streams {
        builder.max_concurrent_streams(most);
    }
    let Ok(mut connection) = builder.handshake::<_, Cursor<Vec<u8>>>(stream).await else { return };
    let lost = CancellationToken::new();
    while let Some(Some(Ok((request, mut respond)))) = lost.run_until_cancelled(connection.accept()).await {
        let line = format!("{} {}", request.method(), request.uri().path_and_query().map_or("", |path| path.as_str()));
        log.lock().unwrap_or_else(PoisonError::into_inner)[number].requests.push(line.clone());
        let fate = http2.fate(&line);
        match fate {
            Fate::Refused => {
                respond.send_reset(Reason::REFUSED_STREAM);
                continue;
            }
            Fate::Last => connection.graceful_shutdown(),
            Fate::Answered | Fate::Lost => {}
        }
        let lost = matches!(fate, Fate::Lost).then(|| lost.clone());
        tokio::spawn(pass_on(request, respond, behind, lost));
    }
}

/// Passes a request on, and its answer back, unless the connection is to be lost under it.
async fn pass_on(
    request: Request<RecvStream>,
    mut respond: SendResponse<Cursor<Vec<u8>>>,
    behind: SocketAddr,
    lost: Option<CancellationToken>,
) {
    let (head, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(Ok(part)) = stream.data().await {
        let _ = stream.flow_control().release_capacity(part.len());
        body.extend_from_slice(&part);
    }
    let url = format!("http://{behind}{}", head.uri.path_and_query().map_or("", |path| path.as_str()));
    let authority = head.uri.authority().map(http::uri::Authority::as_str);
    let given = head.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    let headers: Vec<_> = authority.map(|authority| ("host", authority)).into_iter().chain(given).collect();
    let answer = exchange(head.method, &url, &headers, &body).await;
    if let Some(lost) = lost {
        return lost.cancel();
    }
    let mut response = Response::new(());
    *response.status_mut() = answer.status.try_into().expect("a status");
    *response.headers_mut() = answer.headers;
    if let Ok(mut stream) = respond.send_response(response, answer.body.is_empty()) {
        let _ = stream.send_data(Cursor::new(answer.body.into_bytes()), true);
    }
}
