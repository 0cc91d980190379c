//! Secrets that cannot be kept: what was made is told and is made once only.

use std::fs;

use serde_json::{Value, json};

use super::NOT_SHOWN;
use super::operations::{full, upstream};
use crate::harness::canary::CANARY;
use crate::harness::{Client, Directory, HttpServer, Reply, Upstream};

fn key() -> Value {
    json!({ "operation": "createApiKey", "arguments": { "name": "ci", "subject": "user_1" } })
}

#[test]
fn a_key_that_cannot_be_kept_is_told_and_not_made_again() {
    let gone: fn(&HttpServer, &Directory) = |_, directory| fs::remove_dir(&directory.0).expect("it is empty");
    let filled: fn(&HttpServer, &Directory) = |server, _| server.limit_files(10);
    for (break_it, why) in [(gone, "No such file"), (filled, "cannot be written")] {
        let (upstream, directory) = (upstream(), Directory::new());
        let server = upstream.program().traced().arguments(&["--mode", "full", "--secrets-dir", &directory.text()]);
        let server = server.http();
        let mut agreed = key();
        agreed["confirmation_token"] = server.call("clerk_api_write", key()).output()["confirmation_token"].clone();
        assert!(agreed["confirmation_token"].is_string() && upstream.writes().is_empty());
        break_it(&server, &directory);
        let output = server.call("clerk_api_write", agreed.clone()).output();
        assert!(output["secrets_lost"]["secret"].as_str().is_some_and(|said| said.contains(why)), "{output}");
        assert!(output["secrets_note"].as_str().is_some_and(|note| note.contains("The call was made")), "{output}");
        assert_eq!((&output["id"], &output["secret"]), (&json!("thing_1"), &json!(NOT_SHOWN)));
        assert_eq!(output.get("secret_files"), None);
        server.call("clerk_api_write", agreed).failure();
        assert_eq!(upstream.writes(), ["POST /v1/api_keys"]);
        assert!(!directory.0.exists() || directory.contents().is_empty(), "no part of it stays");
        // The harness looks through the log for the secret.
        let finished = server.terminate();
        assert!(finished.stderr.contains("a secret of createApiKey is lost"), "{}", finished.stderr);
    }
}

#[test]
fn more_secrets_than_one_call_writes_are_told() {
    let token = |number| json!({ "token": format!("{CANARY}-{number}"), "id_token": format!("{CANARY}-id-{number}") });
    let upstream = Upstream::new(move |seen| {
        if seen.line.contains("oauth_access_tokens") {
            Reply::json(200, &(0..60).map(token).collect())
        } else {
            Reply::whatever_is_looked_at(&seen.line)
        }
    });
    let directory = Directory::new();
    let server = full(upstream.program()).arguments(&["--secrets-dir", &directory.text()]).http();
    let arguments = json!({ "user_id": "user_1", "provider": "oauth_google", "limit": 100 });
    let call = json!({ "operation": "GetOAuthAccessToken", "arguments": arguments });
    let output = server.call("clerk_api_write", call).output();
    let count = |name: &str| output[name].as_object().map(serde_json::Map::len);
    assert_eq!((count("secret_files"), count("secrets_lost")), (Some(100), Some(20)), "{output}");
    assert_eq!(directory.contents().len(), 100);
    assert!(output["secrets_lost"].to_string().contains("ask for fewer"), "{output}");
}

#[test]
fn a_secret_in_an_answer_that_cannot_be_read_shows_nowhere() {
    let replies = [
        Reply::new(200, &[], &format!("{{\"id\":\"ak_1\",\"secret\":\"{CANARY}")),
        Reply::new(200, &[], &format!("{CANARY}-secret")),
        Reply::json(200, &json!([{ "id": "ak_1", "secret": CANARY }])),
        Reply::json(200, &json!({ "object": "user", "id": "user_1", "secret": CANARY })),
        Reply::json(200, &json!({ "id": "ak_1", "secret": { CANARY: [CANARY] }, "data": { "secret": CANARY } })),
        Reply::json(500, &json!({ "secret": CANARY })),
    ];
    for reply in replies {
        let (upstream, directory) = (Upstream::for_writes(reply), Directory::new());
        let server = full(upstream.program()).arguments(&["--secrets-dir", &directory.text()]).http();
        let answer = server.call("clerk_api_write", key());
        assert_eq!(upstream.writes().len(), 1, "{answer:?}");
        let is_kept = answer.result()["structuredContent"]["secret_files"].is_object();
        assert_eq!(directory.contents().len(), usize::from(is_kept), "{answer:?}");
        assert_eq!(answer.result()["isError"], !is_kept, "{answer:?}");
    }
}
