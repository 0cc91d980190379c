//! Which requests stay within the API (pure).

use crate::configuration::DEFAULT_URL;

/// The API: a scheme, a host and port, and the path below which all of it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) is_https: bool,
    pub(crate) authority: String,
    /// Without a trailing slash.
    pub(crate) base_path: String,
}

impl Origin {
    /// Reads a base URL. One without a path gets that of the default URL.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let url = url.trim();
        let (scheme, rest) = url.split_once("://").ok_or("it is not a URL")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if rest.contains(['?', '#', '@']) {
            return Err("it must not hold a user name, a password, a query or a fragment".into());
        }
        if !is_authority(authority) || !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("its host is not valid".into());
        }
        let is_https = scheme.eq_ignore_ascii_case("https");
        let is_local = scheme.eq_ignore_ascii_case("http") && is_loopback(authority);
        if !is_https && !is_local {
            return Err("it must begin with https://, or with http:// for an address of this machine".into());
        }
        let path = path.trim_end_matches('/');
        if !path.split('/').all(is_plain) {
            return Err("its path is not plain".into());
        }
        let base_path = if path.is_empty() { default_path() } else { path };
        Ok(Self { is_https, authority: authority.into(), base_path: base_path.into() })
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority, self.base_path)
    }

    /// Whether a request to this path and query stays below the API's path.
    pub(crate) fn allows(&self, path_with_query: &str) -> bool {
        let path = path_with_query.split('?').next().unwrap_or_default();
        let below_base = path.strip_prefix(self.base_path.as_str()).is_some_and(|rest| rest.starts_with('/'));
        let visible = path_with_query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        below_base && visible && path.split('/').all(is_plain)
    }
}

fn default_path() -> &'static str {
    let (_, rest) = DEFAULT_URL.split_once("://").unwrap_or_default();
    rest.find('/').map_or("", |start| &rest[start..])
}

/// Whether a path segment means itself: no dot segment and no separator, encoded or not.
fn is_plain(segment: &str) -> bool {
    let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
    let separates = decoded.contains("%2f") || decoded.contains("%5c") || decoded.contains('\\');
    !separates && decoded != "." && decoded != ".."
}

/// Whether it is a host with or without a port.
fn is_authority(authority: &str) -> bool {
    let (host, port) = split_port(authority);
    !host.is_empty() && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

fn is_loopback(authority: &str) -> bool {
    let (host, _) = split_port(authority);
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<core::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_kept_as_it_is() {
        for url in ["https://api.clerk.com/v1", "http://127.0.0.1:8080/v1", "http://[::1]:80/a/b", "https://[::1]/v1"] {
            assert_eq!(Origin::parse(url).map(|origin| origin.url()), Ok(url.into()));
        }
        assert_eq!(Origin::parse(" https://api.clerk.com/ ").map(|origin| origin.url()), Ok(DEFAULT_URL.into()));
        assert_eq!(Origin::parse("HTTP://LOCALHOST:1").map(|origin| origin.url()), Ok("http://LOCALHOST:1/v1".into()));
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for url in [
            "",
            "api.clerk.com",
            "https://",
            "https:///v1",
            "ftp://api.clerk.com",
            "http://api.clerk.com/v1",
            "http://127.0.0.1.example.com",
            "http://localhost@evil.example",
            "https://user:password@api.clerk.com",
            "https://api.clerk.com?x",
            "https://api.clerk.com/v1#x",
            "https://api.clerk.com:99999/v1",
            "https://api.clerk.com:/v1",
            "https://api.clerk .com/v1",
            "https://api.clerk.com/v1/../v2",
        ] {
            assert!(Origin::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn only_plain_paths_below_the_base_are_allowed() {
        let origin = Origin::parse(DEFAULT_URL).unwrap();
        for path in ["/v1/users", "/v1/users?email_address=a%2Fb@c.example&x=..", "/v1/users/user_1/..."] {
            assert!(origin.allows(path), "{path}");
        }
        for path in [
            "",
            "/",
            "/v1",
            "/v1?x",
            "/v2/users",
            "/v1users",
            "v1/users",
            "//v1/users",
            "/v1/../v2",
            "/v1/%2e%2E/v2",
            "/v1/.%2e",
            "/v1/.",
            "/v1/a%2Fb",
            "/v1/a%5cb",
            r"/v1/a\b",
            "/v1/a b",
            "/v1/a\r\nx: y",
            "/v1/users#x",
            "/v1/ü",
            "http://evil.example/v1/users",
        ] {
            assert!(!origin.allows(path), "{path}");
        }
    }
}
