//! A home for one test, with files of clients in it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use crate::harness::program::{Finished, path};
use crate::harness::{Clerk, Directory, Program};

pub(super) struct Home {
    directory: Directory,
    pub(super) clerk: Clerk,
}

/// Claude Code's file as it writes it, with another server and what else is in it.
pub(super) const CLAUDE: &str = "{\n  \"numStartups\": 7,\n  \"mcpServers\": {\n    \"github\": {\n      \"type\": \"stdio\",\n      \"command\": \"npx\",\n      \"args\": [\n        \"-y\",\n        \"server\"\n      ],\n      \"env\": {}\n    }\n  },\n  \"projects\": {}\n}";
pub(super) const CODEX: &str = "# how I like it\nmodel = \"gpt\"   # the best\n\n[mcp_servers.docs]\ncommand = \"npx\"\n\n# trusted\n[projects.\"/work\"]\ntrust_level = \"trusted\"\n";
pub(super) const GOOSE: &str = "GOOSE_PROVIDER: anthropic # mine\nextensions:\n  # builtin\n  developer:\n    enabled: true\n    type: builtin\n\nGOOSE_MODE: auto\n";
pub(super) const ZED: &str = "// Zed settings\n{\n  \"theme\": \"One\", // dark\n  \"vim_mode\": true,\n}\n";

impl Home {
    pub(super) fn new() -> Self {
        Self { directory: Directory::new(), clerk: Clerk::sample() }
    }

    /// With files of four clients.
    pub(super) fn with_clients() -> Self {
        let home = Self::new();
        for (file, text) in Self::files() {
            home.write(file, text);
        }
        home
    }

    pub(super) fn files() -> [(&'static str, &'static str); 4] {
        [
            (".claude.json", CLAUDE),
            (".codex/config.toml", CODEX),
            (".config/goose/config.yaml", GOOSE),
            (".config/zed/settings.json", ZED),
        ]
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.directory.0.join(file)
    }

    pub(super) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub(super) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("it is in a directory")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub(super) fn program(&self, arguments: &[&str]) -> Program {
        let program =
            Program::new(arguments).variable("HOME", &self.directory.text()).variable("CLERK_API_URL", &self.clerk.url);
        // Nothing of who runs the tests.
        ["XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "COPILOT_HOME"]
            .iter()
            .fold(program, |program, name| program.variable(name, ""))
            .variable("PATH", "/usr/bin:/bin")
    }

    /// Runs it with something on standard input.
    pub(super) fn run(&self, arguments: &[&str], input: &str) -> Finished {
        let mut child = self.program(arguments).spawn_with_input();
        let mut standard_input = child.stdin.take().expect("standard input is a pipe");
        // A program that ends at once takes nothing.
        let _ = standard_input.write_all(input.as_bytes());
        drop(standard_input);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        crate::harness::canary::assert_absent(&stdout);
        crate::harness::canary::assert_absent(&stderr);
        Finished { status: output.status.code().unwrap_or(-1), stdout, stderr }
    }

    /// The path of the program that the tests run.
    pub(super) fn command() -> String {
        fs::canonicalize(path()).expect("it is there").to_string_lossy().into_owned()
    }
}
