//! The program at a terminal, which `script` of util-linux lends.

use std::env;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use unicode_width::UnicodeWidthStr as _;

use super::Program;
use super::patience::wait_until;
use super::transcript::Transcript;

/// The variables by which the tests' own terminal would say which colours are wanted.
const COLOURS: [&str; 7] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLORTERM", "CI", "COLUMNS"];

/// The program at a terminal, and somebody who waits for a question before they answer.
pub(crate) struct Terminal {
    child: Child,
    screen: Transcript,
    reader: JoinHandle<()>,
}

impl Terminal {
    /// With a terminal of so many columns. None where there is no `script`.
    pub(crate) fn of(program: Program, columns: usize) -> Option<Self> {
        Self::with(program, columns, "")
    }

    /// With its streams redirected as a shell does by `redirected`.
    pub(crate) fn with(program: Program, columns: usize, redirected: &str) -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let (line, variables) = program.in_shell();
        let line = format!("stty cols {columns} rows 50; {line} {redirected}");
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]).env("SHELL", "/bin/sh");
        for name in COLOURS {
            command.env_remove(name);
        }
        command.env("TERM", "xterm");
        for (name, value) in variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let Ok(mut child) = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
            assert!(env::var_os("CI").is_none(), "script is not installed");
            eprintln!("skipped: script is not installed");
            return None;
        };
        let screen = Transcript::default();
        let reader = screen.follow(child.stdout.take().expect("standard output is a pipe"));
        Some(Self { child, screen, reader })
    }

    /// Waits until the screen has a text.
    pub(crate) fn shows(&self, text: &str) {
        wait_until(text, || self.screen.text().contains(text));
    }

    pub(crate) fn types(&mut self, text: &str) {
        let input = self.child.stdin.as_mut().expect("standard input is a pipe");
        input.write_all(text.as_bytes()).expect("it reads");
    }

    pub(crate) fn answers(&mut self, question: &str, answer: &str) {
        self.shows(question);
        self.types(&format!("{answer}\n"));
    }

    /// The exit status, and all that was on the screen.
    pub(crate) fn ends(mut self) -> (i32, String) {
        let mut status = None;
        wait_until("it ends", || {
            status = self.child.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        self.reader.join().expect("reading does not panic");
        self.screen.assert_holds_no_key();
        (status.and_then(|status| status.code()).unwrap_or(-1), self.screen.text().replace("\r\n", "\n"))
    }
}

/// Holds every line of a screen without colours to the width of the terminal.
pub(crate) fn assert_fits(screen: &str, columns: usize) {
    for line in screen.lines() {
        assert!(line.width() <= columns, "{columns}: {line}");
    }
}
