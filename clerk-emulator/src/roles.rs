//! The roles that a member of an organization can have.

use serde_json::{Value, json};

use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::errors::{Fault, Refusal};
use crate::ids;
use crate::state::World;
use crate::store::{Store, Thing};

/// When the instance was set up, in milliseconds since 1970; each further role came a second later.
const SET_UP: i64 = 1_704_067_200_000;

pub(crate) const ADMIN: &str = "org:admin";
pub(crate) const MANAGE_MEMBERSHIPS: &str = "org:sys_memberships:manage";

/// A role, as memberships show it.
#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) permissions: Vec<String>,
}

/// The roles that every instance has: key, name, permissions.
const ROLES: &[(&str, &str, &[&str])] = &[
    (ADMIN, "Admin", PERMISSIONS),
    ("org:member", "Member", &["org:sys_memberships:read"]),
    (
        "org:billing_manager",
        "Billing manager",
        &["org:sys_memberships:read", "org:sys_billing:read", "org:sys_billing:manage"],
    ),
];

const PERMISSIONS: &[&str] = &[
    "org:sys_profile:manage",
    "org:sys_profile:delete",
    "org:sys_memberships:read",
    MANAGE_MEMBERSHIPS,
    "org:sys_domains:read",
    "org:sys_domains:manage",
    "org:sys_billing:read",
    "org:sys_billing:manage",
];

/// What every instance has from its start: the roles, their permissions, and a set of the roles.
pub(crate) fn set_up(store: &mut Store) {
    let object = |value: Value| value.as_object().cloned();
    store.all_mut("organization_permissions").extend(PERMISSIONS.iter().filter_map(|key| object(permission(key))));
    let dated = ROLES.iter().zip(0..).map(|(role, number)| (role, SET_UP + 1000 * number));
    let roles: Vec<Value> = dated
        .map(|((key, name, permissions), created_at)| {
            json!({
                "object": "role", "id": ids::id("role", key), "name": name, "key": key, "description": null,
                "is_creator_eligible": *key == ADMIN,
                "permissions": permissions.iter().map(|key| permission(key)).collect::<Vec<_>>(),
                "created_at": created_at, "updated_at": created_at,
            })
        })
        .collect();
    let items: Vec<Value> = roles.iter().map(item).collect();
    let set = json!({
        "object": "role_set", "id": ids::id("roleset", "default"), "key": "role_set:default", "name": "Default",
        "description": null, "type": "initial", "roles": items, "default_role": items[1], "creator_role": items[0],
        "created_at": SET_UP, "updated_at": SET_UP,
    });
    store.all_mut("role_sets").extend(object(set));
    store.all_mut("organization_roles").extend(roles.into_iter().filter_map(object));
}

/// A role as a set of roles shows it.
pub(crate) fn item(role: &Value) -> Value {
    let mut item = role.clone();
    item["object"] = "role_set_item".into();
    item
}

fn permission(key: &str) -> Value {
    json!({
        "object": "permission", "id": ids::id("perm", key), "name": key, "key": key, "description": "",
        "type": "system", "created_at": SET_UP, "updated_at": SET_UP,
    })
}

fn text<'a>(role: &'a Thing, field: &str) -> &'a str {
    role.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn matches(role: &Thing, query: &str) -> bool {
    let contains = |field| text(role, field).to_lowercase().contains(query);
    text(role, "id").to_lowercase() == query || contains("name") || contains("key")
}

pub(crate) fn list(world: &mut World, call: &mut Call) -> Answer {
    let query = call.query.folded("query");
    let order = call.query.order(&["created_at", "name", "key"]);
    let page = call.query.page();
    call.query.finish()?;
    let all = world.store.all("organization_roles").iter();
    let mut found: Vec<&Thing> = all.filter(|role| query.as_ref().is_none_or(|query| matches(role, query))).collect();
    found.sort_by(|left, right| {
        order.apply(match order.field {
            "created_at" => left["created_at"].as_i64().cmp(&right["created_at"].as_i64()),
            field => text(left, field).cmp(text(right, field)),
        })
    });
    let total_count = found.len();
    answer(&Envelope { data: page.of(found).collect(), total_count })
}

/// The role that a request names; 404 if there is none.
pub(crate) fn find(world: &World, key: &str) -> Result<Role, Refusal> {
    let found = world.store.find("organization_roles", &["key"], key);
    let role = found.ok_or_else(|| {
        let fault = Fault::new("resource_not_found", "not found", format!("There is no organization role {key}."));
        Refusal::new(axum::http::StatusCode::NOT_FOUND, fault.with_meta(json!({ "param_name": "role" })))
    })?;
    let permissions = role.get("permissions").and_then(Value::as_array).into_iter().flatten();
    Ok(Role {
        key: key.to_owned(),
        name: text(role, "name").to_owned(),
        permissions: permissions.filter_map(|permission| Some(permission["key"].as_str()?.to_owned())).collect(),
    })
}

/// Has everybody with the role that had this key see it as it is now.
pub(crate) fn refresh(world: &mut World, old_key: &str, key: &str) -> Result<(), Refusal> {
    let role = find(world, key)?;
    let held = world.memberships.iter_mut().map(|membership| &mut membership.role);
    let offered = world.invitations.iter_mut().map(|invitation| &mut invitation.role);
    held.chain(offered).filter(|held| held.key == old_key).for_each(|held| *held = role.clone());
    Ok(())
}
