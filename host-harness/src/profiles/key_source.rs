//! Where the key of a profile comes from: a file, a variable, or a command that prints it.

use std::env;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::key::SecretKey;

/// The longest that a command may take: a person may have to unlock what keeps the key.
const WITHIN: Duration = Duration::from_mins(1);
/// The longest wait for the output of a command that has ended: another process may keep it open.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How often a command is looked at.
const PAUSE: Duration = Duration::from_millis(10);
/// The most that is read of an output, in bytes.
const MOST: u64 = 4096;
/// The longest part of what a command said that is repeated, in characters.
const SHOWN: usize = 200;

/// The source of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    File(PathBuf),
    /// The name of an environment variable.
    Variable(String),
    /// A program with its arguments, which no shell sees.
    Command(Vec<String>),
}

impl KeySource {
    /// Reads the key. Waits for a command, which is run each time.
    ///
    /// # Errors
    ///
    /// There is none: why, and what to do, in words that do not repeat it.
    pub(crate) fn read(&self) -> anyhow::Result<SecretKey> {
        match self {
            Self::File(path) => {
                let setting = || format!("key_file {}", path.display());
                let bytes = std::fs::read(path)
                    .map_err(|error| anyhow::anyhow!("{}: {error}; name the file that holds the key", setting()))?;
                SecretKey::from_bytes(bytes).with_context(setting)
            }
            Self::Variable(name) => {
                let value = env::var_os(name).filter(|value| !value.is_empty());
                let value = value.with_context(|| format!("key_env: the variable {name} is not set"))?;
                SecretKey::parse(&value.to_string_lossy()).with_context(|| format!("key_env {name}"))
            }
            Self::Command(words) => {
                let printed = run(words).with_context(|| format!("key_command {}", self.in_words()))?;
                SecretKey::from_bytes(printed).with_context(|| {
                    format!("key_command {}: it has to print the key and nothing else", self.in_words())
                })
            }
        }
    }

    /// The source in a few words. Arguments of a command may be secrets.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Variable(name) => name.clone(),
            Self::Command(words) => words.first().cloned().unwrap_or_default(),
        }
    }
}

/// A process that does not outlive the question.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a command prints. Its standard input is empty: that of this program belongs to MCP.
fn run(words: &[String]) -> anyhow::Result<Vec<u8>> {
    let (program, arguments) = words.split_first().context("it names no program")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut started = Started(command.spawn().context("it cannot be started")?);
    let printed = started.0.stdout.take().map(beginning).context("its output cannot be read")?;
    let said = started.0.stderr.take().map(all).context("its output cannot be read")?;
    let status = wait(&mut started.0)?;
    let printed = printed.recv_timeout(LAST_WORDS).context("it has ended, and its output is still open")?;
    anyhow::ensure!(printed.len() as u64 <= MOST, "it prints more than a key");
    if !status.success() {
        let said = said.recv_timeout(LAST_WORDS).unwrap_or_default();
        anyhow::bail!("it failed ({status}){}", last_words(&said));
    }
    Ok(printed)
}

fn wait(child: &mut Child) -> anyhow::Result<ExitStatus> {
    let until = Instant::now() + WITHIN;
    loop {
        if let Some(status) = child.try_wait().context("it cannot be waited for")? {
            return Ok(status);
        }
        anyhow::ensure!(Instant::now() < until, "it does not end within {} seconds", WITHIN.as_secs());
        thread::sleep(PAUSE);
    }
}

/// The beginning of an output, one byte more than is allowed. Whoever writes on is cut off.
fn beginning(output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    in_background(move || {
        let mut read = Vec::new();
        let _ = output.take(MOST + 1).read_to_end(&mut read);
        read
    })
}

/// The beginning of an output that is read to its end: whoever writes more than is kept must not wait for that.
fn all(mut output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    in_background(move || {
        let mut kept = Vec::new();
        let _ = output.by_ref().take(MOST).read_to_end(&mut kept);
        let _ = io::copy(&mut output, &mut io::sink());
        kept
    })
}

fn in_background(read: impl FnOnce() -> Vec<u8> + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(read()));
    receiver
}

/// The last line of what a command has said, without secrets, as the end of a sentence.
fn last_words(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let line = text_cleaning::clean(line);
    let shown: String = text_cleaning::without_secrets(&line).chars().take(SHOWN).collect();
    if shown.is_empty() { shown } else { format!(": {shown}") }
}
