//! The program under measurement, and what the kernel says of it (Linux).

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

pub(crate) struct Program {
    child: Child,
    pub(crate) pipes: RefCell<Option<(ChildStdin, ChildStdout)>>,
    stderr: RefCell<BufReader<ChildStderr>>,
}

impl Program {
    pub(crate) fn start(arguments: &[&str], api: &str, key: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clerk-mcp"))
            .args(arguments)
            .env("CLERK_API_URL", api)
            .env("CLERK_SECRET_KEY", key)
            // As much as it can, not as much as Clerk would let in.
            .env("CLERK_MAX_REQUESTS", "0")
            .env("CLERK_MAX_WRITES", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let pipes = child.stdin.take().zip(child.stdout.take());
        let stderr = BufReader::new(child.stderr.take().expect("standard error is piped"));
        Self { child, pipes: RefCell::new(pipes), stderr: RefCell::new(stderr) }
    }

    /// The address in the line that `http` prints.
    pub(crate) fn address(&self) -> String {
        let mut line = String::new();
        self.stderr.borrow_mut().read_line(&mut line).expect("a line on standard error");
        let rest = line.split("http://").nth(1).expect("an address in the line");
        rest.split('/').next().unwrap_or_default().to_owned()
    }

    /// Processor time so far, of user and system.
    pub(crate) fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("the process runs");
        let nanoseconds = tasks.flatten().filter_map(|task| {
            let schedstat = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            schedstat.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// The most memory that was resident so far.
    pub(crate) fn most_memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().map_or(f64::NAN, |kilobytes: f64| kilobytes / 1024.0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
