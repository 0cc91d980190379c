//! The table of a log.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::super::{BEGUN, copy, print_page, show};
use super::{Directory, Entry, entry, lines, open};

fn shown(path: &Path, last: Option<u64>) -> Vec<String> {
    shown_within(path, last, 400)
}

/// The same, on a terminal of `most` columns.
fn shown_within(path: &Path, last: Option<u64>, most: usize) -> Vec<String> {
    let mut out = Vec::new();
    show(path, &mut out, last, most).expect("the log can be read");
    anstream::adapter::strip_str(&String::from_utf8(out).expect("a table is text"))
        .to_string()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn columns_are_aligned_and_the_last_lines_can_be_had() {
    let directory = Directory::new();
    let path = directory.log_of(&["clerk_ban_user", "clerk_delete_organization"]);
    let table = shown(&path, None);
    assert_eq!(table.len(), 4);
    assert_eq!(table[3], "(INSTANCE: development ab12cd34)", "it is the same in both");
    assert!(table[1].contains("token holder user_1 (inspector 1.0)"), "{}", table[1]);
    for row in &table[1..3] {
        assert_eq!(row.find("user_2"), table[0].find("IDS"));
        assert_eq!(row.find("allowed"), table[0].find("DECISION"));
    }
    assert_eq!(shown(&path, Some(1))[1], table[2]);
    assert_eq!(shown(&path, Some(1)).len(), 3);
}

#[test]
fn on_a_narrow_terminal_nothing_is_cut_that_could_be_taken_for_something_else() {
    let directory = Directory::new();
    let path = directory.file();
    let confirmed = |name: Option<&str>| {
        let mut entry = Entry { decision: "confirmed by a person".into(), ..entry("clerk_ban_user") };
        entry.instance.name = name.map(str::to_owned);
        entry
    };
    open(&path).append(&confirmed(None)).expect("there is space");
    let table = shown_within(&path, None, 80);
    assert!(table[1].contains("confirmed by a person"), "{table:?}");
    assert!(
        shown_within(&path, None, 60)[0].split("  ").all(|heading| heading.trim() != "DECISION"),
        "whole, or not there"
    );
    open(&path).append(&confirmed(Some("live"))).expect("there is space");
    for most in [60, 80, 120] {
        let table = shown_within(&path, None, most).join("\n");
        assert!(table.contains("live development ab12cd34"), "of several it is told which one it was: {table}");
    }
}

#[test]
fn names_of_strangers_cannot_steer_the_terminal() {
    let directory = Directory::new();
    let path = directory.file();
    let mut stranger = entry("clerk_ban_user");
    stranger.principal.client = Some("\u{1b}[2Jevil\n\u{202e}client\u{200b}".into());
    open(&path).append(&stranger).expect("there is space");
    assert!(shown(&path, None)[1].contains("([2Jevil client)"));
}

#[test]
fn a_call_has_one_row_and_one_without_an_end_is_told() {
    let directory = Directory::new();
    let path = directory.file();
    let (audit, ended) = (open(&path), AtomicBool::new(false));
    let begun = |tool: &str| Entry { outcome: BEGUN.into(), ..entry(tool) };
    audit.begin(&begun("one"), &ended).expect("there is space");
    audit.begin(&begun("two"), &ended).expect("there is space");
    audit.append(&entry("one")).expect("there is space");
    let table = shown(&path, None);
    assert_eq!(table.len(), 5, "{table:?}");
    assert!(table[1].contains("two") && table[1].contains("begun"), "{table:?}");
    assert!(table[2].contains("one") && table[2].contains("ok"), "{table:?}");
    assert_eq!(table[4], "(1 call was begun and has no end: it may have happened)");
    assert_eq!(shown(&path, Some(1))[1], table[2]);
}

#[test]
fn lines_that_are_not_of_the_log_are_only_counted() {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "two", "three"]);
    let mut lines = lines(&path);
    lines[1] = lines[1].replace("two", "2");
    lines.insert(1, "\u{1b}[31mhello".into());
    lines.push("{\"sequence\":4".into());
    fs::write(&path, lines.join("\n")).expect("it can be written");
    let table = shown(&path, None);
    assert_eq!(table[2], "(line 2 cannot be read)");
    assert_eq!(table[3], "(line 3 was changed after it was written)");
    assert_eq!(table[5], "(line 5 cannot be read)");
    assert_eq!(shown(&path, Some(1))[1], table[5]);
    let mut out = Vec::new();
    copy(&path, &mut out, Some(2)).expect("the log can be read");
    let copied = String::from_utf8(out).expect("a log is text");
    assert_eq!(copied, format!("{}\n{{\"line\":5,\"problem\":\"cannot be read\"}}\n", lines[3]));
}

/// The document of a log.
fn page(path: &std::path::Path, last: Option<u64>) -> String {
    let mut out = Vec::new();
    print_page(path, &mut out, last).expect("the log can be read");
    String::from_utf8(out).expect("a document is text")
}

/// The JSON that a document has of its log.
fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once(r#"id="log">"#).expect("it has the log");
    let (json, _) = rest.split_once("</script>").expect("the log ends");
    serde_json::from_str(json).expect("it is JSON")
}

#[test]
fn a_document_has_the_calls_and_what_verification_found() {
    let directory = Directory::new();
    let path = directory.log_of(&["clerk_ban_user", "clerk_delete_organization", "clerk_lock_user"]);
    let whole = data(&page(&path, None));
    assert_eq!((whole["rows"].as_array().map(Vec::len), &whole["head"]["skipped"]), (Some(3), &0.into()));
    assert_eq!(whole["rows"][1]["tool"], "clerk_delete_organization");
    assert_eq!(whole["head"]["verification"]["lines"], 3);
    assert_eq!(whole["head"]["verification"]["head"], whole["rows"][2]["hash"]);
    let last = data(&page(&path, Some(1)));
    assert_eq!((last["rows"].as_array().map(Vec::len), &last["head"]["skipped"]), (Some(1), &2.into()));
    let edited = fs::read_to_string(&path).expect("there is a log").replace("clerk_delete", "clerk_create");
    fs::write(&path, edited).expect("it can be written");
    let edited = data(&page(&path, None));
    assert!(edited["head"]["verification"]["fault"].as_str().is_some_and(|fault| fault.starts_with("line 2 ")));
    assert_eq!(edited["rows"][1], serde_json::json!({ "line": 2, "flaw": true }));
}

#[test]
fn names_of_strangers_cannot_end_a_script() {
    let directory = Directory::new();
    let path = directory.file();
    let mut stranger = entry("clerk_ban_user");
    stranger.principal.client = Some("</script><script>alert(1)</script><!--".into());
    open(&path).append(&stranger).expect("there is space");
    let page = page(&path, None);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(
        !page.contains("<!--") && !page.contains("%LOG%") && !page.contains("%SCRIPT%") && !page.contains("%STYLE%")
    );
    assert_eq!(data(&page)["rows"][0]["principal"]["client"], "</script><script>alert(1)</script><!--");
}
