//! The contract's records, made from ours.

use crate::arguments::Problem;
use crate::bindings::exports::clerk::mcp::mcp_tools as wit;
use crate::definitions::{self, Definition};
use crate::error::Failure;
use crate::policy::Policy;
use crate::tool::{Danger, Effect, Entry};
use crate::view;

impl<'a> From<&'a wit::Policy> for Policy<'a> {
    fn from(policy: &'a wit::Policy) -> Self {
        Self { read_only: policy.read_only, toolsets: &policy.toolsets }
    }
}

impl wit::Tool {
    pub(crate) fn new(toolset: &str, tool: &Entry) -> Self {
        let about = &tool.about;
        let text =
            |part: fn(&Definition) -> &'static str| definitions::of(about.name).map(part).unwrap_or_default().into();
        Self {
            name: about.name.into(),
            title: about.title.into(),
            description: text(|definition| definition.description),
            input_schema: text(|definition| definition.input_schema),
            output_schema: text(|definition| definition.output_schema),
            annotations: about.effect.into(),
            toolset: toolset.into(),
            danger: about.danger.into(),
        }
    }
}

impl From<Effect> for wit::Annotations {
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

impl From<Vec<Problem>> for wit::Error {
    fn from(problems: Vec<Problem>) -> Self {
        let problem = |Problem { pointer, message }| wit::Problem { pointer, message };
        Self::InvalidArguments(problems.into_iter().map(problem).collect())
    }
}

/// The text is the structured content: clients that read only one of the two lose nothing.
impl From<Result<String, Failure>> for wit::CallResult {
    fn from(result: Result<String, Failure>) -> Self {
        let is_error = result.is_err();
        let json = result.unwrap_or_else(|failure| view::write(&failure));
        Self { content: vec![wit::ContentBlock::Text(json.clone())], structured_content: Some(json), is_error }
    }
}
