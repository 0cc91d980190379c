//! What a write is about. It is looked at before the write: whoever agrees sees whom it concerns, and afterwards it can
//! be told what has changed.

use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::error::Failure;
use crate::identity;
use crate::request::{Endpoint, Parameters, get, names_in};
use crate::view;

/// How much of a list is looked at.
const MOST: u64 = 100;
/// How many organizations of a user are named.
const MOST_NAMED: usize = 10;

/// The kinds of things that writes are about. Which one it is, the ids in the call's parameters say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nothing that is there before.
    Nothing,
    Organization,
    Member,
    /// A user and the organization that they are to become a member of.
    NewMember,
    Invitation,
    User,
    Session,
}

impl Target {
    /// The thing itself, as Clerk gives it; null where there is none.
    ///
    /// # Errors
    ///
    /// There is none, or it could not be had.
    pub(crate) fn fetch(self, parameters: &Parameters, api: &dyn Api) -> Result<Value, Failure> {
        let one = |path| object(&get(path), &parameters.only(names_in(path)), api);
        match self {
            Self::Nothing => Ok(Value::Null),
            Self::Organization => organization(parameters, api),
            Self::User | Self::NewMember => one("/users/{user_id}"),
            Self::Invitation => one("/organizations/{organization_id}/invitations/{invitation_id}"),
            Self::Session => one("/sessions/{session_id}"),
            Self::Member => {
                // There is no endpoint for one membership.
                let sought = parameters.only(["organization_id", "user_id"]).set("limit", 1);
                let mut page = object(&get("/organizations/{organization_id}/memberships"), &sought, api)?;
                page.pointer_mut("/data/0").map(Value::take).ok_or_else(|| {
                    let hint = "The members are in clerk_list_organization_members; nothing was changed.";
                    Failure::not_found("the user is not a member of this organization", hint)
                })
            }
        }
    }

    /// What somebody who has to agree should know of it: names, and how many others it concerns.
    ///
    /// # Errors
    ///
    /// Something that belongs to it could not be had.
    pub(crate) fn facts(
        self,
        object: &Value,
        parameters: &Parameters,
        api: &dyn Api,
    ) -> Result<Map<String, Value>, Failure> {
        let facts = match self {
            Self::Nothing => json!({}),
            Self::Organization => json!({
                "organization": about_organization(object),
                "pending_invitations": pending_invitations(parameters, api),
            }),
            Self::Member => json!({
                "organization": about_organization(&object["organization"]),
                "user": about_member(&object["public_user_data"]),
                "role": object["role"],
            }),
            Self::NewMember => json!({
                "organization": about_organization(&organization(parameters, api)?),
                "user": about_user(object),
            }),
            Self::Invitation => json!({
                "invitation": some_of(object, &["id", "email_address", "role", "status", "created_at"]),
                "organization": about_organization(&organization(parameters, api)?),
            }),
            Self::User => {
                let (count, organizations) = organizations(parameters, api);
                json!({
                    "user": about_user(object),
                    "active_sessions": active_sessions(parameters, api),
                    "organizations_count": count,
                    "organizations": organizations,
                })
            }
            Self::Session => {
                let whose = Parameters::of(&json!({ "user_id": object["user_id"] }));
                json!({
                    "session": some_of(object, &["id", "status", "last_active_at"]),
                    "user": about_user(&self::object(&get("/users/{user_id}"), &whose, api)?),
                })
            }
        };
        Ok(match facts {
            Value::Object(facts) => facts,
            _ => Map::new(),
        })
    }

    /// What a person types to agree that it goes for good: its name, out of its facts.
    pub(crate) fn name(self, facts: &Map<String, Value>) -> Option<String> {
        let (thing, names) = match self {
            Self::Organization => ("organization", ["name", "slug", "id"]),
            Self::Member => ("user", ["identifier", "username", "user_id"]),
            Self::User => ("user", ["email_address", "username", "id"]),
            _ => return None,
        };
        let mut found = names.iter().filter_map(|name| facts.get(thing)?.get(name)?.as_str());
        // A name of nothing that can be seen is none to type.
        found.find(|name| !name.trim().is_empty()).map(Into::into)
    }
}

fn object(endpoint: &Endpoint, parameters: &Parameters, api: &dyn Api) -> Result<Value, Failure> {
    view::read(&api.fetch(&parameters.clone().request(endpoint))?)
}

fn organization(parameters: &Parameters, api: &dyn Api) -> Result<Value, Failure> {
    let parameters = parameters.only(["organization_id"]).set("include_members_count", true);
    object(&get("/organizations/{organization_id}"), &parameters, api)
}

/// What is there of these fields; times as everywhere.
fn some_of(object: &Value, names: &[&str]) -> Value {
    let field = |name: &&str| {
        let value = object.get(*name).filter(|value| !value.is_null())?;
        let value = match value.as_i64().filter(|_| name.ends_with("_at")) {
            Some(milliseconds) => view::time(milliseconds),
            None => value.clone(),
        };
        Some(((*name).to_owned(), value))
    };
    names.iter().filter_map(field).collect::<Map<_, _>>().into()
}

fn about_organization(organization: &Value) -> Value {
    some_of(organization, &["id", "name", "slug", "members_count", "created_at"])
}

fn about_member(user: &Value) -> Value {
    let mut about = some_of(user, &["user_id", "identifier", "banned"]);
    about["name"] = name(user);
    about
}

fn about_user(user: &Value) -> Value {
    let names = ["id", "username", "banned", "locked", "created_at", "last_sign_in_at"];
    let mut about = some_of(user, &names);
    about["name"] = name(user);
    about["email_address"] = email_address(user).unwrap_or_default().into();
    about
}

fn name(user: &Value) -> Value {
    let parts: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|part| user[*part].as_str()).collect();
    parts.join(" ").into()
}

/// A user's primary email address.
pub(crate) fn email_address(user: &Value) -> Option<&str> {
    let addresses = user["email_addresses"].as_array()?;
    let primary = addresses.iter().find(|address| address["id"] == user["primary_email_address_id"]);
    primary.or_else(|| addresses.first())?["email_address"].as_str()
}

/// A list of which every item is verified to belong to what was asked for.
fn list(endpoint: &Endpoint, sought: &Parameters, api: &dyn Api) -> Result<Value, Failure> {
    let answer = object(endpoint, &sought.clone().set("limit", MOST), api)?;
    match identity::items(&answer) {
        Some(_) => Ok(answer),
        None => Err(Failure::unusable("the API answered with success, but not with a list")),
    }
}

/// How many there are; or why it is not known, which keeps nobody from agreeing. A total counts only where a whole page
/// of what was asked for speaks for it.
fn count(answer: &Result<Value, Failure>) -> Value {
    match answer.as_ref().map(|answer| (identity::items(answer).unwrap_or_default().len() as u64, answer)) {
        Ok((length, _)) if length < MOST => length.into(),
        Ok((length, answer)) => match answer["total_count"].as_u64().filter(|total| *total >= length) {
            Some(total) => total.into(),
            None => format!("{MOST} or more").into(),
        },
        Err(failure) => format!("not known ({})", failure.code()).into(),
    }
}

fn pending_invitations(parameters: &Parameters, api: &dyn Api) -> Value {
    let sought = parameters.only(["organization_id"]).set("status", "pending");
    count(&list(&get("/organizations/{organization_id}/invitations"), &sought, api))
}

fn active_sessions(parameters: &Parameters, api: &dyn Api) -> Value {
    let sought = parameters.only(["user_id"]).set("status", "active");
    count(&list(&get("/sessions"), &sought, api))
}

/// How many organizations a user is a member of, and in which role of the first ones.
fn organizations(parameters: &Parameters, api: &dyn Api) -> (Value, Value) {
    let answer = list(&get("/users/{user_id}/organization_memberships"), &parameters.only(["user_id"]), api);
    let first = answer.as_ref().ok().and_then(identity::items).unwrap_or_default().iter().take(MOST_NAMED);
    let in_words =
        |membership: &Value| json!({ "name": membership["organization"]["name"], "role": membership["role"] });
    (count(&answer), first.map(in_words).collect())
}
