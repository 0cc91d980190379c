//! Finds one user by whatever is known.

use serde_json::{Map, Value, json};

use super::sign_in;
use super::user::READ;
use crate::api::Api;
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::identity;
use crate::ids::Resource;
use crate::kind::{Kind, Parameter, parameter};
use crate::paging;
use crate::phone_number::e164;
use crate::request::Request;
use crate::tool::{Answer, Tool};
use crate::tools::objects::LIST_USERS;
use crate::view::read::Reading;
use crate::view::{View, flag, many, text, time, untrusted};

/// The most candidates that are shown.
const MOST: usize = 10;

/// The fields by which a user is recognized.
static CANDIDATE: View = View(&[
    text("id"),
    untrusted("first_name"),
    untrusted("last_name"),
    untrusted("username"),
    text("external_id"),
    text("primary_email_address_id"),
    many("email_addresses", &sign_in::EMAIL_ADDRESS),
    many("phone_numbers", &sign_in::PHONE_NUMBER),
    flag("banned"),
    flag("locked"),
    time("created_at"),
    time("last_sign_in_at"),
]);

/// The users who may be meant; whether `query` is exactly the id, the email address or the phone number of the one user there
/// is; and whether there are more.
static CANDIDATES: View = View(&[many("data", &CANDIDATE), flag("is_exact"), flag("has_more")]);

const WANTED: Parameter = parameter(
    "query",
    Kind::Contact,
    "What is known: `ada@example.com`, `Ada Lovelace`, `+15551234567`, `user_2abc…`, or a part.",
);

pub(super) static FIND_USER: Tool = Tool {
    name: "clerk_find_user",
    title: "Find a user",
    description: "Find a user by whatever is known: an email address, a name, a username, a phone number or an id. Start \
                  here when you need a user's id.",
    endpoint: LIST_USERS,
    parameters: &[WANTED.required()],
    answer: Answer::One(&CANDIDATES),
    request: Some(first_request),
    run: Some(find),
    example: r#"{"query":"ada@example.com"}"#,
    ..READ
};

/// The filter that finds exactly what is named, if it looks like something that names one user, and its value.
fn exact(query: &str) -> Option<(&'static str, String)> {
    match query.split_once('@') {
        _ if Resource::User.is_id(query) => Some(("user_id", query.into())),
        Some((name, domain)) if !name.is_empty() && domain.contains('.') => Some(("email_address", query.into())),
        _ => e164(query).map(|number| ("phone_number", number)),
    }
}

fn query(arguments: &Arguments) -> &str {
    arguments.text(&WANTED).unwrap_or_default().trim()
}

fn by(filter: &str, value: &str) -> Request {
    let mut sought = Map::new();
    sought.insert(filter.into(), value.into());
    sought.insert("limit".into(), (MOST + 1).into());
    LIST_USERS.request(sought)
}

fn first_request(arguments: &Arguments) -> Request {
    match exact(query(arguments)) {
        Some((filter, value)) => by(filter, &value),
        None => by("query", query(arguments)),
    }
}

/// Finds the one that is named exactly; otherwise everything that resembles it is a candidate.
fn find(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let request = first_request(arguments);
    let is_named = exact(query(arguments)).is_some();
    let mut users = paging::list(api.fetch(&request.unverified())?)?.items;
    if is_named {
        // Whoever else the filter lets through is not meant.
        identity::matching(&first_request(arguments), &mut users);
    }
    let is_exact = is_named && users.len() == 1;
    if is_named && users.is_empty() {
        users = paging::list(api.fetch(&by("query", query(arguments)))?)?.items;
    }
    let has_more = users.len() > MOST;
    users.truncate(MOST);
    let mut reading = Reading::of_items(false);
    let data: Vec<Value> =
        users.into_iter().enumerate().map(|(index, user)| reading.item(&CANDIDATE, index, user)).collect();
    Ok(reading.finish(json!({ "data": data, "is_exact": is_exact, "has_more": has_more })))
}
