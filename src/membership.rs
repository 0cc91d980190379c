//! Users and sessions are reached only as those of the organization or the user that a call is kept to: looked up before the first
//! request about them, and after each list of users.

use pins::{Pins, Place};
use serde_json::{Map, Value};

use crate::api::Api as _;
use crate::bindings::exports::clerk::mcp::mcp_types::CallContext;
use crate::clerk::Clerk;
use crate::error::Failure;
use crate::ids::Resource;
use crate::kept::users_named;
use crate::paging;
use crate::pinned;
use crate::request::Request;
use crate::tools::objects::{GET_ORGANIZATION, GET_SESSION, LIST_INVITATIONS_OF_USER, LIST_MEMBERS, LIST_USERS};

/// The most users that are looked up by one request.
const MOST: usize = 100;

/// An id that nobody has: a session that there is not takes as many requests as one outside.
const NOBODY: &str = "user_0";

/// The way to Clerk for a call, kept to what its policy pins.
///
/// # Errors
///
/// The pins contradict each other, or the organization with the slug could not be had.
pub(crate) fn clerk(context: &CallContext) -> Result<Clerk<'_>, Failure> {
    let (mut clerk, policy) = (Clerk::new(context), &context.policy);
    let is_same = |pins: &[String]| pins.windows(2).all(|pair| pair[0] == pair[1]);
    if !is_same(&policy.users) {
        return Err(contradiction());
    }
    let is_id = policy.organizations.first().is_none_or(|first| Resource::Organization.is_id(first));
    if is_id && is_same(&policy.organizations) {
        return Ok(clerk);
    }
    let ids: Vec<String> = policy.organizations.iter().map(|name| clerk.id_of(name)).collect::<Result<_, _>>()?;
    if !is_same(&ids) {
        return Err(contradiction());
    }
    // The instance is gone after this call.
    clerk.pin(ids.into_iter().next().unwrap_or_default().leak());
    Ok(clerk)
}

impl Clerk<'_> {
    /// The id of the organization with this slug, or with this id.
    fn id_of(&self, organization: &str) -> Result<String, Failure> {
        if Resource::Organization.is_id(organization) {
            return Ok(organization.into());
        }
        let mut asked = Map::new();
        asked.insert("organization_id".into(), organization.into());
        match self.fetch_unpinned(&GET_ORGANIZATION.request(asked)) {
            Ok(found) => Ok(found["id"].as_str().unwrap_or_default().into()),
            Err(failure) if failure.is_not_found() => Err(missing()),
            Err(failure) => Err(failure),
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
        let is_theirs = pins.user.is_none_or(|pinned| pinned == user);
        let is_member = match pins.organization {
            Some(_) => !self.members(&[user])?.is_empty(),
            None => user != NOBODY,
        };
        self.know(session, is_theirs && is_member);
        if is_theirs && is_member { Ok(()) } else { Err(no_session()) }
    }

    /// Those of some users who are members of the organization: all of them where there is none.
    fn members<'u>(&self, users: &[&'u str]) -> Result<Vec<&'u str>, Failure> {
        let Some(organization) = self.policy().pins.organization else { return Ok(users.to_vec()) };
        let mut asked = Map::new();
        asked.insert("organization_id".into(), organization.into());
        asked.insert("user_id".into(), users.into());
        asked.insert("limit".into(), users.len().into());
        let found = paging::list(self.fetch_unpinned(&LIST_MEMBERS.request(asked))?)?.items;
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
    /// It could not be found out whom it belongs to.
    pub(crate) fn narrowed(&self, request: &Request, mut answer: Value) -> Result<Value, Failure> {
        let Some(organization) = self.policy().pins.organization else { return Ok(answer) };
        let path = request.endpoint.path;
        if path == LIST_USERS.path && request.endpoint.method.is_read() {
            self.retain_members(&mut answer)?;
        } else if path == LIST_INVITATIONS_OF_USER.path {
            retain(&mut answer, |invitation| invitation["organization_id"] == organization);
        }
        pinned::without_others(organization, &mut answer);
        Ok(answer)
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

/// Leaves some items of a list, bare or in an envelope, whose total then counts others too.
fn retain(list: &mut Value, is_left: impl Fn(&Value) -> bool) {
    let before = items(list).map_or(0, |items| items.len());
    let Some(items) = items(list) else { return };
    items.retain(is_left);
    if items.len() < before
        && let Some(envelope) = list.as_object_mut()
    {
        envelope.remove("total_count");
    }
}

fn items(list: &mut Value) -> Option<&mut Vec<Value>> {
    match list {
        Value::Array(items) => Some(items),
        Value::Object(envelope) => envelope.get_mut("data")?.as_array_mut(),
        _ => None,
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
