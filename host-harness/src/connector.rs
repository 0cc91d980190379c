//! Connections to the API, to an issuer of access tokens and to a collector of spans: whom they trust, and by which proxy.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::builderstates::WantsProtocols1;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

/// How long a connection may take to be made, and to be led through a proxy.
const CONNECT: Duration = Duration::from_secs(10);

/// Connects by TLS, or without where the URL says so.
pub(crate) type Connector = HttpsConnector<Route>;

/// Connections to an issuer or a collector, over HTTP/1.1.
pub(crate) fn connector() -> Connector {
    with_tls().enable_http1().wrap_connector(Route::new())
}

/// Connections to the API: over HTTP/2 where it agrees to that by TLS, else over HTTP/1.1.
pub(crate) fn to_api() -> Connector {
    with_tls().enable_http1().enable_http2().wrap_connector(Route::new())
}

fn with_tls() -> HttpsConnectorBuilder<WantsProtocols1> {
    HttpsConnectorBuilder::new().with_tls_config(tls()).https_or_http()
}

/// TLS that trusts Mozilla's list of certificate authorities, and the platform's or those in `SSL_CERT_FILE` and `SSL_CERT_DIR`.
/// All of the process have the same store of sessions, so that a connection resumes one, whichever thread made it.
fn tls() -> ClientConfig {
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    let make = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let versions = versions.expect("ring has what the default versions need");
        versions.with_root_certificates(roots()).with_no_client_auth()
    };
    CONFIG.get_or_init(make).clone()
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let platform = rustls_native_certs::load_native_certs();
    if ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| std::env::var_os(name).is_some()) {
        for error in &platform.errors {
            tracing::warn!("SSL_CERT_FILE or SSL_CERT_DIR: {error}");
        }
    }
    roots.add_parsable_certificates(platform.certs);
    roots
}

/// The proxies that the environment names, for which hosts.
fn proxies() -> Arc<Matcher> {
    static PROXIES: OnceLock<Arc<Matcher>> = OnceLock::new();
    let read = || {
        for name in variables_without_proxy() {
            tracing::warn!("{name} is passed over, for it is no URL of a proxy: {NAME_PROXY}");
        }
        Arc::new(Matcher::from_env())
    };
    Arc::clone(PROXIES.get_or_init(read))
}

/// The advice about a variable that names no proxy.
pub(crate) const NAME_PROXY: &str = "set it to one such as http://proxy.example.com:3128, or unset it";

/// The variables for a proxy that are set to something else. Their values may hold a password.
pub(crate) fn variables_without_proxy() -> Vec<&'static str> {
    let is_wrong = |name: &&str| {
        let value = std::env::var(name).unwrap_or_default();
        !value.is_empty() && !is_proxy(&value)
    };
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().filter(is_wrong).collect()
}

/// The proxy through which requests to an address go, without its credentials.
pub(crate) fn proxy_for(target: &Uri) -> Option<String> {
    let proxy = proxies().intercept(target).filter(|_| target.scheme() == Some(&Scheme::HTTPS));
    proxy.map(|proxy| proxy.uri().to_string())
}

fn is_proxy(value: &str) -> bool {
    let matcher = Matcher::builder().https(value).build();
    matcher.intercept(&Uri::from_static("https://api.clerk.com")).is_some()
}

type BoxError = Box<dyn Error + Send + Sync>;
/// A connection to a server, or to a proxy that leads to it; the latter may be by TLS.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Makes connections directly, or through the proxy that the environment names for HTTPS. What goes by plain HTTP goes to
/// this machine, or to a collector beside it, and through no proxy.
#[derive(Clone)]
pub(crate) struct Route {
    direct: HttpConnector,
    to_proxy: HttpsConnector<HttpConnector>,
    proxies: Arc<Matcher>,
}

impl Route {
    fn new() -> Self {
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        direct.set_nodelay(true);
        direct.set_connect_timeout(Some(CONNECT));
        let to_proxy = with_tls().enable_http1().wrap_connector(direct.clone());
        Self { direct, to_proxy, proxies: proxies() }
    }

    async fn through(
        to_proxy: HttpsConnector<HttpConnector>,
        proxy: &Intercept,
        target: Uri,
    ) -> Result<Stream, BoxError> {
        let at = proxy.uri().clone();
        match proxy.uri().scheme_str() {
            Some("http" | "https") => {
                let mut tunnel = Tunnel::new(at, to_proxy);
                if let Some(authorization) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(authorization.clone());
                }
                Ok(tunnel.call(target).await?)
            }
            Some(scheme @ ("socks5" | "socks5h")) => {
                // The connection to the proxy itself is a plain one.
                let at = Uri::builder().scheme(Scheme::HTTP).authority(at.authority().map_or("", |at| at.as_str()));
                let mut socks = SocksV5::new(at.path_and_query("/").build()?, to_proxy).local_dns(scheme == "socks5");
                if let Some((user, password)) = proxy.raw_auth() {
                    socks = socks.with_auth(user.into(), password.into());
                }
                Ok(socks.call(target).await?)
            }
            _ => Err("it is of a kind that is not known here".into()),
        }
    }
}

/// A proxy did not lead to where it should. Its address is named without the credentials.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} lets no connection through")]
struct ProxyFailed {
    proxy: String,
    source: BoxError,
}

impl Service<Uri> for Route {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = self.proxies.intercept(&target).filter(|_| target.scheme() == Some(&Scheme::HTTPS));
        let Some(proxy) = proxy else {
            let connecting = self.direct.call(target);
            return Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) });
        };
        let to_proxy = self.to_proxy.clone();
        Box::pin(async move {
            let connected = timeout(CONNECT, Self::through(to_proxy, &proxy, target)).await;
            let connected = connected.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()));
            connected.map_err(|source| ProxyFailed { proxy: proxy.uri().to_string(), source }.into())
        })
    }
}

/// An error with its causes, also those that an `io::Error` holds.
pub(crate) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| cause(error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        // The source of an `io::Error` is the source of what it holds.
        Some(held) => Some(held),
        None => error.source(),
    }
}

/// An error with its causes, in one line.
pub(crate) fn in_one_line(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = causes(error).map(ToString::to_string).collect();
    // Some errors say what they hold.
    parts.dedup();
    parts.join(": ")
}
