//! The roles, the permissions and the sets of roles that organizations use.

use serde_json::{Map, Value, json};

use super::super::check::Request;
use super::super::collections::{self, Collection};
use super::super::engine;
use crate::errors::{Fault, Refusal};
use crate::roles;
use crate::state::World;
use crate::store::{Thing, has, touch};

fn role_collection() -> &'static Collection {
    collections::find("organization_roles").expect("it is in the table")
}

fn permission(world: &World, request: &Request, name: &str) -> Result<Thing, Refusal> {
    let found = world.store.find("organization_permissions", &["id", "key"], name);
    found.cloned().ok_or_else(|| request.not_found(format!("There is no permission {name}.")))
}

/// A permission of the instance's own; 403 if it is one of Clerk's.
fn check_own(world: &mut World, request: &Request) -> Result<&'static Collection, Refusal> {
    let permissions = collections::find("organization_permissions").expect("it is in the table");
    if has(engine::find(world, request, permissions)?, "type", "system") {
        let detail = "System permissions can be neither changed nor deleted.";
        return Err(Refusal::not_allowed(detail));
    }
    Ok(permissions)
}

pub(super) fn update_permission(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let permissions = check_own(world, request)?;
    engine::update(world, request, permissions, &request.bodies[0])
}

pub(super) fn delete_permission(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let permissions = check_own(world, request)?;
    engine::delete(world, request, permissions)
}

/// The body, with the permissions that it names in the place of their names.
fn with_permissions(world: &World, request: &Request) -> Result<Map<String, Value>, Refusal> {
    let mut body = request.bodies[0].clone();
    if let Some(Value::Array(names)) = body.get("permissions") {
        let named = names.iter().map(|name| permission(world, request, name.as_str().unwrap_or_default()));
        let found = named.map(|found| found.map(Value::from)).collect::<Result<Vec<Value>, Refusal>>()?;
        body.insert("permissions".to_owned(), found.into());
    }
    Ok(body)
}

pub(super) fn create_role(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let body = with_permissions(world, request)?;
    engine::create(world, request, role_collection(), &body)
}

pub(super) fn update_role(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let body = with_permissions(world, request)?;
    let old_key = engine::find(world, request, role_collection())?["key"].as_str().unwrap_or_default().to_owned();
    let role = engine::update(world, request, role_collection(), &body)?;
    roles::refresh(world, &old_key, role["key"].as_str().unwrap_or_default())?;
    Ok(role)
}

/// A role that members have stays.
pub(super) fn delete_role(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let key = engine::find(world, request, role_collection())?.get("key").cloned().unwrap_or_default();
    if world.memberships.iter().any(|membership| key == membership.role.key) {
        return Err(request.refuse(Fault::value("organization_role_id", "must not be the role of any member")));
    }
    engine::delete(world, request, role_collection())
}

pub(super) fn set_permission(world: &mut World, request: &Request, is_granted: bool) -> Result<Value, Refusal> {
    let permission = permission(world, request, request.parameter("permission_id"))?;
    let id = request.parameter("organization_role_id");
    let missing = || request.not_found(format!("No role has the id {id}."));
    let role = world.store.find_mut("organization_roles", &["id"], id).ok_or_else(missing)?;
    let granted = role.entry("permissions").or_insert_with(|| json!([])).as_array_mut().expect("it is a list");
    let position = granted.iter().position(|known| known["id"] == permission["id"]);
    match (position, is_granted) {
        (None, true) => granted.push(permission.into()),
        (Some(position), false) => drop(granted.remove(position)),
        (Some(_), true) => {
            return Err(Refusal::with(request.operation.documented(&[409]), vec![Fault::taken("permission_id")]));
        }
        (None, false) => return Err(request.not_found("The role does not have this permission.")),
    }
    touch(role);
    let role = role.clone();
    let key = role["key"].as_str().unwrap_or_default();
    roles::refresh(world, key, key)?;
    Ok(role.into())
}

fn role_sets() -> &'static Collection {
    collections::find("role_sets").expect("it is in the table")
}

/// A role as a set of roles shows it.
fn role_item(world: &World, request: &Request, key: &str) -> Result<Value, Refusal> {
    let found = world.store.find("organization_roles", &["key", "id"], key);
    let role = found.cloned().ok_or_else(|| request.not_found(format!("There is no role {key}.")))?;
    Ok(roles::item(&role.into()))
}

/// The fields of a body that name roles, with the roles themselves.
fn with_roles(world: &World, request: &Request) -> Result<Map<String, Value>, Refusal> {
    let mut body = request.bodies[0].clone();
    for (parameter, field) in [("default_role_key", "default_role"), ("creator_role_key", "creator_role")] {
        if let Some(key) = request.text(parameter) {
            body.insert(field.to_owned(), role_item(world, request, key)?);
        }
    }
    if let Some(keys) = request.field("roles").or(request.field("role_keys")).and_then(Value::as_array) {
        let items = keys.iter().map(|key| role_item(world, request, key.as_str().unwrap_or_default()));
        body.insert("roles".to_owned(), once_each(items.collect::<Result<_, Refusal>>()?).into());
    }
    Ok(body)
}

pub(super) fn create_role_set(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mut body = with_roles(world, request)?;
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    let name: String = request.text("name").unwrap_or_default().chars().map(plain).collect();
    body.entry("key").or_insert_with(|| format!("role_set:{name}").into());
    engine::create(world, request, role_sets(), &body)
}

pub(super) fn update_role_set(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let body = with_roles(world, request)?;
    engine::update(world, request, role_sets(), &body)
}

pub(super) fn add_roles(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mut body = with_roles(world, request)?;
    let mut all = roles_of(engine::find(world, request, role_sets())?);
    all.extend(body.get("roles").and_then(Value::as_array).cloned().unwrap_or_default());
    body.insert("roles".to_owned(), once_each(all).into());
    engine::update(world, request, role_sets(), &body)
}

/// A set has no role twice.
fn once_each(roles: Vec<Value>) -> Vec<Value> {
    let mut once: Vec<Value> = Vec::new();
    for role in roles {
        if once.iter().all(|known| known["id"] != role["id"]) {
            once.push(role);
        }
    }
    once
}

fn roles_of(role_set: &Thing) -> Vec<Value> {
    role_set.get("roles").and_then(Value::as_array).cloned().unwrap_or_default()
}

pub(super) fn replace_role(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let new = role_item(world, request, request.text("to_role_key").unwrap_or_default())?;
    let old = request.text("role_key").unwrap_or_default();
    let mut all = roles_of(engine::find(world, request, role_sets())?);
    if !all.iter().any(|role| role["key"] == old) {
        return Err(request.not_found(format!("The set has no role {old}.")));
    }
    all.retain(|role| role["key"] != old && role["key"] != new["key"]);
    all.push(new);
    let body = [("roles".to_owned(), all.into())].into_iter().collect();
    engine::update(world, request, role_sets(), &body)
}

/// The organizations that use the set use the other one then.
pub(super) fn replace_role_set(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let new = request.text("dest_role_set_key").unwrap_or_default();
    let found = world.store.find("role_sets", role_sets().keys, new).and_then(|set| set["key"].as_str());
    let new = found.ok_or_else(|| request.not_found(format!("There is no role set {new}.")))?.to_owned();
    let removed = engine::delete(world, request, role_sets())?;
    for organization in world.organizations.values_mut() {
        if organization.role_set_key.as_deref() == removed["key"].as_str() {
            organization.role_set_key = Some(new.clone());
        }
    }
    Ok(removed)
}
