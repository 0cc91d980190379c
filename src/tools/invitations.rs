//! Organization invitations: emails that ask somebody to join an organization.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::error::Failure;
use crate::parameter::{
    Filled, Integer, Limit, Many, Metadata, Offset, OrderBy, OrganizationId, SortKeys, UserId, default_limit, on,
};
use crate::request::{get, post};
use crate::tool::{About, Danger, Effect, Entry, Tool, Toolset};
use crate::view::{HasPrivateMetadata, List, StoredMetadata, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "invitations",
    tools: &[Entry::of::<ListOrganizationInvitations>(), Entry::of::<CreateInvitation>()],
};

/// An invitation to an organization, less its URL: who has the URL can accept the invitation.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct Invitation {
    id: Option<String>,
    email_address: Option<String>,
    organization_id: Option<String>,
    role: Option<String>,
    role_name: Option<String>,
    status: Option<String>,
    inviter_id: Option<String>,
    created_at: Option<Time>,
    updated_at: Option<Time>,
    expires_at: Option<Time>,
    public_metadata: Option<StoredMetadata>,
    private_metadata: Option<StoredMetadata>,
}

impl HasPrivateMetadata for Invitation {
    fn private_metadata(&mut self) -> &mut Option<StoredMetadata> {
        &mut self.private_metadata
    }
}

enum InvitationKeys {}

impl SortKeys for InvitationKeys {
    const KEYS: &'static [&'static str] = &["created_at", "email_address"];
}

/// Where an invitation stands.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pending,
    Accepted,
    Revoked,
    Expired,
}

/// List an organization's invitations, newest first, for example the pending ones.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListOrganizationInvitations {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// Only invitations in one of these states.
    status: Option<Many<Status>>,
    /// Only invitations of this exact email address.
    email_address: Option<Filled>,
    /// Sort key, `-` before it for descending. Default `-created_at`.
    order_by: Option<OrderBy<InvitationKeys>>,
    /// Whether to return metadata that only the backend may see.
    #[serde(default, skip_serializing)]
    #[schemars(extend("default" = false))]
    include_private_metadata: bool,
    /// How many to return.
    #[serde(default = "default_limit")]
    limit: Limit,
    /// How many to skip: the `next_offset` of the page before.
    offset: Option<Offset>,
}

impl Tool for ListOrganizationInvitations {
    type Output = List<Invitation>;

    const ABOUT: About = About {
        name: "clerk_list_organization_invitations",
        title: "List an organization's invitations",
        effect: Effect::Reads,
        danger: Danger::Read,
        endpoint: get("/organizations/{organization_id}/invitations"),
        example: r#"{"organization_id":"org_2abc","status":["pending"]}"#,
    };

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        List::read(body, self.offset, self.include_private_metadata)
    }
}

/// Invite somebody to an organization. Clerk emails them a link to accept, unless `notify` is false; the link itself
/// is never returned.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvitation {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The email address of the person to invite.
    email_address: Filled,
    /// Their role once they accept, for example `org:member`.
    role: Filled,
    /// The user who invites; has to be an administrator of the organization.
    inviter_user_id: Option<UserId>,
    /// The URL that they are sent to once they accept.
    redirect_url: Option<Filled>,
    /// How many days the invitation stays valid. Default 30.
    expires_in_days: Option<Integer<1, 365>>,
    /// Whether Clerk sends the email.
    #[serde(default = "on")]
    notify: bool,
    /// Metadata that the frontend can read; becomes the membership's.
    public_metadata: Option<Metadata>,
    /// Metadata that only the backend may see; becomes the membership's.
    private_metadata: Option<Metadata>,
}

impl Tool for CreateInvitation {
    type Output = Invitation;

    const ABOUT: About = About {
        name: "clerk_create_invitation",
        title: "Invite to an organization",
        effect: Effect::Creates,
        danger: Danger::Access,
        endpoint: post("/organizations/{organization_id}/invitations"),
        example: r#"{"organization_id":"org_2abc","email_address":"grace@example.com","role":"org:member"}"#,
    };
}
