//! The audit log: what is recorded of which call, that it is on the disk before the answer, and what happens when it cannot
//! be.

mod disk;
mod intent;
mod lines;
mod looking;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Clerk, Directory, Program};

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
