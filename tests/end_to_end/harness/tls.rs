//! TLS in front of a stand-in that speaks without, by a certificate of an authority that nobody knows.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{HandshakeKind, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::Program;
use super::http::runtime;
use super::http2::{self, Http2};
use super::http2_frames::{self, Frames};
use super::program::workspace;

/// For `localhost`, from 2020 to 2120. They were made with openssl, whose private key of the authority is kept nowhere.
pub(crate) const OF_LOCALHOST: &[u8] = include_bytes!("../../fixtures/tls/localhost.der");
/// The same, but only for 2020.
pub(crate) const EXPIRED: &[u8] = include_bytes!("../../fixtures/tls/expired.der");
const KEY: &[u8] = include_bytes!("../../fixtures/tls/localhost.key.der");

/// The certificate of the authority, as `SSL_CERT_FILE` takes it.
pub(crate) fn authority() -> PathBuf {
    workspace().join("tests/fixtures/tls/authority.pem")
}

/// A server that ends TLS, and passes on what comes to another.
pub(crate) struct TlsFront {
    pub(crate) port: u16,
    accepted: Log,
    serving: AbortHandle,
}

/// A connection whose handshake has succeeded.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    /// What both have agreed to speak: `h2`, `http/1.1`, or nothing in particular.
    pub(crate) protocol: String,
    /// Whether the handshake went on with an earlier session.
    pub(crate) is_resumed: bool,
    /// The requests over HTTP/2, as `METHOD target`.
    pub(crate) requests: Vec<String>,
    pub(crate) is_open: bool,
}

/// All connections so far.
pub(super) type Log = Arc<Mutex<Vec<Accepted>>>;

/// What is spoken after the handshake.
enum Spoken {
    /// Whatever the stand-in understands.
    Bytes,
    Http2(Http2),
    Frames(Arc<Frames>),
}

impl TlsFront {
    /// In front of the server at `behind`, with this certificate.
    pub(crate) fn of(behind: SocketAddr, certificate: &'static [u8]) -> Self {
        Self::start(behind, certificate, &[], Spoken::Bytes)
    }

    /// Agrees to HTTP/1.1, and to nothing else.
    pub(crate) fn http1(behind: SocketAddr) -> Self {
        Self::start(behind, OF_LOCALHOST, &["http/1.1"], Spoken::Bytes)
    }

    /// Speaks HTTP/2, and passes on each request over HTTP/1.1.
    pub(crate) fn http2(behind: SocketAddr, http2: Http2) -> Self {
        Self::start(behind, OF_LOCALHOST, &["h2", "http/1.1"], Spoken::Http2(http2))
    }

    /// Speaks HTTP/2 by itself, frame by frame.
    pub(crate) fn frames(frames: &Arc<Frames>) -> Self {
        Self::start((Ipv4Addr::LOCALHOST, 0).into(), OF_LOCALHOST, &["h2"], Spoken::Frames(Arc::clone(frames)))
    }

    fn start(behind: SocketAddr, certificate: &'static [u8], protocols: &[&str], spoken: Spoken) -> Self {
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], PrivatePkcs8KeyDer::from(KEY).into())
            .expect("the key is the certificate's");
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = runtime().block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let (accepted, spoken) = (Log::default(), Arc::new(spoken));
        let log = Arc::clone(&accepted);
        let accept = async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(acceptor.clone(), stream, behind, Arc::clone(&spoken), Arc::clone(&log)));
            }
        };
        Self { port, accepted, serving: runtime().spawn(accept).abort_handle() }
    }

    /// Where the API is, for a program.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}/v1", self.port)
    }

    /// A program with the operator's key that trusts the authority.
    pub(crate) fn program(&self) -> Program {
        Program::with_api(&self.url()).variable("SSL_CERT_FILE", &authority().to_string_lossy())
    }

    /// All connections so far.
    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, behind: SocketAddr, spoken: Arc<Spoken>, log: Log) {
    // A client that trusts nobody here hangs up.
    let Ok(client) = acceptor.accept(stream).await else { return };
    let number = enter(&log, &client);
    match (&*spoken, client.get_ref().1.alpn_protocol()) {
        (Spoken::Frames(frames), _) => http2_frames::serve(client, frames).await,
        (Spoken::Http2(http2), Some(b"h2")) => http2::serve(client, behind, http2, &log, number).await,
        _ => pass_on(client, behind).await,
    }
    log.lock().unwrap_or_else(PoisonError::into_inner)[number].is_open = false;
}

/// Notes a connection, and gives its place.
fn enter(log: &Log, client: &TlsStream<TcpStream>) -> usize {
    let tls = client.get_ref().1;
    let accepted = Accepted {
        protocol: String::from_utf8_lossy(tls.alpn_protocol().unwrap_or_default()).into_owned(),
        is_resumed: tls.handshake_kind() == Some(HandshakeKind::Resumed),
        requests: Vec::new(),
        is_open: true,
    };
    let mut all = log.lock().unwrap_or_else(PoisonError::into_inner);
    all.push(accepted);
    all.len() - 1
}

async fn pass_on(mut client: TlsStream<TcpStream>, behind: SocketAddr) {
    if let Ok(mut server) = TcpStream::connect(behind).await {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
