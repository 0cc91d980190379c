//! Requests of calls that are kept to something: those that would lead to others too are led back.

use std::borrow::Cow;

use pins::Pins;
use serde_json::Value;

use crate::ids::Resource;
use crate::paging::MOST_LISTED;
use crate::pinned::{self, ORGANIZATION, USER};
use crate::request::Request;
use crate::tools::objects::{LIST_INVITATIONS_OF_USER, LIST_MEMBERS, LIST_USERS};

/// Requests of which each leads to what is inside, as far as that can be done.
pub(crate) fn kept<'a>(pins: Pins<'_>, requests: &'a [Request]) -> Cow<'a, [Request]> {
    let Some(organization) = pins.organization else { return Cow::Borrowed(requests) };
    Cow::Owned(requests.iter().map(|request| kept_to(organization, pins, request)).collect())
}

fn kept_to(organization: &str, pins: Pins<'_>, request: &Request) -> Request {
    if pinned::is_led_back(pins, request.endpoint.path) {
        let mut asked = request.asked.clone();
        asked.insert(ORGANIZATION.into(), organization.into());
        return LIST_MEMBERS.request(asked);
    }
    if request.endpoint.path == LIST_INVITATIONS_OF_USER.path {
        // Ours stand among those of others, and are counted by themselves.
        let mut all = request.asked.clone();
        all.remove("offset");
        all.insert("limit".into(), MOST_LISTED.into());
        return Request { asked: request.asked.clone(), ..request.endpoint.request(all) };
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
        // A list of memberships that is filtered by several users shows those that there are.
        let is_of_one = name == USER && value.is_string() && request.endpoint.path == LIST_MEMBERS.path;
        if !is_read || is_of_one || name == "starting_after" {
            add_users(name, value, &mut users);
        }
    }
    users
}

/// Adds the ids of users in a value. What is in metadata is the customer's own.
fn add_users<'a>(name: &str, value: &'a Value, users: &mut Vec<&'a str>) {
    match value {
        _ if pinned::is_theirs(name) => {}
        Value::String(text) if Resource::User.is_id(text.trim()) => users.push(text.trim()),
        Value::Array(items) => items.iter().for_each(|item| add_users("", item, users)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| add_users(name, value, users)),
        _ => {}
    }
}
