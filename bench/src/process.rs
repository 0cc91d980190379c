//! The program under measurement, and its figures from the kernel (Linux).

use std::cell::RefCell;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use crate::api::{self, Api};

pub(crate) struct Program {
    child: Child,
    pub(crate) pipes: RefCell<Option<(ChildStdin, ChildStdout)>>,
    stderr: RefCell<Option<ChildStderr>>,
}

/// The file of the program: `CLERK_MCP`, or what `make build` makes.
pub(crate) fn path() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in the workspace");
    env::var_os("CLERK_MCP").map_or_else(|| workspace.join("target/release/clerk-mcp"), PathBuf::from)
}

impl Program {
    /// With a key of its own, or for callers who bring theirs.
    pub(crate) fn start(arguments: &[&str], api: &Api, has_key: bool) -> Self {
        let mut command = Command::new(path());
        if has_key {
            command.env("CLERK_SECRET_KEY", api::key(0));
        }
        let mut child = command
            .args(arguments)
            // Nothing asks.
            .args(["--confirm", "off"])
            .env("CLERK_API_URL", api.url())
            // As much as it can, not as much as Clerk would let in.
            .env("CLERK_MAX_REQUESTS", "0")
            .env("CLERK_MAX_WRITES", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", path().display()));
        let pipes = child.stdin.take().zip(child.stdout.take());
        let stderr = child.stderr.take();
        Self { child, pipes: RefCell::new(pipes), stderr: RefCell::new(stderr) }
    }

    /// Its standard error, the first line with this on it awaited; the rest is read and dropped.
    pub(crate) fn read_log(&self, awaited: &str) -> String {
        let mut log = BufReader::new(self.stderr.borrow_mut().take().expect("the log is taken once"));
        let mut line = String::new();
        while !line.contains(awaited) {
            line.clear();
            let read = log.read_line(&mut line).expect("standard error can be read");
            assert!(read > 0, "the program has ended without saying {awaited}");
        }
        thread::spawn(move || io::copy(&mut log, &mut io::sink()));
        line
    }

    /// Processor time of all threads so far, of user and system.
    pub(crate) fn processor_time(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("the process runs");
        tasks.flatten().filter_map(|task| schedstat(&task.path())).sum()
    }

    /// The memory that is resident, in MB.
    pub(crate) fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most memory that was resident so far, in MB.
    pub(crate) fn most_memory(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, field: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process runs");
        let value = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
        value.trim().trim_end_matches(" kB").parse().map_or(f64::NAN, |kilobytes: f64| kilobytes / 1024.0)
    }
}

/// Processor time of a task, which the kernel counts in nanoseconds.
pub(crate) fn schedstat(task: &Path) -> Option<Duration> {
    let figures = fs::read_to_string(task.join("schedstat")).ok()?;
    figures.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
