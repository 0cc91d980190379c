//! What is written, by one process and by several.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Map, Value, json};

use super::super::{BEGUN, line, verify};
use super::{Directory, Entry, Instance, Principal, entry, lines, open, tools, values};

#[test]
fn each_line_has_the_hash_of_the_one_before_it() {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "two", "three"]);
    let lines = values(&path);
    assert_eq!(lines.iter().map(|line| &line["sequence"]).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(lines[0]["previous"], "0".repeat(64));
    assert_eq!(lines[1]["previous"], lines[0]["hash"]);
    assert_eq!(lines[2]["previous"], lines[1]["hash"]);
    let summary = verify(&path, lines[0]["hash"].as_str()).expect("nobody has changed it");
    assert_eq!((summary.lines, summary.head.as_deref()), (3, lines[2]["hash"].as_str()));
}

#[test]
fn the_hash_is_of_all_that_is_before_it() {
    let directory = Directory::new();
    let text = lines(&directory.log_of(&["one"])).remove(0);
    let (covered, rest) = text.split_once(r#","hash":""#).expect("a line has a hash");
    assert_eq!(rest, format!("{}\"}}", line::digest(covered.as_bytes())));
    assert!(text.starts_with(r#"{"sequence":1,"time":"20"#), "{text}");
    assert!(!text.contains("before") && !text.contains("message"), "{text}");
}

#[test]
#[cfg(unix)]
fn only_its_owner_may_read_a_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new();
    let mode = fs::metadata(directory.log_of(&[])).expect("it was created").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_log_goes_on_when_the_program_starts_again() {
    let directory = Directory::new();
    directory.log_of(&["one", "two"]);
    let path = directory.log_of(&["three"]);
    assert_eq!(verify(&path, None).expect("one chain").lines, 3);
}

#[test]
fn programs_that_write_at_once_write_one_chain() {
    let directory = Directory::new();
    let path = directory.file();
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let audit = open(path);
                for call in 0..25 {
                    audit.ready().expect("there is space");
                    audit.append(&entry(&format!("{writer}-{call}"))).expect("there is space");
                }
            });
        }
    });
    assert_eq!(verify(&path, None).expect("one chain").lines, 100);
    let mut tools = tools(&path);
    tools.sort();
    tools.dedup();
    assert_eq!(tools.len(), 100);
}

#[test]
fn a_rotated_file_is_followed_by_a_new_one() {
    let directory = Directory::new();
    let (path, old) = (directory.file(), directory.0.join("audit.jsonl.1"));
    let audit = open(&path);
    audit.append(&entry("one")).expect("there is space");
    fs::rename(&path, &old).expect("it can be renamed");
    audit.append(&entry("two")).expect("there is space");
    audit.append(&entry("three")).expect("there is space");
    assert_eq!(verify(&old, None).expect("whole").lines, 1);
    assert_eq!(verify(&path, None).expect("a chain of its own").lines, 2);
}

/// Whoever follows the file reads it whenever it changes.
#[test]
fn asking_whether_there_is_space_never_shows() {
    let directory = Directory::new();
    let path = directory.log_of(&["one"]);
    let length = fs::metadata(&path).expect("it is there").len();
    let (is_over, is_watched) = (AtomicBool::new(false), Barrier::new(2));
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let look = || fs::metadata(&path).expect("it is there").len();
            let mut lengths = BTreeSet::from([look()]);
            is_watched.wait();
            while !is_over.load(Ordering::Relaxed) {
                lengths.insert(look());
            }
            lengths
        });
        let audit = open(&path);
        is_watched.wait();
        for _ in 0..200 {
            audit.ready().expect("there is space");
        }
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(watch.join().expect("it does not panic"), BTreeSet::from([length]));
    });
}

#[test]
fn a_call_that_is_begun_has_a_line_before_its_end() {
    let directory = Directory::new();
    let path = directory.log_of(&["one"]);
    let (audit, ended) = (open(&path), AtomicBool::new(false));
    let begun = |tool: &str| Entry { outcome: BEGUN.into(), ..entry(tool) };
    audit.begin(&begun("two"), &ended).expect("there is space");
    assert_eq!(verify(&path, None).expect("one chain").pending, 1);
    audit.append(&entry("two")).expect("there is space");
    audit.begin(&begun("three"), &ended).expect("there is space");
    ended.store(true, Ordering::Relaxed);
    audit.begin(&begun("late"), &ended).expect("there is nothing to write");
    assert_eq!(tools(&path), ["one", "two", "two", "three"]);
    let summary = verify(&path, None).expect("one chain");
    assert!(summary.to_string().ends_with("; 1 call was begun and has no end: it may have happened"), "{summary}");
}

#[test]
fn no_text_is_recorded_as_it_came() {
    let directory = Directory::new();
    let path = directory.file();
    let hostile = "a\u{9b}b\u{202e}c\u{7f}d\u{1b}e sk_\u{7}live_X9 whsec_X9 ?ticket%3dX9";
    let clean = "abcde sk_live_(not shown) whsec_(not shown) ?ticket%3d(not shown)";
    let state = json!({ "/public_metadata/stripe": { hostile: [hostile] } });
    let mut written = Entry { before: Some(state.clone()), after: Some(state), ..entry("one") };
    written.map_texts(&|text| if text.starts_with('/') || text == hostile { text.into() } else { hostile.into() });
    open(&path).append(&written).expect("there is space");
    let line = lines(&path).remove(0);
    assert!(!line.contains("X9") && line.chars().all(|letter| (' '..='~').contains(&letter)), "{line}");
    let line = &values(&path)[0];
    assert_eq!(line["after"], json!({ "/public_metadata/stripe": { clean: [clean] } }));
    assert_eq!((&line["message"], &line["trace_ids"], &line["ids"]), (&Value::Null, &json!([clean]), &json!([clean])));
    assert_eq!(line["principal"]["client"], clean);
}

#[test]
fn an_unfinished_line_is_removed_by_the_next_call() {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "lost"]);
    let text = fs::read(&path).expect("it is there");
    for end in [text.len() - 1, text.len() - 80, text.len() - 500] {
        fs::write(&path, &text[..end]).expect("it can be written");
        open(&path).append(&entry("two")).expect("there is space");
        assert_eq!(tools(&path), ["one", "two"]);
        assert_eq!(verify(&path, None).expect("one chain").lines, 2);
    }
}

#[test]
fn what_a_power_failure_leaves_is_removed() {
    let directory = Directory::new();
    let path = directory.log_of(&["one"]);
    let mut file = OpenOptions::new().append(true).open(&path).expect("it is there");
    file.write_all(&vec![0; 64 * 1024]).expect("there is space");
    drop(file);
    open(&path).append(&entry("two")).expect("there is space");
    assert_eq!(verify(&path, None).expect("one chain").lines, 2);
}

#[test]
fn of_states_that_are_too_large_the_names_stay() {
    let directory = Directory::new();
    let path = directory.file();
    let audit = open(&path);
    let large = json!({ "/name": "x".repeat(100_000), "/role": "a" });
    let of = |names: u32, long: usize| -> Value {
        let name = |number| format!("/public_metadata/{number:05}{}", "k".repeat(long));
        let mut state: Map<String, Value> = (0..names).map(|number| (name(number), json!("v".repeat(40)))).collect();
        state.insert("/role".into(), "admin".into());
        state.into()
    };
    for (before, after) in [(large, json!({ "/name": "y" })), (of(1000, 0), of(1000, 0)), (json!({}), of(5000, 40))] {
        audit.append(&Entry { before: Some(before), after: Some(after), ..entry("one") }).expect("it fits");
    }
    let lines = values(&path);
    assert_eq!(lines[0]["before"], json!({ "/name": "too large to be recorded: 100002 bytes", "/role": "a" }));
    assert_eq!(lines[0]["after"], json!({ "/name": "y" }));
    assert_eq!((lines[1]["after"].as_object().map(Map::len), &lines[1]["before"]), (Some(1001), &Value::Null));
    let counted = json!({ "/public_metadata": "not recorded: 5000 changes", "/role": "not recorded: 1 changes" });
    assert_eq!(lines[2]["after"], counted);
}

#[test]
fn no_line_is_larger_than_what_there_was_space_for() {
    let directory = Directory::new();
    let path = directory.file();
    let long = "\"".repeat(100_000);
    let mut large = entry(&long);
    large.principal = Principal { kind: long.clone(), subject: Some(long.clone()), client: Some(long.clone()) };
    large.instance = Instance { name: Some(long.clone()), kind: long.clone(), fingerprint: long.clone() };
    large.ids = vec![long.clone(); 100];
    large.trace_ids.clone_from(&large.ids);
    large.call.clone_from(&long);
    (large.danger, large.decision, large.outcome) = (long.clone(), long.clone(), long.clone());
    (large.arguments_digest, large.message) = (long.clone(), Some(long));
    open(&path).append(&large).expect("it fits");
    open(&path).append(&entry("two")).expect("there is space");
    assert!(lines(&path)[0].len() < 64 * 1024);
    assert_eq!(values(&path)[0]["ids"][12], "… and 88 more");
    assert_eq!(verify(&path, None).expect("one chain").lines, 2);
}

#[test]
fn a_state_of_any_depth_can_be_recorded() {
    let directory = Directory::new();
    let path = directory.file();
    let deep = (0..1000).fold(Value::Null, |inner, _| json!([inner]));
    open(&path).append(&Entry { before: Some(deep), ..entry("one") }).expect("it fits");
    open(&path).append(&entry("two")).expect("the line before it can be read");
    assert_eq!(verify(&path, None).expect("one chain").lines, 2);
}
