//! Directories: which role the members of which group have.

use serde_json::{Map, Value};

use super::super::check::Request;
use super::super::collections::{self, Collection};
use super::super::{engine, listing};
use crate::errors::{Fault, Refusal};
use crate::state::World;

/// The fields of a mapping that have two names.
const SAME: [(&str, &str); 2] = [("directory_id", "scim_directory_id"), ("directory_group_id", "scim_group_id")];

pub(super) fn add_mapping(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    engine::check_parents(world, request)?;
    check_enabled(world, request)?;
    add(world, request, collection(request), &request.bodies[0])
}

/// Puts the mappings of the body in the place of those that a directory has.
pub(super) fn replace_mappings(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mappings = collection(request);
    engine::check_parents(world, request)?;
    check_enabled(world, request)?;
    let (parent, id) = &request.path[0];
    world.store.forget(mappings.path, &[parent], id);
    for mapping in request.field("mappings").and_then(Value::as_array).into_iter().flatten() {
        add(world, request, mappings, &mapping.as_object().cloned().unwrap_or_default())?;
    }
    listing::list(world, request, mappings)
}

/// 403 unless the directory maps groups to roles.
fn check_enabled(world: &World, request: &Request) -> Result<(), Refusal> {
    let (_, id) = &request.path[0];
    let directory = world.store.find(request.operation.literals()[0], &["id"], id);
    if directory.and_then(|directory| directory.get("group_role_mapping_enabled")) == Some(&Value::Bool(true)) {
        return Ok(());
    }
    let detail = "Group role mapping is not enabled on the directory.";
    Err(Refusal::not_allowed(detail))
}

/// 422 unless a mapping names its group, by either name or by both alike.
fn check_group(request: &Request, mapping: &Map<String, Value>) -> Result<(), Refusal> {
    let [(_, _), (name, legacy_name)] = SAME;
    let fault = match (mapping.get(name), mapping.get(legacy_name)) {
        (None, None) => Fault::missing(name),
        (Some(group), Some(other)) if group != other => Fault::value(name, "must not differ from its legacy name"),
        _ => return Ok(()),
    };
    Err(request.refuse(fault))
}

fn collection(request: &Request) -> &'static Collection {
    collections::find(&request.operation.literals().join("/")).expect("it is in the table")
}

/// Adds a mapping, with its role and with the fields of both names.
fn add(
    world: &mut World,
    request: &Request,
    mappings: &Collection,
    body: &Map<String, Value>,
) -> Result<Value, Refusal> {
    check_group(request, body)?;
    let mut mapping = body.clone();
    mapping.extend(request.path.iter().map(|(name, id)| (name.clone(), id.as_str().into())));
    for (one, other) in SAME {
        let value = mapping.get(one).or_else(|| mapping.get(other)).cloned();
        mapping
            .extend(value.into_iter().flat_map(|value| [(one.to_owned(), value.clone()), (other.to_owned(), value)]));
    }
    let id = body.get("role_id").and_then(Value::as_str).unwrap_or_default();
    let role = world.store.find("organization_roles", &["id"], id).cloned();
    mapping.extend(role.map(|role| ("role".to_owned(), role.into())));
    engine::create(world, request, mappings, &mapping)
}
