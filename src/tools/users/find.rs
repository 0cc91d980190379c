//! One user and what belongs to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_with::skip_serializing_none;

use super::{EmailAddress, PhoneNumber, User};
use crate::api::Api;
use crate::arguments::Problem;
use crate::error::Failure;
use crate::identity;
use crate::parameter::{Filled, Limit, Offset, Resource as _, User as UserResource, UserId, default_limit};
use crate::request::{Parameters, Request, get};
use crate::tool::{About, READS, Tool};
use crate::tools::FailedStep;
use crate::tools::invitations::Invitation;
use crate::tools::members::Membership;
use crate::tools::sessions::{self, Session};
use crate::view::{self, List, Time};

/// How many candidates are shown.
const MOST_CANDIDATES: usize = 10;
/// How much of each list a report has.
const MOST_REPORTED: u64 = 100;

/// Find a user by whatever is known: an email address, a name, a username, a phone number or an id. Start here when you
/// need a user's id.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindUser {
    /// What is known: `ada@example.com`, `Ada Lovelace`, `+15551234567`, `user_2abc…`, or a part.
    query: Filled,
}

/// Enough of a user to recognize them.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct Candidate {
    id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    external_id: Option<String>,
    primary_email_address_id: Option<String>,
    email_addresses: Option<Vec<EmailAddress>>,
    phone_numbers: Option<Vec<PhoneNumber>>,
    banned: Option<bool>,
    locked: Option<bool>,
    created_at: Option<Time>,
    last_sign_in_at: Option<Time>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Candidates {
    /// The users who may be meant, at most 10.
    data: Vec<Candidate>,
    /// Whether `query` is exactly the id, the email address or the phone number of the one user there is.
    is_exact: bool,
    /// Whether there are more: make `query` longer.
    has_more: bool,
}

impl FindUser {
    /// The filter that finds exactly what is named, if it looks like something that names one user.
    fn exact(&self) -> Option<&'static str> {
        let query = self.query.as_str().trim();
        let is_phone = |digits: &str| digits.len() > 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
        match query.split_once('@') {
            _ if UserResource::is_id(query) => Some("user_id"),
            Some((name, domain)) if !name.is_empty() && domain.contains('.') => Some("email_address"),
            _ if query.strip_prefix('+').is_some_and(is_phone) => Some("phone_number"),
            _ => None,
        }
    }

    fn by(&self, filter: &str) -> Request {
        let sought = json!({ filter: self.query.as_str().trim(), "limit": MOST_CANDIDATES + 1 });
        Parameters::of(&sought).request(&Self::ABOUT.endpoint)
    }
}

impl Tool for FindUser {
    type Output = Candidates;

    const ABOUT: About = About {
        name: "clerk_find_user",
        title: "Find a user",
        endpoint: get("/users"),
        example: r#"{"query":"ada@example.com"}"#,
        ..READS
    };

    fn request(&self) -> Result<Request, Problem> {
        Ok(self.by(self.exact().unwrap_or("query")).for_candidates())
    }

    /// What is found exactly is the one; otherwise everything that resembles it is a candidate.
    fn run(&self, request: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        let mut list = api.fetch(request)?;
        if let Some(filter) = self.exact() {
            // Whoever else the filter lets through is not meant.
            list = identity::matching(&self.by(filter), &list).to_string().into_bytes();
        }
        let mut data: Vec<Candidate> = view::read(&list)?;
        let is_exact = self.exact().is_some() && data.len() == 1;
        if data.is_empty() && self.exact().is_some() {
            data = view::read(&api.fetch(&self.by("query"))?)?;
        }
        let has_more = data.len() > MOST_CANDIDATES;
        data.truncate(MOST_CANDIDATES);
        Ok(Candidates { data, is_exact, has_more })
    }
}

/// List the organizations that a user is a member of, with their roles.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListUserOrganizations {
    /// The user's id, `user_…`.
    user_id: UserId,
    /// Whether to return metadata that only the backend may see.
    #[serde(default, skip_serializing)]
    #[schemars(extend("default" = false))]
    include_private_metadata: bool,
    /// How many to return.
    #[serde(default = "default_limit")]
    limit: Limit,
    /// How many to skip: the `next_offset` of the page before.
    offset: Option<Offset>,
}

impl Tool for ListUserOrganizations {
    type Output = List<Membership>;

    const ABOUT: About = About {
        name: "clerk_list_user_organizations",
        title: "List a user's organizations",
        endpoint: get("/users/{user_id}/organization_memberships"),
        example: r#"{"user_id":"user_2abc"}"#,
        ..READS
    };

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        List::read(body, self.offset, self.include_private_metadata)
    }
}

/// Report everything that a user can get into: the account, organizations and roles, pending invitations, active sessions.
/// At most 100 of each.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetUserAccessReport {
    /// The user's id, `user_…`.
    user_id: UserId,
}

#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Report {
    user: User,
    organizations: Option<List<Membership>>,
    pending_invitations: Option<List<Invitation>>,
    active_sessions: Option<List<Session>>,
    /// The parts that could not be had, and why.
    failed: Vec<FailedStep>,
}

impl Tool for GetUserAccessReport {
    type Output = Report;

    const ABOUT: About = About {
        name: "clerk_get_user_access_report",
        title: "Report a user's access",
        endpoint: get("/users/{user_id}"),
        example: r#"{"user_id":"user_2abc"}"#,
        ..READS
    };

    /// A part that is missing, for example because organizations are switched off, does not keep the others away.
    fn run(&self, request: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        let user: User = view::read(&api.fetch(request)?)?;
        let mut failed = Vec::new();
        let of_user = |parameters: serde_json::Value, path| {
            let parameters =
                Parameters::of(&parameters).set("user_id", self.user_id.as_str()).set("limit", MOST_REPORTED);
            api.fetch(&parameters.request(&get(path)))
        };
        let organizations = of_user(json!({}), "/users/{user_id}/organization_memberships")
            .and_then(|body| List::read(&body, None, false));
        let invitations = of_user(json!({ "status": "pending" }), "/users/{user_id}/organization_invitations")
            .and_then(|body| List::read(&body, None, false))
            .and_then(|invitations| invitations_to(&user, invitations));
        let sessions = sessions::active_sessions(&self.user_id, MOST_REPORTED + 1, api)
            .map(|sessions| sessions::page(sessions, MOST_REPORTED, 0));
        Ok(Report {
            user,
            organizations: keep("organizations", organizations, &mut failed),
            pending_invitations: keep("pending_invitations", invitations, &mut failed),
            active_sessions: keep("active_sessions", sessions, &mut failed),
            failed,
        })
    }
}

/// Verifies that pending invitations went to one of a user's addresses: they name no user.
fn invitations_to(user: &User, invitations: List<Invitation>) -> Result<List<Invitation>, Failure> {
    let is_theirs = |invitation: &Invitation| {
        invitation.email_address.as_deref().is_some_and(|address| user.has_email_address(address))
    };
    if invitations.data.iter().all(is_theirs) {
        return Ok(invitations);
    }
    Err(identity::unexpected("the API was asked for a user's invitations, and its answer has some of others"))
}

fn keep<T>(part: &str, found: Result<T, Failure>, failed: &mut Vec<FailedStep>) -> Option<T> {
    found.map_err(|failure| failed.push(failure.into_step(part.to_owned()))).ok()
}
