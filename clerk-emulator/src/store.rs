//! Things of the collections, as JSON: all fields that were ever given or made, whatever an answer shows of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::clock;

pub(crate) type Thing = Map<String, Value>;

/// The things of each collection, oldest first.
#[derive(Default)]
pub(crate) struct Store {
    collections: BTreeMap<String, Vec<Thing>>,
}

impl Store {
    pub(crate) fn all(&self, path: &str) -> &[Thing] {
        self.collections.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn all_mut(&mut self, path: &str) -> &mut Vec<Thing> {
        self.collections.entry(path.to_owned()).or_default()
    }

    /// The thing that has a value in one of the fields.
    pub(crate) fn find(&self, path: &str, keys: &[&str], value: &str) -> Option<&Thing> {
        self.all(path).iter().find(|thing| keys.iter().any(|key| has(thing, key, value)))
    }

    /// Removes what names something by any of these fields, from the collections whose paths begin so.
    pub(crate) fn forget(&mut self, path: &str, fields: &[&str], id: &str) {
        for (_, things) in self.collections.iter_mut().filter(|(found, _)| found.starts_with(path)) {
            things.retain(|thing| !fields.iter().any(|field| has(thing, field, id)));
        }
    }

    pub(crate) fn find_mut(&mut self, path: &str, keys: &[&str], value: &str) -> Option<&mut Thing> {
        self.all_mut(path).iter_mut().find(|thing| keys.iter().any(|key| has(thing, key, value)))
    }
}

pub(crate) fn has(thing: &Thing, key: &str, value: &str) -> bool {
    thing.get(key).is_some_and(|found| found == value)
}

/// Notes that a thing was just changed.
pub(crate) fn touch(thing: &mut Thing) {
    if let Some(previous) = thing.get("updated_at").and_then(Value::as_i64) {
        thing.insert("updated_at".to_owned(), clock::after(previous).into());
    }
}
