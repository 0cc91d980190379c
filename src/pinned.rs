//! Calls that are kept to one organization, to one user, or to both: what cannot be kept is off, what is pinned is filled in,
//! and a request that would lead elsewhere is led back or not sent. The paths themselves are in the package `pins`.

use std::borrow::Cow;

use pins::{Pins, Place};
use serde_json::{Map, Value};

use crate::arguments::{is_empty, is_same_name};
use crate::ids::Resource;
use crate::kind::Parameter;
use crate::problem::Problem;
use crate::request::{Endpoint, Request};
use crate::rule::Rule;
use crate::tool::Tool;
use crate::tools::objects::{LIST_MEMBERS, LIST_MEMBERSHIPS_OF_USER, LIST_USERS};

const ORGANIZATION: &str = "organization_id";
const USER: &str = "user_id";

/// Values that are unique among all customers: the refusal of one would tell that somebody outside has it.
const UNIQUE: [&str; 3] = ["external_id", "slug", "username"];

const LEADS_OUTSIDE: &str = "leads outside what this connection is kept to (--organization, CLERK_ORGANIZATION, X-MCP-Organization; \
                             --user, CLERK_USER; or a claim of the access token)";
pub(crate) const FIXED: &str =
    "this connection is kept to one, which is filled in: leave it out (clerk_whoami says which one it is)";
const CLAIMS: &str =
    "what nobody else in the application may have is not set by a connection that is kept to one customer";

/// The reason for which an operation is off, as the end of a sentence about it.
pub(crate) fn obstacle(pins: Pins<'_>, endpoint: Endpoint) -> Option<&'static str> {
    if !pins.are_set() {
        return None;
    }
    let in_words =
        Pins { organization: pins.organization.map(|_| "{organization_id}"), user: pins.user.map(|_| "{user_id}") };
    let path = led_back(pins, endpoint).path;
    let path = format!("{path}?organization_id={{organization_id}}&user_id={{user_id}}");
    (in_words.place(endpoint.method.word(), &path) == Place::Outside).then_some(LEADS_OUTSIDE)
}

/// The operation that answers for the organization alone, where another one answers for all.
fn led_back(pins: Pins<'_>, endpoint: Endpoint) -> Endpoint {
    let is_of_all = pins.organization.is_some() && endpoint.path == LIST_MEMBERSHIPS_OF_USER.path;
    if is_of_all { LIST_MEMBERS } else { endpoint }
}

/// The value that a parameter is pinned to.
fn pinned<'a>(pins: Pins<'a>, parameter: &str) -> Option<&'a str> {
    match parameter {
        ORGANIZATION => pins.organization,
        USER => pins.user,
        _ => None,
    }
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
        None if tool.writes() && pins.are_set() && UNIQUE.contains(&parameter.name) => Standing::Claims,
        None => Standing::Given,
    }
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

/// Requests of which each leads to what is inside, as far as that can be done.
pub(crate) fn kept<'a>(pins: Pins<'_>, requests: &'a [Request]) -> Cow<'a, [Request]> {
    let Some(organization) = pins.organization else { return Cow::Borrowed(requests) };
    Cow::Owned(requests.iter().map(|request| kept_to(organization, pins, request)).collect())
}

fn kept_to(organization: &str, pins: Pins<'_>, request: &Request) -> Request {
    let endpoint = led_back(pins, request.endpoint);
    if endpoint.path != request.endpoint.path {
        let mut asked = request.asked.clone();
        asked.insert(ORGANIZATION.into(), organization.into());
        return endpoint.request(asked);
    }
    let mut request = request.clone();
    let is_filtered = request.path_and_query.contains("organization_id=");
    if request.endpoint.path == LIST_USERS.path && request.endpoint.method.is_read() && !is_filtered {
        let separator = if request.path_and_query.contains('?') { '&' } else { '?' };
        request.path_and_query.push(separator);
        request.path_and_query.push_str("organization_id=");
        request.path_and_query.push_str(organization);
    }
    request
}

/// The users that a request names besides its path: those that a write would have to do with, and the one that a page begins
/// behind.
pub(crate) fn users_named(request: &Request) -> Vec<&str> {
    let is_read = request.endpoint.method.is_read();
    let mut users = Vec::new();
    for (name, value) in &request.asked {
        if !is_read || name == "starting_after" {
            add_users(name, value, &mut users);
        }
    }
    users
}

/// Adds the ids of users in a value. What is in metadata is the customer's own.
fn add_users<'a>(name: &str, value: &'a Value, users: &mut Vec<&'a str>) {
    match value {
        _ if name.ends_with(METADATA) => {}
        Value::String(text) if Resource::User.is_id(text) => users.push(text),
        Value::Array(items) => items.iter().for_each(|item| add_users("", item, users)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| add_users(name, value, users)),
        _ => {}
    }
}

const METADATA: &str = "_metadata";

/// Takes the ids of other organizations out of an answer, but for what customers have stored themselves.
pub(crate) fn without_others(organization: &str, value: &mut Value) {
    match value {
        Value::String(text) if text != organization && Resource::Organization.is_id(text) => *value = Value::Null,
        Value::Array(items) => items.iter_mut().for_each(|item| without_others(organization, item)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if !name.ends_with(METADATA) {
                    without_others(organization, value);
                }
            }
        }
        _ => {}
    }
}
