//! The instance: which one the tools act on, and what they may do there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::api::{Api, Budget};
use crate::error::Failure;
use crate::policy::{Confirm, Mode, Policy, PrivateMetadata};
use crate::request::{Request, get};
use crate::tool::{About, Danger, Entry, READS, Tool, Toolset};
use crate::{definitions, tools, view};

pub(crate) const TOOLSET: Toolset = Toolset { name: "instance", tools: &[Entry::of::<Whoami>()] };

/// Find out on which Clerk instance the tools act, whether it is a production one, what the operator allows, which tools
/// ask first, and how many requests and writes are left.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Whoami {}

#[derive(Deserialize)]
struct Instance {
    id: Option<String>,
    environment_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct Standing {
    instance_id: Option<String>,
    /// What Clerk says of the instance.
    environment_type: Option<String>,
    /// What the secret key is for: `development` or `production`.
    key: String,
    mode: String,
    /// How somebody agrees to a call that asks first.
    confirm: String,
    /// Tools that ask first.
    tools_that_ask: Vec<String>,
    /// Parameters that make the other tools ask first, as `tool.parameter`.
    parameters_that_ask: Vec<String>,
    /// How many tools the operator allows.
    tools_count: usize,
    /// Which toolsets have them.
    toolsets: Vec<String>,
    /// How metadata that only the backend may see is shown: `show`, `keys` or `hide`.
    private_metadata_view: String,
    /// What is left of what may be sent in any so many seconds.
    budget: Budget,
}

impl Tool for Whoami {
    type Output = Standing;

    const ABOUT: About = About {
        name: "clerk_whoami",
        title: "Which instance, and what is allowed",
        endpoint: get("/instance"),
        example: "{}",
        ..READS
    };

    /// Most of it is not Clerk's to tell.
    fn run(&self, request: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        let Instance { id, environment_type } = view::read(&api.fetch(request)?)?;
        let policy = api.policy();
        let allowed = || tools::all().filter(|(toolset, tool)| policy.check(toolset, tool).is_ok());
        let asking = allowed().filter(|(_, tool)| tool.about.danger > Danger::Read && policy.asks(tool.about.danger));
        let mut toolsets: Vec<String> = allowed().map(|(toolset, _)| toolset.to_owned()).collect();
        toolsets.dedup();
        let mut parameters_that_ask = Vec::new();
        allowed().for_each(|(_, tool)| add_raising(&mut parameters_that_ask, tool, policy));
        Ok(Standing {
            instance_id: id,
            environment_type,
            key: if policy.production { "production" } else { "development" }.into(),
            mode: mode(policy).into(),
            confirm: confirm(policy).into(),
            parameters_that_ask,
            tools_that_ask: asking.map(|(_, tool)| tool.about.name.to_owned()).collect(),
            tools_count: allowed().count(),
            toolsets,
            private_metadata_view: private_metadata(policy).into(),
            budget: api.budget(),
        })
    }
}

/// Adds the parameters with which a tool asks that does not ask otherwise.
fn add_raising(raising: &mut Vec<String>, tool: &Entry, policy: &Policy<'_>) {
    let about = tool.about;
    if about.danger == Danger::Read || policy.asks(about.danger) || !policy.asks(Danger::Access) {
        return;
    }
    let schema = definitions::input_schema(about.name);
    for (name, _) in schema["properties"].as_object().into_iter().flatten() {
        if about.raised_by(name, policy) {
            raising.push(format!("{}.{name}", about.name));
        }
    }
}

fn mode(policy: &Policy) -> &'static str {
    match policy.mode {
        Mode::ReadOnly => "read-only",
        Mode::Standard => "standard",
        Mode::Full => "full",
    }
}

fn confirm(policy: &Policy) -> &'static str {
    match policy.confirm {
        Confirm::Off => "off",
        Confirm::Token => "token",
        Confirm::Elicit => "elicit",
        Confirm::TokenOnly => "token-only",
    }
}

fn private_metadata(policy: &Policy) -> &'static str {
    match policy.private_metadata {
        PrivateMetadata::Show => "show",
        PrivateMetadata::Keys => "keys",
        PrivateMetadata::Hide => "hide",
    }
}
