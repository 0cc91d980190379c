//! Memberships of an organization: list, create, change the role, merge metadata, delete; and those of a user.

mod shape;

use std::cmp::{Ordering, Reverse};

use serde_json::json;

use crate::clock;
use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::errors::Refusal;
use crate::metadata;
use crate::roles;
use crate::state::World;
use crate::store::Thing;
use crate::users::{self, Filter, User};
use shape::view;

pub(crate) use shape::Membership;

pub(crate) fn list(world: &mut World, call: &mut Call) -> Answer {
    let organization_id = call.parameter("organization_id");
    let query = &mut call.query;
    let filter = Filter::read(query);
    let roles = query.texts("role");
    let order = query.order(&["phone_number", "email_address", "created_at", "first_name", "last_name", "username"]);
    let page = query.page();
    query.finish()?;
    world.organization(&organization_id)?;

    let mut found: Vec<(&Membership, &User)> = world
        .members_of(&organization_id)
        .filter(|membership| roles.is_empty() || roles.contains(&membership.role.key))
        .filter_map(|membership| Some((membership, world.users.get(&membership.user_id)?)))
        .filter(|(_, user)| filter.matches(user))
        .collect();
    found.sort_by(|left, right| order.apply(compare(order.field, *left, *right)));
    let total_count = found.len();
    let data = page.of(found).map(|(membership, _)| view(world, membership)).collect::<Result<_, _>>()?;
    answer(&Envelope { data, total_count })
}

fn compare(field: &str, left: (&Membership, &User), right: (&Membership, &User)) -> Ordering {
    let by_field = match field {
        "created_at" => left.0.created_at.cmp(&right.0.created_at),
        _ => users::compare(field, left.1, right.1),
    };
    by_field.then_with(|| left.0.id.cmp(&right.0.id))
}

pub(crate) fn list_of_user(world: &mut World, call: &mut Call) -> Answer {
    let page = call.query.page();
    call.query.finish()?;
    let user = world.user(&call.parameter("user_id"))?;
    let mut found: Vec<&Membership> = world.memberships_of(&user.id).collect();
    found.sort_by_key(|membership| Reverse((membership.created_at, &membership.id)));
    let total_count = found.len();
    let data = page.of(found).map(|membership| view(world, membership)).collect::<Result<_, _>>()?;
    answer(&Envelope { data, total_count })
}

pub(crate) fn create(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let user_id = fields.required_text("user_id");
    let role = fields.required_text("role");
    let (public_metadata, private_metadata) = (fields.metadata("public_metadata"), fields.metadata("private_metadata"));
    fields.finish()?;

    let organization = world.organization(&call.parameter("organization_id"))?;
    let organization_id = organization.id.clone();
    world.user(&user_id)?;
    let role = roles::find(world, &role)?;
    if world.membership(&organization_id, &user_id).is_some() {
        return Err(Refusal::already_a_member(&user_id));
    }
    world.check_room_in(organization)?;

    let id = world.new_id("orgmem");
    let membership = Membership {
        public_metadata,
        private_metadata,
        ..Membership::new(id, organization_id, user_id, role, clock::now())
    };
    world.memberships.push(membership);
    let created = &world.memberships[world.memberships.len() - 1];
    answer(&view(world, created)?)
}

/// Those of all organizations, the newest ones first.
pub(crate) fn all(world: &World) -> Vec<Thing> {
    let mut all: Vec<&Membership> = world.memberships.iter().collect();
    all.sort_by_key(|membership| std::cmp::Reverse((membership.created_at, &membership.id)));
    all.into_iter().filter_map(|membership| json!(view(world, membership).ok()?).as_object().cloned()).collect()
}

/// Where in the world the membership is that the path names.
fn position(world: &World, call: &Call) -> Result<usize, Refusal> {
    let organization = world.organization(&call.parameter("organization_id"))?;
    let user_id = call.parameter("user_id");
    let is_it =
        |membership: &Membership| membership.organization_id == organization.id && membership.user_id == user_id;
    let missing = || Refusal::not_found(format!("{user_id} is not a member of the organization."));
    world.memberships.iter().position(is_it).ok_or_else(missing)
}

/// 400 if the organization would be left without an administrator.
fn check_another_admin(world: &World, membership: &Membership) -> Result<(), Refusal> {
    if membership.role.key != roles::ADMIN || world.admins_of(&membership.organization_id) > 1 {
        return Ok(());
    }
    let message = "minimum organization permissions needed";
    let detail = "At least one member of the organization has to stay its administrator.";
    Err(Refusal::bad_request("organization_minimum_permissions_needed", message, detail))
}

pub(crate) fn update(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let role = fields.required_text("role");
    fields.finish()?;
    let position = position(world, call)?;
    let role = roles::find(world, &role)?;
    if role.key != roles::ADMIN {
        check_another_admin(world, &world.memberships[position])?;
    }
    let membership = &mut world.memberships[position];
    membership.role = role;
    membership.updated_at = clock::after(membership.updated_at);
    answer(&view(world, &world.memberships[position])?)
}

pub(crate) fn delete(world: &mut World, call: &mut Call) -> Answer {
    let position = position(world, call)?;
    check_another_admin(world, &world.memberships[position])?;
    let membership = world.memberships.remove(position);
    answer(&view(world, &membership)?)
}

pub(crate) fn merge_metadata(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let (public, private) = (fields.changes("public_metadata"), fields.changes("private_metadata"));
    fields.finish()?;
    let position = position(world, call)?;
    let membership = &mut world.memberships[position];
    metadata::merge_all([
        ("public_metadata", &mut membership.public_metadata, public),
        ("private_metadata", &mut membership.private_metadata, private),
    ])?;
    membership.updated_at = clock::after(membership.updated_at);
    answer(&view(world, &world.memberships[position])?)
}
