//! Files on the disk: links, permissions, backups, and what happens in between.

use std::fs;
use std::path::PathBuf;

use super::*;

/// A new directory for one test.
fn directory(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("clerk-mcp-setup-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir(&path).expect("a directory can be made");
    path
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("it is there")
}

#[test]
fn the_first_backup_and_the_last_ones_are_kept() {
    let directory = directory("backup");
    let path = directory.join("a.json");
    for number in 0..5 {
        fs::write(&path, format!("{number}")).expect("it can be written");
        let backup = ConfigFile::read(&path).expect("it is there").write("new").expect("it can be written");
        assert_eq!(text(&backup.expect("there was something before")), format!("{number}"));
    }
    let texts = || ConfigFile::read(&path).expect("it is there").backups().into_iter().map(|(_, text)| text);
    assert_eq!(texts().collect::<Vec<_>>(), ["4", "3", "0"]);
    for kept in ["0", "4"] {
        fs::write(&path, kept).expect("it can be written");
        let backup = ConfigFile::read(&path).expect("it is there").write("new").expect("it can be written");
        assert_eq!(text(&backup.expect("there was something before")), kept);
    }
    assert_eq!(texts().collect::<Vec<_>>(), ["4", "3", "0"], "what is kept already is not kept again");
    let created = ConfigFile::read(&directory.join("new/b.json")).expect("nothing is there");
    assert!(!created.exists() && created.write("x").expect("it can be written").is_none());
    assert_eq!(text(&directory.join("new/b.json")), "x");
    assert_eq!(fs::read_dir(&directory).expect("it is there").count(), 5, "nothing else is left");
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn a_byte_order_mark_stays_and_is_no_part_of_the_text() {
    let directory = directory("mark");
    let path = directory.join("a.json");
    fs::write(&path, "\u{feff}{}").expect("it can be written");
    let file = ConfigFile::read(&path).expect("it is there");
    assert_eq!(file.text(), "{}");
    file.write("{ }").expect("it can be written");
    assert_eq!(text(&path), "\u{feff}{ }");
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn what_another_program_wrote_in_between_is_kept() {
    let directory = directory("between");
    let path = directory.join("a.json");
    let absent = ConfigFile::read(&path).expect("nothing is there");
    fs::write(&path, "theirs").expect("it can be written");
    assert!(matches!(absent.write("ours"), Err(FileProblem::Changed(_))));
    let read = ConfigFile::read(&path).expect("it is there");
    fs::write(&path, "theirs again").expect("it can be written");
    assert!(matches!(read.write("ours"), Err(FileProblem::Changed(_))));
    assert_eq!(text(&path), "theirs again");
    assert_eq!(fs::read_dir(&directory).expect("it is there").count(), 1);
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn what_is_no_text_file_is_left_alone() {
    let directory = directory("special");
    let path = directory.join("a");
    fs::write(&path, [0xff, 0xfe, b'{', 0]).expect("it can be written");
    assert!(matches!(ConfigFile::read(&path), Err(FileProblem::NotUtf8(_))));
    assert!(matches!(ConfigFile::read(&directory), Err(FileProblem::Directory(_))));
    let below_a_file = ConfigFile::read(&path.join("b"));
    assert!(matches!(below_a_file, Err(FileProblem::Unreadable { .. }) | Ok(_)));
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[cfg(unix)]
#[test]
fn a_backup_with_a_secret_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = directory("private");
    let path = directory.join("a.json");
    for (text, private) in [("{}", 0o644), ("{\"K\": \"sk_test_abcdefghijklmnop\"}", 0o600)] {
        fs::write(&path, text).expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("its mode can be set");
        let backup = ConfigFile::read(&path).expect("it is there").write("new").expect("it can be written");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o7777;
        assert_eq!(mode(&backup.expect("there was something before")), private, "{text}");
        assert_eq!(mode(&path), 0o644, "the client's own file is as it was");
    }
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let directory = directory("link");
    let (target, link) = (directory.join("target.json"), directory.join("link.json"));
    fs::write(&target, "{}").expect("it can be written");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).expect("its mode can be set");
    symlink("target.json", &link).expect("a link can be made");
    let backup = ConfigFile::read(&link).expect("it is there").write("new").expect("it can be written");
    assert!(fs::symlink_metadata(&link).is_ok_and(|link| link.is_symlink()), "the link stays");
    assert_eq!(text(&target), "new");
    for path in [&target, &backup.expect("there was something before")] {
        assert_eq!(fs::metadata(path).expect("it is there").permissions().mode() & 0o7777, 0o640, "{}", path.display());
    }
    fs::set_permissions(&target, fs::Permissions::from_mode(0o440)).expect("its mode can be set");
    let read_only = ConfigFile::read(&link).expect("it can be read").write("x");
    assert!(matches!(read_only, Err(FileProblem::ReadOnly(_))) && text(&target) == "new");
    fs::remove_file(&target).expect("it can be removed");
    assert!(matches!(ConfigFile::read(&link), Err(FileProblem::Dangling(_))));
    fs::remove_dir_all(&directory).expect("it can be removed");
}
