//! The disk below the log: killed programs, and files that cannot be written.

use std::fs;
use std::process::Command;

use serde_json::json;

use super::{Directory, audited, lines, program, verify};
use crate::harness::patience::wait_until;
use crate::harness::program::Running;
use crate::harness::{Clerk, Client as _, HttpServer};

#[test]
fn a_program_that_is_killed_has_lost_no_line_of_an_answered_call() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let mut answered = 0;
    for round in 0..20 {
        let session = program(&clerk, &directory).stdio();
        for number in 0..=round % 4 {
            session.call("clerk_create_organization", json!({ "name": format!("Round {round} {number}") })).output();
            answered += 1;
        }
        // One more is under way when the program is killed.
        let call = json!({ "name": "clerk_create_organization", "arguments": { "name": "Perhaps" } });
        session.write(&json!({ "jsonrpc": "2.0", "id": 99, "method": "tools/call", "params": call }).to_string());
        std::thread::sleep(std::time::Duration::from_millis(round % 5));
        // Dropping a session kills it.
        drop(session);
    }
    let (status, said) = verify(&directory.file(), &[]);
    // The last line may have been cut off in the middle; then nobody was answered.
    let text = fs::read_to_string(directory.file()).expect("there is a log");
    let whole = text.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).count();
    assert!(status == 0 || said.contains("cut off"), "{said}");
    assert!(whole >= answered, "{whole} lines of {answered} answered calls");
}

#[test]
fn several_programs_write_one_log() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let servers: Vec<HttpServer> = (0..3).map(|_| program(&clerk, &directory).http()).collect();
    std::thread::scope(|scope| {
        for server in &servers {
            scope.spawn(move || {
                for number in 0..10 {
                    server.call("clerk_create_organization", json!({ "name": format!("Number {number}") })).output();
                }
            });
        }
    });
    assert_eq!(lines(&directory.file()).len(), 30);
    assert_eq!(verify(&directory.file(), &[]).0, 0);
}

/// Writes stop, and nothing of them reaches Clerk; reads go on.
fn assert_only_reads(clerk: &Clerk, server: &HttpServer) {
    clerk.requests();
    let failure = server.call("clerk_create_organization", json!({ "name": "Umbrella" })).failure();
    assert_eq!(failure["code"], "audit_unavailable", "{failure}");
    assert!(failure["message"].as_str().is_some_and(|text| text.contains("nothing was changed")), "{failure}");
    clerk.assert_nothing_sent();
    server.call("clerk_list_users", json!({})).output();
}

#[test]
fn a_full_disk_stops_writes_and_not_reads() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).http();
    // This leaves room for a few lines and the two largest possible ones.
    server.limit_files(144 * 1024);
    let mut made = 0;
    let failure = loop {
        let answer = server.call("clerk_create_organization", json!({ "name": format!("Number {made}") }));
        if answer.result()["isError"] == true {
            break answer.failure();
        }
        made += 1;
        assert!(made < 100, "the disk is never full");
    };
    assert_eq!(failure["code"], "audit_unavailable", "{failure}");
    assert!(made > 0);
    assert_eq!(lines(&directory.file()).len(), made);
    assert_eq!(verify(&directory.file(), &[]).0, 0);
    assert_only_reads(&clerk, &server);
}

/// Whoever follows the file, as log shippers do, takes it for a new one when it gets shorter.
#[test]
fn who_follows_the_log_gets_each_line_once() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    fs::write(directory.file(), "").expect("it can be written");
    let copy = fs::File::create(directory.0.join("copy")).expect("it can be made");
    let follow = Command::new("tail").args(["-c", "+1", "-s", "0.01", "-F"]).arg(directory.file()).stdout(copy).spawn();
    let follower = Running(follow.expect("tail is installed"));
    let server = program(&clerk, &directory).http();
    for number in 0..20 {
        server.call("clerk_create_organization", json!({ "name": format!("Number {number}") })).output();
        server.call("clerk_create_organization", json!({ "name": "Preview", "dry_run": true })).output();
    }
    let log = fs::read_to_string(directory.file()).expect("there is a log");
    wait_until("everything was followed", || {
        fs::read_to_string(directory.0.join("copy")).is_ok_and(|copied| copied == log)
    });
    drop(follower);
}

#[test]
fn a_file_that_can_no_longer_be_written_stops_writes_and_not_reads() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).http();
    server.call("clerk_create_organization", json!({ "name": "Before" })).output();
    fs::rename(directory.file(), directory.0.join("old")).expect("it can be moved");
    fs::create_dir(directory.file()).expect("a directory can be made");
    assert_only_reads(&clerk, &server);
    // Once the cause is gone, writes go on, in a log of its own.
    fs::remove_dir(directory.file()).expect("it is empty");
    server.call("clerk_create_organization", json!({ "name": "After" })).output();
    assert_eq!(lines(&directory.file()).len(), 1);
}

#[test]
fn what_cannot_be_a_log_stops_the_start() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let other = directory.0.join("notes.txt");
    fs::write(&other, "these are my notes\n").expect("it can be written");
    let fifo = directory.0.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().is_ok_and(|status| status.success()));
    let missing = directory.0.join("missing/audit.jsonl");
    for file in [&directory.0, &other, &fifo, &missing] {
        let finished = audited(clerk.program(), file).arguments(&["stdio"]).run();
        let refusal = finished.refusal();
        assert!(refusal.contains("--audit") && refusal.contains(&*file.to_string_lossy()), "{refusal}");
    }
    assert_eq!(fs::read_to_string(&other).expect("it is there"), "these are my notes\n");
}

#[test]
fn a_read_only_file_stops_the_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    fs::write(directory.file(), "").expect("it can be written");
    fs::set_permissions(directory.file(), fs::Permissions::from_mode(0o400)).expect("it is ours");
    fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o755)).expect("it is ours");
    // Whoever may do everything writes it all the same.
    let may_do_everything = fs::OpenOptions::new().append(true).open(directory.file()).is_ok();
    let other = program(&clerk, &directory);
    let other = if may_do_everything { other.by_nobody() } else { other };
    let other = other.arguments(&["stdio"]).run();
    if other.stderr.contains("sh:") || other.stderr.contains("setpriv") {
        // Not `eprintln`, which shows only for tests that fail.
        use std::io::Write as _;
        let reason = other.stderr.trim();
        let _ =
            writeln!(std::io::stderr(), "skipped: a read-only audit file; nobody else can start the program: {reason}");
        return;
    }
    assert!(other.refusal().contains("permission"), "{}", other.stderr);
}
