//! Where requests may go: to the API below its base path, with the host's own key, and nowhere else.

use serde_json::{Value, json};

use crate::harness::canary::KEY;
use crate::harness::{Client, HttpServer, Reply, Upstream, fixtures};

/// An API, another server, and a program whose tools try to reach either.
struct Setting {
    api: Upstream,
    elsewhere: Upstream,
    server: HttpServer,
}

impl Setting {
    fn new() -> Self {
        let (api, elsewhere) = (Upstream::always(Reply::no_users()), Upstream::always(Reply::no_users()));
        let server = api.program().component(fixtures::guest()).http();
        Self { api, elsewhere, server }
    }

    fn reach(&self, method: &str, url: &str) -> Value {
        self.server.call("reach", json!({ "method": method, "url": url })).output()
    }

    fn assert_unreachable(&self, url: &str) {
        let answer = self.reach("GET", url);
        assert!(answer["error"].is_string(), "{url}: {answer}");
        assert_eq!((self.api.count(), self.elsewhere.count()), (0, 0), "{url}");
    }
}

#[test]
fn only_the_origin_of_the_api_is_reachable() {
    let setting = Setting::new();
    let (api, port, elsewhere) = (setting.api.address, setting.api.address.port(), setting.elsewhere.address);
    for url in [
        format!("http://{elsewhere}/v1/users"),
        format!("http://localhost:{port}/v1/users"),
        format!("http://127.0.0.2:{port}/v1/users"),
        format!("http://127.0.0.1.:{port}/v1/users"),
        format!("http://2130706433:{port}/v1/users"),
        "http://127.0.0.1/v1/users".to_owned(),
        "http://169.254.169.254/v1/latest".to_owned(),
        format!("https://{api}/v1/users"),
        format!("ftp://{api}/v1/users"),
    ] {
        setting.assert_unreachable(&url);
    }
}

#[test]
fn only_paths_below_the_base_path_are_reachable() {
    let setting = Setting::new();
    for path in [
        "",
        "/",
        "/v1",
        "/v2/users",
        "/v1x/users",
        "/V1/users",
        "/admin",
        "//v1/users",
        "/%76%31/users",
        "/v1?x=/v1/users",
    ] {
        setting.assert_unreachable(&format!("http://{}{path}", setting.api.address));
    }
}

#[test]
fn no_spelling_of_a_dot_segment_or_a_separator_leaves_the_base_path() {
    let setting = Setting::new();
    for path in [
        "../admin",
        "users/../../admin",
        "..",
        "%2e%2e/admin",
        ".%2E/admin",
        "%2E./admin",
        "./users",
        "%2e/users",
        "..%2fadmin",
        "..%5cadmin",
        "a%2Fb",
        "a%5Cb",
        "..\\admin",
        "users/..",
        "%2e%2e%2f%2e%2e/admin",
    ] {
        setting.assert_unreachable(&format!("http://{}/v1/{path}", setting.api.address));
    }
}

#[test]
fn user_names_in_an_authority_lead_nowhere() {
    let setting = Setting::new();
    let (api, elsewhere) = (setting.api.address, setting.elsewhere.address);
    for authority in
        [format!("user@{api}"), format!("user:password@{api}"), format!("{api}@{elsewhere}"), format!("@{api}")]
    {
        setting.assert_unreachable(&format!("http://{authority}/v1/users"));
    }
}

#[test]
fn methods_that_would_show_or_tunnel_the_key_are_refused() {
    let setting = Setting::new();
    for method in ["TRACE", "CONNECT"] {
        let answer = setting.reach(method, &format!("{}/users", setting.api.url()));
        assert!(answer["error"].is_string(), "{method}: {answer}");
    }
    assert_eq!(setting.api.count(), 0);
}

#[test]
fn headers_that_belong_to_the_host_are_the_hosts() {
    let setting = Setting::new();
    for method in ["GET", "POST"] {
        let answer = setting.reach(method, &format!("{}/users?x=1", setting.api.url()));
        assert_eq!(answer["status"], 200, "{answer}");
    }
    for seen in setting.api.seen() {
        assert_eq!(seen.header("authorization"), [format!("Bearer {KEY}")]);
        assert_eq!(seen.header("host"), [setting.api.address.to_string()]);
        assert_eq!(seen.header("cookie"), [""; 0]);
        assert_eq!(seen.header("proxy-authorization"), [""; 0]);
        assert!(!format!("{seen:?}").contains("forged"), "{seen:?}");
    }
    assert_eq!(setting.api.count(), 2);
}

#[test]
fn a_refused_request_is_logged_without_where_it_went() {
    let setting = Setting::new();
    setting.assert_unreachable("http://127.0.0.1:9/v1/secret-path");
    let finished = setting.server.terminate();
    assert!(finished.stderr.contains("a request to something else than the API was refused"), "{}", finished.stderr);
    assert!(!finished.stderr.contains("secret-path"), "{}", finished.stderr);
}

#[test]
fn what_goes_to_this_machine_without_tls_goes_through_no_proxy() {
    let (api, proxy) = (Upstream::always(Reply::no_users()), Upstream::always(Reply::no_users()));
    let url = format!("http://{}", proxy.address);
    let program = ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"]
        .iter()
        .fold(api.program(), |program, name| program.variable(name, &url));
    program.http().call("clerk_list_users", json!({})).output();
    assert_eq!((api.count(), proxy.count()), (1, 0));
}
