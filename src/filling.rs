//! The arguments of calls that are kept to something: what is pinned is filled in, and what is not to be set is not taken.

use pins::Pins;
use serde_json::{Map, Value};

use crate::arguments::{Arguments, CLEAR, is_empty, is_same_name};
use crate::kind::{self, Parameter};
use crate::pinned::{FIXED, ORGANIZATION, USER, pinned};
use crate::problem::Problem;
use crate::rule::Rule;
use crate::tool::Tool;

/// Values that are unique among all customers: the refusal of one would tell that somebody outside has it.
const UNIQUE: [&str; 3] = ["external_id", "slug", "username"];

/// Values that open an account, which is one for all customers.
const OPENING: [&str; 5] = ["backup_codes", "password", "password_digest", "password_hasher", "totp_secret"];

const CLAIMS: &str = "what is one for all customers, a unique name or what opens an account, is not set by a connection that is kept to one";

/// The JSON Schema of arguments of a tool where calls are kept to this: an object.
pub(crate) fn schema(pins: Pins<'_>, tool: &Tool, mut parameters: Vec<&Parameter>) -> String {
    parameters.retain(|parameter| takes(pins, tool, parameter));
    kind::schema::arguments(&parameters)
}

/// The place of a parameter in a call that is kept to something.
enum Standing<'a> {
    Given,
    /// Filled in.
    Pinned(&'a str),
    /// Another name for what is filled in.
    Alternative,
    /// Not to be set.
    Claims,
}

fn standing<'a>(pins: Pins<'a>, tool: &Tool, parameter: &Parameter) -> Standing<'a> {
    let is_instead = |rule: &Rule| match rule {
        Rule::ExactlyOne(names) => {
            names.contains(&parameter.name) && names.iter().any(|name| pinned(pins, name).is_some())
        }
        _ => false,
    };
    match pinned(pins, parameter.name) {
        Some(value) => Standing::Pinned(value),
        None if tool.rules.iter().any(is_instead) => Standing::Alternative,
        None if claims(pins, tool, parameter.name) => Standing::Claims,
        None => Standing::Given,
    }
}

/// Tells whether a parameter of a write is one for all customers.
fn claims(pins: Pins<'_>, tool: &Tool, parameter: &str) -> bool {
    let is_for_all = UNIQUE.contains(&parameter) || (pins.organization.is_some() && OPENING.contains(&parameter));
    tool.writes() && pins.are_set() && is_for_all
}

/// Tells whether a tool takes a parameter from its caller.
pub(crate) fn takes(pins: Pins<'_>, tool: &Tool, parameter: &Parameter) -> bool {
    matches!(standing(pins, tool, parameter), Standing::Given)
}

/// The arguments with what is pinned.
///
/// # Errors
///
/// The arguments that name something else, or set what is not to be set.
pub(crate) fn fill(pins: Pins<'_>, tool: &Tool, given: Map<String, Value>) -> Result<Map<String, Value>, Vec<Problem>> {
    let (mut filled, mut problems) = (Map::new(), Vec::new());
    for (spelled, value) in given {
        let parameter = tool.parameters.iter().find(|parameter| is_same_name(parameter.name, &spelled));
        let standing = parameter.map_or(Standing::Given, |parameter| standing(pins, tool, parameter));
        match standing {
            Standing::Given => drop(filled.insert(spelled, value)),
            // Null sets it to nothing.
            Standing::Claims if value.is_null() && parameter.is_some_and(|found| found.is_nullable) => {
                problems.push(Problem::at(&spelled, CLAIMS));
            }
            _ if value.is_null() || is_empty(&value) => {}
            Standing::Pinned(pin) if value == pin || value == Value::from(vec![pin]) => {}
            Standing::Pinned(_) | Standing::Alternative => problems.push(Problem::at(&spelled, FIXED)),
            Standing::Claims => problems.push(Problem::at(&spelled, CLAIMS)),
        }
    }
    for name in [ORGANIZATION, USER] {
        if let (Some(pin), Some(parameter)) = (pinned(pins, name), tool.parameter(name)) {
            filled.insert(parameter.name.into(), pin.into());
        }
    }
    if problems.is_empty() { Ok(filled) } else { Err(problems) }
}

/// Refuses to set to nothing what is one for all customers, which `clear` names.
///
/// # Errors
///
/// It is set to nothing.
pub(crate) fn check(pins: Pins<'_>, tool: &Tool, arguments: &Arguments) -> Result<(), Vec<Problem>> {
    if arguments.sent().keys().any(|name| claims(pins, tool, name)) {
        Err(vec![Problem::at(CLEAR, CLAIMS)])
    } else {
        Ok(())
    }
}
