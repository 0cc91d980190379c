//! Organizations across the instance, and the domains of both.

use serde_json::{Value, json};

use super::super::check::Request;
use super::super::collections::{self, Collection};
use super::super::{engine, listing};
use super::accounts::given_metadata;
use crate::body::replace;
use crate::clock;
use crate::errors::Refusal;
use crate::state::World;
use crate::store::{Thing, has, touch};
use crate::{invitations, memberships, organizations};

pub(super) fn memberships(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let all = memberships::all(world);
    listing::page(request, all.iter().collect())
}

pub(super) fn invitations(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let all = invitations::all(world);
    listing::page(request, listing::wanted(request, all.iter()))
}

pub(super) fn pending_invitations(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    engine::check_parents_of(world, request, &request.path)?;
    let id = request.parameter("organization_id");
    let all = invitations::all(world);
    let is_pending =
        |invitation: &&Thing| has(invitation, "organization_id", id) && has(invitation, "status", "pending");
    listing::page(request, all.iter().filter(is_pending).collect())
}

fn change(
    world: &mut World,
    request: &Request,
    change: impl FnOnce(&mut organizations::Organization),
) -> Result<Value, Refusal> {
    engine::check_parents_of(world, request, &request.path)?;
    let organization = world.organization_mut(request.parameter("organization_id"))?;
    change(organization);
    organization.updated_at = clock::after(organization.updated_at);
    Ok(json!(organization))
}

pub(super) fn replace_metadata(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let [public, private] = given_metadata(request, ["public_metadata", "private_metadata"])?;
    change(world, request, |organization| {
        replace(&mut organization.public_metadata, public);
        replace(&mut organization.private_metadata, private);
    })
}

pub(super) fn set_logo(world: &mut World, request: &Request, has_image: bool) -> Result<Value, Refusal> {
    change(world, request, |organization| organization.has_image = has_image)
}

/// Notes the verification of a new domain: whether the body says that it is proven.
pub(super) fn note_verification(domain: &mut Thing) {
    let is_verified = domain.get("verified") == Some(&Value::Bool(true));
    let status = if is_verified { "verified" } else { "unverified" };
    let verified_at = is_verified.then(|| engine::made_at(domain));
    let verification = json!({ "status": status, "strategy": "affiliation_email_code", "attempts": 0, "expire_at": null, "verified_at": verified_at });
    domain.insert("verified".to_owned(), is_verified.into());
    domain.insert("verification".to_owned(), verification.clone());
    domain.insert("affiliation_verification".to_owned(), verification);
}

fn domains() -> &'static Collection {
    collections::find("organizations/domains").expect("it is in the table")
}

pub(super) fn update_domain(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    engine::check_parents(world, request)?;
    let domain = engine::find(world, request, domains())?;
    engine::set(domains(), domain, request.bodies[0].clone());
    note_verification(domain);
    touch(domain);
    Ok(domain.clone().into())
}

/// Nobody looks at the DNS: it is always there.
pub(super) fn verify_domain(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    engine::check_parents(world, request)?;
    let domain = engine::find(world, request, domains())?;
    let proof = json!({ "status": "verified", "strategy": "txt", "attempts": 1, "expire_at": null, "verified_at": clock::now() });
    domain.insert("ownership_verification".to_owned(), proof);
    touch(domain);
    Ok(domain.clone().into())
}

/// The primary domain stays.
pub(super) fn delete_instance_domain(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let domains = collections::find("domains").expect("it is in the table");
    if engine::find(world, request, domains)?.get("is_satellite") != Some(&true.into()) {
        let detail = "The primary domain of the instance cannot be deleted.";
        return Err(Refusal::not_allowed(detail));
    }
    engine::delete(world, request, domains)
}
