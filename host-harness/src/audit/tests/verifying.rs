//! Each change to a log is found, at the line where it was made.

use std::fs;
use std::path::Path;

use super::super::verify::Fault;
use super::super::{Invalid, line, verify};
use super::{Directory, entry, lines, open, values};

fn write(path: &Path, lines: &[String]) {
    fs::write(path, lines.join("\n") + "\n").expect("it can be written");
}

/// What is found in a log of four lines after a change.
fn found(change: impl FnOnce(&mut Vec<String>)) -> (u64, Fault) {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "two", "three", "four"]);
    let mut lines = lines(&path);
    change(&mut lines);
    write(&path, &lines);
    fault(&path)
}

fn fault(path: &Path) -> (u64, Fault) {
    match verify(path, None) {
        Err(Invalid::Fault { line, fault }) => (line, fault),
        other => panic!("a fault is to be found, not {other:?}"),
    }
}

/// The line with another hash that fits it.
fn forged(line: &str) -> String {
    let (covered, _) = line.split_once(r#","hash":""#).expect("a line has a hash");
    format!(r#"{covered},"hash":"{}"}}"#, line::digest(covered.as_bytes()))
}

#[test]
fn a_changed_line_is_found() {
    for changed in 0..4 {
        let found = found(|lines| lines[changed] = lines[changed].replace("user_2", "user_3"));
        assert_eq!(found, (changed as u64 + 1, Fault::Changed));
    }
    assert_eq!(found(|lines| lines[1].push(' ')), (2, Fault::Changed));
    assert_eq!(found(|lines| lines[1] = lines[1].replace(r#"","hash"#, r#"", "hash"#)), (2, Fault::Changed));
}

#[test]
fn a_changed_line_with_a_hash_that_fits_is_found_by_the_next() {
    let found = found(|lines| lines[1] = forged(&lines[1].replace("user_2", "user_3")));
    assert_eq!(found, (3, Fault::Detached));
}

#[test]
fn removed_inserted_and_moved_lines_are_found() {
    assert_eq!(found(|lines| drop(lines.remove(0))), (1, Fault::OutOfOrder { found: 2, due: 1 }));
    assert_eq!(found(|lines| drop(lines.remove(1))), (2, Fault::OutOfOrder { found: 3, due: 2 }));
    assert_eq!(found(|lines| lines.swap(1, 2)), (2, Fault::OutOfOrder { found: 3, due: 2 }));
    assert_eq!(found(|lines| lines.insert(2, lines[1].clone())), (3, Fault::OutOfOrder { found: 2, due: 3 }));
    assert_eq!(found(|lines| lines.insert(1, "{}".into())), (2, Fault::Foreign));
    assert_eq!(found(|lines| lines.insert(1, String::new())), (2, Fault::Foreign));
    assert_eq!(found(|lines| lines.push("x".repeat(100_000))), (5, Fault::Foreign));
}

#[test]
fn a_line_of_another_log_is_found() {
    let directory = Directory::new();
    // Lines of the same text and millisecond would be the same.
    let other = lines(&directory.log_of(&["first", "second", "third"]));
    assert_eq!(found(|lines| lines[1].clone_from(&other[1])), (2, Fault::Detached));
}

#[test]
fn a_line_that_is_cut_off_is_found() {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "two"]);
    let text = fs::read(&path).expect("it is there");
    fs::write(&path, &text[..text.len() - 1]).expect("it can be written");
    assert_eq!(fault(&path), (2, Fault::CutOff));
}

#[test]
fn lines_that_are_missing_at_the_end_show_by_the_noted_hash() {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "two", "three"]);
    let head = verify(&path, None).expect("whole").head.expect("there are lines");
    assert!(verify(&path, Some(&format!(" {}\n", head.to_uppercase()))).is_ok());
    write(&path, &lines(&path)[..2]);
    assert!(verify(&path, None).is_ok());
    assert!(matches!(verify(&path, Some(&head)), Err(Invalid::WithoutHead(hash)) if hash == head));
    assert!(matches!(verify(&path, Some("abc")), Err(Invalid::NotAHash)));
}

#[test]
fn lines_that_are_removed_while_the_program_runs_leave_a_gap() {
    let directory = Directory::new();
    let path = directory.log_of(&["one", "two"]);
    let audit = open(&path);
    audit.append(&entry("three")).expect("there is space");
    write(&path, &lines(&path)[..2]);
    audit.append(&entry("four")).expect("there is space");
    audit.append(&entry("five")).expect("there is space");
    assert_eq!(fault(&path), (3, Fault::OutOfOrder { found: 4, due: 3 }));
    assert_eq!(values(&path)[3]["previous"], values(&path)[2]["hash"]);
}

#[test]
fn an_empty_log_is_as_it_was_written() {
    let directory = Directory::new();
    let summary = verify(&directory.log_of(&[]), None).expect("there is nothing to find");
    assert_eq!((summary.lines, summary.to_string().as_str()), (0, "no lines"));
}
