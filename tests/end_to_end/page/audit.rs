//! The audit log on the page: what a filter finds, and whether the log is as it was written.

use std::fs;

use serde_json::json;

use super::{rows, shown};
use crate::harness::{Clerk, Client as _, Directory, HttpServer};

fn server(clerk: &Clerk, directory: &Directory) -> HttpServer {
    let server = clerk.program().variable("CLERK_MCP_AUDIT", &directory.file().to_string_lossy()).http();
    server.call("clerk_create_organization", json!({ "name": "First" })).output();
    server.call("clerk_create_organization", json!({ "name": "no <b>markup</b>" })).failure();
    server.call("clerk_delete_user", json!({ "user_id": clerk.user("tim@acme.example") })).output();
    server
}

/// The tools and outcomes of the rows that a filter leaves.
fn found(server: &HttpServer, query: &str) -> Vec<(String, String)> {
    rows(&shown(server, &format!("/page/audit?{query}")))
        .into_iter()
        .map(|row| (row[3].clone(), row[5].clone()))
        .collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(tool, outcome)| (tool.to_owned(), outcome.to_owned())).into()
}

#[test]
fn calls_are_shown_once_the_last_one_first() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = server(&clerk, &directory);
    let (create, delete) = ("clerk_create_organization", "clerk_delete_user");
    let all = pairs([(delete, "nothing yet"), (create, "error"), (create, "ok")]);
    assert_eq!(found(&server, ""), all);
    assert_eq!(found(&server, "text=&outcome="), all);
    assert_eq!(found(&server, "text=DELETE_"), all[..1]);
    assert_eq!(found(&server, "text=asked+for+a"), all[..1]);
    assert_eq!(found(&server, "outcome=ok"), all[2..]);
    assert_eq!(found(&server, "outcome=error&text=create"), all[1..2]);
    assert_eq!(found(&server, "outcome=begun"), []);
    assert_eq!(found(&server, "text=%3Cscript%3E"), []);
    let page = shown(&server, "/page/audit?text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&outcome=%3Cb%3E");
    assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;") && !page.contains("<script>") && !page.contains("<b>"));
}

#[test]
fn a_log_that_was_changed_is_told() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = server(&clerk, &directory);
    let page = shown(&server, "/page/audit");
    assert!(page.contains("class=\"good\">As it was written: 5 lines from "), "{page}");
    let lines = fs::read_to_string(directory.file()).expect("there is a log");
    let lines: Vec<&str> = lines.lines().collect();
    let changed = lines[1].replace("\"allowed\"", "\"allow<i>\"");
    let tampered = [lines[0], &changed, lines[2], lines[3], lines[4], "<i>no line</i>"].join("\n") + "\n";
    fs::write(directory.file(), tampered).expect("it can be written");
    let page = shown(&server, "/page/audit");
    assert!(page.contains("class=\"fault\">Not as it was written: line 2 was changed after it was written"), "{page}");
    assert!(page.contains("line 6") && page.contains("cannot be read") && !page.contains("<i>"), "{page}");
    fs::write(directory.file(), [lines[0], lines[2]].join("\n") + "\n").expect("it can be written");
    let page = shown(&server, "/page/audit");
    assert!(page.contains("Not as it was written: line 2 has the number 3 where 2 is due"), "{page}");
}

#[test]
fn without_a_log_there_is_none() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    assert!(!shown(&server, "/").contains("/page/audit"));
    assert_eq!(server.get("/page/audit").status, 404);
}
