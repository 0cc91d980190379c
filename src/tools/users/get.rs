//! Gets one user by what names them.

use serde_json::Value;

use super::user::{READ, USER};
use crate::api::Api;
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::kind::{Kind, Parameter, parameter};
use crate::paging;
use crate::request::Request;
use crate::rule::Rule;
use crate::tool::{Answer, Tool};
use crate::tools::objects;
use crate::tools::parameters::USER_ID;
use crate::view::read::Reading;

const EMAIL_ADDRESS: Parameter =
    parameter("email_address", Kind::EmailAddress, "One of the user's email addresses, whole.");
const EXTERNAL_ID: Parameter = parameter("external_id", Kind::Text, "The id that your own systems know the user by.");

pub(super) static GET_USER: Tool = Tool {
    name: "clerk_get_user",
    title: "Get a user",
    description: "Get one user by id, email address or external id, with all metadata. Email address and external id must \
                  match exactly.",
    endpoint: objects::GET_USER,
    parameters: &[
        USER_ID.described("The user's id, `user_…`. Give exactly one of the three."),
        EMAIL_ADDRESS,
        EXTERNAL_ID,
    ],
    rules: &[Rule::ExactlyOne(&["user_id", "email_address", "external_id"])],
    answer: Answer::One(&USER),
    request: Some(by_what_is_given),
    run: Some(get_user),
    example: r#"{"email_address":"ada@example.com"}"#,
    ..READ
};

/// Only the id has an endpoint of its own; the other two are filters of the list.
fn by_what_is_given(arguments: &Arguments) -> Request {
    let mut sent = arguments.sent().clone();
    if arguments.text(&USER_ID).is_some() {
        return objects::GET_USER.request(sent);
    }
    if let Some(id) = arguments.text(&EXTERNAL_ID).filter(|id| id.starts_with(['+', '-'])) {
        // A sign at the start would be read as "include" or "exclude".
        sent.insert(EXTERNAL_ID.name.into(), format!("+{id}").into());
    }
    sent.insert("limit".into(), 2.into());
    objects::LIST_USERS.request(sent)
}

fn get_user(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let answer = api.fetch(&by_what_is_given(arguments))?;
    let mut reading = Reading::default();
    let user = if arguments.text(&USER_ID).is_some() {
        answer
    } else {
        let users = paging::list(answer)?.items;
        users.into_iter().find(|user| is_wanted(user, arguments)).ok_or_else(|| {
            let message = "no user has exactly this email address or external id";
            Failure::not_found(message, "Search with `query` of clerk_list_users, which takes parts.")
        })?
    };
    let user = reading.object(&USER, user);
    Ok(reading.finish(user))
}

fn is_wanted(user: &Value, arguments: &Arguments) -> bool {
    match (arguments.text(&EMAIL_ADDRESS), arguments.text(&EXTERNAL_ID)) {
        (Some(address), _) => has_email_address(user, address),
        (_, Some(id)) => user["external_id"] == id,
        _ => false,
    }
}

pub(super) fn has_email_address(user: &Value, wanted: &str) -> bool {
    let addresses = user["email_addresses"].as_array().into_iter().flatten();
    let mut addresses = addresses.filter_map(|email| email["email_address"].as_str());
    addresses.any(|address| address.eq_ignore_ascii_case(wanted))
}
