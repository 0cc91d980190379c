//! Several instances of Clerk by name, as a file of profiles describes them: of each the source of its key, and what is allowed.

mod file;
mod key_source;

use std::collections::HashSet;
use std::env;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;

pub(crate) use key_source::KeySource;

use crate::cli::Options;
use crate::key::SecretKey;

/// The most profiles that a file has: each is listed by name in every tool.
const MOST: usize = 32;
/// The longest name of a profile, in bytes.
const LONGEST_NAME: usize = 32;

/// The variables that give a key where there are no profiles.
const KEY_VARIABLES: [&str; 2] = ["CLERK_SECRET_KEY", "CLERK_SECRET_KEY_FILE"];

/// What a file of profiles says.
#[derive(Debug)]
pub(crate) struct Profiles {
    /// At least one, in the order of the file.
    pub(crate) all: Vec<Profile>,
    /// The place of the one that tools which read take where none is named.
    pub(crate) default: Option<usize>,
}

/// An instance as a file describes it.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) name: Arc<str>,
    pub(crate) key: KeySource,
    /// The options of the process with the settings of the profile, as if they were given for this instance alone.
    pub(crate) options: Options,
}

impl Profiles {
    /// The profiles that the options name, if they name a file of such. Reads no key yet.
    ///
    /// # Errors
    ///
    /// The file cannot be used, or contradicts another option: why, and what to do.
    pub(crate) fn of(options: &Options) -> anyhow::Result<Option<Self>> {
        let Some(path) = &options.profiles else { return Ok(None) };
        let read = || {
            let is_named = !path.as_os_str().is_empty();
            anyhow::ensure!(is_named, "names no file: name one, or leave it out (unset the variable)");
            anyhow::ensure!(!options.demo, "it contradicts --demo (CLERK_MCP_DEMO): leave one of them out");
            let profiles = file::read(path, options)?;
            profiles.refuse_other_keys()?;
            Ok(Some(profiles))
        };
        read().with_context(|| format!("--profiles (CLERK_PROFILES) {}", path.display()))
    }

    /// The place of the profile of this name.
    ///
    /// # Errors
    ///
    /// There is none, in words that name those that there are.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<usize> {
        let names = || self.all.iter().map(|profile| &*profile.name).collect::<Vec<_>>().join(", ");
        let place = self.all.iter().position(|profile| &*profile.name == name);
        place.with_context(|| format!("there is no profile {name:?}; there are: {}", names()))
    }

    /// A key that no profile asks for would count for nothing without a word.
    fn refuse_other_keys(&self) -> anyhow::Result<()> {
        let is_asked_for = |name: &str| {
            self.all.iter().any(|profile| matches!(&profile.key, KeySource::Variable(used) if used == name))
        };
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        match KEY_VARIABLES.into_iter().find(|name| is_set(name) && !is_asked_for(name)) {
            Some(name) => anyhow::bail!(
                "each profile has its own key, and {name} is set as well: unset it, or have a profile name it (key_env)"
            ),
            None => Ok(()),
        }
    }

    /// The key of each profile, or why there is none. Those that commands print are waited for beside each other.
    pub(crate) fn keys(&self) -> Vec<anyhow::Result<SecretKey>> {
        let read = |profile: &Profile| {
            profile.key.read().with_context(|| format!("the key of the profile {:?}", &*profile.name))
        };
        thread::scope(|scope| {
            let threads: Vec<_> = self.all.iter().map(|profile| scope.spawn(move || read(profile))).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("reading the key of a profile panicked")))
            };
            threads.into_iter().map(join).collect()
        })
    }

    /// Refuses a default of which the key is of a production instance.
    pub(crate) fn check_default(&self, keys: &[anyhow::Result<SecretKey>]) -> anyhow::Result<()> {
        let Some(default) = self.default else { return Ok(()) };
        let is_production = keys.get(default).is_some_and(|key| key.as_ref().is_ok_and(SecretKey::is_live));
        anyhow::ensure!(
            !is_production,
            "default names the profile {:?}, and its key is of a production instance, which is never the default: name another \
             one, or leave default out",
            &*self.all[default].name
        );
        Ok(())
    }
}

/// Refuses what is no name of a profile: models write it into arguments, and people read it in questions.
fn check_name(name: &str, taken: &mut HashSet<String>) -> anyhow::Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let begins_well = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    anyhow::ensure!(
        begins_well && name.len() <= LONGEST_NAME && name.bytes().all(is_plain),
        "{name:?} is no name of a profile: take at most {LONGEST_NAME} of a-z, 0-9, - and _, beginning with a letter or a digit"
    );
    taken.insert(name.to_owned());
    anyhow::ensure!(taken.len() <= MOST, "it has more than {MOST} profiles");
    Ok(())
}

/// A path in a file of profiles: one that is relative begins at the file's own directory.
fn beside(file: &Path, path: &str) -> std::path::PathBuf {
    file.parent().map_or_else(|| path.into(), |directory| directory.join(path))
}
