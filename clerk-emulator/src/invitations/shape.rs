//! An invitation as the emulator keeps it, and in the shapes that Clerk serves.

use serde::{Serialize, Serializer};

use crate::ids;
use crate::metadata::Metadata;
use crate::roles::Role;
use crate::state::World;

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Accepted,
    Revoked,
    Expired,
}

impl Status {
    pub(super) const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Revoked, Self::Expired];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An invitation, without what is known about its inviter.
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) email_address: String,
    pub(crate) role: Role,
    pub(crate) inviter_id: Option<String>,
    pub(crate) status: Status,
    pub(crate) public_metadata: Metadata,
    pub(crate) private_metadata: Metadata,
    pub(crate) expires_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// An invitation in the shape that Clerk serves.
#[derive(Serialize)]
pub(super) struct View<'a> {
    object: &'static str,
    id: &'a str,
    email_address: &'a str,
    role: &'a str,
    role_name: &'a str,
    organization_id: &'a str,
    inviter_id: Option<&'a str>,
    public_inviter_data: Option<PublicInviterData<'a>>,
    status: Status,
    public_metadata: &'a Metadata,
    private_metadata: &'a Metadata,
    url: Option<String>,
    expires_at: i64,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
struct PublicInviterData<'a> {
    user_id: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    image_url: &'a str,
    has_image: bool,
    identifier: &'a str,
}

pub(super) fn view<'a>(world: &'a World, invitation: &'a Invitation) -> View<'a> {
    let inviter = invitation.inviter_id.as_ref().and_then(|id| world.users.get(id));
    View {
        object: "organization_invitation",
        id: &invitation.id,
        email_address: &invitation.email_address,
        role: &invitation.role.key,
        role_name: &invitation.role.name,
        organization_id: &invitation.organization_id,
        inviter_id: invitation.inviter_id.as_deref(),
        public_inviter_data: inviter.map(|user| PublicInviterData {
            user_id: &user.id,
            first_name: user.first_name.as_deref(),
            last_name: user.last_name.as_deref(),
            image_url: &user.image_url,
            has_image: user.has_image,
            identifier: user.identifier().unwrap_or_default(),
        }),
        status: invitation.status,
        public_metadata: &invitation.public_metadata,
        private_metadata: &invitation.private_metadata,
        url: (invitation.status == Status::Pending).then(|| acceptance_url(&invitation.id)),
        expires_at: invitation.expires_at,
        created_at: invitation.created_at,
        updated_at: invitation.updated_at,
    }
}

/// An invitation as the lists of invited users show it.
#[derive(Serialize)]
pub(super) struct ViewForInvitee<'a> {
    #[serde(flatten)]
    invitation: View<'a>,
    public_organization_data: Option<PublicOrganizationData<'a>>,
}

#[derive(Serialize)]
struct PublicOrganizationData<'a> {
    id: &'a str,
    name: &'a str,
    slug: &'a str,
    image_url: &'a str,
    has_image: bool,
}

pub(super) fn view_for_invitee<'a>(world: &'a World, invitation: &'a Invitation) -> ViewForInvitee<'a> {
    let organization = world.organizations.get(&invitation.organization_id);
    ViewForInvitee {
        invitation: view(world, invitation),
        public_organization_data: organization.map(|organization| PublicOrganizationData {
            id: &organization.id,
            name: &organization.name,
            slug: &organization.slug,
            image_url: &organization.image_url,
            has_image: organization.has_image,
        }),
    }
}

/// The link that an invited person would follow. Whoever has it can join, so it is as secret as a password.
fn acceptance_url(id: &str) -> String {
    let claims = ids::letters(&format!("claims of {id}"), 120);
    let signature = ids::letters(&format!("signature of {id}"), 342);
    format!("https://clerk.sample.example/v1/tickets/accept?ticket=eyJhbGciOiJSUzI1NiJ9.{claims}.{signature}")
}
