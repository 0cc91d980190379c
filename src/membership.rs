//! Users and sessions are reached only as those of the organization or the user that a call is kept to: looked up before the first
//! request about them, and after each list of users.

use pins::{Pins, Place};
use serde_json::{Map, Value, json};

use crate::api::Api as _;
use crate::bindings::exports::clerk::mcp::mcp_types::CallContext;
use crate::clerk::Clerk;
use crate::error::Failure;
use crate::identity;
use crate::ids::Resource;
use crate::kept::users_named;
use crate::paging::{self, MOST_LISTED};
use crate::pinned;
use crate::request::Request;
use crate::tools::objects::{
    COUNT_USERS, GET_ORGANIZATION, GET_SESSION, LIST_INVITATIONS_OF_USER, LIST_MEMBERS, LIST_MEMBERSHIPS_OF_USER,
    LIST_USERS,
};

/// The most users that are looked up by one request.
const MOST: usize = 100;

/// An id that nobody has: a session that there is not takes as many requests as one outside.
const NOBODY: &str = "user_0";

/// The way to Clerk for a call, kept to what its policy pins. The first organization that this names is the one that is meant: the
/// others, which may come from a request, are compared with it and never looked up.
///
/// # Errors
///
/// The pins contradict each other, or the organization with the slug could not be had.
pub(crate) fn clerk(context: &CallContext) -> Result<Clerk<'_>, Failure> {
    let (mut clerk, policy) = (Clerk::new(context), &context.policy);
    if policy.users.iter().any(|user| *user != policy.users[0]) {
        return Err(contradiction());
    }
    let Some(first) = policy.organizations.first() else { return Ok(clerk) };
    let mut others = policy.organizations.iter().filter(|other| *other != first).peekable();
    if Resource::Organization.is_id(first) && others.peek().is_none() {
        return Ok(clerk);
    }
    if Resource::Organization.is_id(first) && others.clone().any(|other| Resource::Organization.is_id(other)) {
        return Err(contradiction());
    }
    let found = clerk.organization(first)?;
    if others.any(|other| found["id"] != **other && found["slug"] != **other) {
        return Err(contradiction());
    }
    // The instance is gone after this call.
    clerk.pin(found["id"].as_str().unwrap_or_default().to_owned().leak());
    Ok(clerk)
}

impl Clerk<'_> {
    /// The organization with this id or slug; of one who is kept to a user, one that the user is a member of.
    fn organization(&self, name: &str) -> Result<Value, Failure> {
        let mut asked = Map::new();
        if let Some(user) = self.policy().pins.user {
            asked.insert("user_id".into(), user.into());
            asked.insert("limit".into(), MOST_LISTED.into());
            let list = self.fetch_unpinned(&LIST_MEMBERSHIPS_OF_USER.request(asked))?;
            let mut theirs = paging::list(list)?.items.into_iter().map(|mut item| item["organization"].take());
            return theirs.find(|found| found["id"] == name || found["slug"] == name).ok_or_else(nobody);
        }
        asked.insert("organization_id".into(), name.into());
        match self.fetch_unpinned(&GET_ORGANIZATION.request(asked)) {
            Err(failure) if failure.is_not_found() => Err(missing()),
            found => found,
        }
    }

    /// Verifies that a request may be sent.
    ///
    /// # Errors
    ///
    /// It leads outside, or is about somebody who is.
    pub(crate) fn admit(&self, request: &Request) -> Result<(), Failure> {
        let pins: Pins<'_> = self.policy().pins;
        if !pins.are_set() {
            return Ok(());
        }
        if let (Some(_), Some(user)) = (pins.organization, pins.user) {
            self.admit_user(user)?;
        }
        match pins.place(request.endpoint.method.word(), &request.path_and_query) {
            Place::Inside => {}
            Place::User(user) => self.admit_user(user)?,
            Place::Session(session) => self.admit_session(session)?,
            Place::Outside => return Err(outside()),
        }
        users_named(request).into_iter().try_for_each(|user| self.admit_user(user))
    }

    fn admit_user(&self, user: &str) -> Result<(), Failure> {
        if self.policy().pins.user.is_some_and(|pinned| pinned != user) {
            return Err(nobody());
        }
        let is_member = match self.known(user) {
            Some(is_member) => is_member,
            None => !self.members(&[user])?.is_empty(),
        };
        if is_member { Ok(()) } else { Err(nobody()) }
    }

    fn admit_session(&self, session: &str) -> Result<(), Failure> {
        if let Some(is_inside) = self.known(session) {
            return if is_inside { Ok(()) } else { Err(no_session()) };
        }
        let pins = self.policy().pins;
        let mut asked = Map::new();
        asked.insert("session_id".into(), session.into());
        let found = match self.fetch_unpinned(&GET_SESSION.request(asked)) {
            Err(failure) if failure.is_not_found() => Value::Null,
            found => found?,
        };
        let user = found["user_id"].as_str().unwrap_or(NOBODY);
        let is_inside = match pins.user {
            // Who is one of the organization, where there is one.
            Some(pinned) => pinned == user,
            None => !self.members(&[user])?.is_empty(),
        };
        self.know(session, is_inside);
        if is_inside { Ok(()) } else { Err(no_session()) }
    }

    /// Those of some users who are members of the organization: all of them where there is none.
    fn members<'u>(&self, users: &[&'u str]) -> Result<Vec<&'u str>, Failure> {
        let Some(organization) = self.policy().pins.organization else { return Ok(users.to_vec()) };
        let mut asked = Map::new();
        asked.insert("organization_id".into(), organization.into());
        asked.insert("user_id".into(), users.into());
        asked.insert("limit".into(), users.len().into());
        let found = match self.fetch_unpinned(&LIST_MEMBERS.request(asked)) {
            // An organization that there is not has no members, like one that is somebody else's.
            Err(failure) if failure.is_not_found() && self.policy().pins.user.is_some() => Vec::new(),
            found => paging::list(found?)?.items,
        };
        let has = |user: &str| found.iter().any(|item| item["public_user_data"]["user_id"] == user);
        for user in users {
            self.know(user, has(user));
        }
        Ok(users.iter().copied().filter(|user| has(user)).collect())
    }

    /// The answer to a request, less everything that belongs to others.
    ///
    /// # Errors
    ///
    /// There is none, or it could not be found out whom it belongs to.
    pub(crate) fn narrowed(&self, request: &Request, answer: Result<Value, Failure>) -> Result<Value, Failure> {
        let Some(organization) = self.policy().pins.organization else { return answer };
        let is_read = request.endpoint.method.is_read();
        let mut answer = answer.map_err(|failure| {
            // What else was found, the message would say.
            if is_read && failure.code() == identity::CODE { identity::unexpected(SOMETHING_ELSE) } else { failure }
        })?;
        match request.endpoint.path {
            path if path == LIST_USERS.path && is_read => self.retain_members(&mut answer)?,
            path if path == COUNT_USERS.path => self.check_count(organization, &answer)?,
            path if path == LIST_INVITATIONS_OF_USER.path => answer = page_of_ours(organization, request, answer)?,
            _ => {}
        }
        pinned::without_others(organization, &mut answer);
        Ok(answer)
    }

    /// Verifies that no more users were counted than there are members.
    fn check_count(&self, organization: &str, answer: &Value) -> Result<(), Failure> {
        let mut asked = Map::new();
        asked.insert("organization_id".into(), organization.into());
        asked.insert("limit".into(), 1.into());
        let members = self.fetch_unpinned(&LIST_MEMBERS.request(asked))?;
        if answer["total_count"].as_u64() <= members["total_count"].as_u64() {
            return Ok(());
        }
        Err(identity::unexpected(SOMETHING_ELSE))
    }

    /// Whatever else the API's filter has let through is not shown.
    fn retain_members(&self, users: &mut Value) -> Result<(), Failure> {
        let items = users.get("data").unwrap_or(users).as_array().map(Vec::as_slice).unwrap_or_default();
        let ids: Vec<String> = items.iter().filter_map(|user| Some(user["id"].as_str()?.to_owned())).collect();
        let (mut members, ids) = (Vec::new(), ids.iter().map(String::as_str).collect::<Vec<_>>());
        for some in ids.chunks(MOST) {
            members.append(&mut self.members(some)?);
        }
        retain(users, |user| user["id"].as_str().is_some_and(|id| members.contains(&id)));
        Ok(())
    }
}

const SOMETHING_ELSE: &str = "the API's answer is about something else than what it was asked for";

/// The page that was asked for, of those invitations of a user that are ours.
fn page_of_ours(organization: &str, request: &Request, answer: Value) -> Result<Value, Failure> {
    let mut ours = paging::list(answer)?.items;
    ours.retain(|invitation| invitation["organization_id"] == organization);
    let number = |name: &str| request.asked.get(name).and_then(Value::as_u64).and_then(|number| number.try_into().ok());
    let (total, offset) = (ours.len(), number("offset").unwrap_or(0));
    let page: Vec<Value> = ours.into_iter().skip(offset).take(number("limit").unwrap_or(MOST_LISTED)).collect();
    Ok(json!({ "data": page, "total_count": total }))
}

/// Leaves some items of a list, bare or in an envelope, whose total counts others too.
fn retain(list: &mut Value, is_left: impl Fn(&Value) -> bool) {
    if let Some(envelope) = list.as_object_mut() {
        envelope.remove("total_count");
    }
    let items = if list.is_object() { &mut list["data"] } else { list };
    if let Some(items) = items.as_array_mut() {
        items.retain(is_left);
    }
}

fn contradiction() -> Failure {
    let message = "what the operator, the request and the access token keep this connection to is not the same";
    Failure::new(
        "contradicting_pins",
        message,
        "Nothing can be called. Leave out the header X-MCP-Organization, or correct it.",
    )
}

fn missing() -> Failure {
    let message = "the organization that this connection is kept to does not exist";
    Failure::new(
        "missing_organization",
        message,
        "Nothing can be called: --organization, CLERK_ORGANIZATION or X-MCP-Organization names no organization of this instance.",
    )
}

fn outside() -> Failure {
    let message = "this leads outside what the connection is kept to";
    Failure::new("kept_to_one_customer", message, "clerk_whoami says what it is kept to, and which tools are on.")
}

fn nobody() -> Failure {
    let hint = "This connection is kept to one customer: clerk_list_organization_members lists whom it reaches.";
    Failure::not_found("there is no such user here", hint)
}

fn no_session() -> Failure {
    let hint = "This connection is kept to one customer: clerk_list_sessions lists the sessions of a member.";
    Failure::not_found("there is no such session here", hint)
}
