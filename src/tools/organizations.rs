//! Organizations: the groups (customers, teams) that users are members of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{
    Filled, Limit, Many, Metadata, Offset, OrderBy, OrganizationId, Rfc3339, Signed, Slug, SortKeys, Text, User,
    UserId, default_limit, on,
};
use crate::request::{Parameters, Request, delete, get, patch, post};
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Entry, READS, Tool, Toolset, Undo};
use crate::view::{HasPrivateMetadata, List, StoredMetadata, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "organizations",
    tools: &[
        Entry::of::<ListOrganizations>(),
        Entry::of::<GetOrganization>(),
        Entry::of::<CreateOrganization>(),
        Entry::of::<UpdateOrganization>(),
        Entry::of::<UpdateOrganizationMetadata>(),
        Entry::of::<DeleteOrganization>(),
    ],
};

/// An organization.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(crate) struct Organization {
    id: Option<String>,
    name: Option<String>,
    slug: Option<String>,
    members_count: Option<u64>,
    pending_invitations_count: Option<u64>,
    max_allowed_memberships: Option<u64>,
    admin_delete_enabled: Option<bool>,
    missing_member_with_elevated_permissions: Option<bool>,
    role_set_key: Option<String>,
    created_by: Option<String>,
    created_at: Option<Time>,
    updated_at: Option<Time>,
    public_metadata: Option<StoredMetadata>,
    private_metadata: Option<StoredMetadata>,
}

impl HasPrivateMetadata for Organization {
    fn private_metadata(&mut self) -> &mut Option<StoredMetadata> {
        &mut self.private_metadata
    }
}

pub(crate) enum OrganizationKeys {}

impl SortKeys for OrganizationKeys {
    const KEYS: &'static [&'static str] = &["name", "created_at", "members_count"];
}

/// List organizations, newest first, or search them by name, slug or member. Use it to find an organization's id.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListOrganizations {
    /// Text to search for in names and slugs, or an exact id.
    query: Option<Filled>,
    /// Only organizations with at least one of these members; `-` before an id excludes those with that member.
    user_id: Option<Many<Text<Signed<User>>>>,
    /// Only these organizations; `-` before an id excludes it.
    organization_id: Option<Many<Text<Signed<crate::parameter::Organization>>>>,
    /// Sort key, `-` before it for descending. Default `-created_at`.
    order_by: Option<OrderBy<OrganizationKeys>>,
    /// Whether to count each organization's members.
    #[serde(default = "on")]
    include_members_count: bool,
    /// Whether to say if the organization lacks a member who can administer it.
    include_missing_member_with_elevated_permissions: Option<bool>,
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

impl Tool for ListOrganizations {
    type Output = List<Organization>;

    const ABOUT: About = About {
        name: "clerk_list_organizations",
        title: "List organizations",
        endpoint: get("/organizations"),
        example: r#"{"query":"acme","limit":5}"#,
        ..READS
    };

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        List::read(body, self.offset, self.include_private_metadata)
    }
}

/// Get one organization by its id or its slug, with all its metadata.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetOrganization {
    /// The organization's id, `org_…`. Give this or `slug`.
    organization_id: Option<OrganizationId>,
    /// The organization's slug. Give this or `organization_id`.
    #[serde(skip_serializing)]
    slug: Option<Slug>,
    /// Whether to count its members.
    #[serde(default = "on")]
    include_members_count: bool,
    /// Whether to say if it lacks a member who can administer it.
    include_missing_member_with_elevated_permissions: Option<bool>,
}

impl Tool for GetOrganization {
    type Output = Organization;

    const ABOUT: About = About {
        name: "clerk_get_organization",
        title: "Get an organization",
        endpoint: get("/organizations/{organization_id}"),
        example: r#"{"slug":"acme"}"#,
        ..READS
    };

    /// Clerk takes a slug in the id's place.
    fn request(&self) -> Result<Request, Problem> {
        let id_or_slug = match (&self.organization_id, &self.slug) {
            (Some(id), None) => id.as_str(),
            (None, Some(slug)) => slug.as_str(),
            (Some(_), Some(_)) => return Err(Problem::overall("give `organization_id` or `slug`, not both")),
            (None, None) => return Err(Problem::overall("give `organization_id` or `slug`")),
        };
        Ok(Parameters::of(self).set("organization_id", id_or_slug).request(&Self::ABOUT.endpoint))
    }
}

/// Create an organization. Each call creates another one, so look first whether it exists.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateOrganization {
    /// The name, at most 256 characters, without URLs or HTML.
    name: Filled,
    /// A unique slug. Only where the instance has slugs switched on.
    slug: Option<Slug>,
    /// The user who becomes its first administrator.
    created_by: Option<UserId>,
    /// The most members it may have; 0 for no limit.
    max_allowed_memberships: Option<Offset>,
    /// Metadata that the frontend can read.
    public_metadata: Option<Metadata>,
    /// Metadata that only the backend may see.
    private_metadata: Option<Metadata>,
    /// The key of the role set that its members' roles come from.
    role_set_key: Option<Filled>,
    /// When it was created, if not now.
    created_at: Option<Rfc3339>,
}

impl Tool for CreateOrganization {
    type Output = Organization;

    const ABOUT: About = About {
        name: "clerk_create_organization",
        title: "Create an organization",
        sentence: "Create an organization with {arguments}",
        effect: Effect::Creates,
        danger: Danger::Reversible,
        access_parameters: &["created_by", "role_set_key"],
        endpoint: post("/organizations"),
        target: Target::Nothing,
        undo: Undo::With("clerk_delete_organization"),
        lasting: "",
        example: r#"{"name":"Acme Inc.","slug":"acme-inc","created_by":"user_2abc"}"#,
    };
}

/// Change an organization's name, slug or settings. What is not given stays.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UpdateOrganization {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// The new name, at most 256 characters, without URLs or HTML.
    name: Option<Filled>,
    /// The new slug, unique. Links that hold the old one break.
    slug: Option<Slug>,
    /// The most members it may have; 0 for no limit.
    max_allowed_memberships: Option<Offset>,
    /// Whether its administrators may delete it themselves.
    admin_delete_enabled: Option<bool>,
    /// The key of the role set that its members' roles come from.
    role_set_key: Option<Filled>,
    /// When it was created.
    created_at: Option<Rfc3339>,
}

impl Tool for UpdateOrganization {
    type Output = Organization;

    const ABOUT: About = About {
        name: "clerk_update_organization",
        title: "Update an organization",
        sentence: "Update {organization}: {changes}",
        effect: Effect::Overwrites,
        danger: Danger::Reversible,
        access_parameters: &["slug", "role_set_key", "admin_delete_enabled"],
        endpoint: patch("/organizations/{organization_id}"),
        target: Target::Organization,
        undo: Undo::Again,
        lasting: "",
        example: r#"{"organization_id":"org_2abc","name":"Acme International"}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Parameters::of(self).update(&Self::ABOUT.endpoint)
    }
}

/// Merge changes into an organization's metadata: nested objects merge, other values (arrays too) are replaced, and
/// null removes a key. What is not named stays.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UpdateOrganizationMetadata {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
    /// Changes to the metadata that the frontend can read. Give this, `private_metadata` or both.
    public_metadata: Option<Metadata>,
    /// Changes to the metadata that only the backend may see.
    private_metadata: Option<Metadata>,
}

impl Tool for UpdateOrganizationMetadata {
    type Output = Organization;

    const ABOUT: About = About {
        name: "clerk_update_organization_metadata",
        title: "Update an organization's metadata",
        sentence: "Update the metadata of {organization}: {changes}",
        effect: Effect::Overwrites,
        danger: Danger::Reversible,
        access_parameters: &[],
        endpoint: patch("/organizations/{organization_id}/metadata"),
        target: Target::Organization,
        undo: Undo::Again,
        lasting: "",
        example: r#"{"organization_id":"org_2abc","public_metadata":{"plan":"pro"}}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Metadata::at_least_one(&[
            ("public_metadata", &self.public_metadata),
            ("private_metadata", &self.private_metadata),
        ])?;
        Ok(Parameters::of(self).request(&Self::ABOUT.endpoint))
    }
}

/// Delete an organization with all its memberships and invitations. This cannot be undone: make sure that the person
/// you work for means this very organization.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeleteOrganization {
    /// The organization's id, `org_…`.
    organization_id: OrganizationId,
}

/// What is left of something deleted.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "the names are Clerk's")]
pub(crate) struct Deleted {
    id: Option<String>,
    slug: Option<String>,
    deleted: Option<bool>,
}

impl Tool for DeleteOrganization {
    type Output = Deleted;

    const ABOUT: About = About {
        name: "clerk_delete_organization",
        title: "Delete an organization",
        sentence: "Delete {organization}",
        effect: Effect::Removes,
        danger: Danger::Irreversible,
        access_parameters: &[],
        endpoint: delete("/organizations/{organization_id}"),
        target: Target::Organization,
        undo: Undo::None,
        lasting: "All its memberships and invitations are deleted with it. This cannot be undone.",
        example: r#"{"organization_id":"org_2abc"}"#,
    };
}
