//! Budgets, records, the log and the health of instances, each by itself.

use std::fs;

use serde_json::{Value, json};

use super::{PRODUCTION, STAGING, Two, file, of};
use crate::harness::{Client, Directory};

fn create(client: &dyn Client, instance: &str, number: u32) -> crate::harness::Answer {
    client.call("clerk_create_organization", json!({ "name": format!("Number {number}"), "instance": instance }))
}

#[test]
fn what_one_instance_has_used_up_the_other_has_still() {
    let two = Two::new();
    let server = two.program("max_writes = 2", "max_writes = 3").http();
    let made = |instance: &str| {
        (0..5).filter(|number| create(&server, instance, *number).0["result"]["isError"] == false).count()
    };
    assert_eq!((made(STAGING), made(PRODUCTION)), (2, 3));
    let left = |instance: &str| {
        server.call("clerk_whoami", json!({ "instance": instance })).output()["budget"]["writes"].clone()
    };
    assert_eq!((&left(STAGING)["of"], &left(PRODUCTION)["of"]), (&json!(2), &json!(3)));
}

/// Clerk counts by instance, whichever profile spends.
#[test]
fn two_profiles_of_one_instance_share_what_it_lets_in() {
    let two = Two::new();
    let profile = |name: &str, most: u32| {
        format!(
            "[profiles.{name}]\nkey_env = \"KEY_OF_STAGING\"\napi_url = \"{}\"\nmax_writes = {most}\n",
            two.staging.url
        )
    };
    let server = of(&file(&two.directory, &(profile("one", 2) + &profile("other", 3)))).http();
    for number in 0..2 {
        create(&server, "one", number).output();
    }
    create(&server, "other", 2).output();
    assert_eq!(create(&server, "other", 3).failure()["code"], "budget_exhausted");
}

fn lines(file: &std::path::Path) -> Vec<Value> {
    let text = fs::read_to_string(file).expect("there is an audit log");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn each_record_names_its_instance() {
    let two = Two::new();
    let log = two.directory.0.join("audit.jsonl");
    let server = two.usual().arguments(&["--audit", &log.to_string_lossy()]).http();
    for instance in [STAGING, PRODUCTION] {
        create(&server, instance, 1).output();
    }
    // What reached no instance is of none.
    server.call("clerk_create_organization", json!({ "name": "A" })).failure();
    let recorded: Vec<(Value, Value, Value)> = lines(&log)
        .iter()
        .map(|line| (line["instance"]["name"].clone(), line["instance"]["kind"].clone(), line["outcome"].clone()))
        .collect();
    let entry = |name: &str, kind: &str, outcome: &str| (json!(name), json!(kind), json!(outcome));
    let expected = [
        entry(STAGING, "development", "begun"),
        entry(STAGING, "development", "ok"),
        entry(PRODUCTION, "production", "begun"),
        entry(PRODUCTION, "production", "ok"),
    ];
    assert_eq!(recorded, expected);
    let show = crate::harness::Program::new(&["audit", "show", &log.to_string_lossy()]);
    let Some(terminal) = crate::harness::terminal::Terminal::of(show, 200) else { return };
    let (_, shown) = terminal.ends();
    assert!(shown.contains("staging development ") && shown.contains("production production "), "{shown}");
}

#[test]
fn each_line_of_the_log_names_its_instance() {
    let two = Two::new();
    let server = two.usual().logging_json().http();
    server.call("clerk_list_users", json!({})).output();
    server.call("clerk_list_users", json!({ "instance": PRODUCTION })).output();
    server.call("clerk_create_organization", json!({ "name": "A" })).failure();
    let said = server.terminate().stderr;
    let calls = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["message"] == "call");
    let calls: Vec<Value> = calls.map(|line| json!([line["profile"], line["instance"], line["status"]])).collect();
    let expected = json!([
        ["staging", "development", "ok"],
        ["production", "production", "ok"],
        [null, "unknown", "invalid_arguments"],
    ]);
    assert_eq!(Value::from(calls), expected);
}

#[test]
fn a_change_in_another_instance_is_not_announced_as_one_of_the_default() {
    let two = Two::new();
    let session = two.usual().stdio();
    let initialize =
        json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    session.request("initialize", initialize).result();
    let user = two.staging.user("ada@acme.example");
    session.request("resources/subscribe", json!({ "uri": format!("clerk://users/{user}") })).result();
    let update = |instance: &str, number: u32| {
        let arguments = json!({ "user_id": user, "first_name": format!("A{number}"), "instance": instance });
        let id = 1000 + number;
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "clerk_update_user", "arguments": arguments } });
        session.write(&request.to_string());
        id
    };
    // A notification of the first would come before the answer to the last.
    let mut seen = Vec::new();
    for (number, instance) in [(1, PRODUCTION), (2, PRODUCTION), (3, STAGING)] {
        let id = update(instance, number);
        loop {
            let message = session.read();
            if message["id"] == id {
                assert_eq!(message["result"]["isError"], false, "{message}");
                break;
            }
            seen.push((number, message["method"].clone()));
        }
    }
    if seen.is_empty() {
        seen.push((3, session.read()["method"].clone()));
    }
    assert_eq!(seen, [(3, json!("notifications/resources/updated"))]);
}

#[test]
fn a_server_is_well_if_it_reaches_all_of_them() {
    let two = Two::new();
    let server = two.usual().http();
    assert_eq!(server.get("/health").json()["clerkConnected"], true);
    let text = fs::read_to_string(two.file("", "")).expect("it was written");
    let unreachable = text.replace(&two.production.url, "http://127.0.0.1:9/v1");
    let server = of(&file(&two.directory, &unreachable)).http();
    assert_eq!(server.get("/health").json()["clerkConnected"], false);
}

#[test]
fn a_request_brings_no_key_of_its_own() {
    let two = Two::new();
    let server = two.usual().http();
    let answer = server.post(&[("x-clerk-secret-key", crate::harness::canary::KEY_OF_A_CALLER)], "{}");
    assert_eq!(answer.status, 400, "{answer:?}");
    two.assert_nothing_sent();
}

#[test]
fn a_file_of_a_secret_is_named_by_its_instance() {
    let (two, secrets) = (Two::new(), Directory::new());
    let server = two.usual().arguments(&["--secrets-dir", &secrets.text(), "--confirm", "off"]).http();
    let invite = json!({ "email_address": "new@acme.example", "instance": PRODUCTION });
    let invited = server.call("clerk_create_app_invitation", invite).output();
    let file = invited["secret_files"]["url"].as_str().unwrap_or_else(|| panic!("{invited}"));
    assert!(file.contains("-production.clerk_create_app_invitation-url-"), "{file}");
}
