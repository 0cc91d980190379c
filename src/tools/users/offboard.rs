//! Everything that takes somebody out of the application, in one call.

use serde_json::{Map, Value, json};

use super::user::WRITE;
use crate::api::{self, Api};
use crate::arguments::Arguments;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::kind::{Fallback, Kind, Parameter, parameter};
use crate::paging::{self, List};
use crate::request::{Endpoint, Request, post};
use crate::steps::{Step, Steps};
use crate::tool::{Answer, Tool};
use crate::tools::objects::{self, GET_USER, LIST_MEMBERSHIPS_OF_USER};
use crate::tools::parameters::USER_ID;
use crate::tools::{members, sessions, targets};
use crate::view::{View, flag, one, steps, text, texts};

/// The most memberships that one call removes.
const MOST_REMOVED: usize = 100;

/// The outcome of each step: the user's id where they were banned, the ids of the sessions that were revoked, those of the
/// organizations that they were removed from; and whether everything is done.
static OFFBOARDED: View = View(&[
    text("user_id"),
    one("ban", &STEPS),
    one("sessions", &STEPS),
    one("memberships", &STEPS),
    flag("is_complete"),
]);
static STEPS: View = View(&steps(texts("done")));

const BAN: Endpoint = post("/users/{user_id}/ban", &objects::USER);

const WITH_BAN: Parameter =
    parameter("ban", Kind::Flag, "Whether to ban them first of all, so that they cannot sign in again.")
        .or(Fallback::Flag(true));

pub(super) static OFFBOARD_USER: Tool = Tool {
    name: "clerk_offboard_user",
    title: "Off-board a user",
    description: "Take a user out of the application: ban them, sign them out everywhere, and remove them from all \
                  organizations. Each step is tried and reported. The account itself stays.",
    endpoint: GET_USER,
    parameters: &[USER_ID.required(), WITH_BAN],
    answer: Answer::One(&OFFBOARDED),
    effect: Effect::Removes,
    danger: Danger::Irreversible,
    target: Some(&targets::USER),
    sentence: "Off-board {user}",
    lasting: "Their sessions and memberships are gone with the memberships' roles and metadata; a ban can be lifted.",
    request: Some(look),
    run: Some(offboard),
    example: r#"{"user_id":"user_2abc"}"#,
    ..WRITE
};

fn look(arguments: &Arguments) -> Request {
    GET_USER.request(arguments.only([USER_ID.name]))
}

/// A part that fails as a whole, for example because organizations are switched off, is a failed step.
fn offboard(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let ban = ban(arguments, api)?;
    let ([sessions, memberships], has_more) = take_out(arguments, api);
    let is_complete = !has_more && [&sessions, &memberships, &ban].into_iter().all(Steps::is_complete);
    Ok(json!({
        "user_id": arguments.text(&USER_ID),
        "ban": Value::from(ban),
        "sessions": Value::from(sessions),
        "memberships": Value::from(memberships),
        "is_complete": is_complete,
    }))
}

/// The ban, which is never left for want of requests or time: it is the first thing that is written, and where it is not let
/// through, nothing is.
fn ban(arguments: &Arguments, api: &dyn Api) -> Result<Steps, Failure> {
    if !arguments.is_on(&WITH_BAN) {
        return Ok(Steps::default());
    }
    let id = arguments.text(&USER_ID).unwrap_or_default();
    match api.fetch(&BAN.request(arguments.only([USER_ID.name]))) {
        Ok(_) => Ok(Steps { done: vec![id.into()], ..Steps::default() }),
        Err(failure) if failure.is_too_many() => Err(failure),
        Err(failure) => Ok(Steps { failed: vec![failure.into_step(id)], ..Steps::default() }),
    }
}

/// Signs a user out everywhere and removes them from all organizations, and tells whether something may be left.
fn take_out(arguments: &Arguments, api: &dyn Api) -> ([Steps; 2], bool) {
    let names = ["sessions", "memberships"];
    if !api.may_go_on() {
        return (names.map(Steps::not_tried), false);
    }
    let [active, first] = sessions::lists_to_revoke(arguments);
    let lists = [memberships(arguments), active, first];
    let mut answers = api.fetch_all(&lists);
    let memberships = api::next(&mut answers).and_then(|answer| to_remove(arguments, answer));
    let sessions = sessions::to_revoke(arguments, &mut answers, api);
    let mut has_more = false;
    let parts = [(names[0], sessions), (names[1], memberships)].map(|(name, found)| match found {
        Ok((steps, is_more)) => {
            has_more |= is_more;
            Ok(steps)
        }
        Err(failure) => Err(Steps::not_found(name, failure)),
    });
    (Steps::run(parts, api, &mut |id, _| id.into()), has_more)
}

fn memberships(arguments: &Arguments) -> Request {
    let mut theirs = arguments.only([USER_ID.name]);
    theirs.insert("limit".into(), MOST_REMOVED.into());
    LIST_MEMBERSHIPS_OF_USER.request(theirs)
}

/// The steps that remove a user from the organizations of these memberships, and whether some may be left.
fn to_remove(arguments: &Arguments, memberships: Value) -> Result<(Vec<Step>, bool), Failure> {
    let List { items, total, is_odd, .. } = paging::list(memberships)?;
    let remove = |id: &str| {
        let mut membership: Map<String, Value> = arguments.only([USER_ID.name]);
        membership.insert("organization_id".into(), id.into());
        Step { of: id.into(), request: members::REMOVE.request(membership) }
    };
    let ids = items.iter().filter_map(|membership| membership["organization"]["id"].as_str());
    let steps: Vec<Step> = ids.map(remove).collect();
    let found = items.len() as u64;
    // What cannot be removed by its id is left too.
    let is_left = is_odd || steps.len() < items.len();
    let has_more = is_left || total.map_or(items.len() >= MOST_REMOVED, |total| total > found);
    Ok((steps, has_more))
}
