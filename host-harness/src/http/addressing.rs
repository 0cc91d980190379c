//! Whom a request is addressed to, and which page sends it. A page on the web can have a browser call this machine, but
//! cannot choose the `Host` or the `Origin` that the browser sends.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Scheme;
use axum::http::{HeaderMap, HeaderValue, Response, Uri};
use axum::middleware::Next;

use super::address::Address;
use super::refusal::Refusal;
use super::shared::Settings;

/// Refuses a request whose address can be read in two ways. Whether the address is served is decided behind this.
pub(super) async fn demand_one_address(request: Request, next: Next) -> Response<Body> {
    match flaw(&request) {
        Some(refusal) => refusal.answer(None),
        None => next.run(request).await,
    }
}

fn flaw(request: &Request) -> Option<Refusal> {
    if request.uri().authority().is_some() {
        // It would count instead of the header (RFC 9112, section 3.2.2).
        return Some(Refusal::malformed_address("the request names a whole URL, which only a proxy is asked for"));
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => Some(Refusal::malformed_address("the request has no Host header")),
        (Some(_), Some(_)) => Some(Refusal::repeated_header(&HOST)),
        (Some(host), None) if address(host).is_none() => {
            Some(Refusal::malformed_address("the header Host is no host with or without a port"))
        }
        _ => None,
    }
}

/// Serves a report to who calls this server by a name of its own, and to no page of another origin, as rmcp does for MCP.
pub(super) async fn demand_own_address(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let is_own = is_own_origin(&settings, request.headers());
    demand(&settings, is_own, request, next).await
}

/// Serves the page to who calls this server by a name of its own, and to itself: a form says which page it is on, and behind a
/// proxy that is known by its name only.
pub(super) async fn demand_own_page(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let is_own = is_own_origin(&settings, request.headers()) || is_same_origin(request.headers());
    demand(&settings, is_own, request, next).await
}

/// Serves a document that is for the pages of all origins to who calls this server by a name of its own.
pub(super) async fn demand_own_host(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    demand(&settings, true, request, next).await
}

/// Serves a request that calls this server by a name of its own, and comes from a page of its own.
async fn demand(settings: &Settings, is_own_page: bool, request: Request, next: Next) -> Response<Body> {
    if !is_own_host(settings, request.headers()) {
        return Refusal::foreign("Host").answer(None);
    }
    if !is_own_page {
        return Refusal::foreign("Origin").answer(None);
    }
    next.run(request).await
}

fn is_own_host(settings: &Settings, headers: &HeaderMap) -> bool {
    let Some(called) = headers.get(HOST).and_then(address) else { return false };
    let is_named = |allowed: &String| {
        // Operators write an address of IPv6 with or without its brackets.
        let allowed = Address::parse(allowed.trim()).or_else(|| Address::parse(&format!("[{}]", allowed.trim())));
        allowed.is_some_and(|allowed| {
            allowed.host == called.host && (allowed.port.is_none() || allowed.port == called.port)
        })
    };
    called.is_this_machine()
        || settings.allowed_hosts.iter().any(is_named)
        // Probes and scrapers know a replica by its address, which no name can be made to stand for.
        || settings.listen.ip().is_unspecified() && is_ip_address(&called.host)
}

fn is_own_origin(settings: &Settings, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let Some(page) = origin.to_str().ok().and_then(Page::parse) else { return false };
    let is_allowed = |allowed: &String| {
        let any_port = allowed.trim().strip_suffix(":*");
        Page::parse(any_port.unwrap_or(allowed).trim()).is_some_and(|allowed| {
            let same_port = any_port.is_some() || allowed.port.is_none() || allowed.port() == page.port();
            allowed.is_https == page.is_https && allowed.host == page.host && same_port
        })
    };
    origins.next().is_none() && settings.allowed_origins.iter().any(is_allowed)
}

/// Whether the one page that sends a request was served under the name that the request calls this server by.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else { return false };
    let page = origin.to_str().ok().and_then(Page::parse);
    let called = headers.get(HOST).and_then(address);
    page.zip(called).is_some_and(|(page, called)| {
        let usual = if page.is_https { 443 } else { 80 };
        page.host == called.host && page.port() == called.port.unwrap_or(usual)
    })
}

fn is_ip_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
}

fn address(value: &HeaderValue) -> Option<Address> {
    Address::parse(value.to_str().ok()?)
}

/// The origin of a web page.
struct Page {
    is_https: bool,
    host: String,
    port: Option<u16>,
}

impl Page {
    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let is_https = match uri.scheme()? {
            scheme if *scheme == Scheme::HTTPS => true,
            scheme if *scheme == Scheme::HTTP => false,
            _ => return None,
        };
        let Address { host, port } = Address::parse(uri.authority()?.as_str())?;
        Some(Self { is_https, host, port })
    }

    /// A browser leaves the usual port out.
    fn port(&self) -> u16 {
        self.port.unwrap_or(if self.is_https { 443 } else { 80 })
    }
}
