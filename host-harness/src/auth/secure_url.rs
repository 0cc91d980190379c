//! URLs that may be trusted with tokens and keys: `https`, or `http` on this machine.

use std::fmt;

use http::Uri;
use http::uri::Scheme;

use crate::origin::is_loopback;

/// An absolute URL as it was written, because issuers and audiences are compared letter by letter.
#[derive(Clone, Debug)]
pub(super) struct SecureUrl {
    text: String,
    uri: Uri,
}

/// Why a text is no such URL.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum InvalidUrl {
    #[error("it is not a URL such as https://clerk.example.com")]
    NotAUrl,
    #[error("it must begin with https://, or with http:// for an address of this machine")]
    Insecure,
    #[error("it must not hold a user name, a password or a fragment")]
    TooMuch,
    #[error("it must not hold a query")]
    Query,
}

impl SecureUrl {
    pub(super) fn parse(text: &str) -> Result<Self, InvalidUrl> {
        // The URL type lets more through than the RFC, for example quotes, which would break out of a header.
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
        let uri: Uri = text.parse().map_err(|_| InvalidUrl::NotAUrl)?;
        let (Some(scheme), Some(authority), true) = (uri.scheme(), uri.authority(), text.bytes().all(is_plain)) else {
            return Err(InvalidUrl::NotAUrl);
        };
        if text.contains('#') || authority.as_str().contains('@') {
            return Err(InvalidUrl::TooMuch);
        }
        if *scheme != Scheme::HTTPS && !(*scheme == Scheme::HTTP && is_loopback(authority.host())) {
            return Err(InvalidUrl::Insecure);
        }
        Ok(Self { text: text.into(), uri })
    }

    /// One without a query: an issuer, or a resource.
    pub(super) fn parse_identifier(text: &str) -> Result<Self, InvalidUrl> {
        let url = Self::parse(text)?;
        if text.contains('?') { Err(InvalidUrl::Query) } else { Ok(url) }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Without a slash at its end.
    pub(super) fn path(&self) -> &str {
        self.uri.path().trim_end_matches('/')
    }

    /// Where a well-known document about this URL is: RFC 8414 and RFC 9728 put its name before the path.
    pub(super) fn well_known(&self, name: &str) -> String {
        let (scheme, authority) = (self.uri.scheme_str().unwrap_or_default(), self.uri.authority());
        let authority = authority.map_or("", |authority| authority.as_str());
        format!("{scheme}://{authority}/.well-known/{name}{}", self.path())
    }
}

impl fmt::Display for SecureUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
