//! Creating and changing organizations.

use super::Organization;
use crate::body::{Fields, replace};
use crate::clock;
use crate::endpoint::{Answer, Call, answer};
use crate::errors::{Fault, Refusal};
use crate::memberships::Membership;
use crate::roles;
use crate::state::World;

const NAME_LIMIT: usize = 256;
/// Clerk's own default for a new instance.
const DEFAULT_MAX_ALLOWED_MEMBERSHIPS: i64 = 5;

pub(crate) fn create(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let name = fields.required_text("name").trim().to_owned();
    check_name(&mut fields, &name);
    let slug = read_slug(&mut fields, world, None);
    let created_by = fields.text("created_by");
    let max_allowed_memberships = read_limit(&mut fields);
    let (public_metadata, private_metadata) = (fields.metadata("public_metadata"), fields.metadata("private_metadata"));
    let created_at = fields.date("created_at");
    let role_set_key = fields.text("role_set_key");
    fields.finish()?;
    if let Some(creator) = created_by.as_ref().filter(|creator| !world.users.contains_key(*creator)) {
        let detail = format!("No user has the id {creator}.");
        return Err(Refusal::bad_request("organization_creator_not_found", "creator not found", detail));
    }

    let now = clock::now();
    let id = world.new_id("org");
    let organization = Organization {
        slug: slug.unwrap_or_else(|| free_slug(world, &name)),
        public_metadata,
        private_metadata,
        created_by: created_by.clone(),
        max_allowed_memberships: max_allowed_memberships.unwrap_or(DEFAULT_MAX_ALLOWED_MEMBERSHIPS),
        role_set_key,
        updated_at: now,
        ..Organization::new(id.clone(), name, created_at.unwrap_or(now))
    };
    world.organizations.insert(id.clone(), organization);
    if let Some(creator) = created_by {
        let membership_id = world.new_id("orgmem");
        let membership = Membership::new(membership_id, id.clone(), creator, roles::find(world, roles::ADMIN)?, now);
        world.memberships.push(membership);
    }
    answer(world.organization(&id)?)
}

/// Changes what is given; null is as good as absent.
pub(crate) fn update(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let id = call.parameter("organization_id");
    let name = fields.text("name").map(|name| name.trim().to_owned());
    if let Some(name) = &name {
        if name.is_empty() {
            fields.refuse(Fault::value("name", "must not be empty"));
        }
        check_name(&mut fields, name);
    }
    let slug = read_slug(&mut fields, world, Some(&id));
    let max_allowed_memberships = read_limit(&mut fields);
    let admin_delete_enabled = fields.flag("admin_delete_enabled");
    let created_at = fields.date("created_at");
    let role_set_key = fields.text("role_set_key");
    fields.finish()?;

    let organization = world.organization_mut(&id)?;
    replace(&mut organization.name, name);
    replace(&mut organization.slug, slug);
    replace(&mut organization.max_allowed_memberships, max_allowed_memberships);
    replace(&mut organization.admin_delete_enabled, admin_delete_enabled);
    replace(&mut organization.created_at, created_at);
    replace(&mut organization.role_set_key, role_set_key.map(Some));
    organization.updated_at = clock::after(organization.updated_at);
    answer(organization)
}

fn read_limit(fields: &mut Fields) -> Option<i64> {
    let limit = fields.integer("max_allowed_memberships");
    if limit.is_some_and(|limit| limit < 0) {
        fields.refuse(Fault::value("max_allowed_memberships", "must be greater than or equal to zero"));
    }
    limit
}

fn check_name(fields: &mut Fields, name: &str) {
    if name.chars().count() > NAME_LIMIT {
        fields.refuse(Fault::too_long("name", NAME_LIMIT));
    }
    let folded = name.to_lowercase();
    let has_html = name.find('<').is_some_and(|start| name[start..].contains('>'));
    if folded.contains("://") || folded.contains("www.") || has_html {
        fields.refuse(Fault::value("name", "must not contain URLs or HTML"));
    }
}

/// A slug that no organization has but the one with `own_id`.
fn read_slug(fields: &mut Fields, world: &World, own_id: Option<&str>) -> Option<String> {
    let slug = fields.text("slug")?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if slug.is_empty() || !slug.bytes().all(allowed) {
        fields.refuse(Fault::format("slug", "can only contain lowercase letters, digits and dashes"));
    } else if world.organization_with_slug(&slug).is_some_and(|taker| Some(taker.id.as_str()) != own_id) {
        fields.refuse(Fault::taken("slug"));
    }
    Some(slug)
}

/// The name's letters and digits with dashes between them, and a number if somebody has that already.
fn free_slug(world: &World, name: &str) -> String {
    let words = name.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let slug = if words.is_empty() { "organization".to_owned() } else { words.join("-") };
    let mut candidate = slug.clone();
    for number in 2.. {
        if world.organization_with_slug(&candidate).is_none() {
            break;
        }
        candidate = format!("{slug}-{number}");
    }
    candidate
}
