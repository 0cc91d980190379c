//! Starts the command of a client's entry, and has it answer `initialize`.

use std::io::{BufRead as _, BufReader, Read, Write as _};
#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::setup::entry::Launch;

/// The longest time for a start: `npx` and `uvx` may download the program first.
const WITHIN: Duration = Duration::from_mins(1);
/// The longest time for the standard error of a program that has ended: another process may keep it open.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// The most that is read of an output, in bytes.
const MOST: u64 = 1024 * 1024;
/// The longest part of a line that is shown, in characters.
const SHOWN: usize = 400;

/// A process that does not outlive the question, with those that it started.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // Nobody has waited for the child yet, so its number is still the one of the group.
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.0),
            rustix::process::Signal::KILL,
        );
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The name and the version of the server that a command starts.
///
/// # Errors
///
/// It does not start, or answers nothing that MCP knows. Why, in words.
pub(super) fn initialize(program: &Path, launch: &Launch) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(&launch.arguments).envs(launch.environment.iter().cloned());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    command.process_group(0);
    let mut started = Started(command.spawn().map_err(|error| format!("it cannot be started: {error}"))?);
    let (Some(mut input), Some(output), Some(errors)) =
        (started.0.stdin.take(), started.0.stdout.take(), started.0.stderr.take())
    else {
        return Err("it cannot be talked to".into());
    };
    let (answers, said) = (lines(output), lines(errors));
    // A program that has ended takes nothing; what it said tells why.
    let _ = writeln!(input, "{}", request()).and_then(|()| input.flush());
    let until = Instant::now() + WITHIN;
    let mut stray = None;
    loop {
        match next(&answers, until) {
            Ok(line) => match server(&line) {
                Some(server) => return Ok(server),
                None => stray = stray.or(Some(line)),
            },
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!("it does not answer within {} seconds", WITHIN.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(started);
    Err(match (reason(&said), stray) {
        (Some(said), _) => format!("it ended: {}", shown(&said)),
        (None, Some(line)) => format!("it ended, after a line that is no MCP: {}", shown(&line)),
        (None, None) => "it ended without a word".into(),
    })
}

/// The lines of an output, as they come.
fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output.take(MOST)).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).trim().to_owned()).is_err() {
                break;
            }
        }
    });
    lines
}

fn next(lines: &Receiver<String>, until: Instant) -> Result<String, RecvTimeoutError> {
    lines.recv_timeout(until.saturating_duration_since(Instant::now()))
}

/// Why a program has ended, in its own words: the last line that has `error:`, or the last one.
fn reason(errors: &Receiver<String>) -> Option<String> {
    let until = Instant::now() + LAST_WORDS;
    let said = std::iter::from_fn(|| next(errors, until).ok());
    let mut said: Vec<String> = said.filter(|line| !line.is_empty()).collect();
    let error = said.iter().rposition(|line| line.to_ascii_lowercase().contains("error:"));
    said.drain(error.unwrap_or(said.len().saturating_sub(1))..).next()
}

fn shown(line: &str) -> String {
    line.chars().take(SHOWN).collect()
}

fn request() -> Value {
    let client = json!({ "name": "clerk-mcp doctor", "version": env!("CARGO_PKG_VERSION") });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

fn server(line: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(line).ok()?;
    let server = &answer["result"]["serverInfo"];
    Some(format!("{} {}", server["name"].as_str()?, server["version"].as_str()?))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str) -> Result<String, String> {
        let launch = Launch { arguments: vec!["-c".into(), script.into()], ..Launch::default() };
        initialize(Path::new("/bin/sh"), &launch)
    }

    #[test]
    fn a_process_that_is_left_behind_holds_nobody_up_and_is_ended() {
        let begun = Instant::now();
        assert_eq!(run("echo no key >&2; sleep 95 >/dev/null & exit 1"), Err("it ended: no key".into()));
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        let file = std::env::temp_dir().join(format!("clerk-mcp-left-behind-{}", std::process::id()));
        let left = format!("(sleep 2; touch {}) >/dev/null & exit 1", file.display());
        assert_eq!(run(&left), Err("it ended without a word".into()));
        thread::sleep(Duration::from_secs(3));
        assert!(!file.exists(), "it went on");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn one_that_leaves_the_group_holds_nobody_up_either() {
        let begun = Instant::now();
        let left = "echo no key >&2; setsid sleep 30 >/dev/null & sleep 0.2; exit 1";
        assert_eq!(run(left), Err("it ended: no key".into()));
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }

    #[test]
    fn the_line_that_names_the_error_is_shown() {
        for (said, shown) in [
            ("error: invalid value\n\nFor more information, try --help.\n", "error: invalid value"),
            ("Traceback\nModuleNotFoundError: x\n", "ModuleNotFoundError: x"),
            ("first\nlast\n\n", "last"),
        ] {
            assert_eq!(run(&format!("printf '{said}' >&2")), Err(format!("it ended: {shown}")));
        }
    }
}
