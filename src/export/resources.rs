//! `mcp-resources`: organizations and users by URI, the files of the skills, and the views.

use super::{enter, icons, skills::resource};
use crate::ClerkTools;
use crate::api::Api as _;
use crate::bindings::exports::clerk::mcp::mcp_resources::{
    CallContext, Error, Guest, Policy, Resource, ResourceContents, ResourceTemplate,
};
use crate::bindings::exports::clerk::mcp::mcp_types::ResourceBody;
use crate::resources::{TEMPLATES, Template};
use crate::skills::{self, MARKDOWN};
use crate::{apps, exit, membership};

const JSON: &str = "application/json";

impl Guest for ClerkTools {
    /// The main files of the skills. Only Clerk knows the organizations and users that there are: the list tools and completion
    /// find them.
    fn list(policy: Policy) -> Vec<Resource> {
        let policy = (&policy).into();
        let main = |skill: &'static skills::Skill| skill.files(&policy).next().map(|file| resource(skill, file));
        skills::allowed(&policy).filter_map(main).collect()
    }

    fn templates(policy: Policy) -> Vec<ResourceTemplate> {
        let policy = (&policy).into();
        TEMPLATES.iter().filter(|template| template.check(&policy).is_ok()).map(Into::into).collect()
    }

    fn read(uri: String, context: CallContext) -> Result<Vec<ResourceContents>, Error> {
        let policy = enter(&context);
        if let Some((skill, file)) = skills::find(&uri) {
            skill.check(&policy).and_then(|()| file.check(&policy)).map_err(Error::Denied)?;
            return Ok(contents(uri, MARKDOWN, file.text.text().into()));
        }
        if let Some(app) = apps::find(&uri) {
            app.check(&policy).map_err(Error::Denied)?;
            return Ok(contents(uri, apps::HTML, app.document(&policy)));
        }
        let clerk = membership::clerk(&context).map_err(|failure| Error::Failed(exit::print_failure(failure)))?;
        let pins = clerk.policy().pins;
        // The organization is pinned by its id, and may be asked for by the name that the operator has given.
        let uri_of_id = pins.organization.filter(|_| context.policy.organizations.iter().any(|name| is_of(&uri, name)));
        let asked = uri_of_id.map_or_else(|| uri.clone(), |id| format!("{ORGANIZATIONS}{id}"));
        let found = TEMPLATES.iter().find_map(|template| Some((template, template.call(&asked, pins)?)));
        let Some((template, call)) = found else {
            let kinds: Vec<&str> = TEMPLATES.iter().map(|template| template.uri).collect();
            return Err(Error::NotFound(format!(
                "the resources are {} and the files of skills/list",
                kinds.join(", ")
            )));
        };
        template.check(&policy).map_err(Error::Denied)?;
        let Ok(call) = call else {
            // What is outside is as if it did not exist.
            if pins.are_set() {
                return Err(no_such(template));
            }
            return Err(Error::NotFound(format!("this is not the id of a resource {}", template.uri)));
        };
        match call.run(&clerk) {
            Ok(answer) => {
                let json = exit::print(call.tool.view().0, answer, clerk.policy().private_metadata);
                Ok(contents(uri, JSON, json))
            }
            Err(failure) if failure.is_not_found() => Err(no_such(template)),
            Err(failure) => Err(Error::Failed(exit::print_failure(failure))),
        }
    }
}

const ORGANIZATIONS: &str = "clerk://organizations/";

fn is_of(uri: &str, organization: &str) -> bool {
    uri.strip_prefix(ORGANIZATIONS) == Some(organization)
}

fn no_such(template: &Template) -> Error {
    Error::NotFound(format!("there is no such {}", template.name))
}

fn contents(uri: String, mime_type: &str, text: String) -> Vec<ResourceContents> {
    vec![ResourceContents { uri, mime_type: Some(mime_type.into()), body: ResourceBody::Text(text) }]
}

impl From<&Template> for ResourceTemplate {
    fn from(template: &Template) -> Self {
        Self {
            uri_template: template.uri.into(),
            name: template.name.into(),
            title: Some(template.title.into()),
            description: Some(template.description.into()),
            mime_type: Some(JSON.into()),
            icons: icons(),
        }
    }
}
