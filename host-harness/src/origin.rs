//! The one API that the sandbox may reach: its origin and the path below which requests may go.

use std::fmt;
use std::net::IpAddr;

use http::Uri;
use http::uri::{Authority, Scheme};

/// A base URL such as `https://api.clerk.com/v1`.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    base_path: String,
}

/// Why a text is no API URL.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidOrigin {
    #[error("it is not a URL such as https://api.clerk.com/v1")]
    NotAUrl,
    #[error("it must begin with https://, or with http:// for an address of this machine")]
    Insecure,
    #[error("it must not hold a user name, a password, a query or a fragment")]
    TooMuch,
}

impl Origin {
    /// Reads a base URL. One without a path gets Clerk's, `/v1`.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let uri: Uri = text.parse().map_err(|_| InvalidOrigin::NotAUrl)?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(InvalidOrigin::NotAUrl);
        };
        let path = parts.path_and_query.as_ref().map_or("", |path| path.path()).trim_end_matches('/');
        let has_query = parts.path_and_query.as_ref().is_some_and(|path| path.query().is_some());
        if has_query || text.contains('#') || authority.as_str().contains('@') {
            return Err(InvalidOrigin::TooMuch);
        }
        if scheme != Scheme::HTTPS && !(scheme == Scheme::HTTP && is_loopback(authority.host())) {
            return Err(InvalidOrigin::Insecure);
        }
        let base_path = if path.is_empty() { "/v1" } else { path };
        Ok(Self { scheme, authority, base_path: base_path.into() })
    }

    /// Tells whether the API is reached by TLS; one without is on this machine.
    pub(crate) fn is_secure(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Whether a request to `uri` stays within this API.
    pub(crate) fn allows(&self, uri: &Uri) -> bool {
        let same_origin = uri.scheme() == Some(&self.scheme) && uri.authority() == Some(&self.authority);
        let below_base = uri.path().strip_prefix(&self.base_path).is_some_and(|rest| rest.starts_with('/'));
        same_origin && below_base && uri.path().split('/').all(is_plain)
    }

    /// The part of a path that comes after that of the base URL.
    pub(crate) fn below<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&self.base_path).unwrap_or(path)
    }

    /// A URI of the API itself, for asking whether anything answers there.
    pub(crate) fn base(&self) -> Uri {
        let uri = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        uri.path_and_query(self.base_path.as_str()).build().unwrap_or_default()
    }
}

/// What the component is given as the API's URL.
impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}{}", self.scheme, self.authority, self.base_path)
    }
}

/// Whether a path segment means itself: no dot segment and no separator, encoded or not.
fn is_plain(segment: &str) -> bool {
    let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
    let separates = decoded.contains("%2f") || decoded.contains("%5c") || decoded.contains('\\');
    !separates && decoded != "." && decoded != ".."
}

/// Whether a host name or address means this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}
