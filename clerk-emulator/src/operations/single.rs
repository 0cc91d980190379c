//! Things that there is one of: the settings of the instance.

use serde_json::Value;

use super::check::Request;
use crate::errors::{Fault, Refusal};
use crate::state::World;

/// The things whose only place is their path: what is set at one is kept there.
const SINGLE: [&str; 2] = ["instance", "beta_features"];

/// Things at such paths before anything is set.
const UNSET: &[(&str, &str)] = &[(
    "instance/organization_settings",
    r#"{"enabled":true,"admin_delete_enabled":true,"creator_role":"org:admin","domains_enabled":true,
        "domains_default_role":"org:member","domains_enrollment_modes":["manual_invitation","automatic_invitation"],
        "initial_role_set_key":"role_set:default","max_allowed_memberships":5,"max_allowed_domains":10,
        "max_allowed_roles":10,"max_role_sets_allowed":10}"#,
)];

/// Settings that are given as a role's id and shown as its key.
const ROLES: [(&str, &str); 2] =
    [("creator_role_id", "creator_role"), ("domains_default_role_id", "domains_default_role")];

/// Tells whether a path that begins so has one thing only.
pub(crate) fn has(start: &str) -> bool {
    SINGLE.contains(&start)
}

/// Keeps what the request gives, and answers with all that is kept.
pub(crate) fn set(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mut body = request.bodies[0].clone();
    for (name, shown) in ROLES {
        let Some(id) = request.text(name) else { continue };
        let role = world.store.find("organization_roles", &["id"], id);
        let key = role.and_then(|role| role.get("key")).cloned();
        body.insert(shown.to_owned(), key.ok_or_else(|| request.refuse(Fault::no_such_resource(name)))?);
    }
    let path = request.operation.literals().join("/");
    let things = world.store.all_mut(&path);
    if things.is_empty() {
        let unset = UNSET.iter().find(|(known, _)| *known == path).map_or("{}", |(_, json)| *json);
        things.push(serde_json::from_str(unset).expect("the table holds JSON objects"));
    }
    things[0].extend(body.into_iter().filter(|(_, value)| !value.is_null()));
    Ok(things[0].clone().into())
}
