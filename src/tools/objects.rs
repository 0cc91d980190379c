//! The kinds of objects that tools are about, and the operations that more than one resource needs.

use crate::ids::Resource;
use crate::object::{By, NO_OBJECT, Object, carried};
use crate::pinned;
use crate::request::{Endpoint, get};

pub(super) static USER: Object = Object {
    name: "user",
    id: Some(Resource::User),
    carried: &[
        carried("user_id", "id", By::Ids),
        carried("external_id", "external_id", By::Ids),
        carried("username", "username", By::Words),
        carried("email_address", "email_addresses.email_address", By::Words),
        carried("phone_number", "phone_numbers.phone_number", By::Digits),
        carried("banned", "banned", By::Filter),
    ],
    needed: None,
};

pub(super) static ORGANIZATION: Object = Object {
    name: "organization",
    id: Some(Resource::Organization),
    carried: &[
        carried("organization_id", "id", By::IdOrSlug),
        carried("name", "name", By::Words),
        carried("slug", "slug", By::Words),
    ],
    needed: None,
};

pub(super) static MEMBERSHIP: Object = Object {
    name: "organization_membership",
    id: None,
    carried: &[
        carried("organization_id", "organization.id", By::Ids),
        carried("user_id", "public_user_data.user_id", By::Ids),
        carried("role", "role", By::Filter),
    ],
    needed: None,
};

pub(super) static INVITATION: Object = Object {
    name: "organization_invitation",
    id: Some(Resource::Invitation),
    carried: &[
        carried("organization_id", "organization_id", By::Ids),
        carried("invitation_id", "id", By::Ids),
        carried("email_address", "email_address", By::Words),
        carried("status", "status", By::Filter),
    ],
    needed: None,
};

/// An invitation to the application, to no organization.
pub(super) static APP_INVITATION: Object = Object {
    name: "invitation",
    id: Some(Resource::AppInvitation),
    carried: &[
        carried("invitation_id", "id", By::Ids),
        carried("email_address", "email_address", By::Words),
        carried("status", "status", By::Filter),
    ],
    needed: None,
};

pub(super) static SESSION: Object = Object {
    name: "session",
    id: Some(Resource::Session),
    carried: &[
        carried("session_id", "id", By::Ids),
        carried("user_id", "user_id", By::Ids),
        carried("status", "status", By::Filter),
    ],
    needed: Some("user_id"),
};

pub(crate) const LIST_USERS: Endpoint = get("/users", &USER);
pub(crate) const COUNT_USERS: Endpoint = get("/users/count", &NO_OBJECT);
pub(super) const GET_USER: Endpoint = get("/users/{user_id}", &USER);
pub(crate) const LIST_INVITATIONS_OF_USER: Endpoint = get("/users/{user_id}/organization_invitations", &INVITATION);
pub(crate) const LIST_MEMBERSHIPS_OF_USER: Endpoint = get(pinned::MEMBERSHIPS_OF_USER, &MEMBERSHIP);
pub(crate) const GET_ORGANIZATION: Endpoint = get("/organizations/{organization_id}", &ORGANIZATION);
pub(crate) const LIST_MEMBERS: Endpoint = get(pinned::MEMBERSHIPS, &MEMBERSHIP);
pub(super) const LIST_INVITATIONS: Endpoint = get("/organizations/{organization_id}/invitations", &INVITATION);
pub(super) const GET_INVITATION: Endpoint =
    get("/organizations/{organization_id}/invitations/{invitation_id}", &INVITATION);
pub(super) const LIST_APP_INVITATIONS: Endpoint = get("/invitations", &APP_INVITATION);
pub(super) const LIST_SESSIONS: Endpoint = get("/sessions", &SESSION);
pub(crate) const GET_SESSION: Endpoint = get("/sessions/{session_id}", &SESSION);
