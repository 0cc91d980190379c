//! A membership as the emulator keeps it, and in the shape that Clerk serves.

use serde::Serialize;

use crate::errors::Refusal;
use crate::metadata::Metadata;
use crate::organizations::Organization;
use crate::roles::Role;
use crate::state::World;

/// That a user belongs to an organization, and as what.
pub(crate) struct Membership {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
    pub(crate) role: Role,
    pub(crate) public_metadata: Metadata,
    pub(crate) private_metadata: Metadata,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Membership {
    pub(crate) fn new(id: String, organization_id: String, user_id: String, role: Role, created_at: i64) -> Self {
        Self {
            id,
            organization_id,
            user_id,
            role,
            public_metadata: Metadata::new(),
            private_metadata: Metadata::new(),
            created_at,
            updated_at: created_at,
        }
    }
}

/// A membership in the shape that Clerk serves.
#[derive(Serialize)]
pub(super) struct View<'a> {
    object: &'static str,
    id: &'a str,
    role: &'a str,
    role_name: &'a str,
    permissions: &'a [String],
    public_metadata: &'a Metadata,
    private_metadata: &'a Metadata,
    organization: &'a Organization,
    public_user_data: PublicUserData<'a>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
struct PublicUserData<'a> {
    user_id: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    profile_image_url: &'a str,
    image_url: &'a str,
    has_image: bool,
    identifier: Option<&'a str>,
    username: Option<&'a str>,
    banned: bool,
    deprovisioned: bool,
}

pub(super) fn view<'a>(world: &'a World, membership: &'a Membership) -> Result<View<'a>, Refusal> {
    let user = world.user(&membership.user_id)?;
    Ok(View {
        object: "organization_membership",
        id: &membership.id,
        role: &membership.role.key,
        role_name: &membership.role.name,
        permissions: &membership.role.permissions,
        public_metadata: &membership.public_metadata,
        private_metadata: &membership.private_metadata,
        organization: world.organization(&membership.organization_id)?,
        public_user_data: PublicUserData {
            user_id: &user.id,
            first_name: user.first_name.as_deref(),
            last_name: user.last_name.as_deref(),
            profile_image_url: &user.image_url,
            image_url: &user.image_url,
            has_image: user.has_image,
            identifier: user.identifier(),
            username: user.username.as_deref(),
            banned: user.banned,
            deprovisioned: user.deprovisioned,
        },
        created_at: membership.created_at,
        updated_at: membership.updated_at,
    })
}
