//! The file of profiles: TOML, in which each profile is a table of settings that are named as options are.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::{KeySource, Profile, Profiles, beside, check_name};
use crate::cli::{Options, Setting, names_of_settings};
use crate::file_system;
use crate::key::SecretKey;

/// The names by which a profile says where its key is.
const KEY_FILE: &str = "key_file";
const KEY_ENV: &str = "key_env";
const KEY_COMMAND: &str = "key_command";
const KEYS: [&str; 3] = [KEY_FILE, KEY_ENV, KEY_COMMAND];

/// Reads a file of profiles, each with the options of the process.
///
/// # Errors
///
/// It cannot be read, others can, or it says what nobody understands.
pub(super) fn read(path: &Path, options: &Options) -> anyhow::Result<Profiles> {
    let mut file = File::open(path).context("name a file that is there")?;
    let metadata = file.metadata().context("it cannot be looked at")?;
    anyhow::ensure!(metadata.is_file(), "it is no file: name the TOML file that has the profiles");
    anyhow::ensure!(
        !file_system::others_can_read(&metadata),
        "others on this machine can get at it, and it says which key is used for what: run `chmod 600` on it"
    );
    let mut text = String::new();
    file.read_to_string(&mut text).context("it cannot be read as text")?;
    // Before anything that repeats a part of it.
    anyhow::ensure!(
        !SecretKey::is_in(&text),
        "it holds a secret key: move that to a file of its own that only you can read, and name the file ({KEY_FILE})"
    );
    let document: DocumentMut =
        text.parse().map_err(|error| anyhow::anyhow!("it is no TOML: {}", in_one_line(&error)))?;
    profiles(document.as_table(), path, options)
}

fn in_one_line(error: &toml_edit::TomlError) -> String {
    let text = error.to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn profiles(table: &dyn TableLike, path: &Path, options: &Options) -> anyhow::Result<Profiles> {
    if let Some((unknown, _)) = table.iter().find(|(name, _)| !["default", "profiles"].contains(name)) {
        anyhow::bail!(
            "there is no {unknown:?} at its beginning, only default and the tables [profiles.NAME]: put what belongs to a \
             profile below its [profiles.NAME]"
        );
    }
    let named = table.get("profiles").and_then(Item::as_table_like).filter(|named| !named.is_empty());
    let named = named.context("it has no profile: give each one a table, [profiles.NAME]")?;
    let mut taken = HashSet::new();
    let all = named.iter().map(|(name, item)| {
        check_name(name, &mut taken)?;
        profile(name, item, path, options).with_context(|| format!("the profile {name:?}"))
    });
    let mut profiles = Profiles { all: all.collect::<anyhow::Result<_>>()?, default: None };
    if let Some(default) = table.get("default") {
        let name = default.as_str().context("default takes the name of a profile")?;
        profiles.default = Some(profiles.find(name).context("default")?);
    }
    Ok(profiles)
}

fn profile(name: &str, item: &Item, path: &Path, options: &Options) -> anyhow::Result<Profile> {
    let table = item.as_table_like().context("it is no table: write [profiles.NAME], and its settings below")?;
    let (mut own, mut keys) = (Vec::new(), Vec::new());
    for (setting, item) in table.iter() {
        let value = item.as_value().with_context(|| format!("{setting} is a table, and takes a value"))?;
        if KEYS.contains(&setting) {
            keys.push((setting, key_source(setting, value, path)?));
        } else if let Some(id) = names_of_settings().find(|id| *id == setting) {
            own.push(Setting { id, values: values(setting, value)? });
        } else {
            let known = KEYS.into_iter().chain(names_of_settings()).collect::<Vec<_>>().join(", ");
            anyhow::bail!("there is no setting {setting:?}; there are: {known}");
        }
    }
    let mut keys = keys.into_iter();
    let key = match (keys.next(), keys.next()) {
        (Some((_, key)), None) => key,
        (Some((one, _)), Some((other, _))) => {
            anyhow::bail!("it has {one} and {other}: leave one of them, so that there is one key")
        }
        (None, _) => anyhow::bail!("it says of no key: set one of {}", KEYS.join(", ")),
    };
    Ok(Profile { name: Arc::from(name), key, options: options.for_profile(&own)? })
}

fn key_source(setting: &str, value: &Value, path: &Path) -> anyhow::Result<KeySource> {
    let text = || {
        let text = value.as_str().filter(|text| !text.trim().is_empty());
        text.with_context(|| format!("{setting} takes a text"))
    };
    Ok(match setting {
        KEY_FILE => KeySource::File(beside(path, text()?)),
        KEY_ENV => KeySource::Variable(text()?.to_owned()),
        _ => {
            let words = value.as_array().map(|words| words.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
            let words = words.flatten().filter(|words| words.first().is_some_and(|program| !program.is_empty()));
            let words = words.with_context(|| {
                format!("{setting} takes a list of texts, the program and its arguments, such as [\"pass\", \"show\", \"clerk\"]: no shell runs it")
            })?;
            KeySource::Command(words.into_iter().map(str::to_owned).collect())
        }
    })
}

/// A value as an option takes it: one text, or a few.
fn values(setting: &str, value: &Value) -> anyhow::Result<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Boolean(flag) => Some(flag.value().to_string()),
        _ => None,
    };
    let all = match value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => one(value).map(|value| vec![value]),
    };
    all.with_context(|| format!("{setting} takes a text, a number, true or false, or a list of such"))
}
