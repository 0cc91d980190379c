//! Sessions: where users are signed in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_with::skip_serializing_none;

use super::steps::Steps;
use crate::api::Api;
use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{Limit, Offset, SessionId, UserId, default_limit};
use crate::request::{Parameters, Request, get, post};
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Entry, READS, Tool, Toolset, Undo};
use crate::view::{self, List, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "sessions",
    tools: &[Entry::of::<ListSessions>(), Entry::of::<RevokeSession>(), Entry::of::<RevokeAllUserSessions>()],
};

/// How many sessions one call revokes.
const MOST_REVOKED: u64 = 50;

/// A session, less its tokens.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Session {
    pub(super) id: Option<String>,
    user_id: Option<String>,
    client_id: Option<String>,
    status: Option<String>,
    last_active_organization_id: Option<String>,
    latest_activity: Option<Activity>,
    created_at: Option<Time>,
    last_active_at: Option<Time>,
    expire_at: Option<Time>,
    abandon_at: Option<Time>,
}

/// From where a session was last used.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct Activity {
    device_type: Option<String>,
    is_mobile: Option<bool>,
    browser_name: Option<String>,
    ip_address: Option<String>,
    city: Option<String>,
    country: Option<String>,
}

/// Where a session stands.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Abandoned,
    Active,
    Ended,
    Expired,
    Removed,
    Replaced,
    Revoked,
}

/// A page of a list that Clerk gives without a total. One more than `limit` was asked for, to see whether it goes on.
pub(super) fn page<T>(mut items: Vec<T>, limit: u64, offset: u64) -> List<T> {
    let has_more = items.len() as u64 > limit || items.len() as u64 == MOST_LISTED;
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    List {
        data: items,
        total_count: None,
        has_more,
        next_offset: has_more.then_some(offset + limit),
        next_cursor: None,
    }
}

/// The most that Clerk lists at once.
const MOST_LISTED: u64 = 500;

/// A user's sessions on all devices.
fn sessions_of(user_id: &UserId, limit: u64) -> Request {
    let active = json!({ "user_id": user_id, "status": Status::Active, "limit": limit });
    Parameters::of(&active).request(&get("/sessions"))
}

/// The active sessions of a user, the newest first.
pub(super) fn active_sessions(user_id: &UserId, limit: u64, api: &dyn Api) -> Result<Vec<Session>, Failure> {
    view::read(&api.fetch(&sessions_of(user_id, limit))?)
}

/// Revokes up to 50 active sessions of a user.
pub(super) fn revoke_all(user_id: &UserId, api: &dyn Api) -> Result<(Steps<String>, bool), Failure> {
    let mut sessions = active_sessions(user_id, MOST_REVOKED + 1, api)?;
    let has_more = sessions.len() as u64 > MOST_REVOKED;
    sessions.truncate(usize::try_from(MOST_REVOKED).unwrap_or(usize::MAX));
    let ids = sessions.into_iter().filter_map(|session| session.id);
    let revoke = |id: &str| {
        let session = Parameters::of(&json!({ "session_id": id }));
        api.fetch(&session.request(&RevokeSession::ABOUT.endpoint)).map(|_| id.to_owned())
    };
    Ok((Steps::run(ids, api, revoke), has_more))
}

/// List a user's sessions, newest first: on which devices and since when they are signed in.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListSessions {
    /// The user's id, `user_…`.
    user_id: UserId,
    /// Only sessions in this state.
    status: Option<Status>,
    /// How many to return.
    #[serde(default = "default_limit")]
    limit: Limit,
    /// How many to skip: the `next_offset` of the page before.
    offset: Option<Offset>,
}

impl Tool for ListSessions {
    type Output = List<Session>;

    const ABOUT: About = About {
        name: "clerk_list_sessions",
        title: "List a user's sessions",
        endpoint: get("/sessions"),
        example: r#"{"user_id":"user_2abc","status":"active"}"#,
        ..READS
    };

    fn request(&self) -> Result<Request, Problem> {
        let with_probe = (self.limit.get() + 1).min(MOST_LISTED);
        Ok(Parameters::of(self).set("limit", with_probe).request(&Self::ABOUT.endpoint))
    }

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        Ok(page(view::read(body)?, self.limit.get(), self.offset.map_or(0, Offset::get)))
    }
}

/// Revoke one session: the person is signed out on that device.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RevokeSession {
    /// The session's id, `sess_…`.
    session_id: SessionId,
}

impl Tool for RevokeSession {
    type Output = Session;

    const ABOUT: About = About {
        name: "clerk_revoke_session",
        title: "Revoke a session",
        sentence: "Revoke {session} of {user}",
        effect: Effect::Removes,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/sessions/{session_id}/revoke"),
        target: Target::Session,
        undo: Undo::None,
        lasting: "The person has to sign in again on that device.",
        example: r#"{"session_id":"sess_2abc"}"#,
    };
}

/// Revoke all of a user's active sessions, up to 50 in one call: they are signed out on every device. Each one is tried
/// by itself, and the answer says whether more are left.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RevokeAllUserSessions {
    /// The user's id, `user_…`.
    user_id: UserId,
}

/// What came of revoking sessions.
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Revoked {
    /// The ids of the sessions that were revoked, those that were not, and those that are left.
    sessions: Steps<String>,
    /// Whether active sessions are left: call again.
    has_more: bool,
}

impl Tool for RevokeAllUserSessions {
    type Output = Revoked;

    const ABOUT: About = About {
        name: "clerk_revoke_all_user_sessions",
        title: "Revoke all of a user's sessions",
        sentence: "Revoke all sessions of {user}",
        effect: Effect::Removes,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: get("/sessions"),
        target: Target::User,
        undo: Undo::None,
        lasting: "The person has to sign in again on every device.",
        example: r#"{"user_id":"user_2abc"}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Ok(sessions_of(&self.user_id, MOST_REVOKED + 1))
    }

    fn run(&self, _: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        let (sessions, has_more) = revoke_all(&self.user_id, api)?;
        let has_more = has_more || !sessions.is_complete();
        Ok(Revoked { sessions, has_more })
    }
}
