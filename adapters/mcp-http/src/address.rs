//! The host and port that a client says it has called (pure; the program reads them with this file too).

use std::net::Ipv6Addr;

/// The value of a `Host` header that can be read in one way only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// In lower case; an IPv6 address is in brackets.
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

impl Address {
    /// Reads `host` or `host:port`. User names, empty hosts and ports, and whatever else a URL may hold are refused.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let end = match text.strip_prefix('[') {
            Some(rest) => rest.find(']')? + 2,
            None => text.find(':').unwrap_or(text.len()),
        };
        let (host, rest) = text.split_at(end);
        let port = match rest.strip_prefix(':') {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            None if rest.is_empty() => None,
            _ => return None,
        };
        is_host(host).then(|| Self { host: host.to_ascii_lowercase(), port })
    }

    /// Whether it is a name or an address of this machine, which no page of another host can be loaded from.
    pub(crate) fn is_this_machine(&self) -> bool {
        ["localhost", "127.0.0.1", "[::1]"].contains(&self.host.as_str())
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_with_or_without_a_port_is_read() {
        for (text, host, port) in [
            ("localhost", "localhost", None),
            ("LocalHost:3000", "localhost", Some(3000)),
            ("127.0.0.1:65535", "127.0.0.1", Some(65535)),
            ("[::1]", "[::1]", None),
            ("[::1]:80", "[::1]", Some(80)),
            ("a_b-c.example.", "a_b-c.example.", None),
        ] {
            assert_eq!(Address::parse(text), Some(Address { host: host.into(), port }), "{text}");
        }
    }

    #[test]
    fn only_the_usual_names_are_of_this_machine() {
        for text in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80"] {
            assert!(Address::parse(text).is_some_and(|address| address.is_this_machine()), "{text}");
        }
        for text in ["localhost.", "127.0.0.2", "0.0.0.0", "[::2]", "localhost.evil.example"] {
            assert!(!Address::parse(text).is_some_and(|address| address.is_this_machine()), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in [
            "",
            ":80",
            "x@localhost",
            "localhost:x@evil.example",
            "localhost:",
            "localhost:+80",
            "localhost:65536",
            "localhost:80:80",
            "localhost/x",
            "localhost?x",
            "localhost#x",
            "localhost, evil.example",
            "local host",
            "localhost\\",
            "::1",
            "[::1",
            "[::1]x",
            "[::1]:",
            "[localhost]",
            "http://localhost",
            "l%6fcalhost",
            "ö",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
