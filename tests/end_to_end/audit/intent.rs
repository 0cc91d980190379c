//! Writes that reach Clerk have a line before they leave, and what is recorded is as clean as what is answered.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Directory, all_lines, audited, lines, program, verify};
use crate::harness::canary::{CANARY, KEY};
use crate::harness::patience::wait_until;
use crate::harness::terminal::Terminal;
use crate::harness::{Clerk, Client as _, Program, Reply, Upstream};

#[test]
fn a_write_has_a_line_before_it_leaves_even_if_the_program_is_killed() {
    let directory = Directory::new();
    let (told, arrived) = mpsc::channel();
    let file = directory.file();
    let upstream = Upstream::new(move |seen| {
        if seen.is_read() {
            return Reply::json(200, &json!({ "id": "user_1" }));
        }
        // The line is on the disk when the request is here.
        let _ = told.send(fs::read_to_string(&file).unwrap_or_default());
        Reply::nothing().then_pause(Duration::from_mins(1))
    });
    let session = audited(upstream.program(), &directory.file()).stdio();
    let call = json!({ "name": "clerk_update_user", "arguments": { "user_id": "user_1", "last_name": "Byron" } });
    session.write(&json!({ "jsonrpc": "2.0", "id": 99, "method": "tools/call", "params": call }).to_string());
    let log = arrived.recv_timeout(Duration::from_secs(20)).expect("the write arrives");
    // Dropping a session kills it.
    drop(session);
    assert_eq!(fs::read_to_string(directory.file()).expect("there is a log"), log);
    let [line] = &all_lines(&directory.file())[..] else { panic!("one line: {log}") };
    assert_eq!((&line["outcome"], &line["decision"]), (&json!("begun"), &json!("not known yet")));
    assert_eq!((&line["tool"], &line["ids"]), (&json!("clerk_update_user"), &json!(["user_1"])));
    let (status, said) = verify(&directory.file(), &[]);
    assert!(status == 0 && said.contains("1 call was begun and has no end: it may have happened"), "{said}");
    let file = directory.file();
    let show = || Program::new(&["audit", "show", &file.to_string_lossy()]);
    assert_eq!(show().run().stdout, log);
    let Some(terminal) = Terminal::of(show(), 200) else { return };
    let (_, shown) = terminal.ends();
    assert!(shown.contains("begun") && shown.contains("it may have happened"), "{shown}");
}

#[test]
fn only_calls_that_write_have_two_lines() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let (ada, sandbox) = (clerk.user("ada@acme.example"), clerk.organization("sandbox"));
    let server = program(&clerk, &directory).http();
    let begun = || all_lines(&directory.file()).len() - lines(&directory.file()).len();
    server.call("clerk_update_user", json!({ "user_id": ada, "last_name": "Byron", "dry_run": true })).output();
    server.call("clerk_delete_organization", json!({ "organization_id": sandbox })).output();
    server.call("clerk_update_user", json!({ "user_id": "user_nobody", "last_name": "Byron" })).failure();
    assert_eq!(begun(), 0);
    server.call("clerk_update_user", json!({ "user_id": ada, "last_name": "Byron" })).output();
    assert_eq!(begun(), 1);
    // However many requests it takes.
    server.call("clerk_revoke_all_user_sessions", json!({ "user_id": ada })).output();
    assert_eq!(begun(), 2);
    let all = all_lines(&directory.file());
    let pair = all.iter().rev().take(2).map(|line| &line["call"]).collect::<Vec<_>>();
    assert!(pair[0] == pair[1] && pair[0].as_str().is_some_and(|call| call.len() == 16), "{pair:?}");
}

#[test]
fn a_write_whose_line_cannot_be_written_does_not_leave() {
    let directory = Directory::new();
    let (file, aside) = (directory.file(), directory.0.join("aside"));
    let is_moved = Arc::new(AtomicBool::new(false));
    let moved = Arc::clone(&is_moved);
    let upstream = Upstream::new(move |seen| {
        // Between the look and the write, the file becomes a directory.
        if seen.is_read() && !moved.swap(true, Ordering::Relaxed) {
            fs::rename(&file, &aside).expect("it is there");
            fs::create_dir(&file).expect("there is nothing");
        }
        Reply::json(200, &json!({ "id": "user_1" }))
    });
    let server = audited(upstream.program(), &directory.file()).http();
    let answer = server.call("clerk_update_user", json!({ "user_id": "user_1", "last_name": "Byron" })).failure();
    assert_eq!(answer["code"], "audit_unavailable");
    assert!(answer["message"].as_str().is_some_and(|message| message.contains("nothing was changed")), "{answer}");
    assert_eq!(upstream.writes(), [""; 0]);
    fs::remove_dir(directory.file()).expect("it is empty");
    drop(server);
}

#[test]
fn what_is_recorded_is_as_clean_as_what_is_answered() {
    let directory = Directory::new();
    let hostile = format!("\u{9b}a\u{202e}b\u{7f} sk_\u{7}live_{CANARY} whsec_{CANARY} ?ticket%3d{CANARY}");
    let clean = "ab sk_live_(not shown) whsec_(not shown) ?ticket%3d(not shown)";
    let user = json!({ "id": "user_1", "last_name": hostile, "public_metadata": { "stripe": hostile } });
    let echo = format!("x-clerk-trace-id: {KEY}");
    let upstream = Upstream::always(Reply::new(200, &[&echo], &user.to_string()));
    let server = audited(upstream.program(), &directory.file()).http();
    let arguments = json!({ "user_id": "user_1", "public_metadata": { "stripe": "x", "new": "whsec_CANARY7f3a" } });
    server.call("clerk_update_user_metadata", arguments).output();
    let arguments = json!({ "user_id": "user_1", "last_name": "Byron" });
    server.call("clerk_update_user", arguments).output();
    let text = fs::read_to_string(directory.file()).expect("there is a log");
    assert!(!text.contains(CANARY), "{text}");
    assert!(text.chars().all(|letter| letter == '\n' || (' '..='~').contains(&letter)), "{text:?}");
    let lines = lines(&directory.file());
    assert_eq!(lines[0]["before"]["/public_metadata/stripe"], clean);
    assert_eq!(lines[1]["before"]["/last_name"], clean);
    assert_eq!(lines.iter().map(|line| &line["trace_ids"]).collect::<Vec<_>>(), [&json!([]), &json!([])]);
}

#[test]
fn every_changed_name_is_recorded() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let ada = clerk.user("ada@acme.example");
    let server = program(&clerk, &directory).http();
    let many: Value = (0..300).map(|number| (format!("k{number:03}"), json!(number))).collect();
    server.call("clerk_update_user_metadata", json!({ "user_id": ada, "public_metadata": many })).output();
    let after = lines(&directory.file()).remove(0)["after"].clone();
    assert!((0..300).all(|number| after[format!("/public_metadata/k{number:03}")] == number), "{after}");
}

#[test]
fn a_file_that_may_not_grow_ends_no_program() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).http();
    server.call("clerk_create_organization", json!({ "name": "Before" })).output();
    let length = fs::metadata(directory.file()).expect("it is there").len();
    server.limit_files(usize::try_from(length).unwrap_or_default() + 100);
    let failure = server.call("clerk_create_organization", json!({ "name": "After" })).failure();
    assert_eq!(failure["code"], "audit_unavailable");
    server.call("clerk_list_users", json!({})).output();
    wait_until("it still answers", || server.request("tools/list", json!({})).result().is_object());
}
