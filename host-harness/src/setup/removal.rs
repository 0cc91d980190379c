//! Takes the entry out of clients again.

use std::process::ExitCode;

use anyhow::Context as _;

use super::change::Change;
use super::clients::Client;
use super::init::{file_of, say};
use super::key_file::KeyFile;
use super::options::InitOptions;
use super::places::Places;
use super::plan::Plan;

pub(super) fn remove(places: &Places, init: &InitOptions, clients: &[&'static Client]) -> anyhow::Result<ExitCode> {
    let file = |&client: &&'static Client| Ok((client, file_of(places, init, client)?, ()));
    let files = clients.iter().map(file).collect::<anyhow::Result<Vec<_>>>()?;
    let plan = Plan::of(&files, |client, path, ()| Change::remove(client, path, &init.name))?;
    let key_file = KeyFile(places.key_file());
    let path = key_file.path().display();
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
