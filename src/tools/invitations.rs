//! Organization invitations: emails that ask somebody to join an organization.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::steps::Steps;
use crate::api::Api;
use crate::error::Failure;
use crate::parameter::{
    Filled, Integer, InvitationId, Limit, Many, Metadata, Offset, OrderBy, OrganizationId, SortKeys, UserId,
    default_limit, on,
};
use crate::request::{Parameters, Request, get, post};
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Entry, READS, Tool, Toolset, Undo};
use crate::view::{self, HasPrivateMetadata, List, StoredMetadata, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "invitations",
    tools: &[
        Entry::of::<ListOrganizationInvitations>(),
        Entry::of::<GetOrganizationInvitation>(),
        Entry::of::<CreateInvitation>(),
        Entry::of::<CreateInvitationsBulk>(),
        Entry::of::<RevokeOrganizationInvitation>(),
    ],
};

/// An invitation to an organization, less its URL: who has the URL can accept the invitation.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Invitation {
    id: Option<String>,
    pub(super) email_address: Option<String>,
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
        endpoint: get("/organizations/{organization_id}/invitations"),
        example: r#"{"organization_id":"org_2abc","status":["pending"]}"#,
        ..READS
    };

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        List::read(body, self.offset, self.include_private_metadata)
    }
}

/// Get one invitation by its id, with all its metadata.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetOrganizationInvitation {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The invitation's id, `orginv_…`.
    invitation_id: InvitationId,
}

impl Tool for GetOrganizationInvitation {
    type Output = Invitation;

    const ABOUT: About = About {
        name: "clerk_get_organization_invitation",
        title: "Get an invitation",
        endpoint: get("/organizations/{organization_id}/invitations/{invitation_id}"),
        example: r#"{"organization_id":"org_2abc","invitation_id":"orginv_2abc"}"#,
        ..READS
    };
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
        sentence: "Invite {arguments.email_address} to {organization} as {arguments.role}",
        effect: Effect::Creates,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/organizations/{organization_id}/invitations"),
        target: Target::Organization,
        undo: Undo::With("clerk_revoke_organization_invitation"),
        lasting: "The email that Clerk sends cannot be taken back.",
        example: r#"{"organization_id":"org_2abc","email_address":"grace@example.com","role":"org:member"}"#,
    };
}

/// Invite up to 10 people to an organization in the same role. Each one is tried by itself: the answer says who was
/// invited, who was not and why, and who is left to try.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvitationsBulk {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The email addresses of the people to invite.
    email_address: Many<Filled, 10>,
    /// Their role once they accept, for example `org:member`.
    role: Filled,
    /// The user who invites; has to be an administrator of the organization.
    inviter_user_id: Option<UserId>,
    /// The URL that they are sent to once they accept.
    redirect_url: Option<Filled>,
    /// How many days the invitations stay valid. Default 30.
    expires_in_days: Option<Integer<1, 365>>,
    /// Whether Clerk sends the emails.
    #[serde(default = "on")]
    notify: bool,
}

impl Tool for CreateInvitationsBulk {
    type Output = Steps<Invitation>;

    const ABOUT: About = About {
        name: "clerk_create_invitations_bulk",
        title: "Invite several people to an organization",
        sentence: "Invite {arguments.email_address} to {organization} as {arguments.role}",
        effect: Effect::Creates,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/organizations/{organization_id}/invitations"),
        target: Target::Organization,
        undo: Undo::None,
        lasting: "The emails that Clerk sends cannot be taken back; the invitations can be revoked one by one.",
        example: r#"{"organization_id":"org_2abc","email_address":["grace@example.com"],"role":"org:member"}"#,
    };

    /// One request for each, so that one that Clerk refuses does not keep it from the others.
    fn run(&self, _: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        let addresses = self.email_address.iter().map(|address| address.as_str().to_owned());
        Ok(Steps::run(addresses, api, |address| {
            let request = Parameters::of(self).set("email_address", address).request(&Self::ABOUT.endpoint);
            view::read(&api.fetch(&request)?)
        }))
    }
}

/// Revoke a pending invitation, so that its link stops working.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names are Clerk's")]
struct RevokeOrganizationInvitation {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The invitation's id, `orginv_…`.
    invitation_id: InvitationId,
    /// The user who revokes it; has to be an administrator of the organization.
    requesting_user_id: Option<UserId>,
}

impl Tool for RevokeOrganizationInvitation {
    type Output = Invitation;

    const ABOUT: About = About {
        name: "clerk_revoke_organization_invitation",
        title: "Revoke an invitation",
        sentence: "Revoke the invitation of {invitation} to {organization}",
        effect: Effect::Removes,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/organizations/{organization_id}/invitations/{invitation_id}/revoke"),
        target: Target::Invitation,
        undo: Undo::None,
        lasting: "Its link stops working for good; the person can be invited anew.",
        example: r#"{"organization_id":"org_2abc","invitation_id":"orginv_2abc"}"#,
    };
}
