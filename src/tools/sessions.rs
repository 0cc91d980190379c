//! Sessions: where users are signed in.

use serde_json::{Map, Value, json};

use super::parameters::USER_ID;
use super::targets::{ACTIVE, PENDING};
use super::{objects, targets};
use crate::api::{self, Answers, Api};
use crate::arguments::Arguments;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::ids::Resource;
use crate::kind::{Kind, Parameter, parameter};
use crate::paging::{self, LIMIT, List, OFFSET, Paging};
use crate::request::{Endpoint, Request, post};
use crate::steps::{Step, Steps};
use crate::tool::{self, Answer, Tool, Toolset};
use crate::view::{View, flag, one, page, steps, text, texts, time, untrusted};

const READ: Tool = Tool { toolset: "sessions", ..tool::READ };
const WRITE: Tool = Tool { toolset: "sessions", ..tool::WRITE };

pub(crate) const TOOLSET: Toolset =
    Toolset { name: "sessions", tools: &[&LIST_SESSIONS, &REVOKE_SESSION, &REVOKE_ALL_USER_SESSIONS] };

/// The most sessions that one call revokes.
const MOST_REVOKED: usize = 50;

/// A session, less its tokens.
pub(super) static SESSION: View = View(&[
    text("id"),
    text("user_id"),
    text("client_id"),
    text("status"),
    one("actor", &ACTOR),
    text("last_active_organization_id"),
    one("latest_activity", &ACTIVITY),
    time("created_at"),
    time("last_active_at"),
    time("expire_at"),
    time("abandon_at"),
]);
static SESSIONS: View = View(&page(&SESSION));

/// Whoever uses the session in the user's place: it is impersonated.
static ACTOR: View = View(&[untrusted("sub")]);

/// From where a session was last used.
static ACTIVITY: View = View(&[
    untrusted("device_type"),
    flag("is_mobile"),
    untrusted("browser_name"),
    text("ip_address"),
    text("city"),
    text("country"),
]);

/// The sessions that were revoked, those that were not and those that are left; and whether some are left to call again for.
static REVOKED: View = View(&[one("sessions", &REVOKED_IDS), flag("has_more")]);
static REVOKED_IDS: View = View(&steps(texts("done")));

const REVOKE: Endpoint = post("/sessions/{session_id}/revoke", &objects::SESSION);

const SESSION_ID: Parameter =
    parameter("session_id", Kind::Id(Resource::Session), "The session's id, `sess_…`.").required();

static LIST_SESSIONS: Tool = Tool {
    name: "clerk_list_sessions",
    title: "List a user's sessions",
    description: "List a user's sessions, newest first: on which devices and since when they are signed in. One that has \
                  an `actor` is used by somebody in the user's place.",
    endpoint: objects::LIST_SESSIONS,
    parameters: &[
        USER_ID.required(),
        parameter(
            "status",
            Kind::OneOf(&["abandoned", "active", "ended", "expired", "removed", "replaced", "revoked"]),
            "Only sessions in this state.",
        ),
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&SESSIONS, Paging::Probe),
    // Sessions are looked up by their user.
    not_offered: &["client_id"],
    example: r#"{"user_id":"user_2abc","status":"active"}"#,
    ..READ
};

static REVOKE_SESSION: Tool = Tool {
    name: "clerk_revoke_session",
    title: "Revoke a session",
    description: "Revoke one session: the person is signed out on that device.",
    endpoint: REVOKE,
    parameters: &[SESSION_ID],
    answer: Answer::One(&SESSION),
    effect: Effect::Removes,
    danger: Danger::Access,
    target: Some(&targets::SESSION),
    sentence: "Revoke {session} of {user}",
    lasting: "The person has to sign in again on that device.",
    example: r#"{"session_id":"sess_2abc"}"#,
    ..WRITE
};

static REVOKE_ALL_USER_SESSIONS: Tool = Tool {
    name: "clerk_revoke_all_user_sessions",
    title: "Revoke all of a user's sessions",
    description: "Revoke all of a user's active and pending sessions, up to 50 in one call: they are signed out on every \
                  device. Each one is tried by itself, and the answer says whether more are left.",
    endpoint: objects::LIST_SESSIONS,
    parameters: &[USER_ID.required()],
    answer: Answer::One(&REVOKED),
    effect: Effect::Removes,
    danger: Danger::Access,
    target: Some(&targets::USER),
    sentence: "Revoke all sessions of {user}",
    lasting: "The person has to sign in again on every device.",
    request: Some(first_list),
    run: Some(revoke),
    example: r#"{"user_id":"user_2abc"}"#,
    ..WRITE
};

fn first_list(arguments: &Arguments) -> Request {
    active_of(arguments, MOST_REVOKED + 1)
}

fn active_of(arguments: &Arguments, limit: usize) -> Request {
    let mut sought = arguments.only([USER_ID.name]);
    sought.insert("status".into(), ACTIVE.into());
    sought.insert("limit".into(), limit.into());
    objects::LIST_SESSIONS.request(sought)
}

/// The most pages that are looked through for pending sessions, and the sessions of each.
const MOST_PAGES: usize = 10;
const PAGE: usize = 500;

fn page_of(arguments: &Arguments, number: usize) -> Request {
    let mut sought = arguments.only([USER_ID.name]);
    sought.insert("limit".into(), PAGE.into());
    if number > 0 {
        sought.insert("offset".into(), (number * PAGE).into());
    }
    objects::LIST_SESSIONS.request(sought)
}

/// The requests whose answers [`signed_in`] takes.
pub(super) fn lists(arguments: &Arguments, most: usize) -> [Request; 2] {
    [active_of(arguments, most + 1), page_of(arguments, 0)]
}

/// The sessions in which a user is signed in, the active ones first, and whether these are all: more than `most` where there
/// are more.
pub(super) fn signed_in(
    arguments: &Arguments,
    most: usize,
    answers: &mut Answers<'_>,
    api: &dyn Api,
) -> Result<(Vec<Value>, bool), Failure> {
    let (active, mut page) = (api::next(answers), api::next(answers));
    let List { items: mut found, is_odd, .. } = paging::list(active?)?;
    let mut is_all = !is_odd;
    for number in 1..=MOST_PAGES {
        if found.len() > most {
            break;
        }
        let List { items, is_odd, .. } = paging::list(page?)?;
        let is_last = items.len() < PAGE && !is_odd;
        is_all &= !is_odd;
        found.extend(items.into_iter().filter(|session| session["status"] == PENDING));
        if is_last {
            return Ok((found, is_all));
        }
        if number == MOST_PAGES || found.len() > most || !api.may_go_on() {
            break;
        }
        page = api.fetch(&page_of(arguments, number));
    }
    Ok((found, false))
}

/// The requests whose answers [`to_revoke`] takes.
pub(super) fn lists_to_revoke(arguments: &Arguments) -> [Request; 2] {
    lists(arguments, MOST_REVOKED)
}

/// The steps that revoke up to 50 sessions in which a user is signed in, and whether some may be left.
pub(super) fn to_revoke(
    arguments: &Arguments,
    answers: &mut Answers<'_>,
    api: &dyn Api,
) -> Result<(Vec<Step>, bool), Failure> {
    let (sessions, is_all) = signed_in(arguments, MOST_REVOKED, answers, api)?;
    let revoke = |id: &str| {
        let mut session = Map::new();
        session.insert(SESSION_ID.name.into(), id.into());
        Step { of: id.into(), request: REVOKE.request(session) }
    };
    let ids = sessions.iter().take(MOST_REVOKED).filter_map(|session| session["id"].as_str());
    let steps: Vec<Step> = ids.map(revoke).collect();
    let has_more = !is_all || steps.len() < sessions.len();
    Ok((steps, has_more))
}

fn revoke(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let lists = lists_to_revoke(arguments);
    let (steps, has_more) = to_revoke(arguments, &mut api.fetch_all(&lists), api)?;
    let [sessions] = Steps::run([Ok(steps)], api, &mut |id, _| id.into());
    let has_more = has_more || !sessions.is_complete();
    Ok(json!({ "sessions": Value::from(sessions), "has_more": has_more }))
}
