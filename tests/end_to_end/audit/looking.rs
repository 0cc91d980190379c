//! `clerk-mcp audit verify` and `clerk-mcp audit show`.

use std::fs;

use serde_json::json;

use super::{Directory, program, verify};
use crate::harness::terminal::{Terminal, assert_fits};
use crate::harness::{Clerk, Client as _, Program};

/// A log of five calls with two lines each, and how it reads.
fn log() -> (Directory, Vec<String>) {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = program(&clerk, &directory).http();
    for number in 1..=5 {
        server.call("clerk_create_organization", json!({ "name": format!("Number {number}") })).output();
    }
    let text = fs::read_to_string(directory.file()).expect("there is a log");
    (directory, text.lines().map(str::to_owned).collect())
}

/// What is found out of a log with these lines.
fn found(directory: &Directory, lines: &[String]) -> (i32, String) {
    fs::write(directory.file(), lines.join("\n") + "\n").expect("it can be written");
    verify(&directory.file(), &[])
}

#[test]
fn an_untouched_log_is_in_order() {
    let (directory, lines) = log();
    let (status, said) = found(&directory, &lines);
    assert_eq!(status, 0, "{said}");
    assert!(said.starts_with("10 lines from "), "{said}");
}

#[test]
fn whatever_is_done_to_a_line_is_found() {
    let (directory, lines) = log();
    let mut cases = vec![("line 3", [&lines[..2], &lines[3..]].concat()), ("line 2", lines[1..].to_vec())];
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    cases.push(("line 2", swapped));
    let mut doubled = lines.clone();
    doubled.insert(2, lines[1].clone());
    cases.push(("line 3", doubled));
    for place in 0..10 {
        let mut edited = lines.clone();
        edited[place] = edited[place].replace("clerk_create_organization", "clerk_create_organizatiom");
        cases.push(("an edited line", edited));
    }
    for (place, lines) in cases {
        let (status, said) = found(&directory, &lines);
        assert_eq!(status, 1, "{place}: {said}");
    }
    // A cut at the end shows to who has noted down the last hash.
    let last: serde_json::Value = serde_json::from_str(&lines[9]).expect("JSON");
    let head = last["hash"].as_str().expect("a hash");
    assert_eq!(found(&directory, &lines[..9]).0, 0);
    assert_eq!(verify(&directory.file(), &["--head", head]).0, 1);
    found(&directory, &lines);
    assert_eq!(verify(&directory.file(), &["--head", head]).0, 0);
}

#[test]
fn without_a_terminal_the_lines_of_a_log_are_shown_as_they_are() {
    let (directory, mut lines) = log();
    let file = directory.file();
    let show = || Program::new(&["audit", "show", &file.to_string_lossy(), "--last", "2"]).run();
    let shown = show();
    assert_eq!((shown.status, shown.stderr.as_str()), (0, ""));
    // A call has one, that of its end.
    assert_eq!(shown.stdout, format!("{}\n{}\n", lines[7], lines[9]));
    lines[9] = lines[9].replace("clerk_create_organization", "clerk_create_organizatiom");
    fs::write(&file, lines.join("\n") + "\n").expect("it can be written");
    let problem = "{\"line\":10,\"problem\":\"was changed after it was written\"}\n";
    assert!(show().stdout.ends_with(problem), "{}", show().stdout);
}

#[test]
fn at_a_terminal_a_log_is_a_table_that_fits() {
    let (directory, _) = log();
    let file = directory.file();
    for columns in [30, 80, 300] {
        let show = Program::new(&["audit", "show", &file.to_string_lossy(), "--last", "2"]);
        let Some(terminal) = Terminal::of(show.variable("NO_COLOR", "1"), columns) else { return };
        let (status, screen) = terminal.ends();
        assert_fits(&screen, columns);
        assert!(status == 0 && screen.starts_with("TIME ") && (columns < 300 || screen.contains("org_")), "{screen}");
        // What tells calls apart is whole, or each has lines of its own.
        let is_table = screen.lines().filter(|line| line.contains("clerk_create_organization ")).count() == 2;
        assert_eq!((is_table, screen.contains("(without")), (columns > 30, columns == 80), "{screen}");
    }
    let show = Program::new(&["audit", "show", &file.to_string_lossy(), "--json"]);
    let Some(terminal) = Terminal::of(show, 80) else { return };
    assert!(terminal.ends().1.starts_with("{\"sequence\":"));
}

#[test]
fn a_log_is_shown_as_a_document() {
    let (directory, _) = log();
    let file = directory.file();
    let finished = Program::new(&["audit", "show", "--html", &file.to_string_lossy(), "--last", "2"]).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    assert!(finished.stdout.starts_with("<!doctype html>") && finished.stdout.ends_with("</html>\n"));
    assert_eq!(finished.stdout.matches("clerk_create_organization").count(), 2, "{}", finished.stdout);
    assert!(!finished.stdout.contains("://"), "it loads nothing");
}

#[test]
fn what_is_no_log_is_refused() {
    let directory = Directory::new();
    let missing = directory.file();
    for command in ["verify", "show"] {
        let finished = Program::new(&["audit", command, &missing.to_string_lossy()]).run();
        assert!(finished.refusal().contains("audit.jsonl"), "{}", finished.stderr);
    }
    fs::write(&missing, "hello\n").expect("it can be written");
    assert_eq!(verify(&missing, &[]).0, 1);
}
