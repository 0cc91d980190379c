//! Targets of writes: how each kind is looked at, and what a person should know of it before they agree.

use serde_json::Value;

use super::objects::{
    GET_INVITATION, GET_ORGANIZATION, GET_SESSION, GET_USER, LIST_INVITATIONS, LIST_MEMBERS, LIST_MEMBERSHIPS_OF_USER,
    LIST_SESSIONS,
};
use crate::target::{Fact, Fixed, Look, Target};
use crate::view::{View, count, flag, made_untrusted, text, time, untrusted};

pub(crate) static ORGANIZATION: Target = Target {
    look: LOOK_AT_ORGANIZATION,
    facts: &[
        Fact::Part("organization", "", &ORGANIZATION_SUMMARY),
        Fact::Count(
            "pending_invitations",
            &[Look { with: &[("status", Fixed::Text("pending"))], ..Look::at(LIST_INVITATIONS) }],
        ),
    ],
    typed: &["/organization/name", "/organization/slug", "/organization/id"],
};

pub(crate) static MEMBER: Target = Target {
    // There is no endpoint for one membership.
    look: Look {
        by: &["user_id"],
        with: &[("limit", Fixed::Number(1))],
        only_item: Some((
            "the user is not a member of this organization",
            "The members are in clerk_list_organization_members; nothing was changed.",
        )),
        ..Look::at(LIST_MEMBERS)
    },
    facts: &[
        Fact::Part("organization", "/organization", &ORGANIZATION_SUMMARY),
        Fact::Part("user", "/public_user_data", &MEMBER_SUMMARY),
        Fact::Text("role"),
    ],
    typed: &["/user/identifier", "/user/username", "/user/user_id"],
};

/// A user and the organization that they are to become a member of.
pub(super) static NEW_MEMBER: Target = Target {
    look: Look::at(GET_USER),
    facts: &[
        Fact::Other("organization", &LOOK_AT_ORGANIZATION, &ORGANIZATION_SUMMARY),
        Fact::Part("user", "", &USER_SUMMARY),
    ],
    typed: &[],
};

pub(crate) static INVITATION: Target = Target {
    look: Look::at(GET_INVITATION),
    facts: &[
        Fact::Part("invitation", "", &INVITATION_SUMMARY),
        Fact::Other("organization", &LOOK_AT_ORGANIZATION, &ORGANIZATION_SUMMARY),
    ],
    typed: &[],
};

pub(crate) static USER: Target = Target {
    look: Look::at(GET_USER),
    facts: &[
        Fact::Part("user", "", &USER_SUMMARY),
        Fact::Count("active_sessions", &SIGNED_IN),
        Fact::Listed("organizations_count", &Look::at(LIST_MEMBERSHIPS_OF_USER), "organizations", &NAMED_MEMBERSHIP),
    ],
    typed: &["/user/email_address", "/user/username", "/user/id"],
};

pub(crate) static SESSION: Target = Target {
    look: Look::at(GET_SESSION),
    facts: &[Fact::Part("session", "", &SESSION_SUMMARY), Fact::Other("user", &Look::at(GET_USER), &USER_SUMMARY)],
    typed: &[],
};

const LOOK_AT_ORGANIZATION: Look = Look { with: &[("include_members_count", Fixed::On)], ..Look::at(GET_ORGANIZATION) };

/// The lists of a user's sessions in which they are signed in: the active ones, and the pending ones, which have tasks left,
/// such as to choose an organization. Clerk has no filter for the latter.
static SIGNED_IN: [Look; 2] = [
    Look { by: &["user_id"], with: &[("status", Fixed::Text(ACTIVE))], ..Look::at(LIST_SESSIONS) },
    Look { by: &["user_id"], keep: Some(("status", PENDING)), ..Look::at(LIST_SESSIONS) },
];
pub(super) const ACTIVE: &str = "active";
pub(super) const PENDING: &str = "pending";

static ORGANIZATION_SUMMARY: View =
    View(&[text("id"), untrusted("name"), untrusted("slug"), count("members_count"), time("created_at")]);

static MEMBER_SUMMARY: View =
    View(&[text("user_id"), untrusted("identifier"), flag("banned"), made_untrusted("name", full_name)]);

pub(super) static INVITATION_SUMMARY: View =
    View(&[text("id"), untrusted("email_address"), text("role"), text("status"), time("created_at")]);

pub(super) static USER_SUMMARY: View = View(&[
    text("id"),
    untrusted("username"),
    flag("banned"),
    flag("locked"),
    time("created_at"),
    time("last_sign_in_at"),
    made_untrusted("name", full_name),
    made_untrusted("email_address", primary_email_address),
]);

static SESSION_SUMMARY: View = View(&[text("id"), text("status"), time("last_active_at")]);

/// A membership by the organization's name.
static NAMED_MEMBERSHIP: View = View(&[made_untrusted("name", organization_name), text("role")]);

fn organization_name(membership: &Value) -> Value {
    membership["organization"]["name"].clone()
}

fn full_name(user: &Value) -> Value {
    let parts: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|part| user[*part].as_str()).collect();
    parts.join(" ").into()
}

/// A user's primary email address, or the first one.
pub(crate) fn primary_email_address(user: &Value) -> Value {
    let addresses = user["email_addresses"].as_array().map(Vec::as_slice).unwrap_or_default();
    let primary = addresses.iter().find(|address| address["id"] == user["primary_email_address_id"]);
    let address = primary.or_else(|| addresses.first()).and_then(|address| address["email_address"].as_str());
    address.unwrap_or_default().into()
}
