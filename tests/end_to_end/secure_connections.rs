//! How the program reaches the API and an issuer by TLS: whom it trusts, and by which proxy it goes.

use serde_json::json;

use crate::harness::canary::KEY;
use crate::harness::issuer::{Issuer, list};
use crate::harness::proxy::Proxy;
use crate::harness::tls::{EXPIRED, OF_LOCALHOST, TlsFront, authority};
use crate::harness::upstream::Seen;
use crate::harness::{Clerk, Client as _, Program, Reply, Upstream, fixtures};

fn trusted() -> String {
    authority().to_string_lossy().into_owned()
}

#[test]
fn an_authority_in_ssl_cert_file_or_ssl_cert_dir_is_trusted() {
    let api = Upstream::always(Reply::no_users());
    let front = TlsFront::of(api.address, OF_LOCALHOST);
    let server = front.program().http();
    server.call("clerk_list_users", json!({})).output();
    let call = api.seen().into_iter().find(Seen::is_read).expect("it has arrived");
    assert_eq!(call.header("authorization"), [format!("Bearer {KEY}")]);
    assert_eq!(server.get("/health").json()["clerkConnected"], true);
    let folder = authority().parent().expect("it lies in a folder").to_string_lossy().into_owned();
    let program = Program::with_api(&front.url());
    program.variable("SSL_CERT_DIR", &folder).http().call("clerk_list_users", json!({})).output();
}

#[test]
fn a_certificate_that_is_not_trusted_is_called_that() {
    let api = Upstream::always(Reply::no_users());
    let (good, expired) = (TlsFront::of(api.address, OF_LOCALHOST), TlsFront::of(api.address, EXPIRED));
    let by_address = format!("https://127.0.0.1:{}/v1", good.port);
    for (what, program, logged) in [
        ("unknown authority", Program::with_api(&good.url()), "UnknownIssuer"),
        ("another name", good.program().variable("CLERK_API_URL", &by_address), "not valid for name"),
        ("expired", expired.program(), "expired"),
    ] {
        let server = program.http();
        let failure = server.call("clerk_list_users", json!({})).failure();
        assert_eq!(failure["code"], "tls_error", "{what}: {failure}");
        assert!(failure["message"].as_str().is_some_and(|text| text.contains("certificate")), "{what}: {failure}");
        assert!(failure["hint"].as_str().is_some_and(|text| text.contains("SSL_CERT_FILE")), "{what}: {failure}");
        assert_eq!(server.get("/health").json()["clerkConnected"], false, "{what}");
        let said = server.terminate().stderr;
        assert!(said.contains(logged), "{what}: {said}");
    }
    assert_eq!(api.count(), 0);
}

#[test]
fn a_server_that_speaks_no_tls_is_no_failed_connection() {
    let clerk = Clerk::sample();
    let program = Program::with_api(&clerk.url.replace("http:", "https:"));
    let failure = program.http().call("clerk_list_users", json!({})).failure();
    assert_eq!(failure["code"], "tls_error", "{failure}");
    assert!(!failure["message"].to_string().contains("certificate"), "{failure}");
}

#[test]
fn an_ssl_cert_file_that_cannot_be_read_is_named_and_the_usual_authorities_count() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("SSL_CERT_FILE", "/nowhere/authorities.pem").http();
    server.call("clerk_list_users", json!({})).output();
    let said = server.terminate().stderr;
    assert!(said.contains("SSL_CERT_FILE") && said.contains("/nowhere/authorities.pem"), "{said}");
}

#[test]
fn the_api_is_reached_through_the_proxy_in_the_environment() {
    let api = Upstream::always(Reply::no_users());
    let front = TlsFront::of(api.address, OF_LOCALHOST);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let proxy = Proxy::start();
        let url = format!("http://somebody:p%40ssw0rd@{}", proxy.address);
        let server = front.program().traced().variable(name, &url).http();
        server.call("clerk_list_users", json!({})).output();
        assert_eq!(server.get("/health").json()["clerkConnected"], true, "{name}");
        let seen = proxy.seen();
        assert!(seen[0].starts_with(&format!("CONNECT localhost:{} HTTP/1.1\r\n", front.port)), "{name}: {seen:?}");
        // somebody:p@ssw0rd
        let credentials = "proxy-authorization: Basic c29tZWJvZHk6cEBzc3cwcmQ=";
        assert!(seen[0].to_lowercase().contains(&credentials.to_lowercase()), "{name}: {seen:?}");
        assert!(seen.iter().all(|head| !head.contains("CANARY")), "the key is not the proxy's");
        let said = server.terminate().stderr;
        assert!(!said.contains("p%40ssw0rd") && !said.contains("c29tZWJvZHk6cEBzc3cwcmQ"), "{said}");
    }
    assert!(api.seen().iter().all(|seen| seen.header("proxy-authorization").is_empty()));
}

#[test]
fn hosts_in_no_proxy_are_reached_directly() {
    let api = Upstream::always(Reply::no_users());
    let front = TlsFront::of(api.address, OF_LOCALHOST);
    for (name, value) in [("NO_PROXY", "localhost"), ("no_proxy", "example.com, localhost"), ("NO_PROXY", "*")] {
        let proxy = Proxy::start();
        let program = front.program().variable("HTTPS_PROXY", &format!("http://{}", proxy.address));
        program.variable(name, value).http().call("clerk_list_users", json!({})).output();
        assert_eq!(proxy.seen(), [""; 0], "{name}={value}");
    }
    let proxy = Proxy::start();
    let program = front.program().variable("HTTPS_PROXY", &format!("http://{}", proxy.address));
    program.variable("NO_PROXY", "example.com,127.0.0.1").http().call("clerk_list_users", json!({})).output();
    assert_ne!(proxy.seen(), [""; 0]);
}

#[test]
fn what_a_proxy_does_not_lead_to_is_not_reached_otherwise() {
    let api = Upstream::always(Reply::no_users());
    let front = TlsFront::of(api.address, OF_LOCALHOST);
    for (proxy, url) in ["407 Proxy Authentication Required", "403 Forbidden", "200 OK"].map(|status| {
        let proxy = Proxy::answering(status);
        let url = format!("http://user:p4ssw0rd@{}", proxy.address);
        (proxy, if status == "200 OK" { "http://user:p4ssw0rd@127.0.0.1:1".to_owned() } else { url })
    }) {
        let server = front.program().variable("HTTPS_PROXY", &url).http();
        let failure = server.call("clerk_list_users", json!({})).failure();
        assert_eq!(failure["code"], "connection_failed", "{failure}");
        let said = server.terminate().stderr;
        assert!(said.contains("the proxy http://127.0.0.1:") && !said.contains("p4ssw0rd"), "{said}");
        drop(proxy);
    }
}

#[test]
fn what_is_no_proxy_is_named_without_its_value() {
    let api = Upstream::always(Reply::no_users());
    let front = TlsFront::of(api.address, OF_LOCALHOST);
    for url in ["ftp://user:p4ssw0rd@127.0.0.1:1", "http://user:p4ssw0rd@", "user:p4ss w0rd@127.0.0.1:1"] {
        let server = front.program().variable("HTTPS_PROXY", url).http();
        server.call("clerk_list_users", json!({})).output();
        let said = server.terminate().stderr;
        assert!(said.contains("HTTPS_PROXY is passed over") && !said.contains("p4ss"), "{url}: {said}");
    }
}

#[test]
fn the_emulator_in_the_program_needs_no_proxy() {
    let nowhere = "http://127.0.0.1:1";
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let program = names.iter().fold(Program::new(&["--demo"]), |program, name| program.variable(name, nowhere));
    program.http().call("clerk_list_users", json!({})).output();
}

#[test]
fn the_keys_of_an_issuer_come_by_the_same_way() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let front = TlsFront::of(issuer.upstream.address, OF_LOCALHOST);
    let proxy = Proxy::start();
    let keys = format!("https://localhost:{}/jwks", front.port);
    let program = || issuer.program(&clerk).variable("CLERK_MCP_OAUTH_JWKS_URL", &keys);
    let server = program().variable("SSL_CERT_FILE", &trusted());
    let server = server.variable("HTTPS_PROXY", &format!("http://{}", proxy.address)).http();
    assert_eq!(list(&server, &issuer.token()).status, 200);
    assert_eq!(proxy.seen().len(), 1);
    let untrusting = program().http();
    assert_eq!(list(&untrusting, &issuer.token()).status, 503);
    let said = untrusting.terminate().stderr;
    assert!(said.contains("UnknownIssuer"), "{said}");
}

#[test]
fn certificates_that_are_none_are_passed_over() {
    let file =
        fixtures::file("no_certificates", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nnonsense");
    let clerk = Clerk::sample();
    let server = clerk.program().variable("SSL_CERT_FILE", &file.to_string_lossy()).http();
    server.call("clerk_list_users", json!({})).output();
}
