//! Everything that a user can get into.

use serde_json::{Map, Value, json};

use super::get::has_email_address;
use super::user::{READ, USER};
use crate::api::{self, Api};
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::identity;
use crate::paging;
use crate::request::{Endpoint, Request};
use crate::tool::{Answer, Tool};
use crate::tools::invitations::INVITATION;
use crate::tools::members::MEMBERSHIP;
use crate::tools::objects::{GET_USER, LIST_INVITATIONS_OF_USER, LIST_MEMBERSHIPS_OF_USER};
use crate::tools::parameters::USER_ID;
use crate::tools::sessions::{self, SESSION};
use crate::view::read::Reading;
use crate::view::{FAILED_STEP, View, many, one, page};

/// The most of each list that a report has.
const MOST: usize = 100;

static REPORT: View = View(&[
    one("user", &USER),
    one("organizations", &MEMBERSHIPS),
    one("pending_invitations", &INVITATIONS),
    one("active_sessions", &SESSIONS),
    many("failed", &FAILED_STEP),
]);
static MEMBERSHIPS: View = View(&page(&MEMBERSHIP));
static INVITATIONS: View = View(&page(&INVITATION));
static SESSIONS: View = View(&page(&SESSION));

pub(super) static GET_USER_ACCESS_REPORT: Tool = Tool {
    name: "clerk_get_user_access_report",
    title: "Report a user's access",
    description: "Report everything that a user can get into: the account, organizations and roles, pending invitations, \
                  active sessions. At most 100 of each.",
    endpoint: GET_USER,
    parameters: &[USER_ID.required()],
    answer: Answer::One(&REPORT),
    run: Some(report),
    example: r#"{"user_id":"user_2abc"}"#,
    ..READ
};

/// A part that is missing, for example because organizations are switched off, does not keep the others away.
fn report(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let requests = requests(arguments);
    let mut answers = api.fetch_all(&requests);
    // Nothing is told of who is not there.
    let user = api::next(&mut answers)?;
    let bytes = api.policy().page_bytes() / 3;
    let organizations =
        api::next(&mut answers).and_then(|answer| paging::first(&MEMBERSHIP, answer, (MOST, MOST), bytes));
    let invitations = api::next(&mut answers)
        .and_then(|answer| theirs(&user, answer))
        .and_then(|answer| paging::first(&INVITATION, answer, (MOST, MOST), bytes));
    let sessions = sessions::signed_in(arguments, MOST, &mut answers, api).and_then(|(sessions, is_all)| {
        let (mut page, secrets) = paging::first(&SESSION, sessions.into(), (MOST, MOST + 1), bytes)?;
        if !is_all {
            page["has_more"] = true.into();
        }
        Ok((page, secrets))
    });
    let mut reading = Reading::default();
    let mut report = Map::new();
    let user = reading.object(&USER, user);
    report.insert("user".into(), user);
    let parts =
        vec![("organizations", organizations), ("pending_invitations", invitations), ("active_sessions", sessions)];
    Ok(reading.report(report, parts))
}

/// The requests for a user, their memberships and pending invitations, and for the sessions in which they are signed in.
fn requests(arguments: &Arguments) -> [Request; 5] {
    let of_user = |endpoint: Endpoint, more: &[(&str, Value)]| {
        let mut sent = arguments.sent().clone();
        sent.insert("limit".into(), MOST.into());
        for (name, value) in more {
            sent.insert((*name).into(), value.clone());
        }
        endpoint.request(sent)
    };
    let [active, first] = sessions::lists(arguments, MOST);
    [
        GET_USER.request(arguments.sent().clone()),
        of_user(LIST_MEMBERSHIPS_OF_USER, &[]),
        of_user(LIST_INVITATIONS_OF_USER, &[("status", json!("pending"))]),
        active,
        first,
    ]
}

/// Verifies that pending invitations went to one of a user's addresses: they name no user.
fn theirs(user: &Value, answer: Value) -> Result<Value, Failure> {
    let items = answer.get("data").unwrap_or(&answer).as_array().map(Vec::as_slice).unwrap_or_default();
    let is_theirs = |invitation: &Value| {
        invitation["email_address"].as_str().is_some_and(|address| has_email_address(user, address))
    };
    if items.iter().all(is_theirs) {
        return Ok(answer);
    }
    Err(identity::unexpected("the API was asked for a user's invitations, and its answer has some of others"))
}
