//! Members: which users belong to an organization, and in which role; and the roles there are.

use super::parameters::{
    CREATED_AT_AFTER, CREATED_AT_BEFORE, EMAIL_ADDRESSES, LAST_ACTIVE_AT_AFTER, LAST_ACTIVE_AT_BEFORE, ORGANIZATION_ID,
    PHONE_NUMBERS, PRIVATE_CHANGES, PRIVATE_METADATA, PUBLIC_CHANGES, PUBLIC_METADATA, QUERY, USER_ID, USERNAMES,
};
use super::{objects, targets};
use crate::danger::{Danger, Effect};
use crate::ids::Resource;
use crate::kind::{Kind, Parameter, parameter};
use crate::object::Object;
use crate::paging::{INCLUDE_PRIVATE_METADATA, LIMIT, OFFSET, Paging};
use crate::request::{Endpoint, delete, get, patch, post};
use crate::rule::Rule;
use crate::tool::{self, Answer, Tool, Toolset, Undo};
use crate::view::{View, flag, many, metadata, one, page, private, text, time, untrusted};

const READ: Tool = Tool { toolset: "members", ..tool::READ };
const WRITE: Tool = Tool { toolset: "members", ..tool::WRITE };

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "members",
    tools: &[
        &LIST_ORGANIZATION_MEMBERS,
        &ADD_MEMBER,
        &UPDATE_MEMBER_ROLE,
        &UPDATE_MEMBER_METADATA,
        &REMOVE_MEMBER,
        &LIST_ROLES,
    ],
};

pub(super) static MEMBERSHIP: View = View(&[
    text("id"),
    text("role"),
    text("role_name"),
    one("public_user_data", &PUBLIC_USER),
    one("organization", &MEMBER_OF),
    time("created_at"),
    time("updated_at"),
    metadata("public_metadata"),
    private("private_metadata"),
]);
static MEMBERSHIPS: View = View(&page(&MEMBERSHIP));

/// The user behind a membership, as other members see them.
static PUBLIC_USER: View = View(&[
    text("user_id"),
    untrusted("identifier"),
    untrusted("first_name"),
    untrusted("last_name"),
    untrusted("username"),
    flag("banned"),
]);

/// The organization of a membership: enough to recognize it.
static MEMBER_OF: View = View(&[text("id"), untrusted("name"), untrusted("slug")]);

pub(super) const REMOVE: Endpoint =
    delete("/organizations/{organization_id}/memberships/{user_id}", &objects::MEMBERSHIP);

const ROLE: Parameter = parameter("role", Kind::Word, "Their role, for example `org:member`.").required();
const MEMBER_ID: Parameter = USER_ID.described("The member's user id, `user_…`.").required();

static LIST_ORGANIZATION_MEMBERS: Tool = Tool {
    name: "clerk_list_organization_members",
    title: "List an organization's members",
    description: "List an organization's members with their roles, or search among them. All filters given must match.",
    endpoint: objects::LIST_MEMBERS,
    parameters: &[
        ORGANIZATION_ID.required(),
        QUERY,
        parameter(
            "role",
            Kind::Many(&Kind::Word, 100),
            "Only members with one of these roles, for example `org:admin`.",
        ),
        parameter(
            "user_id",
            Kind::Many(&Kind::SignedId(Resource::User), 100),
            "Only these users; `-` before an id excludes it.",
        ),
        EMAIL_ADDRESSES,
        PHONE_NUMBERS,
        USERNAMES,
        LAST_ACTIVE_AT_BEFORE,
        LAST_ACTIVE_AT_AFTER,
        CREATED_AT_BEFORE,
        CREATED_AT_AFTER,
        parameter(
            "order_by",
            Kind::SortKey(&["phone_number", "email_address", "created_at", "first_name", "last_name", "username"]),
            "Sort key, `-` before it for descending.",
        )
        .shaping(),
        INCLUDE_PRIVATE_METADATA,
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&MEMBERSHIPS, Paging::Total),
    // `query` finds parts of all of these.
    not_offered: &["email_address_query", "name_query", "phone_number_query", "username_query", "web3_wallet"],
    example: r#"{"organization_id":"org_2abc","role":["org:admin"]}"#,
    ..READ
};

static ADD_MEMBER: Tool = Tool {
    name: "clerk_add_member",
    title: "Add a member",
    description: "Add a user to an organization at once, without an invitation and without asking them.",
    endpoint: post("/organizations/{organization_id}/memberships", &objects::MEMBERSHIP),
    parameters: &[
        ORGANIZATION_ID.required(),
        USER_ID.required(),
        ROLE,
        PUBLIC_METADATA.described("Metadata of the membership that the frontend can read."),
        PRIVATE_METADATA.described("Metadata of the membership that only the backend may see."),
    ],
    answer: Answer::One(&MEMBERSHIP),
    effect: Effect::Creates,
    danger: Danger::Access,
    target: Some(&targets::NEW_MEMBER),
    undo: Undo::With(&REMOVE_MEMBER),
    sentence: "Add {user} to {organization} as {arguments.role}",
    example: r#"{"organization_id":"org_2abc","user_id":"user_2abc","role":"org:member"}"#,
    ..WRITE
};

static UPDATE_MEMBER_ROLE: Tool = Tool {
    name: "clerk_update_member_role",
    title: "Change a member's role",
    description: "Change a member's role in an organization. It takes effect at once and changes what they may do.",
    endpoint: patch("/organizations/{organization_id}/memberships/{user_id}", &objects::MEMBERSHIP),
    parameters: &[
        ORGANIZATION_ID.required(),
        MEMBER_ID,
        ROLE.described("The new role, for example `org:admin` or `org:member`."),
    ],
    answer: Answer::One(&MEMBERSHIP),
    effect: Effect::Overwrites,
    danger: Danger::Access,
    target: Some(&targets::MEMBER),
    undo: Undo::Again,
    sentence: "Change the role of {user} in {organization}: {changes}",
    example: r#"{"organization_id":"org_2abc","user_id":"user_2abc","role":"org:member"}"#,
    ..WRITE
};

static UPDATE_MEMBER_METADATA: Tool = Tool {
    name: "clerk_update_member_metadata",
    title: "Update a member's metadata",
    is_listed: false,
    description: "Merge changes into a membership's metadata: nested objects merge, other values (arrays too) are \
                  replaced, and null removes a key. What is not named stays. The user's own metadata is another: see \
                  `clerk_update_user_metadata`.",
    endpoint: patch("/organizations/{organization_id}/memberships/{user_id}/metadata", &objects::MEMBERSHIP),
    parameters: &[
        ORGANIZATION_ID.required(),
        MEMBER_ID,
        PUBLIC_CHANGES
            .described("Changes to the metadata that the frontend can read. Give this, `private_metadata` or both."),
        PRIVATE_CHANGES,
    ],
    rules: &[Rule::AtLeastOne(&["public_metadata", "private_metadata"])],
    answer: Answer::One(&MEMBERSHIP),
    effect: Effect::Overwrites,
    danger: Danger::Reversible,
    target: Some(&targets::MEMBER),
    undo: Undo::Again,
    sentence: "Update the metadata of the member {user} of {organization}: {changes}",
    example: r#"{"organization_id":"org_2abc","user_id":"user_2abc","public_metadata":{"team":"sales"}}"#,
    ..WRITE
};

static REMOVE_MEMBER: Tool = Tool {
    name: "clerk_remove_member",
    title: "Remove a member",
    description: "Remove a user from an organization. Their account stays; they lose access to the organization at once, \
                  and only a new invitation or membership brings them back.",
    endpoint: REMOVE,
    parameters: &[ORGANIZATION_ID.required(), MEMBER_ID],
    answer: Answer::One(&MEMBERSHIP),
    effect: Effect::Removes,
    danger: Danger::Irreversible,
    target: Some(&targets::MEMBER),
    sentence: "Remove {user} from {organization}",
    lasting: "The membership is gone with its metadata, and what they could do in the organization ends at once.",
    example: r#"{"organization_id":"org_2abc","user_id":"user_2abc"}"#,
    ..WRITE
};

static ROLE_OBJECT: Object = Object { name: "role", id: None, carried: &[], needed: None };

static ORGANIZATION_ROLE: View =
    View(&[text("id"), text("key"), text("name"), text("description"), many("permissions", &PERMISSION)]);
static PERMISSION: View = View(&[text("key"), text("name"), text("description")]);
static ORGANIZATION_ROLES: View = View(&page(&ORGANIZATION_ROLE));

static LIST_ROLES: Tool = Tool {
    name: "clerk_list_roles",
    title: "List roles",
    description: "List the roles that members of organizations can have, with their permissions. Other tools take a role \
                  by its key, for example `org:admin`.",
    endpoint: get("/organization_roles", &ROLE_OBJECT),
    parameters: &[
        parameter("query", Kind::Contact, "Text to search for in names and keys, or an exact id."),
        parameter(
            "order_by",
            Kind::SortKey(&["created_at", "name", "key"]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&ORGANIZATION_ROLES, Paging::Total),
    example: r#"{"query":"admin"}"#,
    ..READ
};
