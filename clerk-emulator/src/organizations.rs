//! Organizations: list, create, get, update, delete, and merge metadata.

mod shape;
pub(crate) mod write;

use std::cmp::Ordering;

use serde_json::json;

use crate::clock;
use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::metadata;
use crate::query::Choice;
use crate::state::{World, no_organization};
use shape::Extras;

pub(crate) use shape::Organization;

pub(crate) fn list(world: &mut World, call: &mut Call) -> Answer {
    let query = &mut call.query;
    let extras = Extras::read(query);
    let text = query.folded("query");
    let (members, ids) = (query.choice("user_id"), query.choice("organization_id"));
    let order = query.order(&["name", "created_at", "members_count"]);
    let page = query.page();
    query.finish()?;

    let mut found: Vec<&Organization> = world
        .organizations
        .values()
        .filter(|organization| text.as_deref().is_none_or(|text| organization.matches(text)))
        .filter(|organization| ids.allows(&organization.id) && has_members(world, organization, &members))
        .collect();
    found.sort_by(|left, right| order.apply(compare(world, order.field, left, right)));
    let total_count = found.len();
    answer(&Envelope { data: page.of(found).map(|found| extras.view(world, found)).collect(), total_count })
}

fn has_members(world: &World, organization: &Organization, members: &Choice) -> bool {
    members.allows_any(|user_id| world.membership(&organization.id, user_id).is_some())
}

fn compare(world: &World, field: &str, left: &Organization, right: &Organization) -> Ordering {
    let members = |organization: &Organization| world.members_of(&organization.id).count();
    let by_field = match field {
        "name" => left.name.to_lowercase().cmp(&right.name.to_lowercase()),
        "members_count" => members(left).cmp(&members(right)),
        _ => left.created_at.cmp(&right.created_at),
    };
    by_field.then_with(|| left.id.cmp(&right.id))
}

pub(crate) fn get(world: &mut World, call: &mut Call) -> Answer {
    let extras = Extras::read(&mut call.query);
    call.query.finish()?;
    let id_or_slug = call.parameter("organization_id");
    let by_id = world.organizations.get(&id_or_slug);
    let organization = by_id.or_else(|| world.organization_with_slug(&id_or_slug)).ok_or_else(no_organization)?;
    answer(&extras.view(world, organization))
}

pub(crate) fn delete(world: &mut World, call: &mut Call) -> Answer {
    let id = call.parameter("organization_id");
    let organization = world.organizations.remove(&id).ok_or_else(no_organization)?;
    world.memberships.retain(|membership| membership.organization_id != id);
    world.invitations.retain(|invitation| invitation.organization_id != id);
    world.store.forget("", &["organization_id", "subject"], &id);
    answer(&json!({ "object": "organization", "id": id, "slug": organization.slug, "deleted": true }))
}

pub(crate) fn merge_metadata(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let (public, private) = (fields.changes("public_metadata"), fields.changes("private_metadata"));
    fields.finish()?;
    let organization = world.organization_mut(&call.parameter("organization_id"))?;
    metadata::merge_all([
        ("public_metadata", &mut organization.public_metadata, public),
        ("private_metadata", &mut organization.private_metadata, private),
    ])?;
    organization.updated_at = clock::after(organization.updated_at);
    answer(organization)
}
