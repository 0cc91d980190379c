//! Holds what is given for a thing against the world: what it refers to, what it has to look like, and what is taken.

use serde_json::Value;

use super::check::{Request, check};
use super::collections::Collection;
use super::{FACTS, Shape, effects};
use crate::errors::{Fault, Refusal};
use crate::state::World;
use crate::store::{Thing, has};

/// The keys of these collections: what they begin with, and how many parts follow it.
const KEYS: &[(&str, &str, usize)] =
    &[("organization_permissions", "org", 2), ("organization_roles", "org", 1), ("role_sets", "role_set", 1)];

/// The beginning of the keys of permissions that are Clerk's own.
const SYSTEM: &str = "org:sys_";

/// Unique fields that are the same in upper and lower case.
const FOLDED: [&str; 2] = ["email_address", "identifier"];

/// Refuses what refers to nothing, what has the wrong form, and what another thing already has.
pub(crate) fn check_given(
    world: &World,
    request: &Request,
    collection: &Collection,
    given: &Thing,
    own: Option<&Value>,
) -> Result<(), Refusal> {
    for (field, links_to) in effects::LINKS {
        let Some(id) = given.get(*field).and_then(Value::as_str) else { continue };
        if !effects::is_there(world, links_to, id) {
            let fault = Fault::no_such_resource(field);
            return Err(Refusal::with(request.operation.documented(&[404, 422, 400]), vec![fault]));
        }
    }
    let faults = bad_forms(collection, given);
    if !faults.is_empty() {
        return Err(Refusal::with(request.operation.documented(&[422, 400]), faults));
    }
    if is_taken(world, request, collection, given, own) {
        let fault = Fault::taken(collection.unique);
        return Err(Refusal::with(request.operation.documented(&[409, 422, 400]), vec![fault]));
    }
    Ok(())
}

/// The body may take any text where the thing itself does not.
fn bad_forms(collection: &Collection, given: &Thing) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in FACTS.fields(collection.type_name) {
        if let (Shape::Format(_) | Shape::Pattern(_), Some(value @ Value::String(_))) =
            (&field.shape, given.get(&field.name))
        {
            check(&field.shape, &field.name, value, &mut faults);
        }
    }
    let rule = KEYS.iter().find(|(path, ..)| *path == collection.path);
    if let (Some((_, start, parts)), Some(key)) = (rule, given.get("key").and_then(Value::as_str))
        && !is_key(key, start, *parts)
    {
        let rule = format!("must be `{start}:` and lowercase letters, digits and underscores, and not Clerk's own");
        faults.push(Fault::format("key", &rule));
    }
    faults
}

fn is_key(key: &str, start: &str, parts: usize) -> bool {
    let Some(rest) = key.strip_prefix(start).and_then(|rest| rest.strip_prefix(':')) else { return false };
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_plain);
    let is_system = parts == 2 && key.starts_with(SYSTEM);
    rest.split(':').count() == parts && rest.split(':').all(is_part) && !is_system
}

/// The value of which no two things have the same one.
fn unique_value(collection: &Collection, thing: &Thing) -> Option<Value> {
    let value = thing.get(collection.unique)?;
    let text = value.as_str().filter(|_| FOLDED.contains(&collection.unique)).map(str::to_lowercase);
    Some(text.map_or_else(|| value.clone(), Value::from))
}

/// The thing that has the value already which is given.
pub(crate) fn same<'a>(
    world: &'a World,
    collection: &Collection,
    given: &Thing,
    own: Option<&Value>,
) -> Option<&'a Thing> {
    let value = unique_value(collection, given)?;
    let is_over = |thing: &Thing| ["revoked", "expired"].iter().any(|status| has(thing, "status", status));
    let is_other = |thing: &Thing| thing.get(collection.keys[0]) != own && !is_over(thing);
    let mut all = world.store.all(collection.path).iter();
    all.find(|thing| unique_value(collection, thing).as_ref() == Some(&value) && is_other(thing))
}

/// Tells whether a request gives the same value twice.
pub(crate) fn has_repeated(collection: &Collection, bodies: &[Thing]) -> bool {
    let values: Vec<_> = bodies.iter().map(|body| unique_value(collection, body)).collect();
    values.iter().enumerate().any(|(position, value)| values[..position].contains(value))
}

/// Who was invited or has an account can be invited on demand; several at once cannot if one has an account.
fn is_taken(world: &World, request: &Request, collection: &Collection, given: &Thing, own: Option<&Value>) -> bool {
    let is_there = same(world, collection, given, own).is_some();
    if collection.path != "invitations" {
        return is_there;
    }
    let address = given.get("email_address").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let has_account = world.users.values().any(|user| user.has_email(&address));
    let ignores = given.get("ignore_existing") == Some(&Value::Bool(true));
    if ignores { has_account && request.operation.path.ends_with("/bulk") } else { is_there || has_account }
}
