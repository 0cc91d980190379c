//! Tests of the log as a whole: a directory for each, real files in it.

mod failing;
mod reviewing;
mod showing;
mod verifying;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use super::{Audit, Entry, Instance, Principal};

/// A directory of one test, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("clerk-mcp-audit-{}-{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("the directory is new");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }

    /// A log with a line of each of these tools.
    fn log_of(&self, tools: &[&str]) -> PathBuf {
        let audit = open(&self.file());
        for tool in tools {
            audit.append(&entry(tool)).expect("there is space");
        }
        self.file()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn open(path: &Path) -> Audit {
    Audit::open(path).expect("the log can be written")
}

fn entry(tool: &str) -> Entry {
    Entry {
        call: tool.into(),
        principal: Principal {
            kind: "token holder".into(),
            subject: Some("user_1".into()),
            client: Some("inspector 1.0".into()),
        },
        instance: Instance { name: None, kind: "development".into(), fingerprint: "ab12cd34".into() },
        kept_to: Vec::new(),
        tool: tool.into(),
        operation: None,
        danger: "destructive".into(),
        arguments_digest: "00".repeat(32),
        ids: vec!["user_2".into()],
        decision: "allowed".into(),
        trace_ids: vec!["trace_1".into()],
        outcome: "ok".into(),
        message: None,
        before: None,
        after: None,
    }
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).expect("the log is text").lines().map(str::to_owned).collect()
}

fn values(path: &Path) -> Vec<Value> {
    lines(path).iter().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn tools(path: &Path) -> Vec<String> {
    values(path).iter().filter_map(|line| line["tool"].as_str()).map(str::to_owned).collect()
}
