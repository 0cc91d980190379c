//! `mcp-tools`: what can be called.

use crate::bindings::exports::clerk::mcp::mcp_tools::{
    self as wit, Annotations, CallContext, CallResult, ContentBlock, Error, Guest, Outcome,
};
use crate::definitions::{self, Definition};
use crate::error::Failure;
use crate::tool::{Danger, Effect, Entry};
use crate::{ClerkTools, arguments, clerk, policy, resources, tools, view};

impl Guest for ClerkTools {
    fn list(policy: wit::Policy) -> Vec<wit::Tool> {
        let policy = policy::Policy::from(&policy);
        let allowed = tools::all().filter(|(toolset, tool)| policy.check(toolset, tool).is_ok());
        allowed.map(|(toolset, tool)| wit::Tool::new(toolset, tool)).collect()
    }

    fn describe(name: String) -> Result<wit::Tool, Error> {
        let (toolset, tool) = tools::find(&name).map_err(Error::Unknown)?;
        Ok(wit::Tool::new(toolset, tool))
    }

    fn call(name: String, arguments: String, context: CallContext) -> Result<Outcome, Error> {
        let (toolset, tool) = tools::find(&name).map_err(Error::Unknown)?;
        policy::Policy::from(&context.policy).check(toolset, tool).map_err(Error::Denied)?;
        let call = tool.prepare(arguments::parse(&arguments)?)?;
        let answer = clerk::fetch(&call.request, &context).and_then(|body| call.read_answer(&body));
        let mut result = CallResult::from(answer);
        if !result.is_error {
            result.changed = resources::changed_by(&call.request);
        }
        Ok(Outcome::Complete(result))
    }
}

impl wit::Tool {
    fn new(toolset: &str, tool: &Entry) -> Self {
        let about = &tool.about;
        let text =
            |part: fn(&Definition) -> &'static str| definitions::of(about.name).map(part).unwrap_or_default().into();
        Self {
            name: about.name.into(),
            title: about.title.into(),
            description: text(|definition| definition.description),
            input_schema: text(|definition| definition.input_schema),
            output_schema: Some(text(|definition| definition.output_schema)),
            annotations: about.effect.into(),
            toolset: toolset.into(),
            danger: about.danger.into(),
        }
    }
}

impl From<Effect> for Annotations {
    fn from(effect: Effect) -> Self {
        Self {
            read_only: effect == Effect::Reads,
            destructive: effect.is_destructive(),
            idempotent: effect.is_idempotent(),
            // Every tool talks to a service outside, and part of what it returns was written by strangers.
            open_world: true,
        }
    }
}

impl From<Danger> for wit::Danger {
    fn from(danger: Danger) -> Self {
        match danger {
            Danger::Read => Self::Read,
            Danger::Reversible => Self::Reversible,
            Danger::Access => Self::Access,
            Danger::Irreversible => Self::Irreversible,
        }
    }
}

/// The text is the structured content: clients that read only one of the two lose nothing. A failure is text only, as
/// clients hold structured content against the output schema.
impl From<Result<String, Failure>> for CallResult {
    fn from(result: Result<String, Failure>) -> Self {
        let is_error = result.is_err();
        let json = result.unwrap_or_else(|failure| view::write(&failure));
        let content = vec![ContentBlock::Text(json.clone())];
        Self { content, structured_content: (!is_error).then_some(json), is_error, changed: Vec::new() }
    }
}
