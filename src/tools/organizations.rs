//! Organizations: the groups (customers, teams) that users are members of.

use super::parameters::{ORGANIZATION_ID, PRIVATE_CHANGES, PRIVATE_METADATA, PUBLIC_CHANGES, PUBLIC_METADATA};
use super::{domains, objects, targets};
use crate::arguments::{Arguments, clear};
use crate::danger::{Danger, Effect};
use crate::ids::Resource;
use crate::kind::{Fallback, Kind, Parameter, Sent, parameter};
use crate::paging::{INCLUDE_PRIVATE_METADATA, LIMIT, OFFSET, Paging};
use crate::request::{Request, delete, get, patch, post};
use crate::rule::Rule;
use crate::tool::{self, Answer, Tool, Toolset, Undo};
use crate::view::{View, count, flag, metadata, page, private, text, time, untrusted};

const READ: Tool = Tool { toolset: "organizations", ..tool::READ };
const WRITE: Tool = Tool { toolset: "organizations", ..tool::WRITE };

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "organizations",
    tools: &[
        &LIST_ORGANIZATIONS,
        &GET_ORGANIZATION,
        &CREATE_ORGANIZATION,
        &UPDATE_ORGANIZATION,
        &UPDATE_ORGANIZATION_METADATA,
        &DELETE_ORGANIZATION,
        &domains::LIST_ORGANIZATION_DOMAINS,
    ],
};

static ORGANIZATION: View = View(&[
    text("id"),
    untrusted("name"),
    untrusted("slug"),
    count("members_count"),
    count("pending_invitations_count"),
    count("max_allowed_memberships"),
    flag("admin_delete_enabled"),
    flag("missing_member_with_elevated_permissions"),
    text("role_set_key"),
    text("created_by"),
    time("created_at"),
    time("updated_at"),
    metadata("public_metadata"),
    private("private_metadata"),
]);
static ORGANIZATIONS: View = View(&page(&ORGANIZATION));

/// The remains of something deleted.
pub(super) static DELETED: View = View(&[text("id"), untrusted("slug"), flag("deleted")]);

const ORGANIZATION_IDS: Parameter = parameter(
    "organization_id",
    Kind::Many(&Kind::SignedId(Resource::Organization), 100),
    "Only these organizations; `-` before an id excludes it.",
);
const SLUG: Parameter = parameter("slug", Kind::Slug, "The organization's slug.");
const NAME: Parameter = parameter("name", Kind::Text, "The name, at most 256 characters, without URLs or HTML.");
const MAX_ALLOWED_MEMBERSHIPS: Parameter = parameter(
    "max_allowed_memberships",
    Kind::Integer { min: 0, max: u32::MAX },
    "The most members it may have; 0 for no limit.",
);
const ROLE_SET_KEY: Parameter =
    parameter("role_set_key", Kind::Word, "The key of the role set that its members' roles come from.");
const CREATED_AT: Parameter = parameter("created_at", Kind::Time(Sent::Rfc3339), "When it was created, if not now.");
const INCLUDE_MEMBERS_COUNT: Parameter =
    parameter("include_members_count", Kind::Flag, "Whether to count its members.").or(Fallback::Flag(true)).shaping();
const INCLUDE_MISSING_MEMBER: Parameter = parameter(
    "include_missing_member_with_elevated_permissions",
    Kind::Flag,
    "Whether to say if it lacks a member who can administer it.",
)
.shaping();

static LIST_ORGANIZATIONS: Tool = Tool {
    name: "clerk_list_organizations",
    title: "List organizations",
    description: "List organizations, newest first, or search them by name, slug or member. Use it to find an \
                  organization's id.",
    endpoint: get("/organizations", &objects::ORGANIZATION),
    parameters: &[
        parameter("query", Kind::Contact, "Text to search for in names and slugs, or an exact id."),
        parameter(
            "user_id",
            Kind::Many(&Kind::SignedId(Resource::User), 100),
            "Only organizations with at least one of these members; `-` before an id excludes those with that member.",
        ),
        ORGANIZATION_IDS,
        parameter(
            "order_by",
            Kind::SortKey(&["name", "created_at", "members_count"]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        INCLUDE_MEMBERS_COUNT.described("Whether to count each organization's members."),
        INCLUDE_MISSING_MEMBER.described("Whether to say if the organization lacks a member who can administer it."),
        INCLUDE_PRIVATE_METADATA,
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&ORGANIZATIONS, Paging::Total),
    example: r#"{"query":"acme","limit":5}"#,
    ..READ
};

static GET_ORGANIZATION: Tool = Tool {
    name: "clerk_get_organization",
    title: "Get an organization",
    description: "Get one organization by its id or its slug, with all its metadata.",
    endpoint: objects::GET_ORGANIZATION,
    parameters: &[
        ORGANIZATION_ID.described("The organization's id, `org_…`. Give this or `slug`."),
        SLUG.described("The organization's slug. Give this or `organization_id`.").kept(),
        INCLUDE_MEMBERS_COUNT,
        INCLUDE_MISSING_MEMBER,
    ],
    rules: &[Rule::ExactlyOne(&["organization_id", "slug"])],
    answer: Answer::One(&ORGANIZATION),
    request: Some(by_id_or_slug),
    example: r#"{"slug":"acme"}"#,
    ..READ
};

/// Clerk takes a slug in the id's place.
fn by_id_or_slug(arguments: &Arguments) -> Request {
    let mut sent = arguments.sent().clone();
    if let Some(slug) = arguments.text(&SLUG) {
        sent.insert(ORGANIZATION_ID.name.into(), slug.into());
    }
    objects::GET_ORGANIZATION.request(sent)
}

static CREATE_ORGANIZATION: Tool = Tool {
    name: "clerk_create_organization",
    title: "Create an organization",
    description: "Create an organization. Each call creates another one, so look first whether it exists.",
    endpoint: post("/organizations", &objects::ORGANIZATION),
    parameters: &[
        NAME.required(),
        SLUG.described("A unique slug. Only where the instance has slugs switched on."),
        parameter("created_by", Kind::Id(Resource::User), "The user who becomes its first administrator, `user_…`."),
        MAX_ALLOWED_MEMBERSHIPS,
        PUBLIC_METADATA,
        PRIVATE_METADATA,
        ROLE_SET_KEY,
        CREATED_AT,
    ],
    answer: Answer::One(&ORGANIZATION),
    effect: Effect::Creates,
    danger: Danger::Reversible,
    access_parameters: &["created_by", "role_set_key"],
    undo: Undo::With(&DELETE_ORGANIZATION),
    sentence: "Create an organization with {arguments}",
    example: r#"{"name":"Acme Inc.","slug":"acme-inc","created_by":"user_2abc"}"#,
    ..WRITE
};

static UPDATE_ORGANIZATION: Tool = Tool {
    name: "clerk_update_organization",
    title: "Update an organization",
    description: "Change an organization's name, slug or settings. What is not given stays.",
    endpoint: patch("/organizations/{organization_id}", &objects::ORGANIZATION),
    parameters: &[
        ORGANIZATION_ID.required(),
        NAME.described("The new name, at most 256 characters, without URLs or HTML."),
        SLUG.described("The new slug, unique. Links that hold the old one break."),
        MAX_ALLOWED_MEMBERSHIPS,
        parameter("admin_delete_enabled", Kind::Flag, "Whether its administrators may delete it themselves."),
        ROLE_SET_KEY,
        CREATED_AT.described("When it was created."),
        clear(&Kind::Many(&Kind::OneOf(&["slug", "max_allowed_memberships"]), 2)),
    ],
    rules: &[Rule::SomethingToChange],
    answer: Answer::One(&ORGANIZATION),
    effect: Effect::Overwrites,
    danger: Danger::Reversible,
    access_parameters: &["slug", "role_set_key", "admin_delete_enabled"],
    target: Some(&targets::ORGANIZATION),
    undo: Undo::Again,
    sentence: "Update {organization}: {changes}",
    example: r#"{"organization_id":"org_2abc","name":"Acme International"}"#,
    ..WRITE
};

static UPDATE_ORGANIZATION_METADATA: Tool = Tool {
    name: "clerk_update_organization_metadata",
    title: "Update an organization's metadata",
    description: "Merge changes into an organization's metadata: nested objects merge, other values (arrays too) are \
                  replaced, and null removes a key. What is not named stays.",
    endpoint: patch("/organizations/{organization_id}/metadata", &objects::ORGANIZATION),
    parameters: &[
        ORGANIZATION_ID.required(),
        PUBLIC_CHANGES
            .described("Changes to the metadata that the frontend can read. Give this, `private_metadata` or both."),
        PRIVATE_CHANGES,
    ],
    rules: &[Rule::AtLeastOne(&["public_metadata", "private_metadata"])],
    answer: Answer::One(&ORGANIZATION),
    effect: Effect::Overwrites,
    danger: Danger::Reversible,
    target: Some(&targets::ORGANIZATION),
    undo: Undo::Again,
    sentence: "Update the metadata of {organization}: {changes}",
    example: r#"{"organization_id":"org_2abc","public_metadata":{"plan":"pro"}}"#,
    ..WRITE
};

static DELETE_ORGANIZATION: Tool = Tool {
    name: "clerk_delete_organization",
    title: "Delete an organization",
    description: "Delete an organization with all its memberships and invitations. This cannot be undone: make sure that \
                  the person you work for means this very organization.",
    endpoint: delete("/organizations/{organization_id}", &objects::ORGANIZATION),
    parameters: &[ORGANIZATION_ID.required()],
    answer: Answer::One(&DELETED),
    effect: Effect::Removes,
    danger: Danger::Irreversible,
    target: Some(&targets::ORGANIZATION),
    sentence: "Delete {organization}",
    lasting: "All its memberships and invitations are deleted with it. This cannot be undone.",
    example: r#"{"organization_id":"org_2abc"}"#,
    ..WRITE
};
