//! The kinds of objects that have ids, and how their ids begin: the one table of prefixes.

/// A kind of object whose ids begin with a prefix of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    User,
    Organization,
    Membership,
    Invitation,
    /// An invitation to the application itself, to no organization.
    AppInvitation,
    Session,
}

impl Resource {
    const ALL: [Self; 6] =
        [Self::User, Self::Organization, Self::Membership, Self::Invitation, Self::AppInvitation, Self::Session];

    /// The beginning of its ids, without the `_` that follows.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Organization => "org",
            Self::Membership => "orgmem",
            Self::Invitation => "orginv",
            Self::AppInvitation => "inv",
            Self::Session => "sess",
        }
    }

    /// The parameter that names one in a request.
    const fn parameter(self) -> &'static str {
        match self {
            Self::User => "user_id",
            Self::Organization => "organization_id",
            Self::Membership => "membership_id",
            Self::Invitation | Self::AppInvitation => "invitation_id",
            Self::Session => "session_id",
        }
    }

    /// Tells whether a text is one of its ids: the prefix, `_`, then ASCII letters and digits.
    pub(crate) fn is_id(self, text: &str) -> bool {
        let rest = text.strip_prefix(self.prefix()).and_then(|rest| rest.strip_prefix('_'));
        rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }

    /// The kinds of objects that a parameter of this name is the id of.
    pub(crate) fn named_by(parameter: &str) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |resource| resource.parameter() == parameter)
    }

    /// The kind of object that has this id.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.is_id(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_prefix_and_letters_and_digits() {
        assert!(Resource::User.is_id("user_2aBc"));
        for text in ["", "user", "user_", "org_2abc", "user_a_b", "user_a/b", "user_..", "user_é", " user_a", "USER_a"]
        {
            assert!(!Resource::User.is_id(text), "{text}");
        }
    }

    #[test]
    fn an_id_tells_what_it_is_of() {
        assert_eq!(Resource::of_id("orginv_1"), Some(Resource::Invitation));
        assert_eq!(Resource::of_id("org_1"), Some(Resource::Organization));
        assert_eq!(Resource::of_id("organization_memberships"), None);
        assert_eq!(Resource::named_by("session_id").next(), Some(Resource::Session));
    }
}
