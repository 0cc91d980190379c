//! Users: the people who sign in to the application.

mod access;
mod filters;
mod find;
mod list;
mod offboard;
mod report;
mod sign_in;
mod update;

pub(super) use filters::*;

use serde_json::Value;

use super::sessions;
use crate::api::Api;
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::ids::Resource;
use crate::kind::{Kind, Parameter, parameter};
use crate::object::{By, Object, carried};
use crate::paging;
use crate::request::{Endpoint, Request, get};
use crate::rule::Rule;
use crate::target::{Fact, Look, Target};
use crate::tool::{self, Answer, Tool, Toolset};
use crate::view::{
    Reading, View, any, count, flag, made, made_untrusted, many, metadata, private, text, time, untrusted,
};

const READ: Tool = Tool { toolset: "users", ..tool::READ };
const WRITE: Tool = Tool { toolset: "users", ..tool::WRITE };

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "users",
    tools: &[
        &list::LIST_USERS,
        &list::COUNT_USERS,
        &GET_USER,
        &find::FIND_USER,
        &list::LIST_USER_ORGANIZATIONS,
        &report::GET_USER_ACCESS_REPORT,
        &update::CREATE_USER,
        &update::UPDATE_USER,
        &update::UPDATE_USER_METADATA,
        &access::LOCK_USER,
        &access::UNLOCK_USER,
        &access::BAN_USER,
        &access::UNBAN_USER,
        &offboard::OFFBOARD_USER,
        &update::DELETE_USER,
    ],
};

static OBJECT: Object = Object {
    name: "user",
    id: Some(Resource::User),
    carried: &[
        carried("user_id", "id", By::Ids),
        carried("external_id", "external_id", By::Ids),
        carried("username", "username", By::Words),
        carried("email_address", "email_addresses.email_address", By::Words),
        carried("phone_number", "phone_numbers.phone_number", By::Digits),
        carried("banned", "banned", By::Filter),
    ],
    needed: None,
};

pub(super) static USER: View = View(&[
    text("id"),
    text("external_id"),
    untrusted("username"),
    untrusted("first_name"),
    untrusted("last_name"),
    text("locale"),
    text("primary_email_address_id"),
    many("email_addresses", &sign_in::EMAIL_ADDRESS),
    text("primary_phone_number_id"),
    many("phone_numbers", &sign_in::PHONE_NUMBER),
    many("external_accounts", &sign_in::EXTERNAL_ACCOUNT),
    any("saml_accounts", &sign_in::SAML_ACCOUNT),
    any("enterprise_accounts", &sign_in::ENTERPRISE_ACCOUNT),
    any("passkeys", &sign_in::PASSKEY),
    any("web3_wallets", &sign_in::WEB3_WALLET),
    flag("banned"),
    flag("deprovisioned"),
    flag("locked"),
    count("lockout_expires_in_seconds"),
    made("lock_note", lock_note),
    flag("password_enabled"),
    flag("two_factor_enabled"),
    flag("totp_enabled"),
    flag("backup_code_enabled"),
    flag("delete_self_enabled"),
    flag("create_organization_enabled"),
    count("create_organizations_limit"),
    time("created_at"),
    time("updated_at"),
    time("last_sign_in_at"),
    time("last_active_at"),
    metadata("public_metadata"),
    private("private_metadata"),
    metadata("unsafe_metadata"),
]);

/// A user in a preview.
pub(super) static SUMMARY: View = View(&[
    text("id"),
    untrusted("username"),
    flag("banned"),
    flag("locked"),
    time("created_at"),
    time("last_sign_in_at"),
    made_untrusted("name", full_name),
    made_untrusted("email_address", primary_email_address),
]);

/// The sentence on a lock that has no end.
fn lock_note(user: &Value) -> Value {
    let is_endless = user["locked"] == true && user["lockout_expires_in_seconds"].is_null();
    if is_endless { "The lock does not end by itself.".into() } else { Value::Null }
}

pub(super) fn full_name(user: &Value) -> Value {
    let parts: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|part| user[*part].as_str()).collect();
    parts.join(" ").into()
}

/// A user's primary email address, or the first one.
pub(crate) fn primary_email_address(user: &Value) -> Value {
    let addresses = user["email_addresses"].as_array().map(Vec::as_slice).unwrap_or_default();
    let primary = addresses.iter().find(|address| address["id"] == user["primary_email_address_id"]);
    let address = primary.or_else(|| addresses.first()).and_then(|address| address["email_address"].as_str());
    address.unwrap_or_default().into()
}

pub(crate) const LIST: Endpoint = get("/users", &OBJECT);
pub(super) const GET: Endpoint = get("/users/{user_id}", &OBJECT);
pub(super) const LOOK: Look = Look::at(GET);

pub(super) static TARGET: Target = Target {
    look: LOOK,
    facts: &[
        Fact::Part("user", "", &SUMMARY),
        Fact::Count("active_sessions", &sessions::SIGNED_IN),
        Fact::Listed("organizations_count", &Look::at(list::ORGANIZATIONS), "organizations", &super::members::NAMED),
    ],
    typed: &["/user/email_address", "/user/username", "/user/id"],
};

pub(super) const USER_ID: Parameter = parameter("user_id", Kind::Id(Resource::User), "The user's id, `user_…`.");
const EMAIL_ADDRESS: Parameter =
    parameter("email_address", Kind::EmailAddress, "One of the user's email addresses, whole.");
const EXTERNAL_ID: Parameter = parameter("external_id", Kind::Text, "The id that your own systems know the user by.");

static GET_USER: Tool = Tool {
    name: "clerk_get_user",
    title: "Get a user",
    description: "Get one user by id, email address or external id, with all metadata. Email address and external id must \
                  match exactly.",
    endpoint: GET,
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
        return GET.request(sent);
    }
    if let Some(id) = arguments.text(&EXTERNAL_ID).filter(|id| id.starts_with(['+', '-'])) {
        // A sign at the start would be read as "include" or "exclude".
        sent.insert(EXTERNAL_ID.name.into(), format!("+{id}").into());
    }
    sent.insert("limit".into(), 2.into());
    LIST.request(sent)
}

fn get_user(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let answer = api.fetch(&by_what_is_given(arguments))?;
    let mut reading = Reading::default();
    let user = if arguments.text(&USER_ID).is_some() {
        answer
    } else {
        let (users, _) = paging::list(answer)?;
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

#[cfg(test)]
mod tests;
