//! A log as people look at it.

use std::fs;
use std::path::Path;

use super::super::BEGUN;
use super::super::review::{Filter, Review, Within, review};
use super::{Directory, Entry, entry, lines, open};

fn look(path: &Path, filter: Filter) -> Review {
    review(path, &Filter { most: 2, ..filter }).expect("the log can be read")
}

fn tools(review: &Review) -> Vec<String> {
    review.rows.iter().map(|row| row.cells()[3].clone()).collect()
}

fn begun(tool: &str) -> Entry {
    Entry { outcome: BEGUN.into(), decision: "not known yet".into(), ..entry(tool) }
}

/// A log of these lines, in their order.
fn log(directory: &Directory, entries: &[Entry]) {
    let audit = open(&directory.file());
    for entry in entries {
        audit.append(entry).expect("there is space");
    }
}

#[test]
fn a_call_is_found_once_however_long_its_end_took() {
    let directory = Directory::new();
    let path = directory.file();
    log(&directory, &[begun("a"), entry("b"), entry("c"), entry("d"), entry("a"), begun("e")]);
    let all = look(&path, Filter::default());
    assert_eq!((all.found, tools(&all)), (5, vec!["a".into(), "e".into()]));
    assert!(all.verdict.is_ok_and(|words| words.starts_with("6 lines") && words.ends_with("it may have happened")));
    assert!(!all.rows[0].has_failed() && all.rows[1].has_failed(), "what has no end may have happened");
}

#[test]
fn a_filter_finds_calls_by_holder_text_and_outcome() {
    let directory = Directory::new();
    let path = directory.file();
    let mut other = entry("clerk_ban_user");
    other.principal.subject = Some("user_9".into());
    let refused = Entry { outcome: "refused".into(), ..entry("clerk_lock_user") };
    log(&directory, &[begun("clerk_lock_user"), other, refused]);
    let found = |filter: Filter| tools(&look(&path, filter));
    let subject = |subject: &str| Filter { subject: Some(subject.into()), ..Filter::default() };
    assert_eq!(found(subject("user_9")), ["clerk_ban_user"]);
    assert_eq!(found(subject("user_1")), ["clerk_lock_user"]);
    assert!(found(subject("user")).is_empty());
    let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
    assert_eq!(found(text("ban_")), ["clerk_ban_user"]);
    assert!(found(text("not known yet")).is_empty(), "a beginning is no call of its own once there is an end");
    let outcome = |outcome: &str| Filter { outcome: outcome.into(), ..Filter::default() };
    assert_eq!(found(outcome("refused")), ["clerk_lock_user"]);
    assert!(found(outcome(BEGUN)).is_empty());
    assert_eq!(look(&path, outcome("refused")).found, 1);
}

#[test]
fn who_is_kept_to_an_organization_finds_what_was_kept_to_it() {
    let directory = Directory::new();
    let kept = |tool: &str, to: &[&str]| Entry { kept_to: to.iter().map(|&pin| pin.into()).collect(), ..entry(tool) };
    log(
        &directory,
        &[
            kept("acme", &["acme"]),
            kept("globex", &["globex"]),
            kept("anywhere", &[]),
            kept("both", &["acme", "user_1"]),
        ],
    );
    let within = |instance: Option<&str>, pins: &[&str]| {
        let kept_to = pins.iter().map(|&pin| pin.to_owned()).collect();
        let within = vec![Within { instance: instance.map(str::to_owned), kept_to }];
        tools(&look(&directory.file(), Filter { within, ..Filter::default() }))
    };
    assert_eq!(within(None, &["acme"]), ["acme", "both"]);
    assert_eq!(within(None, &["globex"]), ["globex"]);
    assert_eq!(within(None, &["acme", "user_1"]), ["both"]);
    assert!(within(Some("staging"), &["acme"]).is_empty(), "that one was of no instance by name");
}

#[test]
fn the_first_fault_is_told_and_what_can_be_read_is_shown() {
    let directory = Directory::new();
    let path = directory.log_of(&["a", "b", "c"]);
    let mut changed = lines(&path);
    changed[1] = changed[1].replace("user_2", "user_3");
    changed.push("no line".into());
    fs::write(&path, changed.join("\n") + "\n").expect("it can be written");
    let review = look(&path, Filter::default());
    let fault = review.verdict.expect_err("it was changed");
    assert!(fault.starts_with("line 2 was changed after it was written"), "{fault}");
    assert_eq!(review.rows[1].cells()[0], "line 4");
    let own = look(&path, Filter { subject: Some("user_1".into()), ..Filter::default() });
    assert_eq!(tools(&own), ["a", "c"], "whose a changed line was cannot be told");
}
