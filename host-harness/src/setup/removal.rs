//! Takes the entry out of clients again, and the key away where nobody else uses it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use super::change::Change;
use super::clients::{CLIENTS, Client};
use super::file::FileProblem;
use super::init::{files_of, say};
use super::key_file::KeyFile;
use super::options::InitOptions;
use super::places::Places;
use super::plan::Plan;

pub(super) fn remove(places: &Places, init: &InitOptions, clients: &[&'static Client]) -> anyhow::Result<ExitCode> {
    let mut files = Vec::new();
    for &client in clients {
        let mut of_client = files_of(places, init, client)?;
        let may_have_it = |file: &PathBuf| client.has_entry(file, &init.name).unwrap_or(true);
        if of_client.iter().any(may_have_it) {
            of_client.retain(may_have_it);
        } else {
            of_client.truncate(1);
        }
        files.extend(of_client.into_iter().map(|file| (client, file, ())));
    }
    let plan = Plan::of(&files, |client, path, ()| Change::remove(client, path, &init.name))?;
    let key_file = KeyFile(places.key_file());
    let path = key_file.path().display();
    if init.remove_key {
        let is_removed = |file: &Path, name: &str| name == init.name && files.iter().any(|(_, path, ())| path == file);
        let users = users_of_key(places, key_file.path(), is_removed);
        anyhow::ensure!(
            users.known.is_empty(),
            "the key in {path} is still used, and nothing was changed: {}; take that out too, or leave --remove-key out",
            users.known.join("; ")
        );
        anyhow::ensure!(
            users.possible.is_empty(),
            "the key in {path} may still be used, and nothing was changed: {}; mend that first, or leave --remove-key out",
            users.possible.join("; ")
        );
    }
    if !plan.is_wanted(init, init.remove_key)? {
        return plan.end();
    }
    let made = plan.make()?;
    if init.remove_key {
        let removed = key_file.remove().with_context(|| format!("{path} cannot be removed"))?;
        say(&if removed { format!("Removed the key in {path}.") } else { format!("There is no key in {path}.") })?;
    } else if key_file.path().exists() {
        say(&format!("The key is still in {path}; --remove-key removes it."))?;
    }
    Ok(made)
}

/// Who uses a key file, in words.
#[derive(Default)]
struct Users {
    /// Entries that name it.
    known: Vec<String>,
    /// Files that cannot be read or parsed.
    possible: Vec<String>,
}

/// The entries of all clients that name a key file, but for those that are removed, and the files that may have one.
fn users_of_key(places: &Places, key_file: &Path, is_removed: impl Fn(&Path, &str) -> bool) -> Users {
    let mut users = Users::default();
    for client in CLIENTS {
        for path in places.user_files(client).into_iter().chain(places.project_file(client)) {
            match names_of_users(client, &path, key_file) {
                Ok(names) => {
                    let others = names.iter().filter(|name| !is_removed(&path, name));
                    let entry = |name| format!("{}: entry {name} in {}", client.title, path.display());
                    users.known.extend(others.map(entry));
                }
                Err(problem) => users.possible.push(format!("{}: {problem}", client.title)),
            }
        }
    }
    users.known.dedup();
    users.possible.dedup();
    users
}

/// The names of one file's entries that name a key file.
fn names_of_users(client: &Client, path: &Path, key_file: &Path) -> Result<Vec<String>, FileProblem> {
    let names_it = |(name, value): (String, _)| {
        let environment = client.shape.launch(&value)?.environment;
        let is_it = |(name, path): &(String, String)| name == "CLERK_SECRET_KEY_FILE" && Path::new(path) == key_file;
        environment.iter().any(is_it).then_some(name)
    };
    Ok(client.servers_in(path)?.into_iter().filter_map(names_it).collect())
}
