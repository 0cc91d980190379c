//! The audit log: what is recorded of which call, that it is on the disk before the answer, and what happens when it cannot
//! be.

mod disk;
mod intent;
mod lines;
mod looking;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::harness::{Clerk, Program};

/// A directory for one test, removed in the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("clerk-mcp-audit-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a directory can be made");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn audited(program: Program, file: &Path) -> Program {
    program.variable("CLERK_MCP_AUDIT", &file.to_string_lossy())
}

fn program(clerk: &Clerk, directory: &Directory) -> Program {
    audited(clerk.program(), &directory.file())
}

/// The lines of calls that have ended.
fn lines(file: &Path) -> Vec<Value> {
    all_lines(file).into_iter().filter(|line| line["outcome"] != "begun").collect()
}

fn all_lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).expect("there is an audit log");
    assert!(text.is_empty() || text.ends_with('\n'), "a line has no end: {text}");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// What `clerk-mcp audit verify` says: its exit status and its output.
fn verify(file: &Path, more: &[&str]) -> (i32, String) {
    let file = file.to_string_lossy();
    let finished = Program::new(&[&["audit", "verify", &*file], more].concat()).run();
    (finished.status, finished.stdout + &finished.stderr)
}
