//! Reads a call's arguments, and says everything that is wrong with them at once.

use serde_json::{Map, Value};

use crate::definitions;

/// One thing that is wrong with the arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON Pointer into the arguments; empty for all of them.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl Problem {
    /// A problem of the arguments taken together.
    pub(crate) fn overall(message: impl Into<String>) -> Self {
        Self { pointer: String::new(), message: message.into() }
    }

    fn at(name: &str, message: impl Into<String>) -> Self {
        Self { pointer: format!("/{name}"), message: message.into() }
    }
}

/// Parses arguments as a client sends them. Clients leave them out in several ways; all mean "none".
///
/// # Errors
///
/// One problem when the text is not a JSON object.
pub(crate) fn parse(text: &str) -> Result<Value, Problem> {
    if text.trim().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_str(text) {
        Ok(Value::Null) => Ok(Value::Object(Map::new())),
        Ok(Value::Object(map)) => Ok(Value::Object(map)),
        Ok(_) => Err(Problem::overall("the arguments must be a JSON object")),
        Err(error) => Err(Problem::overall(format!("the arguments are not JSON: {error}"))),
    }
}

/// A tool's parameters, with the type known only to these two functions: one copy of the code below serves all tools.
pub(crate) struct Reader<'a> {
    /// Reads the parameters; whether it succeeds depends on nothing but the arguments.
    pub(crate) try_read: &'a mut dyn FnMut(&Map<String, Value>) -> Result<(), serde_json::Error>,
    /// The tool's name.
    pub(crate) tool: &'static str,
}

/// Reads a tool's parameters from its arguments.
///
/// # Errors
///
/// Every problem with them, unknown parameters first, missing ones last.
pub(crate) fn read(arguments: Value, mut reader: Reader<'_>) -> Result<(), Vec<Problem>> {
    let Value::Object(given) = arguments else {
        return Err(vec![Problem::overall("the arguments must be a JSON object")]);
    };
    let given = spell_like_clerk(given)?;
    (reader.try_read)(&given).map_err(|_| problems(given, &mut reader))
}

/// Accepts `organizationId` for `organization_id`, and takes null for absent, as many clients send it.
fn spell_like_clerk(given: Map<String, Value>) -> Result<Map<String, Value>, Vec<Problem>> {
    let mut spelled = Map::new();
    for (name, value) in given {
        let snake_case = to_snake_case(&name);
        if value.is_null() {
            continue;
        }
        if spelled.insert(snake_case.clone(), value).is_some() {
            return Err(vec![Problem::at(&snake_case, "given twice, in two spellings")]);
        }
    }
    Ok(spelled)
}

fn to_snake_case(name: &str) -> String {
    let mut snake_case = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake_case.is_empty() {
            snake_case.push('_');
        }
        snake_case.push(character.to_ascii_lowercase());
    }
    snake_case
}

/// Serde stops at the first problem. This takes what it refuses out of the arguments and asks again, so that one
/// answer names them all.
fn problems(mut given: Map<String, Value>, reader: &mut Reader<'_>) -> Vec<Problem> {
    let schema = definitions::input_schema(reader.tool);
    let known: Vec<&str> = schema["properties"].as_object().into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut problems = Vec::new();

    let missing: Vec<&str> = required.into_iter().filter(|name| !given.contains_key(*name)).collect();
    let unknown: Vec<String> = given.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect();
    for name in unknown {
        given.remove(&name);
        problems.push(Problem::at(&name, unknown_parameter(&name, &known)));
    }
    while let Err(error) = (reader.try_read)(&given) {
        let Some(name) = culprit(&given, &error, reader) else { break };
        given.remove(&name);
        problems.push(Problem::at(&name, error.to_string()));
    }
    problems.extend(missing.into_iter().map(|name| Problem::at(name, "required, but missing")));
    problems
}

/// The argument that an error is about: the one without which there is no error, or another.
fn culprit(given: &Map<String, Value>, error: &serde_json::Error, reader: &mut Reader<'_>) -> Option<String> {
    let message = error.to_string();
    let mut is_culprit = |name: &&String| {
        let mut others = given.clone();
        others.remove(*name);
        (reader.try_read)(&others).err().is_none_or(|other| other.to_string() != message)
    };
    given.keys().find(|name| is_culprit(name)).cloned()
}

fn unknown_parameter(name: &str, known: &[&str]) -> String {
    match closest(name, known.iter().copied()) {
        Some(suggestion) => format!("unknown parameter `{name}`; did you mean `{suggestion}`?"),
        None => format!("unknown parameter `{name}`; the parameters are {}", known.join(", ")),
    }
}

/// The candidate that differs least from `name`, if it is close enough to be a slip.
pub(crate) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.len().max(3) / 3;
    let edits = |candidate: &&str| strsim::levenshtein(name, candidate);
    candidates.min_by_key(edits).filter(|candidate| edits(candidate) <= most)
}
