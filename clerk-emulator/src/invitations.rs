//! Invitations to an organization: list, create one or several, get and revoke; and the invitations of a user.

pub(crate) mod create;
mod shape;

use std::cmp::{Ordering, Reverse};

use axum::http::StatusCode;
use serde_json::json;

use crate::clock;
use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::errors::{Fault, Refusal};
use crate::query::Query;
use crate::roles;
use crate::state::World;
use crate::store::Thing;
use shape::{view, view_for_invitee};

pub(crate) use shape::{Invitation, Status};

pub(crate) fn list(world: &mut World, call: &mut Call) -> Answer {
    let organization_id = call.parameter("organization_id");
    let query = &mut call.query;
    let statuses = read_statuses(query);
    let email_address = query.folded("email_address");
    let order = query.order(&["created_at", "email_address"]);
    let page = query.page();
    query.finish()?;
    world.organization(&organization_id)?;

    let mut found: Vec<&Invitation> = world
        .invitations_of(&organization_id)
        .filter(|invitation| statuses.is_empty() || statuses.contains(&invitation.status))
        .filter(|invitation| email_address.as_ref().is_none_or(|address| *address == invitation.email_address))
        .collect();
    found.sort_by(|left, right| order.apply(compare(order.field, left, right)));
    let total_count = found.len();
    answer(&Envelope { data: page.of(found).map(|found| view(world, found)).collect(), total_count })
}

/// Those of all organizations, the newest ones first.
pub(crate) fn all(world: &World) -> Vec<Thing> {
    let mut all: Vec<&Invitation> = world.invitations.iter().collect();
    all.sort_by_key(|invitation| Reverse((invitation.created_at, &invitation.id)));
    all.into_iter().filter_map(|found| json!(view_for_invitee(world, found)).as_object().cloned()).collect()
}

fn read_statuses(query: &mut Query) -> Vec<Status> {
    let names = query.texts("status");
    let statuses = names.iter().filter_map(|name| Status::ALL.into_iter().find(|status| status.name() == name));
    let statuses: Vec<Status> = statuses.collect();
    if statuses.len() < names.len() {
        query.refuse(Fault::value("status", "must be one of pending, accepted, revoked, expired"));
    }
    statuses
}

fn compare(field: &str, left: &Invitation, right: &Invitation) -> Ordering {
    let by_field = match field {
        "email_address" => left.email_address.cmp(&right.email_address),
        _ => left.created_at.cmp(&right.created_at),
    };
    by_field.then_with(|| left.id.cmp(&right.id))
}

pub(crate) fn list_of_user(world: &mut World, call: &mut Call) -> Answer {
    let query = &mut call.query;
    let statuses = read_statuses(query);
    let page = query.page();
    query.finish()?;
    let user = world.user(&call.parameter("user_id"))?;

    let mut found: Vec<&Invitation> = world
        .invitations
        .iter()
        .filter(|invitation| user.has_email(&invitation.email_address))
        .filter(|invitation| statuses.is_empty() || statuses.contains(&invitation.status))
        .collect();
    found.sort_by_key(|invitation| Reverse((invitation.created_at, &invitation.id)));
    let total_count = found.len();
    answer(&Envelope { data: page.of(found).map(|found| view_for_invitee(world, found)).collect(), total_count })
}

pub(crate) fn get(world: &mut World, call: &mut Call) -> Answer {
    let organization_id = call.parameter("organization_id");
    world.organization(&organization_id)?;
    let id = call.parameter("invitation_id");
    let missing = || Refusal::not_found(format!("The organization has no invitation with the id {id}."));
    let found = world.invitations_of(&organization_id).find(|invitation| invitation.id == id).ok_or_else(missing)?;
    answer(&view(world, found))
}

pub(crate) fn revoke(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let revoker_id = fields.text("requesting_user_id");
    fields.finish()?;
    let organization_id = call.parameter("organization_id");
    world.organization(&organization_id)?;
    if let Some(revoker_id) = &revoker_id {
        check_admin(world, &organization_id, revoker_id, "cannot revoke its invitations")?;
    }

    let id = call.parameter("invitation_id");
    let is_it = |invitation: &Invitation| {
        invitation.id == id && invitation.organization_id == organization_id && invitation.status == Status::Pending
    };
    let position = world.invitations.iter().position(is_it).ok_or_else(not_pending)?;
    let invitation = &mut world.invitations[position];
    invitation.status = Status::Revoked;
    invitation.updated_at = clock::after(invitation.updated_at);
    answer(&view(world, &world.invitations[position]))
}

/// Clerk does not tell an invitation that is not pending any more from one that never was.
fn not_pending() -> Refusal {
    let detail = "The organization has no pending invitation with this id.";
    Refusal::new(StatusCode::NOT_FOUND, Fault::new("organization_invitation_not_pending", "not pending", detail))
}

/// 403 unless the user is an administrator of the organization; `consequence` is what they cannot do otherwise.
fn check_admin(world: &World, organization_id: &str, user_id: &str, consequence: &str) -> Result<(), Refusal> {
    world.user(user_id)?;
    let Some(membership) = world.membership(organization_id, user_id) else {
        let detail = format!("{user_id} is not a member of the organization, so {consequence}.");
        return Err(Refusal::forbidden(Fault::new("not_a_member_in_organization", "not a member", detail)));
    };
    if membership.role.key == roles::ADMIN {
        return Ok(());
    }
    let detail = format!("{user_id} is not an administrator of the organization, so {consequence}.");
    let fault = Fault::new("missing_organization_permission", "missing permission", detail);
    Err(Refusal::forbidden(fault.with_meta(json!({ "permissions": [roles::MANAGE_MEMBERSHIPS] }))))
}
