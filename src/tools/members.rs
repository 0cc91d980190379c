//! Members: which users belong to an organization, and in which role.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{
    Date, Filled, Limit, Many, Metadata, Offset, OrderBy, OrganizationId, Signed, SortKeys, Text, User, UserId,
    default_limit,
};
use crate::request::{Parameters, Request, delete, get, patch, post};
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Entry, READS, Tool, Toolset, Undo};
use crate::view::{HasPrivateMetadata, List, StoredMetadata, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "members",
    tools: &[
        Entry::of::<ListOrganizationMembers>(),
        Entry::of::<AddMember>(),
        Entry::of::<UpdateMemberRole>(),
        Entry::of::<UpdateMemberMetadata>(),
        Entry::of::<RemoveMember>(),
    ],
};

/// A user's membership in an organization.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Membership {
    id: Option<String>,
    role: Option<String>,
    role_name: Option<String>,
    public_user_data: Option<PublicUser>,
    pub(super) organization: Option<MemberOf>,
    created_at: Option<Time>,
    updated_at: Option<Time>,
    public_metadata: Option<StoredMetadata>,
    private_metadata: Option<StoredMetadata>,
}

/// The user behind a membership, as other members see them.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct PublicUser {
    user_id: Option<String>,
    identifier: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    banned: Option<bool>,
}

/// The organization of a membership: enough to recognize it.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct MemberOf {
    pub(super) id: Option<String>,
    name: Option<String>,
    slug: Option<String>,
}

impl HasPrivateMetadata for Membership {
    fn private_metadata(&mut self) -> &mut Option<StoredMetadata> {
        &mut self.private_metadata
    }
}

enum MemberKeys {}

impl SortKeys for MemberKeys {
    const KEYS: &'static [&'static str] =
        &["phone_number", "email_address", "created_at", "first_name", "last_name", "username"];
}

/// List an organization's members with their roles, or search among them. All filters given must match.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListOrganizationMembers {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// Text to search for in email addresses, phone numbers, usernames, wallets, user ids, first and last names.
    query: Option<Filled>,
    /// Only members with one of these roles, for example `org:admin`.
    role: Option<Many<Filled>>,
    /// Only these users; `-` before an id excludes it.
    user_id: Option<Many<Text<Signed<User>>>>,
    /// Only members with one of these exact email addresses.
    email_address: Option<Many<Filled>>,
    /// Only members with one of these exact phone numbers (E.164).
    phone_number: Option<Many<Filled>>,
    /// Only members with one of these exact usernames.
    username: Option<Many<Filled>>,
    /// Only members with one of these exact wallet addresses.
    web3_wallet: Option<Many<Filled>>,
    /// Only members whose email address contains this.
    email_address_query: Option<Filled>,
    /// Only members whose phone number contains this.
    phone_number_query: Option<Filled>,
    /// Only members whose username contains this.
    username_query: Option<Filled>,
    /// Only members whose first or last name contains this.
    name_query: Option<Filled>,
    /// Only members last active before this time.
    last_active_at_before: Option<Date>,
    /// Only members last active after this time.
    last_active_at_after: Option<Date>,
    /// Only members whose user was created before this time.
    created_at_before: Option<Date>,
    /// Only members whose user was created after this time.
    created_at_after: Option<Date>,
    /// Sort key, `-` before it for descending.
    order_by: Option<OrderBy<MemberKeys>>,
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

impl Tool for ListOrganizationMembers {
    type Output = List<Membership>;

    const ABOUT: About = About {
        name: "clerk_list_organization_members",
        title: "List an organization's members",
        endpoint: get("/organizations/{organization_id}/memberships"),
        example: r#"{"organization_id":"org_2abc","role":["org:admin"]}"#,
        ..READS
    };

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        List::read(body, self.offset, self.include_private_metadata)
    }
}

/// Add a user to an organization at once, without an invitation and without asking them.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AddMember {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The user's id, `user_…`.
    user_id: UserId,
    /// Their role, for example `org:member`.
    role: Filled,
    /// Metadata of the membership that the frontend can read.
    public_metadata: Option<Metadata>,
    /// Metadata of the membership that only the backend may see.
    private_metadata: Option<Metadata>,
}

impl Tool for AddMember {
    type Output = Membership;

    const ABOUT: About = About {
        name: "clerk_add_member",
        title: "Add a member",
        sentence: "Add {user} to {organization} as {arguments.role}",
        effect: Effect::Creates,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/organizations/{organization_id}/memberships"),
        target: Target::NewMember,
        undo: Undo::With("clerk_remove_member"),
        lasting: "",
        example: r#"{"organization_id":"org_2abc","user_id":"user_2abc","role":"org:member"}"#,
    };
}

/// Change a member's role in an organization. It takes effect at once and changes what they may do.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMemberRole {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The member's user id, `user_…`.
    user_id: UserId,
    /// The new role, for example `org:admin` or `org:member`.
    role: Filled,
}

impl Tool for UpdateMemberRole {
    type Output = Membership;

    const ABOUT: About = About {
        name: "clerk_update_member_role",
        title: "Change a member's role",
        sentence: "Change the role of {user} in {organization}: {changes}",
        effect: Effect::Overwrites,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: patch("/organizations/{organization_id}/memberships/{user_id}"),
        target: Target::Member,
        undo: Undo::Again,
        lasting: "",
        example: r#"{"organization_id":"org_2abc","user_id":"user_2abc","role":"org:member"}"#,
    };
}

/// Merge changes into a membership's metadata: nested objects merge, other values (arrays too) are replaced, and null
/// removes a key. What is not named stays. The user's own metadata is another: see `clerk_update_user_metadata`.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMemberMetadata {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The member's user id, `user_…`.
    user_id: UserId,
    /// Changes to the metadata that the frontend can read. Give this, `private_metadata` or both.
    public_metadata: Option<Metadata>,
    /// Changes to the metadata that only the backend may see.
    private_metadata: Option<Metadata>,
}

impl Tool for UpdateMemberMetadata {
    type Output = Membership;

    const ABOUT: About = About {
        name: "clerk_update_member_metadata",
        title: "Update a member's metadata",
        sentence: "Update the metadata of the member {user} of {organization}: {changes}",
        effect: Effect::Overwrites,
        danger: Danger::Reversible,
        access_parameters: &[],
        endpoint: patch("/organizations/{organization_id}/memberships/{user_id}/metadata"),
        target: Target::Member,
        undo: Undo::Again,
        lasting: "",
        example: r#"{"organization_id":"org_2abc","user_id":"user_2abc","public_metadata":{"team":"sales"}}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Metadata::at_least_one(&[
            ("public_metadata", &self.public_metadata),
            ("private_metadata", &self.private_metadata),
        ])?;
        Ok(Parameters::of(self).request(&Self::ABOUT.endpoint))
    }
}

/// Remove a user from an organization. Their account stays; they lose access to the organization at once, and only a
/// new invitation or membership brings them back.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RemoveMember {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The member's user id, `user_…`.
    user_id: UserId,
}

impl Tool for RemoveMember {
    type Output = Membership;

    const ABOUT: About = About {
        name: "clerk_remove_member",
        title: "Remove a member",
        sentence: "Remove {user} from {organization}",
        effect: Effect::Removes,
        danger: Danger::Irreversible,
        access_parameters: &[],
        endpoint: delete("/organizations/{organization_id}/memberships/{user_id}"),
        target: Target::Member,
        undo: Undo::None,
        lasting: "The membership is gone with its metadata, and what they could do in the organization ends at once.",
        example: r#"{"organization_id":"org_2abc","user_id":"user_2abc"}"#,
    };
}
