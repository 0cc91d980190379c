//! A directory for one test, which others cannot read, removed in the end.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("clerk-mcp-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&path).expect("a directory can be made");
        Self(path)
    }

    /// The place of an audit log in it.
    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }

    pub(crate) fn text(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }

    /// What its files hold.
    pub(crate) fn contents(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).expect("it can be read").map(|file| file.expect("a file").path());
        files.map(|file| fs::read_to_string(file).expect("it is text")).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
