//! What holds of every answer of the page: its headers, where it may be asked for, and that there is no way to write.

use http::Method;

use super::{TOKEN, sign_in};
use crate::harness::{Clerk, HttpServer, Program};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const PATHS: [&str; 7] =
    ["/", "/page/live", "/page/audit", "/page/sign-in", "/page/sign-out", "/page/page.css", "/page/page.js"];

#[test]
fn every_answer_forbids_what_the_page_does_not_do() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", TOKEN).http();
    let cookie = sign_in(&server, TOKEN);
    for path in PATHS {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            for headers in [&[][..], &[("cookie", cookie.as_str())], &[("origin", "http://evil.example")]] {
                let answer = server.send(method.clone(), path, headers, "");
                let what = format!("{method} {path} {headers:?}: {answer:?}");
                assert_eq!(answer.headers["content-security-policy"], POLICY, "{what}");
                assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{what}");
                assert_eq!(answer.headers["cache-control"], "no-store", "{what}");
                assert!(!answer.headers.contains_key("access-control-allow-origin"), "{what}");
                assert!(!answer.body.contains(" style=") && !answer.body.contains(" onclick"), "{what}");
            }
        }
    }
}

#[test]
fn markup_has_no_script_of_its_own() {
    let clerk = Clerk::sample();
    let page = super::shown(&clerk.server(), "/");
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/page/page.js\" defer></script>"), "{page}");
    assert_eq!(page.matches("<style").count() + page.matches("javascript:").count(), 0);
    for reference in ["src=\"", "href=\"", "action=\""] {
        let others =
            page.split(reference).skip(1).filter(|rest| !rest.starts_with('/') && !rest.starts_with("data:,\""));
        assert_eq!(others.count(), 0, "{reference}: {page}");
    }
}

#[test]
fn there_is_no_way_to_write() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for path in ["/", "/page/live", "/page/audit", "/page/page.css", "/page/page.js"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(server.send(method.clone(), path, &[], "").status, 405, "{method} {path}");
        }
    }
    for path in ["/page", "/page/", "/page/call", "/page/live/x", "/index.html"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert!(clerk.requests().iter().all(|request| ["GET", "HEAD"].contains(&request.method.as_str())));
}

#[test]
fn no_page_of_a_stranger_is_answered() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MCP_ALLOWED_HOSTS", "mcp.example").http();
    let port = server.port();
    for path in PATHS {
        let method = if path.contains("sign") { Method::POST } else { Method::GET };
        let status = |headers: &[(&str, &str)]| server.send(method.clone(), path, headers, "").status;
        for host in ["evil.example", "127.0.0.1.evil.example", "10.0.0.1"] {
            assert_eq!(status(&[("host", host)]), 403, "{path} {host}");
        }
        for origin in ["http://evil.example", "null", "", "http://localhost:1", "https://mcp.example.evil.example"] {
            assert_eq!(status(&[("origin", origin)]), 403, "{path} {origin}");
        }
        assert_eq!(status(&[("host", "mcp.example"), ("origin", "https://evil.example")]), 403, "{path}");
        assert_eq!(status(&[("host", "mcp.example"), ("origin", "https://mcp.example:8443")]), 403, "{path}");
        for (host, origin) in [
            (format!("localhost:{port}"), format!("http://localhost:{port}")),
            ("mcp.example".into(), "https://mcp.example".into()),
        ] {
            assert_ne!(status(&[("host", &host), ("origin", &origin)]), 403, "{path} {origin}");
        }
    }
}

#[test]
fn the_page_can_be_switched_off() {
    let clerk = Clerk::sample();
    let servers: [fn(Program) -> HttpServer; 2] = [
        |program| program.variable("CLERK_MCP_NO_PAGE", "1").http(),
        |program| HttpServer::start(program.arguments(&["http", "--no-page", "--listen", "127.0.0.1:0"])),
    ];
    for start in servers {
        let server = start(clerk.program());
        for path in PATHS {
            assert_eq!(server.get(path).status, 404, "{path}");
        }
        assert!(!server.terminate().stderr.contains("page at"));
    }
    let server = clerk.server();
    let url = server.url.clone();
    assert!(server.terminate().stderr.contains(&format!("page at {url}/ ")));
}
