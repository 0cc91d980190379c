//! Organizations: list, create, get, delete, and merge metadata.

use std::cmp::Ordering;

use axum::http::Method;
use serde::Serialize;
use serde_json::json;

use crate::body::Fields;
use crate::clock;
use crate::endpoint::{Answer, Call, Envelope, Route, answer};
use crate::errors::{Fault, Refusal};
use crate::memberships::Membership;
use crate::metadata::{self, Metadata};
use crate::query::{Choice, Query};
use crate::roles;
use crate::state::{World, no_organization};

pub(crate) const ROUTES: &[Route] = &[
    Route { method: Method::GET, path: "/organizations", endpoint: list },
    Route { method: Method::POST, path: "/organizations", endpoint: create },
    Route { method: Method::GET, path: "/organizations/{organization_id}", endpoint: get },
    Route { method: Method::DELETE, path: "/organizations/{organization_id}", endpoint: delete },
    Route { method: Method::PATCH, path: "/organizations/{organization_id}/metadata", endpoint: merge_metadata },
];

const NAME_LIMIT: usize = 256;
/// Clerk's own default for a new instance.
const DEFAULT_MAX_ALLOWED_MEMBERSHIPS: i64 = 5;

/// An organization, in the shape that Clerk serves.
#[derive(Serialize)]
pub(crate) struct Organization {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) image_url: String,
    pub(crate) has_image: bool,
    pub(crate) max_allowed_memberships: i64,
    pub(crate) admin_delete_enabled: bool,
    pub(crate) public_metadata: Metadata,
    pub(crate) private_metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_active_at: Option<i64>,
    pub(crate) role_set_key: Option<String>,
}

/// What a request may ask to see besides.
struct Extras {
    members_count: bool,
    missing_member: bool,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    organization: &'a Organization,
    #[serde(skip_serializing_if = "Option::is_none")]
    members_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_invitations_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_member_with_elevated_permissions: Option<bool>,
}

impl Extras {
    fn read(query: &mut Query) -> Self {
        Self {
            members_count: query.flag("include_members_count").unwrap_or_default(),
            missing_member: query.flag("include_missing_member_with_elevated_permissions").unwrap_or_default(),
        }
    }

    fn view<'a>(&self, world: &'a World, organization: &'a Organization) -> View<'a> {
        let id = &organization.id;
        View {
            organization,
            members_count: self.members_count.then(|| world.members_of(id).count()),
            pending_invitations_count: self.members_count.then(|| world.pending_invitations_of(id).count()),
            missing_member_with_elevated_permissions: self.missing_member.then(|| world.admins_of(id) == 0),
        }
    }
}

fn list(world: &mut World, call: &mut Call) -> Answer {
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

impl Organization {
    /// Exactly the id, or a part of the name or slug; `text` is in lower case but for an id.
    fn matches(&self, text: &str) -> bool {
        self.id.to_lowercase() == text || self.name.to_lowercase().contains(text) || self.slug.contains(text)
    }
}

fn create(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let name = read_name(&mut fields);
    let slug = read_slug(&mut fields, world);
    let created_by = fields.text("created_by");
    let max_allowed_memberships = fields.integer("max_allowed_memberships");
    if max_allowed_memberships.is_some_and(|limit| limit < 0) {
        fields.refuse(Fault::value("max_allowed_memberships", "must be greater than or equal to zero"));
    }
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
        let membership = Membership::new(membership_id, id.clone(), creator, roles::find(roles::ADMIN)?, now);
        world.memberships.push(membership);
    }
    answer(world.organization(&id)?)
}

impl Organization {
    /// An organization without metadata, limits or a slug.
    pub(crate) fn new(id: String, name: String, created_at: i64) -> Self {
        Self {
            object: "organization",
            image_url: format!("https://images.clerk.example/{id}.png"),
            id,
            name,
            slug: String::new(),
            has_image: false,
            max_allowed_memberships: 0,
            admin_delete_enabled: true,
            public_metadata: Metadata::new(),
            private_metadata: Metadata::new(),
            created_by: None,
            created_at,
            updated_at: created_at,
            last_active_at: None,
            role_set_key: None,
        }
    }
}

fn read_name(fields: &mut Fields) -> String {
    let name = fields.required_text("name").trim().to_owned();
    if name.chars().count() > NAME_LIMIT {
        fields.refuse(Fault::too_long("name", NAME_LIMIT));
    }
    let folded = name.to_lowercase();
    let has_html = name.find('<').is_some_and(|start| name[start..].contains('>'));
    if folded.contains("://") || folded.contains("www.") || has_html {
        fields.refuse(Fault::value("name", "must not contain URLs or HTML"));
    }
    name
}

fn read_slug(fields: &mut Fields, world: &World) -> Option<String> {
    let slug = fields.text("slug")?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if slug.is_empty() || !slug.bytes().all(allowed) {
        fields.refuse(Fault::format("slug", "can only contain lowercase letters, digits and dashes"));
    } else if world.organization_with_slug(&slug).is_some() {
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

fn get(world: &mut World, call: &mut Call) -> Answer {
    let extras = Extras::read(&mut call.query);
    call.query.finish()?;
    let id_or_slug = call.parameter("organization_id");
    let by_id = world.organizations.get(&id_or_slug);
    let organization = by_id.or_else(|| world.organization_with_slug(&id_or_slug)).ok_or_else(no_organization)?;
    answer(&extras.view(world, organization))
}

fn delete(world: &mut World, call: &mut Call) -> Answer {
    let id = call.parameter("organization_id");
    let organization = world.organizations.remove(&id).ok_or_else(no_organization)?;
    world.memberships.retain(|membership| membership.organization_id != id);
    world.invitations.retain(|invitation| invitation.organization_id != id);
    answer(&json!({ "object": "organization", "id": id, "slug": organization.slug, "deleted": true }))
}

fn merge_metadata(world: &mut World, call: &mut Call) -> Answer {
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
