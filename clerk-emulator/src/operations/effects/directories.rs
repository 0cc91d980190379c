//! Directories: which role the members of which group have.

use serde_json::{Map, Value};

use super::super::check::Request;
use super::super::collections::{self, Collection};
use super::super::{engine, listing};
use crate::errors::Refusal;
use crate::state::World;

/// The fields of a mapping that have two names.
const SAME: [(&str, &str); 2] = [("directory_id", "scim_directory_id"), ("directory_group_id", "scim_group_id")];

pub(super) fn add_mapping(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    engine::check_parents(world, request)?;
    add(world, request, collection(request), &request.bodies[0])
}

/// Puts the mappings of the body in the place of those that a directory has.
pub(super) fn replace_mappings(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mappings = collection(request);
    engine::check_parents(world, request)?;
    let (parent, id) = &request.path[0];
    world.store.forget(mappings.path, &[parent], id);
    for mapping in request.field("mappings").and_then(Value::as_array).into_iter().flatten() {
        add(world, request, mappings, &mapping.as_object().cloned().unwrap_or_default())?;
    }
    listing::list(world, request, mappings)
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
