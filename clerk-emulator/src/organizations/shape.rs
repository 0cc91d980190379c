//! An organization in the shape that Clerk serves, with what a request may ask to see besides.

use serde::Serialize;

use crate::metadata::Metadata;
use crate::query::Query;
use crate::state::World;

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

    /// Exactly the id, or a part of the name or slug; `text` is in lower case but for an id.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.id.to_lowercase() == text || self.name.to_lowercase().contains(text) || self.slug.contains(text)
    }
}

/// What a request may ask to see besides.
pub(super) struct Extras {
    members_count: bool,
    missing_member: bool,
}

#[derive(Serialize)]
pub(super) struct View<'a> {
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
    pub(super) fn read(query: &mut Query) -> Self {
        Self {
            members_count: query.flag("include_members_count").unwrap_or_default(),
            missing_member: query.flag("include_missing_member_with_elevated_permissions").unwrap_or_default(),
        }
    }

    pub(super) fn view<'a>(&self, world: &'a World, organization: &'a Organization) -> View<'a> {
        let id = &organization.id;
        View {
            organization,
            members_count: self.members_count.then(|| world.members_of(id).count()),
            pending_invitations_count: self.members_count.then(|| world.pending_invitations_of(id).count()),
            missing_member_with_elevated_permissions: self.missing_member.then(|| world.admins_of(id) == 0),
        }
    }
}
