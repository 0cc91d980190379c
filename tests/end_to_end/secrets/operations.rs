//! Operations of the API that are for nothing but a secret, and those that are given one.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::NOT_SHOWN;
use crate::harness::canary::{self, CANARY};
use crate::harness::{Answer, Clerk, Client, Collector, Directory, Program, Reply, Upstream};

/// Operations that are for nothing but a secret: the arguments of a call, and the places of the secrets in its answer.
const ONLY: [(&str, &str, &[&str]); 5] = [
    ("CreateSignInToken", r#"{"user_id":"user_1"}"#, &["token", "url"]),
    ("getApiKeySecret", r#"{"apiKeyID":"ak_1"}"#, &["secret"]),
    ("createApiKey", r#"{"name":"ci","subject":"user_1"}"#, &["secret"]),
    ("CreateTestingToken", "{}", &["token"]),
    ("GetOAuthAccessToken", r#"{"user_id":"user_1","provider":"oauth_google"}"#, &["data.0.token", "data.0.id_token"]),
];

fn secret(name: &str) -> String {
    format!("{CANARY}-{name}")
}

/// An API that answers everything with secrets, and repeats them, also in fields that Clerk does not have.
pub(super) fn upstream() -> Upstream {
    Upstream::new(|seen| {
        let given: Value = serde_json::from_str(&seen.body).unwrap_or_default();
        let repeated = secret(if seen.line.contains("api_keys") { "secret" } else { "token" });
        let mut one = json!({
            "id": "thing_1", "user_id": "user_1", "name": given["name"], "subject": given["subject"],
            "label": format!("it is {repeated}"), "scopes": [repeated], "undocumented": secret("odd"),
        });
        for name in ["token", "url", "secret", "id_token"] {
            one[name] = json!(secret(name));
        }
        let id = seen.line.rsplit('/').next().unwrap_or_default();
        if seen.is_read() && id.contains("_1") {
            one["id"] = json!(id);
        }
        Reply::json(200, &if seen.line.contains("oauth_access_tokens") { json!([one]) } else { one })
    })
}

fn api(client: &dyn Client, tool: &str, operation: &str, arguments: &Value) -> Answer {
    client.call(tool, json!({ "operation": operation, "arguments": arguments }))
}

pub(super) fn full(program: Program) -> Program {
    program.traced().arguments(&["--mode", "full", "--confirm", "off"])
}

fn parsed(arguments: &str) -> Value {
    serde_json::from_str(arguments).expect("JSON")
}

#[test]
fn what_gives_nothing_but_a_secret_is_not_sent_where_nobody_keeps_it() {
    let upstream = upstream();
    let session = full(upstream.program()).stdio();
    for (operation, arguments, places) in ONLY {
        let arguments = parsed(arguments);
        let refused = api(&session, "clerk_api_write", operation, &arguments).failure();
        assert_eq!(refused["code"], "denied", "{operation}: {refused}");
        assert!(refused["message"].as_str().is_some_and(|said| said.contains("--secrets-dir")), "{refused}");
        let preview = json!({ "operation": operation, "arguments": arguments, "dry_run": true });
        assert_eq!(session.call("clerk_api_write", preview).failure()["code"], "denied");
        let described = session.call("clerk_api_describe", json!({ "operation": operation })).output();
        assert!(described["off"].as_str().is_some_and(|off| off.contains("--secrets-dir")), "{described}");
        let marked = |place: &&str| described["answers_with"].to_string().contains(&format!("\"{place} (secret)\""));
        assert!(places.iter().filter(|place| !place.contains('.')).all(marked), "{described}");
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn what_gives_nothing_but_a_secret_gives_it_to_files() {
    let clients: [fn(Program) -> Box<dyn Client>; 2] =
        [|program| Box::new(program.stdio()), |program| Box::new(program.http())];
    for client in clients {
        let (upstream, directory, elsewhere, collector) =
            (upstream(), Directory::new(), Directory::new(), Collector::start());
        let program = full(upstream.program())
            .variable("CLERK_MCP_OTLP_ENDPOINT", &collector.url)
            .variable("CLERK_MCP_AUDIT", &elsewhere.file().to_string_lossy());
        let client = client(program.arguments(&["--secrets-dir", &directory.text()]));
        for (operation, arguments, places) in ONLY {
            let arguments = parsed(arguments);
            let count = directory.contents().len();
            let preview = json!({ "operation": operation, "arguments": arguments, "dry_run": true });
            client.call("clerk_api_write", preview).output();
            assert_eq!(directory.contents().len(), count, "a preview writes nothing");
            let output = api(&*client, "clerk_api_write", operation, &arguments).output();
            let files = output["secret_files"].as_object().unwrap_or_else(|| panic!("{operation}: {output}"));
            assert_eq!(files.len(), places.len(), "{output}");
            for place in places {
                let path = files[*place].as_str().unwrap_or_else(|| panic!("{operation} {place}: {output}"));
                let name = place.rsplit('.').next().unwrap_or_default();
                assert_eq!(fs::read_to_string(path).ok(), Some(secret(name)));
                assert_eq!(fs::metadata(path).expect("it is there").mode() & 0o7777, 0o600);
                assert!(path.contains(operation), "{path}");
                assert_eq!(output.pointer(&format!("/{}", place.replace('.', "/"))), Some(&json!(NOT_SHOWN)));
            }
        }
        // The harness looks through the answers and the log.
        drop(client);
        let log = fs::read_to_string(elsewhere.file()).expect("there is a log");
        assert!(ONLY.iter().all(|(operation, ..)| log.contains(operation)), "{log}");
        canary::assert_absent(&log);
        canary::assert_absent(&format!("{:?}", collector.spans()));
    }
}

#[test]
fn one_yes_reveals_a_secret_once() {
    let (upstream, directory, is_down) = (upstream(), Directory::new(), Arc::new(AtomicBool::new(false)));
    let (url, down) = (upstream.url(), Arc::clone(&is_down));
    let proxy = Upstream::new(move |seen| {
        if down.load(Ordering::Relaxed) {
            Reply::refusal(404, "resource_not_found", "no")
        } else {
            Reply::of_api(&url, seen)
        }
    });
    let server = proxy.program().arguments(&["--mode", "full", "--secrets-dir", &directory.text()]).http();
    let mut written = 0;
    for (operation, arguments, places) in ONLY {
        let mut call = json!({ "operation": operation, "arguments": parsed(arguments) });
        let asked = server.call("clerk_api_write", call.clone()).output();
        let other = server.call("clerk_api_write", call.clone()).output();
        call["confirmation_token"] = asked["confirmation_token"].clone();
        if operation == "getApiKeySecret" {
            is_down.store(true, Ordering::Relaxed);
            assert_eq!(server.call("clerk_api_write", call.clone()).failure()["status"], 404, "nothing is revealed");
            is_down.store(false, Ordering::Relaxed);
        }
        server.call("clerk_api_write", call.clone()).output();
        written += places.len();
        for spent in [asked, other] {
            call["confirmation_token"] = spent["confirmation_token"].clone();
            let refused = server.call("clerk_api_write", call.clone()).failure();
            assert_eq!(refused["code"], "invalid_confirmation_token", "{operation}: {refused}");
        }
        assert_eq!(directory.contents().len(), written, "{operation}");
    }
}

#[test]
fn a_secret_that_is_given_is_sent_and_shows_nowhere_else() {
    let collector = Collector::start();
    let upstream = Upstream::new(|seen| {
        let echo = format!("{} is wrong", seen.body);
        if seen.is_read() {
            Reply::whatever_is_looked_at(&seen.line)
        } else {
            Reply::refusal(422, "incorrect_password", &echo)
        }
    });
    let directory = Directory::new();
    let server = full(upstream.program())
        .variable("CLERK_MCP_OTLP_ENDPOINT", &collector.url)
        .variable("CLERK_MCP_AUDIT", &directory.file().to_string_lossy())
        .http();
    let password = format!("{CANARY} pass");
    for (operation, arguments) in [
        ("VerifyPassword", json!({ "user_id": "user_1", "password": password })),
        ("UpdateUser", json!({ "user_id": "user_1", "password": password, "backup_codes": [password] })),
    ] {
        let given = |dry_run| json!({ "operation": operation, "arguments": arguments, "dry_run": dry_run });
        let preview = server.call("clerk_api_write", given(true)).output();
        assert!(preview.to_string().contains(NOT_SHOWN), "{preview}");
        let writes = upstream.writes().len();
        let refused = server.call("clerk_api_write", given(false)).failure();
        assert!(refused["message"].as_str().is_some_and(|said| said.contains(NOT_SHOWN)), "{refused}");
        assert_eq!(upstream.writes().len(), writes + 1);
        assert!(upstream.seen().last().is_some_and(|seen| seen.body.contains(&password)), "{operation}");
    }
    // One that could be a word, or a part of one.
    for word in ["hunterhunter", "a1b2"] {
        let arguments = json!({ "user_id": "user_1", "password": word });
        let refused = api(&server, "clerk_api_write", "UpdateUser", &arguments).failure();
        assert!(refused.to_string().contains(NOT_SHOWN) && !refused.to_string().contains(word), "{refused}");
    }
    // What is wrong with them does not repeat them.
    for arguments in [json!({ "user_id": 7, "password": { CANARY: [password] } }), json!(format!("{{{password}"))] {
        assert!(!api(&server, "clerk_api_write", "VerifyPassword", &arguments).problems().is_empty());
    }
    server.terminate();
    for text in [fs::read_to_string(directory.file()).expect("there is a log"), format!("{:?}", collector.spans())] {
        assert!(text.contains("clerk_api_write") && !text.contains("hunterhunter"), "{text}");
        canary::assert_absent(&text);
    }
}

#[test]
fn a_key_that_is_made_is_the_one_that_can_be_revealed_and_verified() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = full(clerk.program()).arguments(&["--secrets-dir", &directory.text()]).http();
    let ada = clerk.user("ada@acme.example");
    let kept = |operation: &str, arguments: Value| {
        let output = api(&server, "clerk_api_write", operation, &arguments).output();
        let path = output["secret_files"]["secret"].as_str().unwrap_or_else(|| panic!("{operation}: {output}"));
        (output["id"].clone(), fs::read_to_string(path).expect("it is there"))
    };
    let (id, made) = kept("createApiKey", json!({ "name": "ci", "subject": ada }));
    let (_, revealed) = kept("GET /api_keys/{apiKeyID}/secret", json!({ "apiKeyID": id }));
    assert_eq!(made, revealed);
    let verified = api(&server, "clerk_api_write", "verifyApiKey", &json!({ "secret": made })).output();
    assert_eq!((&verified["id"], &verified["name"]), (&id, &json!("ci")), "{verified}");
    let listed = api(&server, "clerk_api_read", "getApiKeys", &json!({ "subject": ada })).output();
    assert_eq!(listed["data"][0]["id"], id, "{listed}");
    api(&server, "clerk_api_delete", "revokeApiKey", &json!({ "apiKeyID": id })).output();
    api(&server, "clerk_api_write", "verifyApiKey", &json!({ "secret": made })).failure();
    let finished = server.terminate();
    assert!(!finished.stdout.contains(&made) && !finished.stderr.contains(&made));
}
