//! Finds out whether a file can be written before anything is asked or written.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::file_system;

/// Refuses a path at which no file can be created or replaced: what is there of its directories is a file, or may not be
/// written.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    // Files are written beside what a link leads to.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Some(directory) = path.ancestors().skip(1).find(|directory| directory.exists()) else { return Ok(()) };
    if !directory.is_dir() {
        let problem = format!("{} is a file, and has to be a directory: move it away", directory.display());
        return Err(io::Error::new(ErrorKind::NotADirectory, problem));
    }
    file_system::check_writable(directory)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_in_place_of_a_directory_is_named_and_what_is_not_there_can_be_made() {
        let directory = std::env::temp_dir().join(format!("clerk-mcp-writable-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory can be made");
        let file = directory.join("file");
        fs::write(&file, "").expect("it can be written");
        for below in ["a", "a/b/c"] {
            let error = check(&file.join(below)).expect_err("it is a file").to_string();
            assert_eq!(error, format!("{} is a file, and has to be a directory: move it away", file.display()));
            assert!(check(&directory.join(below)).is_ok(), "{below}");
        }
        assert!(check(&file).is_ok());
        fs::remove_dir_all(directory).expect("it is there");
    }
}
