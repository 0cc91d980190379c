//! Where `init` takes the secret key from, and in which file it is to be then.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, thread};

use anyhow::Context as _;

use super::account::kind;
use super::ask::{self, Choice};
use super::key_file::KeyFile;
use super::launch::absolute;
use super::options::InitOptions;
use super::terminal;
use crate::key::SecretKey;

/// The longest wait for a key on standard input.
const WITHIN: Duration = Duration::from_secs(10);
/// The most that is read of it, in bytes.
const MOST: u64 = 4096;

/// A key, and the file that entries name.
pub(crate) struct Source {
    pub(crate) key: SecretKey,
    pub(crate) file: KeyFile,
    /// The file does not hold it yet.
    pub(crate) is_new: bool,
}

/// A key that is in a file of the person's own.
///
/// # Errors
///
/// There is no such file, or no key in it.
pub(crate) fn from_file(path: &Path) -> anyhow::Result<Source> {
    let file = KeyFile(absolute(path));
    let key = file
        .read()?
        .with_context(|| format!("there is no file {}: name one that holds the secret key", file.path().display()))?;
    Ok(Source { key, file, is_new: false })
}

/// The key of the environment, of standard input, of the file that is there, or of the person, in this order.
///
/// # Errors
///
/// There is none, or one that is none.
pub(crate) fn find(own: PathBuf, init: &InitOptions) -> anyhow::Result<Source> {
    if let Some(path) = env::var_os("CLERK_SECRET_KEY_FILE").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        SecretKey::refuse_as_path("CLERK_SECRET_KEY_FILE", &path)?;
        return from_file(&path).context("CLERK_SECRET_KEY_FILE");
    }
    let file = KeyFile(own);
    let given = match env::var("CLERK_SECRET_KEY").ok().filter(|key| !key.is_empty()) {
        Some(text) => Some(SecretKey::parse(&text).context("CLERK_SECRET_KEY")?),
        None if !io::stdin().is_terminal() => piped()?,
        None => None,
    };
    // One that is damaged is as none, where another is given.
    let kept = match (file.read(), &given) {
        (Ok(kept), _) => kept,
        (Err(_), Some(_)) => None,
        (Err(problem), None) => return Err(problem.into()),
    };
    if kept.is_none() || init.replace_key {
        file.check_writable()?;
    }
    let key = match (given, kept) {
        (Some(given), Some(kept)) if given.digest() != kept.digest() => {
            may_replace(&kept, &file, init)?;
            given
        }
        (Some(given), None) => given,
        (Some(given), Some(_)) => return Ok(Source { key: given, file, is_new: false }),
        (None, Some(kept)) => return keep_or_replace(kept, file, init.yes),
        (None, None) => type_one()?,
    };
    Ok(Source { key, file, is_new: true })
}

fn piped() -> anyhow::Result<Option<SecretKey>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = io::stdin().lock().take(MOST).read_to_string(&mut text);
        let _ = sender.send(read.map(|_| text));
    });
    match receiver.recv_timeout(WITHIN) {
        Ok(Ok(text)) if text.trim().is_empty() => Ok(None),
        Ok(Ok(text)) => Ok(Some(SecretKey::parse(&text).context("the key on standard input")?)),
        Ok(Err(error)) => Err(error).context("the key on standard input"),
        // Whoever started this keeps it open and sends nothing.
        Err(_) => Ok(None),
    }
}

fn may_replace(kept: &SecretKey, file: &KeyFile, init: &InitOptions) -> anyhow::Result<()> {
    if init.replace_key {
        return Ok(());
    }
    let holds = format!("{} holds another key, of a {} instance", file.path().display(), kind(kept));
    anyhow::ensure!(
        ask::can_ask() && !init.yes,
        "{holds}: --replace-key replaces it for all clients, --key-file names another file"
    );
    let agrees = ask::person().agrees(&format!("{holds}. Replace it for all clients?"), false)?;
    anyhow::ensure!(agrees, "the other key stays, and nothing was changed");
    Ok(())
}

/// The key that is there already, unless the person wants another.
fn keep_or_replace(kept: SecretKey, file: KeyFile, yes: bool) -> anyhow::Result<Source> {
    if yes || !ask::can_ask() {
        return Ok(Source { key: kept, file, is_new: false });
    }
    let there = format!("the one in {}", file.path().display());
    let remark = format!("of a {} instance", kind(&kept));
    let choices = [
        Choice { title: "keep", remark: &format!("{there}, {remark}"), is_usual: true },
        Choice { title: "another", remark: "to be typed, in its place, for all clients", is_usual: false },
    ];
    if ask::person().choose_one("Which secret key?", &choices)? == 0 {
        return Ok(Source { key: kept, file, is_new: false });
    }
    file.check_writable()?;
    Ok(Source { key: type_one()?, file, is_new: true })
}

fn type_one() -> anyhow::Result<SecretKey> {
    anyhow::ensure!(
        ask::can_ask(),
        "no secret key: name its file with --key-file, set CLERK_SECRET_KEY, or send it on standard input; --demo needs none"
    );
    // Before the prompt: what is typed from then on must not show.
    terminal::silently(|| {
        let mut person = ask::person();
        person.tell(
            "The secret key is in Clerk's dashboard, under API keys. It does not show while you type or paste it.",
        )?;
        for _ in 0..3 {
            match SecretKey::parse(&person.secret("Secret key: ")?) {
                Ok(key) => return Ok(key),
                Err(error) => person.tell(&format!("That is none: {error}."))?,
            }
        }
        anyhow::bail!("no secret key was typed, so nothing was changed")
    })
}
