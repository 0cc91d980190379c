//! Merges this program's entry into one that a person has under the same name.
//!
//! What starts this program is set: the command, its arguments, its own environment variables, the URL and the type. All else stays
//! as it is, comments too: other variables, such as a proxy, and what the client knows beyond (`disabled`, `autoApprove`,
//! `timeout`). What goes is what contradicts: a secret key in the environment, since the entry names its file, and the fields of
//! the other transport. Arguments are one whole here: no old one is kept beside the new. Options of this program
//! that stay are in the new ones already (see `kept_options`).

use serde_json::{Map, Value};

use crate::setup::entry::Field;

/// Fields of an entry that starts a command. One that names a URL has none of them.
const OF_COMMANDS: &[&str] =
    &["command", "cmd", "args", "env", "envs", "environment", "envFile", "env_vars", "env_keys", "cwd"];
/// Fields of an entry that names a URL. One that starts a command has none of them.
const OF_URLS: &[&str] = &[
    "url",
    "uri",
    "httpUrl",
    "serverUrl",
    "headers",
    "http_headers",
    "env_http_headers",
    "bearer_token_env_var",
    "oauth",
    "auth",
];
/// Fields that name the transport, and what they say of a command.
const OF_TRANSPORT: &[&str] = &["type", "transport", "transportType"];
const COMMAND_TRANSPORTS: &[&str] = &["stdio", "local"];
/// Fields with a usual value, which a person may have changed.
const OF_PEOPLE: &[&str] = &["description", "enabled", "name", "timeout", "tools"];
/// The field of the variables where a command is a field of its own.
const ENVIRONMENT: &str = "env";
/// The variable that holds the key itself.
const SECRET_KEY: &str = "CLERK_SECRET_KEY";

/// A change of one value in an entry, below the names that lead to it.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    Set(Vec<String>, Field),
    Unset(Vec<String>),
}

/// The changes that make what was found what this program writes, and the entry as it is then.
pub(super) fn merge(found: Map<String, Value>, entry: &Field) -> (Vec<Step>, Value) {
    let entry = &with_older_environment(&found, entry);
    let mut steps = Vec::new();
    if let Field::Fields(fields) = entry {
        steps.extend(fields.iter().flat_map(|(name, field)| missing(&found, name, field)));
    }
    // Afterwards, so that no map is empty in between and loses its form.
    steps.extend(needless(&found, entry));
    let mut merged = Value::Object(found);
    for step in &steps {
        apply(step, &mut merged);
    }
    (steps, merged)
}

/// The entry with the variables that the older form has within its command, which goes.
fn with_older_environment(found: &Map<String, Value>, entry: &Field) -> Field {
    let (Some(Value::Object(older)), Field::Fields(fields)) =
        (found.get("command").and_then(|command| command.get(ENVIRONMENT)), entry)
    else {
        return entry.clone();
    };
    let mut fields = fields.clone();
    if !fields.iter().any(|(name, _)| name == ENVIRONMENT) {
        fields.push((ENVIRONMENT.into(), Field::Fields(Vec::new())));
    }
    let newer = found.get(ENVIRONMENT);
    for (_, field) in fields.iter_mut().filter(|(name, _)| name == ENVIRONMENT) {
        let Field::Fields(variables) = field else { continue };
        for (name, value) in older.iter().filter(|(name, _)| *name != SECRET_KEY) {
            let is_set =
                variables.iter().any(|(set, _)| set == name) || newer.is_some_and(|newer| newer.get(name).is_some());
            variables.extend(Field::of_json(value).filter(|_| !is_set).map(|value| (name.clone(), value)));
        }
    }
    Field::Fields(fields)
}

fn needless(found: &Map<String, Value>, entry: &Field) -> Vec<Step> {
    let entry = entry.to_json();
    let starts_command = OF_COMMANDS.iter().any(|&name| entry.get(name).is_some());
    let others = if starts_command { OF_URLS } else { OF_COMMANDS };
    let is_other_transport = |value: &Value| {
        !starts_command || !value.as_str().is_some_and(|transport| COMMAND_TRANSPORTS.contains(&transport))
    };
    let step = |(name, value): (&String, &Value)| {
        let is_set = entry.get(name).is_some();
        let is_of_transport = OF_TRANSPORT.contains(&name.as_str()) && is_other_transport(value);
        if !is_set && (is_of_transport || others.contains(&name.as_str())) {
            return Some(Step::Unset(vec![name.clone()]));
        }
        match value {
            Value::Object(variables) if variables.contains_key(SECRET_KEY) => {
                Some(Step::Unset(vec![name.clone(), SECRET_KEY.into()]))
            }
            // The names of variables that the client hands on.
            Value::Array(names) if !is_set && names.iter().any(is_secret_key) => {
                let rest = names.iter().filter(|name| !is_secret_key(name)).map(Field::of_json).collect::<Option<_>>();
                rest.map(|rest| Step::Set(vec![name.clone()], Field::List(rest)))
            }
            _ => None,
        }
    };
    found.iter().filter_map(step).collect()
}

/// Tells whether an item names the variable of the key, by itself or with where it comes from.
fn is_secret_key(item: &Value) -> bool {
    item == SECRET_KEY || item["name"] == SECRET_KEY
}

/// The changes for one field of this program.
fn missing(found: &Map<String, Value>, name: &str, field: &Field) -> Vec<Step> {
    match (found.get(name), field) {
        (Some(_), _) if OF_PEOPLE.contains(&name) => Vec::new(),
        (Some(value), field) if *value == field.to_json() => Vec::new(),
        (Some(Value::Object(variables)), Field::Fields(fields)) => {
            let is_other = |(name, field): &&(String, Field)| variables.get(name) != Some(&field.to_json());
            let set =
                |(variable, field): &(String, Field)| Step::Set(vec![name.into(), variable.clone()], field.clone());
            fields.iter().filter(is_other).map(set).collect()
        }
        _ => vec![Step::Set(vec![name.into()], field.clone())],
    }
}

fn apply(step: &Step, value: &mut Value) {
    let (Step::Set(names, _) | Step::Unset(names)) = step;
    let Some((last, above)) = names.split_last() else { return };
    let map = above.iter().try_fold(value, |value, name| value.get_mut(name)).and_then(Value::as_object_mut);
    match (map, step) {
        (Some(map), Step::Set(_, field)) => drop(map.insert(last.clone(), field.to_json())),
        (Some(map), Step::Unset(_)) => drop(map.remove(last)),
        (None, _) => {}
    }
}
