//! Backups of clients' files that hold a secret key: they stay when the entry and the key's file are gone.

use std::collections::HashSet;

use super::Finding;
use super::clients::files;
use crate::key::SecretKey;
use crate::setup::file::ConfigFile;
use crate::setup::places::Places;

pub(super) fn look(places: &Places) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let read = files(places).into_iter().filter_map(|(_, path)| ConfigFile::read(&path).ok());
    let backups = read.flat_map(|file| file.backups()).filter(|(path, _)| seen.insert(path.clone()));
    let with_key = backups.filter(|(_, text)| SecretKey::is_in(text));
    let advice = "remove it when you need it no more, and think of a new key if others could read it";
    with_key
        .map(|(path, _)| Finding::warning("backup", format!("{} has a secret key in it", path.display()), advice))
        .collect()
}
