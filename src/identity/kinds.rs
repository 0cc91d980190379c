//! The kinds of objects that the API answers with, and where each carries what it was asked for.

/// A kind of object, and where an answer carries the parameters that it was asked by.
pub(super) struct Kind {
    pub(super) object: &'static str,
    /// How its ids begin, where they are used in other requests.
    pub(super) prefix: Option<&'static str>,
    /// The endpoints that answer with one, or with a list.
    pub(super) paths: &'static [&'static str],
    pub(super) carried: &'static [Carried],
}

/// A parameter, and its place in the answer: names with dots in between.
pub(super) struct Carried {
    pub(super) parameter: &'static str,
    pub(super) place: &'static str,
    pub(super) by: By,
}

/// How a parameter is compared with what the answer carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// One of several ids; in a filter, `-` before one excludes it and `+` includes it.
    Ids,
    /// An id, or a slug in its place.
    IdOrSlug,
    /// A value that only a filter has to find again.
    Filter,
    /// A text whose case (of ASCII letters) and spaces do not matter.
    Words,
    /// A telephone number.
    Digits,
}

const fn carried(parameter: &'static str, place: &'static str, by: By) -> Carried {
    Carried { parameter, place, by }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        object: "user",
        prefix: Some("user"),
        paths: &["/users"],
        carried: &[
            carried("user_id", "id", By::Ids),
            carried("external_id", "external_id", By::Ids),
            carried("username", "username", By::Words),
            carried("email_address", "email_addresses.email_address", By::Words),
            carried("phone_number", "phone_numbers.phone_number", By::Digits),
            carried("banned", "banned", By::Filter),
        ],
    },
    Kind {
        object: "user",
        prefix: Some("user"),
        paths: &[
            "/users/{user_id}",
            "/users/{user_id}/metadata",
            "/users/{user_id}/ban",
            "/users/{user_id}/unban",
            "/users/{user_id}/lock",
            "/users/{user_id}/unlock",
        ],
        carried: &[carried("user_id", "id", By::Ids)],
    },
    Kind {
        object: "organization",
        prefix: Some("org"),
        paths: &["/organizations"],
        carried: &[
            carried("organization_id", "id", By::Ids),
            carried("name", "name", By::Words),
            carried("slug", "slug", By::Words),
        ],
    },
    Kind {
        object: "organization",
        prefix: Some("org"),
        paths: &["/organizations/{organization_id}", "/organizations/{organization_id}/metadata"],
        carried: &[carried("organization_id", "id", By::IdOrSlug)],
    },
    Kind {
        object: "organization_membership",
        prefix: None,
        paths: &[
            "/users/{user_id}/organization_memberships",
            "/organizations/{organization_id}/memberships",
            "/organizations/{organization_id}/memberships/{user_id}",
            "/organizations/{organization_id}/memberships/{user_id}/metadata",
        ],
        carried: &[
            carried("organization_id", "organization.id", By::Ids),
            carried("user_id", "public_user_data.user_id", By::Ids),
            carried("role", "role", By::Filter),
        ],
    },
    Kind {
        object: "organization_invitation",
        prefix: Some("orginv"),
        paths: &[
            "/users/{user_id}/organization_invitations",
            "/organizations/{organization_id}/invitations",
            "/organizations/{organization_id}/invitations/{invitation_id}",
            "/organizations/{organization_id}/invitations/{invitation_id}/revoke",
        ],
        carried: &[
            carried("organization_id", "organization_id", By::Ids),
            carried("invitation_id", "id", By::Ids),
            carried("email_address", "email_address", By::Words),
            carried("status", "status", By::Filter),
        ],
    },
    Kind {
        object: "session",
        prefix: Some("sess"),
        paths: &["/sessions", "/sessions/{session_id}", "/sessions/{session_id}/revoke"],
        carried: &[
            carried("session_id", "id", By::Ids),
            carried("user_id", "user_id", By::Ids),
            carried("status", "status", By::Filter),
        ],
    },
];
