//! Where a request may lead that is kept to one organization, to one user, or to both: the one rule about paths of Clerk's
//! Backend API. The component holds its requests against it, and so does whoever carries them out: the program's egress and
//! the guard.

/// The organization and the user that requests are kept to. Where there is neither, nothing is kept back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pins<'a> {
    /// Its id, or its slug for whoever does not know the id.
    pub organization: Option<&'a str>,
    /// The id of the user.
    pub user: Option<&'a str>,
}

/// Where a request leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// To what belongs to the organization or the user, or to what all customers share.
    Inside,
    /// To what belongs to this user, who has to be a member of the organization.
    User(&'a str),
    /// To this session, whose user has to be the one, or a member of the organization.
    Session(&'a str),
    /// To what belongs to others.
    Outside,
}

/// The beginning of ids of organizations: a slug holds no `_`.
const ORGANIZATION_ID: &str = "org_";

/// Lists that can be asked for by organization.
const LISTS: [&str; 5] =
    ["enterprise_connections", "organization_domains", "organizations", "saml_connections", "users"];

impl Pins<'_> {
    /// True where something is kept back.
    #[must_use]
    pub fn are_set(&self) -> bool {
        self.organization.is_some() || self.user.is_some()
    }

    /// The place that a request leads to: its method, and its path below the API's base URL with its query.
    #[must_use]
    pub fn place<'a>(&self, method: &str, path_and_query: &'a str) -> Place<'a> {
        if !self.are_set() {
            return Place::Inside;
        }
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        // What some servers take for a path without its last slash, or for another name of a parameter.
        if segments.contains(&"") || !names(query).all(is_plain) {
            return Place::Outside;
        }
        let reads = method == "GET";
        match segments.as_slice() {
            ["instance" | "organization_roles"] | ["organization_roles", _] if reads => Place::Inside,
            ["organizations", organization, rest @ ..] if self.is_pinned(organization) => {
                self.in_organization(method, rest, query)
            }
            ["users", "count"] if reads => self.in_list(query),
            [list] if reads && LISTS.contains(list) => self.in_list(query),
            // They are about several users, whom their bodies name.
            ["users"] | ["users", "ban" | "unban" | "count"] => Place::Outside,
            ["users", user, rest @ ..] => self.of_user(user, rest),
            ["sessions"] if reads => only(query, "user_id").map_or(Place::Outside, |user| self.of_user(user, &[])),
            // Tokens of a session hold which organization it is in, and open an account everywhere.
            ["sessions", _, "tokens" | "refresh", ..] if self.organization.is_some() => Place::Outside,
            ["sessions", session, ..] => Place::Session(session),
            _ => Place::Outside,
        }
    }

    /// A place below the organization. Nobody is taken in from outside, and no name claimed that is unique among all
    /// customers: the refusal would tell that somebody else has it.
    fn in_organization<'a>(&self, method: &str, rest: &[&'a str], query: &'a str) -> Place<'a> {
        let reads = method == "GET";
        match rest {
            ["memberships"] if !reads => Place::Outside,
            ["domains", ..] if !reads && method != "DELETE" => Place::Outside,
            ["memberships"] if reads && self.user.is_some() => self.in_list_of_user(query),
            ["memberships", user, ..] => self.of_user(user, &[]),
            [] if reads => Place::Inside,
            _ if self.user.is_some() => Place::Outside,
            _ => Place::Inside,
        }
    }

    fn of_user<'a>(&self, user: &'a str, rest: &[&str]) -> Place<'a> {
        if self.user.is_some_and(|pinned| pinned != user) {
            return Place::Outside;
        }
        match rest {
            // Among them are organizations outside, a name that is unique among all customers, or what opens an account everywhere.
            ["organization_memberships" | "oauth_access_tokens" | "verify_password" | "verify_totp", ..]
                if self.organization.is_some() =>
            {
                Place::Outside
            }
            ["email_address" | "phone_number"] => Place::Outside,
            _ if self.organization.is_none() => Place::Inside,
            _ => Place::User(user),
        }
    }

    /// A list of what belongs to organizations, as its filter says: to many users at least.
    fn in_list<'a>(&self, query: &str) -> Place<'a> {
        let is_inside = only(query, "organization_id").is_some_and(|organization| self.is_pinned(organization));
        if is_inside && self.user.is_none() { Place::Inside } else { Place::Outside }
    }

    fn in_list_of_user<'a>(&self, query: &str) -> Place<'a> {
        if only(query, "user_id").is_some_and(|user| self.user == Some(user)) { Place::Inside } else { Place::Outside }
    }

    /// Tells whether this is the organization. Whoever knows no more than its slug takes each id for its own.
    fn is_pinned(&self, organization: &str) -> bool {
        let is_known = self.organization.is_some_and(|pinned| pinned.starts_with(ORGANIZATION_ID));
        self.organization == Some(organization)
            || (self.organization.is_some() && !is_known && organization.starts_with(ORGANIZATION_ID))
    }
}

/// Tells whether a request may leave that is kept to the organization which each of these names, by id or slug, and to these
/// users: whoever carries requests out cannot tell more.
#[must_use]
pub fn admits(organizations: &[String], users: &[String], method: &str, path_and_query: &str) -> bool {
    let mut known = organizations.iter().filter(|name| name.starts_with(ORGANIZATION_ID));
    let organization = known.next().or_else(|| organizations.first());
    // Nothing belongs to two of them.
    if known.any(|other| Some(other) != organization) {
        return false;
    }
    let pins = Pins { organization: organization.map(String::as_str), user: users.first().map(String::as_str) };
    // The id of a slug is looked up, for a user among their memberships.
    let mut slugs = organizations.iter().filter(|name| !name.starts_with(ORGANIZATION_ID));
    let looked_up = slugs.any(|slug| match pins.user {
        Some(user) => path_and_query.starts_with(&format!("/users/{user}/organization_memberships?")),
        None => path_and_query.strip_prefix("/organizations/") == Some(slug.as_str()),
    });
    (looked_up && method == "GET") || pins.place(method, path_and_query) != Place::Outside
}

/// The names in a query.
fn names(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|pair| pair.split('=').next())
}

/// Tells whether a name in a query is written as it is.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_{}".contains(&byte))
}

/// The value of a parameter that a query has exactly once.
fn only<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut values = query.split('&').filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    values.next().filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: Pins = Pins { organization: Some("org_1"), user: None };
    const ADA: Pins = Pins { organization: None, user: Some("user_1") };
    const BOTH: Pins = Pins { organization: Some("org_1"), user: Some("user_1") };

    #[track_caller]
    fn leads(pins: Pins<'_>, place: Place<'_>, requests: &[&str]) {
        for request in requests {
            let (method, path) = request.split_once(' ').expect("a method and a path");
            assert_eq!(pins.place(method, path), place, "{request}");
        }
    }

    #[test]
    fn without_pins_everything_is_inside() {
        leads(Pins::default(), Place::Inside, &["GET /users", "DELETE /organizations/org_2", "GET /jwks"]);
    }

    #[test]
    fn what_is_below_the_organization_is_inside() {
        let inside = [
            "GET /organizations/org_1",
            "PATCH /organizations/org_1/metadata",
            "GET /organizations/org_1/memberships?limit=1",
            "POST /organizations/org_1/invitations/bulk",
            "GET /users?organization_id=org_1&query=ada",
            "GET /users/count?organization_id=org_1",
            "GET /organizations?organization_id=org_1&query=acme",
            "GET /enterprise_connections?organization_id=org_1",
            "GET /organization_roles?limit=20",
            "GET /instance",
        ];
        leads(ACME, Place::Inside, &inside);
    }

    #[test]
    fn what_is_not_is_outside() {
        let outside = [
            "GET /organizations",
            "POST /organizations",
            "GET /organizations/org_2",
            "GET /organizations/acme",
            "GET /organizations/org_1%2F..%2Forg_2",
            "POST /organizations/org_1/memberships",
            "POST /organizations/org_1/domains",
            "GET /users",
            "GET /users?organization_id=org_2",
            "GET /users?organization_id=org_1&organization_id=org_2",
            "GET /users?organization_id=-org_1",
            "GET /users/count",
            "POST /users",
            "POST /users/ban",
            "PUT /users/user_1/email_address",
            "GET /users/user_1/oauth_access_tokens/oauth_google",
            "POST /users/user_1/verify_password",
            "POST /sessions/sess_1/tokens",
            "POST /sessions/sess_1/tokens/template",
            "POST /sessions/sess_1/refresh",
            "PATCH /organizations/org_1/domains/orgdmn_1",
            "POST /organizations/org_1/memberships/",
            "GET /users/?organization_id=org_1",
            "GET /users/user_1/organization_memberships/",
            "GET /organizations//org_1",
            "GET /users?organization_id=org_1&organization%5Fid=org_2",
            "GET /users?organization_id=org_1&organization_id[]=org_2",
            "GET /users/user_1/organization_memberships",
            "GET /sessions",
            "GET /sessions?user_id=user_1&user_id=user_2",
            "PATCH /instance",
            "POST /organization_roles",
            "GET /invitations",
            "GET /jwks",
            "GET /organization_memberships?organization_id=org_1",
            "GET ",
        ];
        leads(ACME, Place::Outside, &outside);
    }

    #[test]
    fn users_and_sessions_are_to_be_looked_at() {
        let user =
            ["GET /users/user_2", "DELETE /organizations/org_1/memberships/user_2", "GET /sessions?user_id=user_2"];
        leads(ACME, Place::User("user_2"), &user);
        for pins in [ACME, ADA, BOTH] {
            leads(pins, Place::Session("sess_1"), &["GET /sessions/sess_1", "POST /sessions/sess_1/revoke"]);
        }
    }

    #[test]
    fn a_user_alone_sees_what_is_theirs() {
        let inside =
            ["GET /users/user_1", "GET /users/user_1/organization_memberships", "GET /sessions?user_id=user_1"];
        leads(ADA, Place::Inside, &inside);
        let outside = [
            "GET /users/user_2",
            "GET /users?user_id=user_1",
            "GET /organizations/org_1",
            "GET /sessions?user_id=user_2",
        ];
        leads(ADA, Place::Outside, &outside);
    }

    #[test]
    fn a_user_in_an_organization_sees_no_other_member() {
        leads(
            BOTH,
            Place::Inside,
            &["GET /organizations/org_1", "GET /organizations/org_1/memberships?user_id=user_1"],
        );
        leads(BOTH, Place::User("user_1"), &["GET /users/user_1", "PATCH /organizations/org_1/memberships/user_1"]);
        let outside = [
            "GET /organizations/org_1/memberships",
            "GET /organizations/org_1/memberships?user_id=user_2",
            "PATCH /organizations/org_1/memberships/user_2",
            "GET /organizations/org_1/invitations",
            "PATCH /organizations/org_1",
            "GET /users?organization_id=org_1",
        ];
        leads(BOTH, Place::Outside, &outside);
    }

    #[test]
    fn a_slug_beside_the_id_is_only_looked_up() {
        let organizations = ["acme".to_owned(), "org_1".to_owned()];
        let admits = |method, path| admits(&organizations, &[], method, path);
        assert!(admits("GET", "/organizations/acme") && admits("GET", "/organizations/org_1/memberships"));
        assert!(!admits("PATCH", "/organizations/acme") && !admits("GET", "/organizations/acme/memberships"));
        assert!(!admits("GET", "/organizations/org_2") && !admits("GET", "/organizations"));
        let (slug, user) = (["acme".to_owned()], ["user_1".to_owned()]);
        let memberships = "/users/user_1/organization_memberships?limit=500";
        assert!(super::admits(&slug, &user, "GET", memberships) && !super::admits(&slug, &[], "GET", memberships));
        assert!(!super::admits(&["org_1".to_owned()], &user, "GET", memberships));
        let two = ["org_1".to_owned(), "org_2".to_owned()];
        assert!(!super::admits(&two, &[], "GET", "/organizations/org_1"));
    }

    #[test]
    fn by_its_slug_alone_an_organization_is_not_told_from_others_by_id() {
        let slug = Pins { organization: Some("acme"), user: None };
        leads(slug, Place::Inside, &["GET /organizations/acme", "GET /organizations/org_2"]);
        leads(slug, Place::Outside, &["GET /organizations/globex", "GET /organizations", "GET /invitations"]);
    }
}
