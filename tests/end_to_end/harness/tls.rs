//! TLS in front of a stand-in that speaks without, by a certificate of an authority that nobody knows.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use super::http::runtime;
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
    serving: AbortHandle,
}

impl TlsFront {
    /// In front of the server at `behind`, with this certificate.
    pub(crate) fn of(behind: SocketAddr, certificate: &'static [u8]) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], PrivatePkcs8KeyDer::from(KEY).into())
            .expect("the key is the certificate's");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = runtime().block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let accept = async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass_on(acceptor.clone(), stream, behind));
            }
        };
        Self { port, serving: runtime().spawn(accept).abort_handle() }
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn pass_on(acceptor: TlsAcceptor, stream: TcpStream, behind: SocketAddr) {
    // A client that trusts nobody here hangs up.
    let Ok(mut client) = acceptor.accept(stream).await else { return };
    if let Ok(mut server) = TcpStream::connect(behind).await {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
