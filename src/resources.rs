//! Things with a URI of their own. Reading one is calling the tool that gets it.

use pins::Pins;
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalogue;
use crate::completion::Values;
use crate::ids::Resource;
use crate::policy::Policy;
use crate::problem::Problem;
use crate::tool::Tool;

/// A kind of resource.
pub(crate) struct Template {
    /// `clerk://…/{id}`
    pub(crate) uri: &'static str,
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) values: Values,
    /// The tool that gets one.
    tool: &'static str,
    id: Resource,
    /// The tool's arguments for an id.
    arguments: fn(&str) -> Value,
}

/// The kinds of resources, in the order in which they are listed.
pub(crate) const TEMPLATES: &[Template] = &[
    Template {
        uri: "clerk://organizations/{id}",
        name: "organization",
        title: "Organization",
        description: "One organization by its id or its slug, with all its metadata. Subscribe by id.",
        values: Values::Organizations,
        tool: "clerk_get_organization",
        id: Resource::Organization,
        arguments: |id| if id.starts_with("org_") { json!({"organization_id": id}) } else { json!({"slug": id}) },
    },
    Template {
        uri: "clerk://users/{id}",
        name: "user",
        title: "User",
        description: "One user by id, with all metadata.",
        values: Values::UserIds,
        tool: "clerk_get_user",
        id: Resource::User,
        arguments: |id| json!({"user_id": id}),
    },
];

impl Template {
    /// The part of its URIs before the id.
    fn prefix(&self) -> &'static str {
        self.uri.strip_suffix("{id}").unwrap_or(self.uri)
    }

    fn tool(&self) -> Result<&'static Tool, String> {
        catalogue::find(self.tool)
    }

    /// # Errors
    ///
    /// The setting that forbids it.
    pub(crate) fn check(&self, policy: &Policy) -> Result<(), String> {
        policy.check(self.tool()?.subject())
    }

    /// The call that gets the resource of this URI; none where the URI is of another kind.
    ///
    /// # Errors
    ///
    /// The problems with the id.
    pub(crate) fn call(&self, uri: &str, pins: Pins<'_>) -> Option<Result<Call, Vec<Problem>>> {
        let id = uri.strip_prefix(self.prefix())?;
        let tool = self.tool().ok()?;
        let Value::Object(arguments) = (self.arguments)(id) else { return None };
        Some(Call::new(tool, arguments, pins))
    }
}

/// The URIs of the resources whose ids are in a path.
pub(crate) fn in_path(path_and_query: &str) -> Vec<String> {
    let path = path_and_query.split('?').next().unwrap_or_default();
    let uri = |segment: &str| {
        let template = TEMPLATES.iter().find(|template| template.id.is_id(segment))?;
        Some(format!("{}{segment}", template.prefix()))
    };
    // Of a membership, the organization: nothing of the user changes with it.
    path.split('/').find_map(uri).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path of the request that reads a resource.
    fn path(uri: &str) -> Option<String> {
        let call = TEMPLATES.iter().find_map(|template| template.call(uri, Pins::default()))?;
        call.ok().map(|call| call.request.path_and_query)
    }

    #[test]
    fn an_organization_is_read_by_its_id_or_its_slug() {
        assert!(path("clerk://organizations/org_1").is_some_and(|path| path.starts_with("/organizations/org_1?")));
        assert!(path("clerk://organizations/acme").is_some_and(|path| path.starts_with("/organizations/acme?")));
    }

    #[test]
    fn a_user_is_read_by_id() {
        assert_eq!(path("clerk://users/user_1").as_deref(), Some("/users/user_1"));
    }

    #[test]
    fn other_uris_and_ids_that_are_none_are_no_resource() {
        for uri in
            ["", "clerk://users", "clerk://users/", "clerk://users/../organizations/org_1", "clerk://users/org_1"]
        {
            assert_eq!(path(uri), None, "{uri}");
        }
        for uri in ["clerk://organizations/a/b", "clerk://organizations/org_1?x", "clerk://Users/user_1", "https://x"] {
            assert_eq!(path(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_path_names_resources_by_their_ids() {
        let named = in_path("/organizations/org_1/memberships/user_1?x=user_2");
        assert_eq!(named, ["clerk://organizations/org_1"]);
        assert_eq!(in_path("/users/user_1/metadata"), ["clerk://users/user_1"]);
        assert_eq!(in_path("/organizations"), [""; 0]);
    }
}
