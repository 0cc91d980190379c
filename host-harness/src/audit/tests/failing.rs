//! Files that cannot be written, and what becomes of the lines.

use std::fs::{self, File};
use std::path::Path;
use std::thread;
use std::time::Instant;

use super::super::{Audit, alone, verify};
use super::{Directory, entry, open, tools, values};

fn refusal(path: &Path) -> String {
    let refusal = Audit::open(path).err().expect("the file is to be refused").to_string();
    assert!(refusal.contains(&*path.to_string_lossy()) && !refusal.contains('\n'), "{refusal}");
    refusal
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let directory = Directory::new();
    assert!(refusal(&directory.0).ends_with("is a directory"));
    let devices: &[&str] = if cfg!(windows) { &["NUL", r"\\.\pipe\clerk-mcp"] } else { &["/dev/null"] };
    for device in devices.iter().map(Path::new) {
        assert!(refusal(device).ends_with("is not a regular file"));
        assert!(verify(device, None).is_err_and(|error| error.to_string().ends_with("is not a regular file")));
    }
    assert!(refusal(&directory.0.join("none").join("audit.jsonl")).ends_with("there is no such directory"));
    let below_a_file = directory.log_of(&[]).join("audit.jsonl");
    assert!(refusal(&below_a_file).ends_with("there is no such directory"));
}

#[test]
#[cfg(unix)]
fn nothing_waits_for_the_other_end_of_a_pipe() {
    let directory = Directory::new();
    let pipe = directory.file();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is installed").success());
    assert!(refusal(&pipe).ends_with("is not a regular file"));
    assert!(verify(&pipe, None).is_err());
    assert!(super::super::show(&pipe, &mut Vec::new(), None, 80).is_err());
}

#[test]
fn a_file_without_write_permission_is_refused() {
    let directory = Directory::new();
    let path = directory.log_of(&[]);
    let mut permissions = fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("it is this program's");
    if File::options().write(true).open(&path).is_ok() {
        eprintln!("skipped: permissions do not stop this user");
        return;
    }
    assert!(refusal(&path).ends_with("cannot be written: this program lacks the permission"));
}

#[test]
fn a_file_that_holds_something_else_is_refused_and_left_alone() {
    let directory = Directory::new();
    let changed = fs::read_to_string(directory.log_of(&["one"])).expect("it is there").replace("one", "two");
    let long = format!("{}\n", "x".repeat(200_000));
    for text in ["a\nnote\n", "a note", "{\"a\":1}\n", "{\"a\":1}", "\n", "{\"sequence\":1}\nnote", &changed, &long] {
        fs::write(directory.file(), text).expect("it can be written");
        assert!(refusal(&directory.file()).contains(" holds something else: "), "{text:.20}");
        assert_eq!(fs::read_to_string(directory.file()).expect("it is there"), text);
    }
}

#[test]
fn a_line_that_cannot_be_written_is_written_before_the_next() {
    let directory = Directory::new();
    let (path, aside) = (directory.file(), directory.0.join("aside"));
    let audit = open(&path);
    audit.append(&entry("one")).expect("there is space");
    fs::rename(&path, &aside).expect("it can be renamed");
    fs::create_dir(&path).expect("there is nothing");
    for tool in ["two", "three"] {
        assert!(audit.append(&entry(tool)).is_err());
    }
    assert!(audit.ready().expect_err("it is a directory").to_string().ends_with("is a directory"));
    fs::remove_dir(&path).expect("it is empty");
    fs::rename(&aside, &path).expect("it can be renamed");
    audit.ready().expect("it is a file again");
    assert_eq!(tools(&path), ["one", "two", "three"]);
    audit.append(&entry("four")).expect("there is space");
    assert_eq!(verify(&path, None).expect("one chain").lines, 4);
    assert!(values(&path)[1]["time"].as_str() <= values(&path)[2]["time"].as_str());
}

#[test]
fn a_line_that_still_waits_at_the_end_is_written_then() {
    let directory = Directory::new();
    let path = directory.file();
    let audit = open(&path);
    fs::remove_file(&path).expect("it is there");
    fs::create_dir(&path).expect("there is nothing");
    assert!(audit.append(&entry("one")).is_err());
    fs::remove_dir(&path).expect("it is empty");
    drop(audit);
    assert_eq!(tools(&path), ["one"]);
}

#[test]
fn a_file_that_another_process_keeps_stops_calls_in_time() {
    let directory = Directory::new();
    let path = directory.file();
    let audit = open(&path);
    let other = alone::open(&path, alone::PATIENCE).expect("nobody has it");
    let begun = Instant::now();
    assert!(audit.ready().expect_err("it is another's").to_string().ends_with("is locked by another process"));
    assert!(
        verify(&path, None)
            .expect_err("its end may not be written yet")
            .to_string()
            .ends_with("is locked by another process")
    );
    assert!(begun.elapsed().as_secs() < 20);
    assert_eq!(fs::read(&path).expect("others still read it"), b"");
    let begun = Instant::now();
    thread::scope(|scope| {
        let calls: Vec<_> = (0..20).map(|_| scope.spawn(|| audit.ready().expect_err("it still is"))).collect();
        for call in calls {
            drop(call.join().expect("each is told so"));
        }
    });
    assert!(begun.elapsed().as_secs() < 20, "calls wait one after the other, and not each as long as the first");
    drop(other);
    audit.ready().expect("nobody has it");
}
