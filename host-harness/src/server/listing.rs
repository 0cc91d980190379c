//! What clients can list, asked of the component once: it changes only with the program's version and settings.

use anyhow::Context as _;
use rmcp::model::{Implementation, Prompt, Resource, ResourceTemplate, ServerCapabilities, ServerConfig, Skill, Tool};

use super::instances::{Instances, ServedInstance};
use super::merging::{Offered, merged};
use super::mode::Mode;
use super::named_text::INSTANCE;
use super::{apps, convert};
use crate::component::{App, Component, Masks, Policy};
use crate::policy::unabridged;

/// The longest URI of a resource, in bytes.
pub(super) const LONGEST_URI: usize = 2048;

/// Everything that clients see under a policy.
pub(super) struct Listing {
    pub(super) info: ServerConfig,
    pub(super) tools: Vec<Tool>,
    /// The names of the tools that can be called, listed or not.
    callable: Vec<String>,
    pub(super) prompts: Vec<Prompt>,
    pub(super) resources: Vec<Resource>,
    pub(super) templates: Vec<ResourceTemplate>,
    pub(super) skills: Vec<Skill>,
    /// For clients that show them.
    pub(super) apps: Vec<App>,
    /// The URIs of the skills' files and of the views.
    files: Vec<String>,
    /// The place of the instance whose policy says which skills there are.
    pub(super) guide: usize,
}

impl Listing {
    /// Asks the component what the instances offer under these policies, in their order; one without a policy is closed.
    /// `deployment` says where and how it runs.
    pub(super) async fn of(
        instances: &Instances,
        policies: Vec<Option<Policy>>,
        deployment: &str,
    ) -> anyhow::Result<Self> {
        let open: Vec<(&ServedInstance, Policy)> =
            instances.all().iter().zip(policies).filter_map(|(instance, policy)| Some((instance, policy?))).collect();
        match &*open {
            [(only, policy)] if !instances.are_several() => Self::of_one(only, policy, deployment).await,
            _ => Self::of_several(instances, &open, deployment).await,
        }
    }

    async fn of_one(instance: &ServedInstance, policy: &Policy, deployment: &str) -> anyhow::Result<Self> {
        let component = &instance.component;
        let tools = component.list_tools(policy).await.context("the component does not list its tools")?;
        let callable =
            component.list_tools(&unabridged(policy)).await.context("the component does not list its tools")?;
        let prompts = component.list_prompts(policy).await.context("the component does not list its prompts")?;
        let resources = component.list_resources(policy).await.context("the component does not list its resources")?;
        let templates = component.list_resource_templates(policy).await;
        let templates = templates.context("the component does not list its kinds of resources")?;
        let skills = component.list_skills(policy).await.context("the component does not list its skills")?;
        let apps = component.list_apps(policy).await.context("the component does not list its views")?;
        let views = apps.iter().map(|app| app.uri.clone());
        Ok(Self {
            info: info(component, policy, deployment).await.context("the component does not say what it is")?,
            tools: tools.into_iter().map(convert::tool).collect::<anyhow::Result<_>>()?,
            callable: callable.into_iter().map(|tool| tool.name).collect(),
            prompts: prompts.into_iter().map(convert::prompt).collect(),
            resources: resources.into_iter().map(convert::resource).collect(),
            templates: templates.into_iter().map(convert::resource_template).collect(),
            files: skills.iter().flat_map(|skill| &skill.files).map(|file| file.uri.clone()).chain(views).collect(),
            skills: skills.into_iter().map(convert::skill).collect::<anyhow::Result<_>>()?,
            apps,
            guide: 0,
        })
    }

    /// The tools, with their views for a client that shows them.
    pub(super) fn tools_for(&self, shows_views: bool) -> Vec<Tool> {
        let mut tools = self.tools.clone();
        for tool in tools.iter_mut().filter(|_| shows_views) {
            tool.meta = self.view_of(&tool.name).map(|app| apps::of_tool(&app.uri));
        }
        tools
    }

    /// The resources, with the views for a client that shows them.
    pub(super) fn resources_for(&self, shows_views: bool) -> Vec<Resource> {
        let is_used = |app: &&App| shows_views && app.tools.iter().any(|tool| self.has_view(tool));
        let views = self.apps.iter().filter(is_used).map(convert::app);
        self.resources.iter().cloned().chain(views).collect()
    }

    /// Whether a client that shows views shows that of this tool: it does not know of a tool that is not listed.
    pub(super) fn has_view(&self, tool: &str) -> bool {
        self.view_of(tool).is_some() && self.tools.iter().any(|listed| listed.name == tool)
    }

    fn view_of(&self, tool: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.tools.iter().any(|shown| shown == tool))
    }

    /// The tools of all, the skills of the one that allows most, and what has no argument for an instance of the default.
    async fn of_several(
        instances: &Instances,
        open: &[(&ServedInstance, Policy)],
        deployment: &str,
    ) -> anyhow::Result<Self> {
        let mut offered = Vec::new();
        for (instance, policy) in open {
            let name = instance.name.clone().unwrap_or_default();
            offered.push(Offered::by(name, &instance.component, policy).await?);
        }
        let default = open.iter().find(|(instance, _)| instances.is_default(instance));
        let tools = merged(&offered, default.and_then(|(instance, _)| instance.name.as_deref()))?;
        let widest = offered.iter().zip(open).rev().max_by_key(|(offered, _)| offered.callable.len());
        let Some((_, (guide, policy))) = widest else { return Ok(Self::closed(deployment)) };
        let mut skills = Self::of_one(guide, policy, deployment).await?;
        // What holds for one instance is no rule of the others: where they differ, the deployment says it of each.
        if !are_alike(open.iter().map(|(_, policy)| policy)) {
            skills.info = info(&guide.component, &unbound(policy), deployment).await?;
        }
        let own = match default {
            Some((instance, policy)) => Self::of_one(instance, policy, deployment).await?,
            None => Self::closed(deployment),
        };
        let mut callable: Vec<String> = offered.into_iter().flat_map(|instance| instance.callable).collect();
        callable.sort_unstable();
        callable.dedup();
        Ok(Self {
            info: skills.info,
            tools: tools.into_iter().map(convert::tool).collect::<anyhow::Result<_>>()?,
            callable,
            skills: skills.skills,
            apps: skills.apps,
            files: skills.files,
            guide: instances.place(guide),
            ..own
        })
    }

    /// Nothing at all.
    fn closed(deployment: &str) -> Self {
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.instructions = Some(deployment.to_owned());
        Self {
            info,
            tools: Vec::new(),
            callable: Vec::new(),
            prompts: Vec::new(),
            resources: Vec::new(),
            templates: Vec::new(),
            skills: Vec::new(),
            apps: Vec::new(),
            files: Vec::new(),
            guide: 0,
        }
    }

    /// Whether a resource is a file of a skill or a view, which has no instance.
    pub(super) fn has_file(&self, uri: &str) -> bool {
        self.files.iter().any(|file| file == uri)
    }

    /// Whether a tool that can be called or a prompt has this name.
    pub(super) fn names(&self, name: &str) -> bool {
        self.callable.iter().any(|tool| tool == name) || self.prompts.iter().any(|prompt| prompt.name == name)
    }

    /// Whether there may be a resource of this URI.
    pub(super) fn has_resource(&self, uri: &str) -> bool {
        let is_listed = || self.resources.iter().any(|resource| resource.uri == uri);
        uri.len() <= LONGEST_URI && (is_listed() || self.template_of(uri).is_some())
    }

    /// By which name of those that are listed an operator knows a resource: that of its kind.
    pub(super) fn name_of_resource<'a>(&'a self, uri: &'a str) -> &'a str {
        self.template_of(uri).map_or(uri, |template| template.uri_template.as_str())
    }

    /// The kind of a resource, as far as the beginning of its URI tells.
    fn template_of(&self, uri: &str) -> Option<&ResourceTemplate> {
        let begins_it = |template: &&ResourceTemplate| {
            template.uri_template.split('{').next().is_some_and(|beginning| uri.starts_with(beginning))
        };
        self.templates.iter().find(begins_it)
    }
}

async fn info(component: &Component, policy: &Policy, deployment: &str) -> anyhow::Result<ServerConfig> {
    let server = component.describe_server(policy).await?;
    let capabilities = ServerCapabilities::builder()
        .enable_tools()
        .enable_prompts()
        .enable_resources()
        .enable_resources_subscribe()
        .enable_completions()
        .enable_skills_with_directory_read();
    let mut info = ServerConfig::new(capabilities.build());
    info.server_info = Implementation::new("clerk-mcp", env!("CARGO_PKG_VERSION"));
    info.server_info.title = Some(server.title);
    info.server_info.website_url = server.website_url;
    info.server_info.icons = convert::icons(server.icons);
    info.instructions = Some(format!("{deployment} {}", server.instructions).trim().to_owned());
    Ok(info)
}

/// Where and how this server runs, in words for an assistant: the beginning of its instructions, of which some clients show no
/// more than 512 characters.
pub(super) fn deployment(instances: &Instances, is_demo: bool) -> String {
    if instances.are_several() { of_several(instances) } else { of_one(&instances.home().mode, is_demo).to_owned() }
}

/// Tells whether all of these keep to the same organizations and users, and mask the same.
fn are_alike<'a>(policies: impl Iterator<Item = &'a Policy> + Clone) -> bool {
    let bounds = |policy: &'a Policy| (&policy.organizations, &policy.users, policy.masks.emails, policy.masks.phones);
    let others = policies.clone().skip(1);
    policies.zip(others).all(|(one, other)| bounds(one) == bounds(other))
}

/// A policy without what keeps it to somebody, and without masks.
fn unbound(policy: &Policy) -> Policy {
    Policy {
        organizations: Vec::new(),
        users: Vec::new(),
        masks: Masks { emails: false, phones: false },
        ..policy.clone()
    }
}

/// What keeps an instance apart from those beside it, in words.
fn bounds(policy: &Policy) -> String {
    let pins: Vec<&str> = policy.organizations.iter().chain(&policy.users).map(String::as_str).collect();
    let kept = if pins.is_empty() { String::new() } else { format!(", kept to {}", pins.join(" and ")) };
    let Masks { emails, phones } = policy.masks;
    kept + if emails || phones { ", with masked values" } else { "" }
}

fn of_several(instances: &Instances) -> String {
    let are_alike = are_alike(instances.all().iter().map(|instance| &instance.policy));
    let one = |instance: &ServedInstance| {
        let kind = match instance.kind() {
            "production" => "production: real people",
            "development" => "development",
            _ => "without a usable key",
        };
        let default = if instances.is_default(instance) { ", default" } else { "" };
        let bounds = if are_alike { String::new() } else { bounds(&instance.policy) };
        format!("{} ({kind}{default}{bounds})", instance.name.as_deref().unwrap_or_default())
    };
    let all: Vec<String> = instances.all().iter().map(one).collect();
    format!("Instances: {}. Writes name one by `{INSTANCE}`.", all.join(", "))
}

fn of_one(mode: &Mode, is_demo: bool) -> &'static str {
    match mode {
        Mode::Hosted(_) if is_demo => {
            "This server runs in demo mode: on sample data, none of it real, and all changes are forgotten when it ends."
        }
        Mode::Hosted(key) if key.is_live() => {
            "This server runs in hosted mode with its operator's key of a production instance: changes affect real \
             people."
        }
        Mode::Hosted(_) => {
            "This server runs in hosted mode with its operator's key of a development instance, which holds no real \
             customers."
        }
        Mode::WithoutKey(_) => {
            "This server has no secret key that it could use: tools can be listed, and each call says what the person has \
             to set."
        }
        Mode::Public => {
            "This server runs in public mode: it acts on the instance whose secret key each request brings, in the \
             header X-Clerk-Secret-Key."
        }
    }
}
