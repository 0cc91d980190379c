//! Sessions: list, get and revoke. They are in the sample only: nobody signs in here.

use std::cmp::Reverse;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::clock;
use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::errors::{Fault, Refusal};
use crate::ids;
use crate::query::Query;
use crate::state::World;

/// What became of a session; only an active one lets its user in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Abandoned,
    Active,
    Ended,
    Expired,
    Removed,
    Replaced,
    Revoked,
}

impl Status {
    const ALL: [Self; 7] =
        [Self::Abandoned, Self::Active, Self::Ended, Self::Expired, Self::Removed, Self::Replaced, Self::Revoked];

    fn name(self) -> &'static str {
        match self {
            Self::Abandoned => "abandoned",
            Self::Active => "active",
            Self::Ended => "ended",
            Self::Expired => "expired",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A session, in the shape that Clerk serves.
#[derive(Serialize)]
pub(crate) struct Session {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) client_id: String,
    pub(crate) actor: Option<Value>,
    pub(crate) status: Status,
    pub(crate) last_active_organization_id: Option<String>,
    pub(crate) last_active_at: i64,
    pub(crate) latest_activity: Activity,
    pub(crate) expire_at: i64,
    pub(crate) abandon_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) created_at: i64,
    pub(crate) tasks: Option<Value>,
}

/// From where a session was last used.
#[derive(Serialize)]
pub(crate) struct Activity {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) device_type: &'static str,
    pub(crate) is_mobile: bool,
    pub(crate) browser_name: &'static str,
    pub(crate) browser_version: &'static str,
    pub(crate) ip_address: &'static str,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
}

impl Activity {
    /// Of a session that nobody has used yet.
    pub(crate) fn unknown(session_id: &str) -> Self {
        let [device_type, browser_name, browser_version, ip_address, city, country] = [""; 6];
        let id = ids::id("sess_activity", session_id);
        let object = "session_activity";
        Self { object, id, device_type, is_mobile: false, browser_name, browser_version, ip_address, city, country }
    }
}

impl Session {
    pub(crate) fn revoke(&mut self) {
        self.status = Status::Revoked;
        self.updated_at = clock::after(self.updated_at);
    }
}

pub(crate) fn list(world: &mut World, call: &mut Call) -> Answer {
    let query = &mut call.query;
    let (client_id, user_id) = (query.text("client_id"), query.text("user_id"));
    let status = read_status(query);
    let is_envelope = query.flag("paginated").unwrap_or_default();
    let page = query.page();
    query.finish()?;
    if client_id.is_none() && user_id.is_none() {
        return Err(Refusal::missing_one_of(&["client_id", "user_id"]));
    }

    let mut found: Vec<&Session> = world
        .sessions
        .iter()
        .filter(|session| client_id.as_ref().is_none_or(|id| *id == session.client_id))
        .filter(|session| user_id.as_ref().is_none_or(|id| *id == session.user_id))
        .filter(|session| status.is_none_or(|status| status == session.status))
        .collect();
    found.sort_by_key(|session| Reverse((session.created_at, &session.id)));
    let total_count = found.len();
    let data: Vec<&Session> = page.of(found).collect();
    if is_envelope { answer(&Envelope { data, total_count }) } else { answer(&data) }
}

fn read_status(query: &mut Query) -> Option<Status> {
    let name = query.text("status")?;
    let status = Status::ALL.into_iter().find(|status| status.name() == name);
    if status.is_none() {
        query.refuse(Fault::value("status", &format!("must be one of {}", Status::ALL.map(Status::name).join(", "))));
    }
    status
}

pub(crate) fn get(world: &mut World, call: &mut Call) -> Answer {
    answer(find(world, &call.parameter("session_id"))?)
}

pub(crate) fn revoke(world: &mut World, call: &mut Call) -> Answer {
    let session = find(world, &call.parameter("session_id"))?;
    session.revoke();
    answer(session)
}

fn find<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Session, Refusal> {
    let missing = || Refusal::not_found(format!("No session has the id {id}."));
    world.sessions.iter_mut().find(|session| session.id == id).ok_or_else(missing)
}
