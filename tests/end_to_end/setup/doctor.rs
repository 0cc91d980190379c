//! What `doctor` finds.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::home::Home;
use crate::harness::tls::{EXPIRED, OF_LOCALHOST, TlsFront, authority};
use crate::harness::{KEY, Program, Reply, Upstream};

const KEY_FILE: &str = ".config/clerk-mcp/secret-key";
/// For `localhost`, by nobody else, and of an authority, as openssl makes it unless it is told otherwise.
const SELF_SIGNED: &[u8] = include_bytes!("../../fixtures/tls/self-signed.der");

impl Home {
    /// A line for each finding, `level topic message / advice`, and the exit status.
    pub(super) fn findings(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, Vec<String>) {
        let program =
            self.program(&[&["doctor", "--json"], arguments].concat()).variable("CLERK_MCP_LISTEN", "127.0.0.1:0");
        let program = variables.iter().fold(program, |program, (name, value)| program.variable(name, value));
        Self::lines(program)
    }

    /// What `doctor --json` finds.
    pub(super) fn lines(program: Program) -> (i32, Vec<String>) {
        let found = program.run();
        let report: Value =
            serde_json::from_str(&found.stdout).unwrap_or_else(|_| panic!("{}{}", found.stdout, found.stderr));
        let text = |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        let line = |finding: &Value| {
            let [level, topic, message, advice] =
                ["level", "topic", "message", "advice"].map(|field| text(finding, field));
            format!("{level} {topic} {message} / {advice}")
        };
        (found.status, report["findings"].as_array().expect("findings").iter().map(line).collect())
    }
}

pub(super) fn has(lines: &[String], beginning: &str, part: &str) {
    assert!(
        lines.iter().any(|line| line.starts_with(beginning) && line.contains(part)),
        "{beginning} {part}: {lines:#?}"
    );
}

#[test]
fn a_set_up_that_works_is_told_in_lines_of_ok() {
    let home = Home::with_clients();
    assert_eq!(home.run(&["init", "--client", "claude-code,codex,goose", "--yes"], KEY).status, 0);
    let (status, lines) = home.findings(&[], &[]);
    assert_eq!(status, 0, "{lines:#?}");
    assert!(lines.iter().all(|line| line.starts_with("ok ")), "{lines:#?}");
    assert!(!lines.concat().contains("ok dns "), "an address is looked up nowhere: {lines:#?}");
    for (beginning, part) in [
        ("ok key ", "of a development instance"),
        ("ok api ", "answers (HTTP "),
        ("ok clock ", "0 seconds apart"),
        ("ok account ", "the API takes the key"),
        ("ok policy ", "tools can be called"),
        ("ok client Claude Code: entry clerk", "answers as clerk-mcp "),
        ("ok client Codex: entry clerk", "answers as clerk-mcp "),
        ("ok client Goose: entry clerk", "answers as clerk-mcp "),
    ] {
        has(&lines, beginning, part);
    }
    let text = home.program(&["doctor", "--no-start"]).run().stdout;
    assert!(text.contains("\nok       key       of a development instance, in "), "{text}");
    assert!(text.contains("tools_that_ask: ") && text.ends_with("problems: 0, warnings: 0\n"), "{text}");
}

#[test]
fn each_thing_that_is_wrong_has_a_line_that_says_what_to_do() {
    let home = Home::with_clients();
    let (status, lines) = home.findings(&[], &[]);
    assert_eq!(status, 1);
    has(&lines, "problem key no secret key", "/ run `clerk-mcp init`");
    has(&lines, "warning client no client", "/ run `clerk-mcp init`");
    home.write(KEY_FILE, KEY);
    fs::set_permissions(home.path(KEY_FILE), fs::Permissions::from_mode(0o644)).expect("its mode can be set");
    has(&home.findings(&[], &[]).1, "problem key others on this machine", "chmod 600");
    home.write(KEY_FILE, "sk_test_CANARY7f3aWrong");
    has(&home.findings(&[], &[]).1, "problem account the API refuses the key", "");
    home.write(KEY_FILE, "what?");
    has(&home.findings(&[], &[]).1, "problem key ", "a secret key begins with");
    let missing = home.findings(&[], &[("CLERK_SECRET_KEY_FILE", "/x")]).1;
    has(&missing, "problem key CLERK_SECRET_KEY_FILE names /x, which is not there", "/ correct it, or unset it");
    let missing = home.findings(&[], &[("CLERK_SECRET_KEY_FILE", "/x"), ("CLERK_MCP_LAUNCHER", "npx")]).1;
    has(&missing, "problem key ", "unset it and run `npx -y clerk-mcp init`");
    let both = [("CLERK_SECRET_KEY", KEY), ("CLERK_SECRET_KEY_FILE", "/x")];
    has(&home.findings(&[], &both).1, "problem key ", "unset one of them");
    let away = home.findings(&["--api-url", "http://127.0.0.1:9/v1"], &[("CLERK_SECRET_KEY", KEY)]).1;
    has(&away, "problem api http://127.0.0.1:9/v1 cannot be reached", "HTTPS_PROXY");
    assert!(!away.concat().contains(" account "), "nobody is there who could be asked: {away:#?}");
    let proxy = [("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:9"), ("CLERK_SECRET_KEY", KEY)];
    let proxied = home.findings(&["--api-url", "https://api.example.com"], &proxy).1;
    has(&proxied, "ok proxy requests go through http://127.0.0.1:9", "");
    assert!(!proxied.concat().contains("hunter2"));
    has(&proxied, "problem api ", "look at HTTPS_PROXY");
    let nowhere = home.findings(&["--api-url", "nowhere"], &[]).1;
    assert_eq!(nowhere.iter().filter(|line| line.contains("it is not a URL")).count(), 1, "{nowhere:#?}");
    has(&home.findings(&["--toolsets", "nonsense"], &[]).1, "problem policy ", "nonsense");
}

#[test]
fn a_proxy_that_is_none_is_named_with_what_to_do() {
    let home = Home::new();
    let (status, lines) = home.findings(&[], &[("HTTPS_PROXY", "me:hunter2:baz"), ("CLERK_SECRET_KEY", KEY)]);
    assert_eq!(status, 1);
    has(&lines, "problem proxy HTTPS_PROXY is passed over", "/ set it to one such as http://");
    assert!(!lines.concat().contains("hunter2"), "{lines:#?}");
    let started = home.program(&["tools"]).variable("HTTPS_PROXY", "me:hunter2:baz").run();
    assert!(started.stderr.contains("HTTPS_PROXY is passed over") && started.stderr.contains("or unset it"));
}

#[test]
fn a_variable_that_no_command_takes_is_a_line_like_any_other() {
    let home = Home::with_clients();
    let wrong = [("CLERK_MODE", "bogus"), ("CLERK_MCP_MAX_SESSIONS", "many"), ("CLERK_MCP_OTLP_ENDPOINT", "nowhere")];
    let (status, lines) = home.findings(&[], &[&wrong[..], &[("CLERK_SECRET_KEY", KEY)]].concat());
    assert_eq!(status, 1);
    let said = "invalid value 'bogus' for '--mode <MODE>' [possible values: read-only, standard, full] / correct it";
    has(&lines, "problem setting CLERK_MODE: ", said);
    has(&lines, "problem setting CLERK_MCP_MAX_SESSIONS: ", "'many'");
    has(&lines, "problem setting CLERK_MCP_OTLP_ENDPOINT (--otlp-endpoint): ", "it is not a URL");
    has(&lines, "ok account ", "the API takes the key");
    assert!(home.program(&["doctor", "--mode", "bogus"]).run().stderr.starts_with("error: "));
}

#[test]
fn a_certificate_that_is_not_trusted_is_named_with_what_to_do() {
    let home = Home::new();
    let api = Upstream::always(Reply::no_users());
    let [good, expired, own] = [OF_LOCALHOST, EXPIRED, SELF_SIGNED].map(|der| TlsFront::of(api.address, der));
    let trusted = authority().to_string_lossy().into_owned();
    for (url, trusts, advice) in [
        (format!("https://localhost:{}/v1", good.port), "", "set SSL_CERT_FILE to the certificate of its authority"),
        (format!("https://127.0.0.1:{}/v1", good.port), &*trusted, "another server answers under this name"),
        (format!("https://localhost:{}/v1", expired.port), &*trusted, "look at the clock of this machine"),
        (format!("https://localhost:{}/v1", own.port), &*trusted, "have the server show one that an authority issued"),
    ] {
        let variables = [("CLERK_API_URL", url.as_str()), ("SSL_CERT_FILE", trusts), ("CLERK_SECRET_KEY", KEY)];
        let variables = if trusts.is_empty() { vec![variables[0], variables[2]] } else { variables.to_vec() };
        has(&home.findings(&[], &variables).1, "problem tls ", advice);
    }
}

#[test]
fn the_audit_log_and_the_directory_for_secrets_are_tried_and_not_made() {
    let home = Home::with_clients();
    let wrong = [("CLERK_MCP_AUDIT", "/nope/x"), ("CLERK_SECRETS_DIR", "/nope/y"), ("CLERK_MCP_DEMO", "true")];
    let (status, lines) = home.findings(&[], &wrong);
    assert_eq!(status, 1);
    has(&lines, "problem audit the audit file /nope/x cannot be created", "CLERK_MCP_AUDIT");
    has(&lines, "problem secrets there is no directory /nope/y", "CLERK_SECRETS_DIR");
    let log = home.path("audit.jsonl");
    let (_, lines) = home.findings(&["--demo", "--audit", &log.to_string_lossy()], &[]);
    has(&lines, "ok audit calls that may write are recorded in ", "audit.jsonl");
    assert!(!log.exists());
    home.write("audit.jsonl", "something else\n");
    let (_, lines) = home.findings(&["--demo", "--audit", &log.to_string_lossy()], &[]);
    has(&lines, "problem audit the audit file ", "holds something else");
}

#[test]
fn a_clock_that_is_wrong_is_noticed() {
    let home = Home::new();
    for (date, level) in [("Thu, 01 Jan 2026 00:00:00 GMT", "problem clock"), ("nonsense", "ok api")] {
        let api = Upstream::always(Reply::new(200, &[&format!("date: {date}")], "[]"));
        let url = format!("http://{}/v1", api.address);
        has(&home.findings(&["--api-url", &url], &[("CLERK_SECRET_KEY", KEY)]).1, level, "");
    }
}

#[test]
fn the_port_is_free_or_somebody_has_it() {
    let home = Home::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let at = taken.local_addr().expect("it is bound").to_string();
    let found = home.program(&["doctor", "--demo"]).variable("CLERK_MCP_LISTEN", &at).run();
    assert!(found.stdout.contains(&format!("warning  port      {at} is taken by another program")), "{}", found.stdout);
    let server = home.clerk.server();
    let at = format!("127.0.0.1:{}", server.port());
    let url = format!("http://{at}/mcp");
    assert_eq!(home.run(&["init", "--client", "codex", "--http", &url, "--yes"], "").status, 0);
    let found = home.program(&["doctor", "--demo"]).variable("CLERK_MCP_LISTEN", &at).run();
    assert!(found.stdout.contains(&format!("ok       port      a clerk-mcp serves at {at}")), "{}", found.stdout);
    assert!(found.stdout.contains(&format!("names a clerk-mcp that serves at {url}")), "{}", found.stdout);
    drop(server);
    let found = home.program(&["doctor", "--demo"]).run();
    assert!(found.status == 1 && found.stdout.contains(&format!("nothing answers at {url}")), "{}", found.stdout);
}
