//! `init` at a terminal: `script` of util-linux lends one.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use super::home::{CLAUDE, Home};
use crate::harness::KEY;
use crate::harness::patience::wait_until;
use crate::harness::transcript::Transcript;

/// A person who waits for a question before they answer.
struct Person {
    child: Child,
    seen: Transcript,
}

impl Person {
    fn at(home: &Home, arguments: &str) -> Option<Self> {
        Self::in_shell(home, &format!("{} {arguments}", Home::command()))
    }

    fn in_shell(home: &Home, line: &str) -> Option<Self> {
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", line, "/dev/null"]);
        command
            .env_clear()
            .env("HOME", home.path(""))
            .env("PATH", "/usr/bin:/bin")
            .env("CLERK_API_URL", &home.clerk.url);
        let Ok(mut child) = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
            eprintln!("skipped: script is not installed");
            return None;
        };
        let seen = Transcript::default();
        drop(seen.follow(child.stdout.take().expect("standard output is a pipe")));
        Some(Self { child, seen })
    }

    fn answers(&mut self, question: &str, answer: &str) {
        wait_until(question, || self.seen.text().contains(question));
        let input = self.child.stdin.as_mut().expect("standard input is a pipe");
        input.write_all(format!("{answer}\n").as_bytes()).expect("it reads");
    }

    /// The exit status, and all that was on the screen.
    fn leaves(mut self) -> (i32, String) {
        let mut status = None;
        wait_until("it ends", || {
            status = self.child.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        wait_until("the screen is read", || self.seen.text().contains("wrote") || self.seen.text().contains("changed"));
        self.seen.assert_holds_no_key();
        (status.and_then(|status| status.code()).unwrap_or(-1), self.seen.text())
    }
}

#[test]
fn what_is_missing_is_asked_for_and_the_key_does_not_show() {
    let home = Home::with_clients();
    let Some(mut person) = Person::at(&home, "init") else { return };
    person.answers("Numbers, with commas in between [1,5,8,10]: ", "1");
    person.answers("Number [1]: ", "2");
    person.answers("Secret key: ", "pk_test_x");
    person.answers("That is none: this is a publishable key", KEY);
    person.answers("Write this? [Y/n] ", "");
    let (status, screen) = person.leaves();
    assert_eq!(status, 0, "{screen}");
    assert_eq!(home.read(".config/clerk-mcp/secret-key").trim(), KEY);
    assert!(
        home.read(".claude.json").contains("[\"stdio\", \"--mode\", \"read-only\""),
        "{}",
        home.read(".claude.json")
    );
}

#[test]
fn the_mode_of_an_entry_is_the_usual_answer() {
    let home = Home::new();
    home.write(
        ".cursor/mcp.json",
        r#"{ "mcpServers": { "clerk": { "command": "clerk-mcp", "args": ["stdio", "--read-only"] } } }"#,
    );
    let Some(mut person) = Person::at(&home, "init --client cursor") else { return };
    person.answers("Number [2]: ", "");
    person.answers("Secret key: ", KEY);
    person.answers("Write this? [Y/n] ", "");
    let (status, screen) = person.leaves();
    assert_eq!(status, 0, "{screen}");
    let file = home.read(".cursor/mcp.json");
    assert!(file.contains(r#"["stdio","--mode","read-only""#), "{file}");
}

#[test]
fn a_no_changes_nothing() {
    let home = Home::with_clients();
    let Some(mut person) = Person::at(&home, "init --client claude-code --mode full") else { return };
    person.answers("Secret key: ", KEY);
    person.answers("Write this? [Y/n] ", "n");
    let (status, screen) = person.leaves();
    assert_eq!(status, 0, "{screen}");
    assert!(screen.contains("Nothing was changed."), "{screen}");
    assert!(home.read(".claude.json") == CLAUDE && !home.path(".config/clerk-mcp/secret-key").exists());
}

#[test]
fn the_terminal_shows_again_what_is_typed_after_the_key_was_asked_for() {
    let home = Home::with_clients();
    let command = Home::command();
    // Ctrl-C that comes before the terminal is silent reaches the shell as well.
    let line = format!("trap : INT; {command} init --client claude-code --mode full; echo status $?; stty -a");
    for (answer, status) in [("\u{3}", 130), ("\u{4}", 2)] {
        let Some(mut person) = Person::in_shell(&home, &line) else { return };
        person.answers("Secret key: ", answer);
        let ended = format!("status {status}");
        wait_until("the terminal is described", || {
            let screen = person.seen.text();
            screen.split_once(&ended).is_some_and(|(_, described)| described.contains("extproc"))
        });
        let screen = person.seen.text();
        for mode in ["isig", "icanon", "echo"] {
            assert!(
                screen.contains(&format!(" {mode} ")) || screen.contains(&format!("\n{mode} ")),
                "{mode}: {screen}"
            );
        }
        assert!(home.read(".claude.json") == CLAUDE && !home.path(".config/clerk-mcp/secret-key").exists());
        drop(person.child.stdin.take());
        let _ = person.child.wait();
    }
}

#[test]
fn a_file_that_changes_while_somebody_decides_costs_no_key() {
    let home = Home::with_clients();
    let Some(mut person) = Person::at(&home, "init --client claude-code --mode full") else { return };
    person.answers("Secret key: ", KEY);
    wait_until("the change is shown", || person.seen.text().contains("Write this? [Y/n] "));
    home.write(".claude.json", "{}");
    person.answers("Write this? [Y/n] ", "");
    let (status, screen) = person.leaves();
    assert!(status == 2 && screen.contains("close the client, and run this again"), "{status}: {screen}");
    assert!(home.read(".claude.json") == "{}" && home.read(".config/clerk-mcp/secret-key").trim() == KEY);
    assert_eq!(home.run(&["init", "--client", "claude-code", "--yes"], "").status, 0, "the key is there");
}
