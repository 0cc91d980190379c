//! What a line says.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Directory, lines, program, verify};
use crate::harness::answer::is_date;
use crate::harness::collector::hexadecimal;
use crate::harness::examples::example;
use crate::harness::{Clerk, Client as _};

#[test]
fn a_write_is_recorded_with_who_when_what_and_how_it_went() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let ada = clerk.user("ada@acme.example");
    let session = program(&clerk, &directory).stdio();
    session.call("clerk_update_user", json!({ "user_id": ada, "last_name": "Byron" })).output();
    let [line] = &lines(&directory.file())[..] else { panic!("one line") };
    assert_eq!((&line["sequence"], &line["tool"]), (&json!(2), &json!("clerk_update_user")));
    assert!(is_date(&line["time"]), "{line}");
    assert_eq!(line["principal"], json!({ "kind": "operator", "client": "tests 1" }));
    assert_eq!(line["instance"]["kind"], "development");
    assert_eq!(line["instance"]["fingerprint"].as_str().map(str::len), Some(16));
    assert_eq!((&line["danger"], &line["decision"]), (&json!("reversible"), &json!("allowed")));
    assert_eq!((&line["outcome"], &line["ids"]), (&json!("ok"), &json!([ada])));
    assert_eq!(line["before"], json!({ "/last_name": "Lovelace" }));
    assert_eq!(line["after"], json!({ "/last_name": "Byron" }));
    let digest = line["arguments_digest"].as_str().unwrap_or_default();
    assert_eq!(digest.len(), 64);
    // It cannot be made without the key, so that nobody finds out an argument by trying.
    let sent = format!(r#"{{"user_id":"{ada}","last_name":"Byron"}}"#);
    let sorted = format!(r#"{{"last_name":"Byron","user_id":"{ada}"}}"#);
    for arguments in [sent, sorted] {
        assert_ne!(digest, hexadecimal(&Sha256::digest(arguments)));
    }
    // Clerk's names for looking and for writing.
    assert_eq!(line["trace_ids"].as_array().map(Vec::len), Some(2));
    assert_eq!(verify(&directory.file(), &[]).0, 0);
}

#[test]
fn a_write_by_a_tool_that_is_not_listed_is_recorded() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).http();
    let tool = "clerk_update_member_metadata";
    assert!(!server.tool_names().iter().any(|name| name == tool));
    server.call(tool, example(tool).arguments.clone()).output();
    let [line] = &lines(&directory.file())[..] else { panic!("one line") };
    assert_eq!((&line["tool"], &line["danger"], &line["outcome"]), (&json!(tool), &json!("reversible"), &json!("ok")));
}

#[test]
fn reads_are_not_recorded() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).http();
    server.call("clerk_list_users", json!({})).output();
    server.call("clerk_whoami", json!({})).output();
    assert_eq!(lines(&directory.file()), [Value::Null; 0]);
}

#[test]
fn every_way_a_write_can_end_is_recorded() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let (sandbox, ada) = (clerk.organization("sandbox"), clerk.user("ada@acme.example"));
    let server = program(&clerk, &directory).arguments(&["--exclude-tools", "clerk_ban_user"]).http();
    let organization = json!({ "organization_id": sandbox });
    let with = |name: &str, value: Value| {
        let mut arguments = organization.clone();
        arguments[name] = value;
        arguments
    };
    let asked = server.call("clerk_delete_organization", organization.clone()).output();
    server.call("clerk_delete_organization", with("dry_run", json!(true))).output();
    server.call("clerk_delete_organization", with("confirmation_token", json!("nonsense"))).failure();
    server.call("clerk_delete_organization", with("confirmation_token", asked["confirmation_token"].clone())).output();
    server.call("clerk_delete_organization", organization.clone()).failure();
    server.call("clerk_ban_user", json!({ "user_id": ada })).failure();
    server.call("clerk_lock_user", json!({ "user_id": "nobody" })).failure();
    let recorded = lines(&directory.file());
    assert!(recorded[..5].iter().all(|line| line["ids"] == json!([sandbox])), "{recorded:?}");
    assert_eq!((&recorded[5]["ids"], &recorded[6]["ids"]), (&json!([ada]), &json!(["nobody"])));
    let recorded: Vec<_> = recorded
        .iter()
        .map(|line| {
            format!(
                "{}: {}",
                line["decision"].as_str().unwrap_or_default(),
                line["outcome"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        recorded,
        [
            "asked for a token: nothing yet",
            "dry run: ok",
            "invalid token: refused",
            "confirmed by token: ok",
            "allowed: error",
            "denied: refused",
            "invalid: refused",
        ]
    );
    assert_eq!(verify(&directory.file(), &[]).0, 0);
}

#[test]
fn the_danger_is_that_of_the_call() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let ada = clerk.user("ada@acme.example");
    let with = |name: &str, value: Value| json!({ "user_id": ada, name: value });
    let server = program(&clerk, &directory).http();
    server.call("clerk_update_user", with("last_name", json!("Byron"))).output();
    server.call("clerk_update_user", with("external_id", json!("crm-1"))).output();
    server.call("clerk_update_user_metadata", with("public_metadata", json!({ "role": "admin" }))).output();
    let asking = program(&clerk, &directory).arguments(&["--ask-metadata"]).http();
    asking.call("clerk_update_user_metadata", with("public_metadata", json!({ "role": "owner" }))).output();
    let dangers: Vec<Value> = lines(&directory.file()).iter().map(|line| line["danger"].clone()).collect();
    assert_eq!(dangers, ["reversible", "access", "reversible", "access"]);
}

#[test]
fn what_is_made_and_what_goes_is_named_by_its_id() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).arguments(&["--confirm", "off"]).http();
    let made = server.call("clerk_create_organization", json!({ "name": "Umbrella" })).output()["id"].clone();
    let ada = clerk.user("ada@acme.example");
    // A ban would end the sessions.
    server.call("clerk_offboard_user", json!({ "user_id": ada, "ban": false })).output();
    let lines = lines(&directory.file());
    assert_eq!(lines[0]["ids"], json!([made]));
    let ids = lines[1]["ids"].as_array().expect("a list");
    let of = |prefix: &str| ids.iter().filter(|id| id.as_str().is_some_and(|id| id.starts_with(prefix))).count();
    assert_eq!((of("user_"), of("sess_"), of("org_")), (1, 2, 1), "{ids:?}");
}

#[test]
fn steps_that_fail_show_in_the_outcome() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let (acme, desk) = (clerk.organization("acme"), clerk.user("frontdesk@brightwater.example"));
    let server = program(&clerk, &directory).http();
    let addresses = json!(["new@acme.example", "ada@acme.example"]);
    let invite = json!({ "organization_id": acme, "email_address": addresses, "role": "org:member" });
    server.call("clerk_create_invitations_bulk", invite).output();
    server.call("clerk_revoke_all_user_sessions", json!({ "user_id": desk })).output();
    let lines = lines(&directory.file());
    assert_eq!((&lines[0]["outcome"], &lines[1]["outcome"]), (&json!("in part"), &json!("ok")));
    assert!(
        lines[1]["ids"].as_array().is_some_and(|ids| ids.len() == 13 && ids.contains(&json!(desk))),
        "{}",
        lines[1]
    );
}

#[test]
fn hidden_metadata_is_not_recorded() {
    for (shown, seen) in [("show", true), ("keys", false), ("hide", false)] {
        let (clerk, directory) = (Clerk::sample(), Directory::new());
        let ada = clerk.user("ada@acme.example");
        let server = program(&clerk, &directory).variable("CLERK_PRIVATE_METADATA", shown).http();
        let arguments = json!({ "user_id": ada, "private_metadata": { "salesforce": { "owner": "OWNERCANARY" } } });
        server.call("clerk_update_user_metadata", arguments).output();
        let text = lines(&directory.file())[0].to_string();
        assert_eq!(text.contains("inside-sales"), seen, "{shown}: {text}");
        assert_eq!(text.contains("OWNERCANARY"), seen, "{shown}: {text}");
    }
}

#[test]
fn a_call_that_breaks_off_is_recorded_as_perhaps_made() {
    use crate::harness::{Reply, Upstream};
    let directory = Directory::new();
    let upstream = Upstream::new(|seen| {
        if seen.line.starts_with("GET") {
            Reply::json(200, &json!({ "id": "user_1" }))
        } else {
            Reply::nothing().then_hang_up()
        }
    });
    let server = super::audited(upstream.program(), &directory.file()).http();
    server.call("clerk_update_user", json!({ "user_id": "user_1", "last_name": "Byron" })).failure();
    let [line] = &lines(&directory.file())[..] else { panic!("one line") };
    assert_eq!((&line["outcome"], &line["ids"]), (&json!("error"), &json!(["user_1"])));
    assert!(line["message"].as_str().is_some_and(|message| message.starts_with("connection_error")), "{line}");
}
