//! What the tools are told of a connection that is kept to one organization, to one user, or to both. Where requests may lead is in
//! the package `pins`.

use pins::{Pins, Place};
use serde_json::Value;

use crate::ids::Resource;

pub(crate) const ORGANIZATION: &str = "organization_id";
pub(crate) const USER: &str = "user_id";

/// The memberships of a user, and those of them in one organization.
pub(crate) const MEMBERSHIPS_OF_USER: &str = "/users/{user_id}/organization_memberships";
pub(crate) const MEMBERSHIPS: &str = "/organizations/{organization_id}/memberships";

/// The end of the names of what customers have stored themselves.
const METADATA: &str = "_metadata";

/// Texts that people choose, whatever they look like.
const NAMES: [&str; 5] = ["external_id", "first_name", "last_name", "name", "username"];

const LEADS_OUTSIDE: &str = "leads outside what this connection is kept to (--organization, CLERK_ORGANIZATION, X-MCP-Organization; \
                             --user, CLERK_USER; or a claim of the access token)";
pub(crate) const FIXED: &str =
    "this connection is kept to one, which is filled in: leave it out (clerk_whoami says which one it is)";

/// The reason for which an operation is off, as the end of a sentence about it.
pub(crate) fn obstacle(pins: Pins<'_>, method: &str, path: &str) -> Option<&'static str> {
    if !pins.are_set() {
        return None;
    }
    let in_words =
        Pins { organization: pins.organization.map(|_| "{organization_id}"), user: pins.user.map(|_| "{user_id}") };
    let path = if is_led_back(pins, path) { MEMBERSHIPS } else { path };
    let path = format!("{path}?organization_id={{organization_id}}&user_id={{user_id}}");
    (in_words.place(method, &path) == Place::Outside).then_some(LEADS_OUTSIDE)
}

/// Tells whether another operation answers for the organization alone, where this one answers for all.
pub(crate) fn is_led_back(pins: Pins<'_>, path: &str) -> bool {
    pins.organization.is_some() && path == MEMBERSHIPS_OF_USER
}

/// The value that a parameter is pinned to.
pub(crate) fn pinned<'a>(pins: Pins<'a>, parameter: &str) -> Option<&'a str> {
    match parameter {
        ORGANIZATION => pins.organization,
        USER => pins.user,
        _ => None,
    }
}

/// Tells whether a field is what customers have stored themselves.
pub(crate) fn is_theirs(name: &str) -> bool {
    name.ends_with(METADATA)
}

/// Takes other organizations and what belongs to them out of an answer, but for what customers have stored themselves.
pub(crate) fn without_others(organization: &str, value: &mut Value) {
    match value {
        Value::String(text) if is_other(organization, text) => *value = Value::Null,
        Value::Object(_) if belongs_to_other(organization, value) => *value = Value::Null,
        Value::Array(items) => {
            items.retain(|item| !belongs_to_other(organization, item));
            for item in items {
                without_others(organization, item);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_name = NAMES.contains(&name.as_str()) && value.is_string();
                if !is_name && !is_theirs(name) {
                    without_others(organization, value);
                }
            }
        }
        _ => {}
    }
}

fn is_other(organization: &str, text: &str) -> bool {
    text != organization && Resource::Organization.is_id(text)
}

/// Tells whether an object is another organization, or says that it belongs to one.
fn belongs_to_other(organization: &str, value: &Value) -> bool {
    let ids = [&value["id"], &value[ORGANIZATION], &value["organization"]["id"]];
    value.is_object() && ids.into_iter().filter_map(Value::as_str).any(|id| is_other(organization, id))
}
