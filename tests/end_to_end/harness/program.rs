//! The program under test, started with the settings that a test names and no others.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use super::canary::{self, KEY};
use super::patience::wait_until;
use super::transcript::Transcript;
use super::{HttpServer, StdioSession};

/// Where the program is: `CLERK_MCP`, or what `make quick` makes.
pub(crate) fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = env::var_os("CLERK_MCP").map_or_else(|| workspace().join("target/quick/clerk-mcp"), PathBuf::from);
        assert!(path.is_file(), "{} is missing: run `make quick` first", path.display());
        path
    })
}

pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in the workspace")
}

/// How the program is to be started.
pub(crate) struct Program(Command);

/// A process that has ended.
pub(crate) struct Finished {
    /// The exit status; -1 if a signal ended it.
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// With these arguments, no secret key, and none of the settings that the tests' own environment may hold.
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(path());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let begins = |name: &str| ["CLERK_", "OTEL_", "SSL_CERT_"].iter().any(|prefix| name.starts_with(prefix));
        let is_setting = |name: &str| begins(name) || name.to_ascii_lowercase().ends_with("_proxy");
        for (name, _) in env::vars_os().filter(|(name, _)| is_setting(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        Self(command)
    }

    /// With the operator's key, for the API at `url`.
    pub(crate) fn with_api(url: &str) -> Self {
        let program = Self::new(&[]).variable("CLERK_SECRET_KEY", KEY).variable("CLERK_API_URL", url);
        // Tests send more at once than anybody would; those of the limits set their own.
        program.variable("CLERK_MAX_REQUESTS", "0").variable("CLERK_MAX_WRITES", "0")
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn in_directory(mut self, directory: &Path) -> Self {
        self.0.current_dir(directory);
        self
    }

    /// May have no more than `most` files and connections open.
    pub(crate) fn with_open_files(self, most: usize) -> Self {
        self.after(&format!("ulimit -n {most}"))
    }

    /// Has no more than `most` files and connections open, unless it asks for more.
    pub(crate) fn with_usual_open_files(self, most: usize) -> Self {
        self.after(&format!("ulimit -S -n {most}"))
    }

    /// Runs as somebody who may write only what everybody may.
    pub(crate) fn by_nobody(self) -> Self {
        self.within("exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" \"$@\"")
    }

    /// Runs in a shell that has done this first.
    fn after(self, first: &str) -> Self {
        self.within(&format!("{first} && exec \"$0\" \"$@\""))
    }

    fn within(self, script: &str) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(self.0.get_program()).args(self.0.get_args());
        for (name, value) in self.0.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command)
    }

    pub(crate) fn component(self, file: &Path) -> Self {
        self.variable("CLERK_MCP_COMPONENT", &file.to_string_lossy())
    }

    /// Logs everything there is to log.
    pub(crate) fn traced(self) -> Self {
        self.variable("CLERK_MCP_LOG", "trace")
    }

    /// Logs in JSON.
    pub(crate) fn logging_json(self) -> Self {
        self.variable("CLERK_MCP_LOG_FORMAT", "json")
    }

    /// Its command line for a shell, and the variables that it is to have.
    pub(super) fn in_shell(self) -> (String, Vec<(String, Option<String>)>) {
        let quoted = |word: &OsStr| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"));
        let words = std::iter::once(self.0.get_program()).chain(self.0.get_args());
        let text = |text: &OsStr| text.to_string_lossy().into_owned();
        let variables = self.0.get_envs().map(|(name, value)| (text(name), value.map(text)));
        (words.map(quoted).collect::<Vec<_>>().join(" "), variables.collect())
    }

    pub(crate) fn http(self) -> HttpServer {
        HttpServer::start(self.arguments(&["http", "--listen", "127.0.0.1:0"]))
    }

    pub(crate) fn stdio(self) -> StdioSession {
        StdioSession::start(self.arguments(&["stdio"]))
    }

    pub(crate) fn spawn(mut self) -> Child {
        self.0.spawn().expect("the program can be started")
    }

    pub(crate) fn spawn_with_input(mut self) -> Child {
        self.0.stdin(Stdio::piped());
        self.spawn()
    }

    /// With these as its standard input and output.
    pub(crate) fn spawn_between(mut self, input: Stdio, output: Stdio) -> Child {
        self.0.stdin(input).stdout(output);
        self.spawn()
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Finished {
        let mut child = Running(self.spawn());
        let (output, errors) = (Transcript::default(), Transcript::default());
        let readers = [
            output.follow(child.0.stdout.take().expect("standard output is a pipe")),
            errors.follow(child.0.stderr.take().expect("standard error is a pipe")),
        ];
        let status = child.wait();
        for reader in readers {
            reader.join().expect("reading does not panic");
        }
        let finished = Finished { status, stdout: output.text(), stderr: errors.text() };
        canary::assert_absent(&finished.stdout);
        canary::assert_absent(&finished.stderr);
        finished
    }
}

impl Finished {
    /// The one line with which the program refused to start.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!(self.status, 2, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        let line = self.stderr.strip_suffix('\n').expect("the line ends");
        assert!(!line.contains('\n'), "more than one line: {line}");
        line.strip_prefix("clerk-mcp: ").expect("the line says which program speaks")
    }
}

/// A tool as `clerk-mcp tools` tells it.
pub(crate) struct ListedTool {
    pub(crate) name: String,
    pub(crate) toolset: String,
    pub(crate) danger: String,
}

/// The tools that `clerk-mcp tools` prints.
pub(crate) fn listed_tools(arguments: &[&str]) -> Vec<ListedTool> {
    let finished = Program::new(&[&["tools"], arguments].concat()).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    let printed: Value = serde_json::from_str(&finished.stdout).expect("a list without a terminal is JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let tool = |tool: &Value| {
        let name = text(&tool["name"]);
        let (toolset, danger) = (text(&printed["toolsets"][&name]), text(&printed["dangers"][&name]));
        ListedTool { name, toolset, danger }
    };
    printed["tools"].as_array().expect("a list of tools").iter().map(tool).collect()
}

/// The names that `clerk-mcp tools` prints.
pub(crate) fn listed(arguments: &[&str]) -> Vec<String> {
    listed_tools(arguments).into_iter().map(|tool| tool.name).collect()
}

/// A process that does not outlive the test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Its exit status, when it has ended; -1 if a signal ended it.
    pub(crate) fn wait(&mut self) -> i32 {
        let mut status = None;
        wait_until("the program ends", || {
            status = self.0.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        status.and_then(|status| status.code()).unwrap_or(-1)
    }

    /// The most memory that it ever occupied, in bytes; 0 where the system does not tell.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// The memory that it occupies now, in bytes; 0 where the system does not tell.
    pub(crate) fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.unwrap_or_default() * 1024
    }

    /// The most files and connections that it has open, and the most that it may ask for.
    pub(crate) fn open_files(&self) -> [String; 2] {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.0.id())).expect("the system tells limits");
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("files are limited");
        let mut words = line.split_whitespace().map(str::to_owned);
        [(); 2].map(|()| words.next().expect("a soft and a hard limit"))
    }

    /// From now on, it can write no file larger than so many bytes, as if the disk were full then.
    pub(crate) fn limit_files(&self, bytes: usize) {
        let limit = [format!("--pid={}", self.0.id()), format!("--fsize={bytes}")];
        let set = Command::new("prlimit").args(limit).status();
        assert!(set.is_ok_and(|status| status.success()), "the limit could not be set");
    }

    /// Asks it to end, as an operator's system does.
    pub(crate) fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal could not be sent");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
