//! The way to the API: name, proxy, certificate, clock, status.

use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime};

use http::header::DATE;
use http::{HeaderMap, Method};
use rustls::CertificateError;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::Finding;
use crate::cli::Options;
use crate::connector::{NAME_PROXY, causes, in_one_line, proxy_for, variables_without_proxy};
use crate::egress::Unreached;
use crate::origin::Origin;
use crate::preparation;

const WITHIN: Duration = Duration::from_secs(10);
/// The largest difference of the clocks: tokens are good for minutes.
const NOTICEABLE: Duration = Duration::from_secs(30);
const TOO_MUCH: Duration = Duration::from_mins(5);

/// Tells whether the API was reached, and what there is to say of the way to it.
pub(super) async fn look(options: &Options) -> (bool, Vec<Finding>) {
    let origin = match preparation::origin(options) {
        Ok(origin) => origin,
        Err(error) => {
            return (false, vec![Finding::problem("api", format!("{error:#}"), "correct it, or leave it out")]);
        }
    };
    let proxy = proxy_for(&origin.base());
    let mut findings: Vec<Finding> = variables_without_proxy().into_iter().map(no_proxy).collect();
    match &proxy {
        Some(proxy) => findings.push(Finding::ok("proxy", format!("requests go through {proxy}"))),
        None => findings.extend(name(&origin).await),
    }
    let before = Instant::now();
    let answer = preparation::egress(options, origin.clone()).probe(Method::GET, WITHIN).await;
    let is_reached = answer.is_ok();
    match answer {
        Ok(parts) => {
            let said =
                format!("{origin} answers (HTTP {}, {} ms)", parts.status.as_u16(), before.elapsed().as_millis());
            findings.push(if parts.status.is_server_error() {
                Finding::warning("api", said, "try again later; https://status.clerk.com says whether Clerk works")
            } else {
                Finding::ok("api", said)
            });
            findings.extend(clock(&parts.headers));
        }
        Err(unreached) => findings.push(unreachable(&origin, &unreached, proxy.as_deref())),
    }
    (is_reached, findings)
}

fn no_proxy(variable: &str) -> Finding {
    Finding::problem("proxy", format!("{variable} is passed over, for it is no URL of a proxy"), NAME_PROXY)
}

/// The addresses of the API's name; nothing where its URL has one itself.
async fn name(origin: &Origin) -> Option<Finding> {
    let uri = origin.base();
    let (host, port) = (uri.host()?.trim_matches(['[', ']']), uri.port_u16().unwrap_or(443));
    if host.parse::<IpAddr>().is_ok() {
        return None;
    }
    let advice = "look at the network and at the name; where only a proxy leads out, set HTTPS_PROXY";
    Some(match timeout(WITHIN, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => Finding::ok(
            "dns",
            format!("{host} is {}", addresses.map(|at| at.ip().to_string()).take(3).collect::<Vec<_>>().join(", ")),
        ),
        Ok(Err(error)) => Finding::problem("dns", format!("{host} is not found: {error}"), advice),
        Err(_) => Finding::problem("dns", format!("{host} is not found within {} seconds", WITHIN.as_secs()), advice),
    })
}

fn unreachable(origin: &Origin, unreached: &Unreached, proxy: Option<&str>) -> Finding {
    let error = match unreached {
        Unreached::TimedOut => {
            let said = format!("{origin} does not answer within {} seconds", WITHIN.as_secs());
            return Finding::problem("api", said, "look at the network, the proxy and the firewall");
        }
        Unreached::Failed(error) => error,
    };
    let certificate = causes(error).find_map(|cause| match cause.downcast_ref::<rustls::Error>() {
        Some(rustls::Error::InvalidCertificate(problem)) => Some(problem),
        _ => None,
    });
    let said = format!("{origin} cannot be reached: {}", in_one_line(error));
    match (certificate, proxy) {
        (Some(problem), _) => Finding::problem("tls", said, distrusted(problem)),
        (None, Some(_)) => Finding::problem("api", said, "look at HTTPS_PROXY and NO_PROXY, and at the proxy"),
        (None, None) => {
            Finding::problem("api", said, "look at the network; where only a proxy leads out, set HTTPS_PROXY")
        }
    }
}

/// The advice about a certificate that is not trusted.
fn distrusted(problem: &CertificateError) -> &'static str {
    match problem {
        CertificateError::UnknownIssuer => {
            "somebody between here and there speaks for the API, such as a company's proxy: set SSL_CERT_FILE to the \
             certificate of its authority, if you trust it"
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "look at the clock of this machine; if it is right, nothing helps but a new certificate there"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "another server answers under this name: look at --api-url (CLERK_API_URL), the proxy and the DNS"
        }
        CertificateError::Other(_) => {
            "the certificate is none of a server, such as a self-signed one of an authority (CA:TRUE): have the server show \
             one that an authority issued to it, and set SSL_CERT_FILE to the certificate of that authority"
        }
        _ => "do not use this network until it is known who answers there",
    }
}

/// The difference of this machine's clock from the API's.
fn clock(headers: &HeaderMap) -> Option<Finding> {
    let there = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let apart = SystemTime::now().duration_since(there).unwrap_or_else(|ahead| ahead.duration());
    let said = format!("this machine's clock and the API's are {} seconds apart", apart.as_secs());
    let advice = "set the clock, for example by NTP: tokens and certificates depend on it";
    Some(match apart {
        small if small < NOTICEABLE => Finding::ok("clock", said),
        some if some < TOO_MUCH => Finding::warning("clock", said, advice),
        _ => Finding::problem("clock", said, advice),
    })
}
